"""Waivers free a period, and before a feed starts nothing is held against anybody."""

import pytest

from tests.engine.small import D, item
from tests.engine.worlds import COUNT, DEADLINE, HOURS, OLD, cells, meetings, one, people, world
from wuju.engine.items import Status


@pytest.mark.parametrize(
    ("start", "until", "exempt"),
    [
        ("2026-04-01", None, True),
        ("2026-04-01", "2026-07-01", True),
        ("2026-04-01", "2026-06-30", False),
        ("2026-04-02", None, False),
    ],
)
def test_a_waiver_frees_a_period_it_covers_wholly(
    start: str, until: str | None, exempt: bool
) -> None:
    waivers = [(1, "a.count", D(start), D(until) if until else None)]
    cell = one(COUNT, world(meetings("2026-05-01"), waivers=waivers))
    assert cell.status is (Status.EXEMPT if exempt else Status.MET)
    assert (cell.numerator, cell.denominator) == ((0, 0) if exempt else (1, 1))


def test_a_waiver_of_another_item_or_organization_frees_nothing() -> None:
    waivers = [(1, "a.other", OLD, None), (2, "a.count", OLD, None)]
    assert one(COUNT, world(waivers=waivers)).status is Status.MISSED


def test_what_is_not_owed_comes_before_a_waiver() -> None:
    place = world(waivers=[(1, "a.count", OLD, None)], life=[(1, D("2026-05-01"), None)])
    assert one(COUNT, place).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("starts", "status"),
    [("2026-04-01", Status.MET), ("2026-04-02", Status.UNVERIFIED), (None, Status.UNVERIFIED)],
)
def test_an_event_counts_from_the_day_its_feed_starts(starts: str | None, status: Status) -> None:
    feeds = [(1, "meeting", D(starts))] if starts else []
    cell = one(COUNT, world(meetings("2026-05-01"), feeds=feeds))
    assert cell.status is status
    assert (cell.numerator, cell.denominator, cell.evidence) == (1, 1, 1)


def test_a_state_needs_its_feed_by_the_snapshot_day() -> None:
    stock = item("a.stock", kind="stock", of="term")
    facts = {"term": [{"started_on": OLD}]}
    assert one(stock, world(facts, feeds=[(1, "term", D("2026-06-30"))])).status is Status.MET
    late = one(stock, world(facts, feeds=[(1, "term", D("2026-07-01"))]))
    assert late.status is Status.UNVERIFIED


def test_coverage_needs_the_feeds_of_both_facts() -> None:
    feeds = [(1, "member", OLD), (1, "course_hours", OLD)]
    facts = {"member": people("full")}
    assert one(HOURS, world(dict(facts), feeds=feeds)).status is Status.MISSED
    assert one(HOURS, world(dict(facts), feeds=feeds[:1])).status is Status.UNVERIFIED
    assert one(HOURS, world(dict(facts), feeds=feeds[1:])).status is Status.UNVERIFIED


def test_nobody_has_looked_comes_before_an_empty_denominator() -> None:
    assert one(DEADLINE, world(feeds=[])).status is Status.UNVERIFIED
    assert one(DEADLINE, world()).status is Status.NOT_APPLICABLE


def test_a_successor_inherits_rows_and_feeds_of_its_predecessors() -> None:
    org = [{"kind": "branch", "from_on": OLD, "org_id": 1, "until_on": D("2026-05-01")},
           {"kind": "branch", "from_on": D("2026-05-01"), "org_id": 2}]  # fmt: skip
    place = world(
        {"org": org, **meetings("2026-04-10")},
        life=[(1, OLD, D("2026-05-01")), (2, OLD, None)],
        lineage=[(1, 1), (2, 2), (1, 2)],
        feeds=[(1, "meeting", OLD), (2, "meeting", D("2026-05-01"))],
    )
    found = cells(COUNT, place)
    assert found[2, "a.count", 2026102].status is Status.MET
    assert found[1, "a.count", 2026101].status is Status.MISSED
    assert (1, "a.count", 2026102) not in found
