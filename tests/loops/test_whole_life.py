"""A finding from the day it is seen to the day nobody needs to look at it any more."""

import datetime as dt

from tests.conftest import NOW, District
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records
from wuju.loops import actions
from wuju.loops.models import Deadline, Loop, Measure, Step

from . import cast
from .test_guards import refused


def test_a_finding_lives_from_notice_to_revisit(town: District) -> None:
    loop = cast.closed(town)
    actions.revisit(loop_id=loop.pk, holds=True, note="会议按季召开", actor=town.inspector, at=NOW)

    loop.refresh_from_db()
    assert (loop.state, loop.closed_on, loop.closed_first_on) == (
        "closed_final",
        cast.CLOSED,
        cast.CLOSED,
    )
    assert (loop.verified_by, loop.verified_unit) == ("督查乙", "试点区委组织部")
    path = Step.objects.filter(loop=loop).order_by("id").values_list("to_state", flat=True)
    assert list(path) == [
        "opened", "notified", "notified", "plan_accepted", "rectifying", "rectifying",
        "evidence_submitted", "verified", "closed", "revisited", "closed_final",
    ]  # fmt: skip
    events = Event.objects.filter(target=f"loop:{loop.pk}").order_by("id")
    assert list(events.values_list("action", flat=True)) == [
        "finding.raised", "finding.notified", "finding.measures_proposed",
        "finding.plan_accepted", "finding.measure_done", "finding.measure_done",
        "finding.evidence_submitted", "finding.verified", "finding.closed", "finding.revisited",
    ]  # fmt: skip


def test_the_ledger_can_account_for_every_row(town: District) -> None:
    loop = cast.closed(town)
    actions.revisit(
        loop_id=loop.pk,
        holds=False,
        note="三季度又少开一次",
        due_on=dt.date(2026, 12, 20),
        actor=town.inspector,
        at=NOW,
    )
    contested, deferred = cast.notified(town), cast.planned(town)
    actions.object_to(
        loop_id=contested.pk,
        text="记录在另一本上",
        on=dt.date(2026, 9, 4),
        actor=town.east_secretary,
        at=NOW,
    )
    actions.rule_on_objection(
        loop_id=contested.pk,
        upheld=False,
        reason="另一本是一季度的",
        on=dt.date(2026, 9, 8),
        actor=town.officer,
        at=NOW,
    )
    actions.defer(
        loop_id=deferred.pk,
        until=dt.date(2026, 12, 31),
        reason="秋收",
        actor=town.officer,
        at=NOW,
    )

    assert verify_records(scope=town.officer.scope) == []


def test_names_never_enter_the_ledger_in_the_clear(town: District) -> None:
    import zlib

    from wuju.ledger.models import ImageChunk

    cast.closed(town)

    text = "".join(
        zlib.decompress(bytes(payload)).decode()
        for payload in ImageChunk.objects.filter(table__startswith="loops.").values_list(
            "payload", flat=True
        )
    )
    assert "补开支部党员大会" in text
    assert "责任甲" not in text
    assert "督查乙" not in text


def test_numbers_run_by_year_and_are_not_given_twice(town: District) -> None:
    first = cast.raised(town)
    old = actions.raise_finding(
        draft=cast.draft(town.west_branch),
        on=dt.date(2025, 12, 1),
        actor=town.inspector,
        at=NOW,
    )
    second = cast.raised(town)

    assert [first.number, old.number, second.number] == ["2026-0001", "2025-0001", "2026-0002"]


def test_a_reopened_finding_keeps_its_first_closure_and_owes_again(town: District) -> None:
    loop = cast.closed(town)
    again = dt.date(2026, 12, 20)

    actions.revisit(
        loop_id=loop.pk,
        holds=False,
        note="三季度又少开一次",
        due_on=again,
        actor=town.inspector,
        at=NOW,
    )

    loop.refresh_from_db()
    assert (loop.state, loop.reopened, loop.closed_on, loop.verified_on) == (
        "reopened", 1, None, None,
    )  # fmt: skip
    assert (loop.closed_first_on, loop.verified_by_other) == (cast.CLOSED, True)
    first, second = Deadline.objects.filter(loop=loop).order_by("round")
    assert (first.closed_on, first.reopened) == (cast.CLOSED, 1)
    assert (second.due_on, second.closed_on, second.reopened) == (again, None, 0)


def test_a_second_round_needs_its_own_work_and_evidence(town: District) -> None:
    loop = cast.closed(town)
    actions.revisit(
        loop_id=loop.pk,
        holds=False,
        note="又少开一次",
        due_on=dt.date(2026, 12, 20),
        actor=town.inspector,
        at=NOW,
    )
    _propose_again(town, loop)
    measure = Measure.objects.get(loop=loop, round=2)
    actions.complete_measure(measure_id=measure.pk, actor=town.east_secretary, at=NOW)
    actions.submit_evidence(
        loop_id=loop.pk,
        evidence=[cast.effect(NOW.date())],
        actor=town.east_secretary,
        at=NOW,
    )
    actions.verify(loop_id=loop.pk, accepted=True, actor=town.inspector, at=NOW)
    actions.close(loop_id=loop.pk, actor=town.officer, at=NOW)

    loop = Loop.objects.get(pk=loop.pk)
    assert (loop.state, loop.closed_on, loop.closed_first_on) == (
        "closed", NOW.date(), cast.CLOSED,
    )  # fmt: skip


def _propose_again(town: District, loop: Loop) -> None:
    plan = actions.Plan([actions.MeasureDraft("镇上派人列席", "责任甲")])
    actions.propose_measures(loop_id=loop.pk, plan=plan, actor=town.east_secretary, at=NOW)


def test_a_measure_of_the_first_round_does_not_start_the_second(town: District) -> None:
    """One lasting measure stayed open when the finding was closed; it belongs to that round."""
    loop = cast.planned(town)
    first, left_open = Measure.objects.filter(loop=loop).order_by("id")
    secretary = town.east_secretary
    actions.complete_measure(measure_id=first.pk, on=cast.DONE, actor=secretary, at=NOW)
    actions.submit_evidence(
        loop_id=loop.pk, evidence=[cast.effect()], on=cast.SUBMITTED, actor=secretary, at=NOW
    )
    actions.verify(loop_id=loop.pk, accepted=True, on=cast.VERIFIED, actor=town.inspector, at=NOW)
    actions.close(loop_id=loop.pk, on=cast.CLOSED, actor=town.officer, at=NOW)
    due = dt.date(2026, 12, 20)
    actions.revisit(
        loop_id=loop.pk, holds=False, note="又少开", due_on=due, actor=town.inspector, at=NOW
    )

    def complete(measure: Measure) -> Loop:
        return actions.complete_measure(measure_id=measure.pk, actor=secretary, at=NOW)

    refused(lambda: complete(left_open), because="属于上一轮整改")
    _propose_again(town, loop)
    assert complete(Measure.objects.get(loop=loop, round=2)).state == "rectifying"
