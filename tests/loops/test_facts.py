"""What the engine hears of findings, and that every act tells it to look again."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import NOW, District
from wuju.kit import action as kit_action
from wuju.kit.action import Touched
from wuju.kit.facts import describers, fact_sources
from wuju.loops import actions
from wuju.loops.models import Deadline, Loop, Measure

from . import cast


@pytest.fixture
def heard() -> Iterator[list[Touched]]:
    seen: list[Touched] = []

    def listen(touched: Touched, at: dt.datetime) -> None:
        seen.append(touched)

    kit_action.refreshers.append(listen)
    yield seen
    kit_action.refreshers.remove(listen)


def rows(fact: str) -> list[dict[str, object]]:
    source = fact_sources[fact]
    return [dict(zip(source.columns, values, strict=True)) for values in source.rows()]


def test_a_closed_finding_is_a_fact_with_its_verified_closure(town: District) -> None:
    loop = cast.closed(town)

    (finding,) = rows("finding")
    assert finding == {
        "finding_id": loop.pk,
        "org_id": town.east_branch.pk,
        "opened_on": cast.RAISED,
        "origin": "inspection",
        "state": "closed",
        "due_on": loop.due_on,
        "closed_on": cast.CLOSED,
        "verified_by_other": True,
        "reopened": 0,
        "extensions": 0,
        "imported": False,
    }
    (due,) = rows("loop_due")
    assert (due["closed_on"], due["verified_by_other"], due["reopened"]) == (cast.CLOSED, True, 0)


def test_a_reopened_finding_is_two_deadlines_and_one_finding(town: District) -> None:
    loop = cast.closed(town)
    actions.revisit(
        loop_id=loop.pk,
        holds=False,
        note="又少开一次",
        due_on=dt.date(2026, 12, 20),
        actor=town.inspector,
        at=NOW,
    )

    assert [(row["closed_on"], row["reopened"]) for row in rows("loop_due")] == [
        (cast.CLOSED, 1),
        (None, 0),
    ]
    (finding,) = rows("finding")
    assert (finding["state"], finding["closed_on"], finding["reopened"]) == (
        "reopened", cast.CLOSED, 1,
    )  # fmt: skip


def test_no_personal_value_and_no_text_is_a_fact(town: District) -> None:
    cast.closed(town)

    for fact in ("finding", "loop_due"):
        for row in rows(fact):
            texts = {value for value in row.values() if isinstance(value, str)}
            assert texts <= {"inspection", "closed"}


def _send(town: District) -> Callable[[], object]:
    loop = cast.raised(town)
    return lambda: actions.send_notice(loop_id=loop.pk, actor=town.officer, at=NOW)


def _complete(town: District) -> Callable[[], object]:
    loop = cast.planned(town)
    measure = Measure.objects.filter(loop=loop).first()
    assert measure is not None
    return lambda: actions.complete_measure(
        measure_id=measure.pk, actor=town.east_secretary, at=NOW
    )


def _close(town: District) -> Callable[[], object]:
    loop = cast.verified(town)
    return lambda: actions.close(loop_id=loop.pk, actor=town.officer, at=NOW)


def _defer(town: District) -> Callable[[], object]:
    loop = cast.planned(town)
    return lambda: actions.defer(
        loop_id=loop.pk,
        until=dt.date(2026, 12, 31),
        reason="秋收",
        actor=town.officer,
        at=NOW,
    )


def _land(town: District) -> Callable[[], object]:
    row = actions.LandedFinding(cast.draft(town.east_branch), opened_on=cast.RAISED)
    return lambda: actions.land_loops(findings=[row], actor=town.officer, at=NOW)


def _undo(town: District) -> Callable[[], object]:
    _land(town)()
    loop = Loop.objects.get()
    return lambda: actions.undo_loops(
        created=[loop.pk], restored=(), batch="", actor=town.officer, at=NOW
    )


@pytest.mark.parametrize("act", [_send, _complete, _close, _defer, _land, _undo])
def test_every_write_behind_a_fact_is_announced(
    town: District, heard: list[Touched], act: Callable[[District], Callable[[], object]]
) -> None:
    attempt = act(town)
    heard.clear()
    attempt()

    (touched,) = heard
    assert touched.orgs == {"finding": {town.east_branch.pk}, "loop_due": {town.east_branch.pk}}


def test_raising_announces_the_finding(town: District, heard: list[Touched]) -> None:
    cast.raised(town)

    assert heard[0].orgs == {"finding": {town.east_branch.pk}}


def test_rows_are_put_into_words_that_lead_to_the_finding(town: District) -> None:
    loop = cast.closed(town)
    [deadline] = Deadline.objects.filter(loop=loop)

    [finding] = describers["finding"]([loop.pk]).values()
    [due] = describers["loop_due"]([deadline.pk]).values()

    assert (finding.record, finding.record_id) == ("loop", loop.pk)
    assert (due.record, due.record_id) == ("loop", loop.pk)
    assert finding.title == "二季度支部党员大会少开一次（问题 2026-0001，已销号）"
    assert due.title == "二季度支部党员大会少开一次（问题 2026-0001，2026-09-28 销号）"
