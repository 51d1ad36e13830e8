"""Who owes an item in a period: kind, lifetime, profile and guard."""

import pytest

from tests.engine.small import D, item
from tests.engine.worlds import COUNT, OLD, cells, meetings, one, people, world
from wuju.engine.items import Status


def test_an_organization_of_another_kind_has_no_cell() -> None:
    place = world({"org": [{"kind": "committee", "from_on": OLD}]})
    assert cells(COUNT, place) == {}


def test_the_profile_is_read_on_the_snapshot_day() -> None:
    org = [
        {"kind": "committee", "from_on": OLD, "until_on": D("2026-06-30")},
        {"kind": "branch", "from_on": D("2026-06-30")},
    ]
    assert [key[2] for key in cells(COUNT, world({"org": org}))] == [2026102, 2026103]


@pytest.mark.parametrize(("born", "owed"), [("2026-04-01", True), ("2026-04-02", False)])
def test_a_quarter_partly_lived_is_skipped(born: str, owed: bool) -> None:
    place = world(life=[(1, D(born), None)])
    assert (one(COUNT, place).status is not Status.NOT_APPLICABLE) is owed


@pytest.mark.parametrize(("gone", "owed"), [("2026-07-01", True), ("2026-06-30", False)])
def test_a_quarter_cut_short_is_skipped(gone: str, owed: bool) -> None:
    place = world(life=[(1, OLD, D(gone))])
    assert (one(COUNT, place).status is not Status.NOT_APPLICABLE) is owed


@pytest.mark.parametrize(
    ("born", "gone", "owed"),
    [
        ("2026-04-01", None, True),  # 91 of 181 days
        ("2026-04-02", None, False),
        ("2020-01-01", "2026-04-02", True),  # 91 days lived, the day of dissolution not
        ("2020-01-01", "2026-04-01", False),
        ("2026-02-01", "2026-05-03", True),
        ("2026-02-01", "2026-05-02", False),
        ("2026-07-01", None, False),
        ("2019-01-01", "2019-05-02", False),
    ],
)
def test_a_half_year_is_owed_when_more_than_half_was_lived(
    born: str, gone: str | None, owed: bool
) -> None:
    half = item("a.half", of="meeting", per="half")
    place = world(life=[(1, D(born), D(gone) if gone else None)])
    assert (one(half, place, 2026201).status is not Status.NOT_APPLICABLE) is owed


@pytest.mark.parametrize(
    ("born", "gone", "owed"),
    [
        ("2025-09-30", None, True),  # 93 of 184 days
        ("2025-10-01", None, False),
        ("2020-01-01", "2025-10-02", True),
        ("2020-01-01", "2025-10-01", False),
        ("2025-08-01", "2025-11-02", True),
        ("2025-08-01", "2025-11-01", False),
    ],
)
def test_exactly_half_is_not_more_than_half(born: str, gone: str | None, owed: bool) -> None:
    half = item("a.half", of="meeting", per="half")
    place = world(life=[(1, D(born), D(gone) if gone else None)])
    cell = one(half, place, 2025202, as_of=D("2026-02-01"))
    assert (cell.status is not Status.NOT_APPLICABLE) is owed


def test_an_open_year_counts_to_its_end() -> None:
    year = item("a.year", of="meeting", per="year")
    assert one(year, world(life=[(1, D("2026-07-02"), None)]), 2026300).status is Status.OPEN
    late = one(year, world(life=[(1, D("2026-07-03"), None)]), 2026300)
    assert late.status is Status.NOT_APPLICABLE


def test_partial_may_be_set_by_the_item() -> None:
    eager = item("a.count", of="meeting", partial="owe")
    assert one(eager, world(life=[(1, D("2026-05-01"), None)])).status is Status.MISSED


def test_what_is_not_owed_shows_no_numbers() -> None:
    place = world(meetings("2026-06-01"), life=[(1, D("2026-05-01"), None)])
    cell = one(COUNT, place)
    assert (cell.numerator, cell.denominator, cell.evidence, cell.score) == (0, 0, 0, None)


def test_below_seven_full_members_no_committee_is_owed() -> None:
    committee = item("a.committee", of="meeting", only_if="org.full_members >= 7")
    seven = people(*["full"] * 7, "probationary")
    assert one(committee, world({"member": seven})).status is Status.MISSED
    seven[0]["until_on"] = D("2026-06-30")
    assert one(committee, world({"member": seven})).status is Status.NOT_APPLICABLE
    assert one(committee, world({"member": seven}), 2026101).status is Status.MISSED


def test_members_are_counted_on_the_day_as_columns_of_the_profile() -> None:
    bound = item("a.heads", of="meeting", target={"at_least": "org.members_total"})
    place = world({"member": people("full", "probationary"), **meetings("2026-05-01")})
    assert one(bound, place).status is Status.MISSED
    place = world({"member": people("full"), **meetings("2026-05-01")})
    assert one(bound, place).status is Status.MET


def test_an_unknown_guard_owes_nothing() -> None:
    guarded = item("a.guard", of="meeting", only_if="org.groups > 0")
    assert one(guarded, world()).status is Status.NOT_APPLICABLE
