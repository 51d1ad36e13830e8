"""Many findings in one short transaction, one event a batch, and back again."""

import datetime as dt
import time

import pytest

from tests.conftest import NOW, District
from wuju.kit.actors import NotGranted, OutsideScope
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records
from wuju.loops import actions
from wuju.loops.models import Deadline, Evidence, Loop, Measure, Step
from wuju.org.models import Organization

from . import cast

OPENED = dt.date(2026, 3, 2)


def landed(organization: Organization, **more: object) -> actions.LandedFinding:
    return actions.LandedFinding(
        cast.draft(organization),
        **({"opened_on": OPENED} | more),  # type: ignore[arg-type]
    )


def verified_history(organization: Organization, **more: object) -> actions.LandedFinding:
    history = {
        "notified_on": dt.date(2026, 3, 4),
        "due_on": dt.date(2026, 4, 10),
        "plan_accepted_on": dt.date(2026, 3, 10),
        "measures": [actions.MeasureDraft("补开会议", "责任甲")],
        "measures_done_on": dt.date(2026, 3, 20),
        "evidence": [
            actions.EvidenceDraft("补开后全体党员到会。", dt.date(2026, 3, 25), "effect", "责任甲")
        ],
        "submitted_on": dt.date(2026, 3, 26),
        "verified_by": "核实丁",
        "verified_unit": "试点区委组织部",
        "verified_on": dt.date(2026, 3, 30),
        "closed_on": dt.date(2026, 4, 1),
        "responsible_person": "责任甲",
    }
    return landed(organization, **(history | more))


def test_a_batch_is_one_event_that_accounts_for_every_row(town: District) -> None:
    before = Event.objects.count()

    actions.land_loops(
        findings=[landed(town.east_branch), verified_history(town.west_branch)],
        actor=town.officer,
        at=NOW,
        batch="b1",
    )

    assert Event.objects.count() == before + 1
    assert verify_records(scope=town.officer.scope) == []
    assert list(Loop.objects.order_by("id").values_list("number", "state")) == [
        ("2026-0001", "opened"),
        ("2026-0002", "closed"),
    ]


def test_a_history_that_was_verified_counts_and_an_imported_closure_does_not(
    town: District,
) -> None:
    actions.land_loops(
        findings=[
            verified_history(town.east_branch),
            landed(town.west_branch, due_on=dt.date(2026, 4, 10), closed_on=dt.date(2026, 4, 1)),
        ],
        actor=town.officer,
        at=NOW,
    )

    ours, imported = Loop.objects.order_by("id")
    assert (ours.closed_first_on, ours.verified_by_other, ours.imported) == (
        dt.date(2026, 4, 1), True, False,
    )  # fmt: skip
    assert (imported.closed_on, imported.closed_first_on, imported.imported) == (
        dt.date(2026, 4, 1), None, True,
    )  # fmt: skip
    deadline = Deadline.objects.get(loop=imported)
    assert (deadline.closed_on, deadline.verified_by_other, deadline.imported) == (
        None, False, True,
    )  # fmt: skip
    assert Step.objects.filter(loop=imported).last().note == "导入时已销号，未经本系统核验。"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"verified_by": "责任甲"}, "参与了这条问题的整改"),
        ({"evidence": []}, "看不出成效"),
    ],
)
def test_each_row_that_says_verified_is_held_to_the_guards(
    town: District, wrong: dict[str, object], sentence: str
) -> None:
    before = cast.trace()
    with pytest.raises(actions.StepRefused, match=sentence):
        actions.land_loops(
            findings=[landed(town.east_branch), verified_history(town.east_branch, **wrong)],
            actor=town.officer,
            at=NOW,
        )
    assert cast.trace() == before


def test_verified_histories_are_landed_only_by_those_who_may_verify_and_close(
    town: District,
) -> None:
    roles = frozenset({"township_officer", "inspector"})  # may raise, import and verify
    lesser = cast.as_person(town.east_officer, roles=roles)
    with pytest.raises(NotGranted):
        actions.land_loops(findings=[verified_history(town.east_branch)], actor=lesser, at=NOW)
    assert actions.land_loops(findings=[landed(town.east_branch)], actor=lesser, at=NOW)[0]


def test_one_row_outside_the_scope_and_nothing_lands(town: District) -> None:
    before = cast.trace()
    roles = town.officer.roles
    with pytest.raises(OutsideScope):
        actions.land_loops(
            findings=[landed(town.east_branch), landed(town.west_branch)],
            actor=cast.as_person(town.east_officer, roles=roles),
            at=NOW,
        )
    assert cast.trace() == before


def test_words_change_in_a_batch_and_acts_do_not(town: District) -> None:
    loop = cast.raised(town)

    def change(version: int, **values: str) -> Loop:
        return actions.land_loops(
            changes=[actions.FindingChange(loop.pk, version, values)],
            actor=town.officer,
            at=NOW,
        )[1][0]

    with pytest.raises(actions.NotForImport):
        change(loop.version, state="closed")
    with pytest.raises(actions.ChangedSince):
        change(loop.version + 1, lead_unit="区农业农村局")
    assert change(loop.version, lead_unit="区农业农村局").version == loop.version + 1


def test_a_batch_is_taken_back_whole_and_its_numbers_stay_used(town: District) -> None:
    loops, _ = actions.land_loops(
        findings=[verified_history(town.east_branch), landed(town.east_branch)],
        actor=town.officer,
        at=NOW,
        batch="b1",
    )
    undone = actions.undo_loops(
        created=[loop.pk for loop in loops], restored=(), batch="b1", actor=town.officer, at=NOW
    )

    assert undone == 2
    assert not any(model.objects.exists() for model in (Loop, Deadline, Measure, Evidence, Step))
    assert verify_records(scope=town.officer.scope) == []
    assert cast.raised(town).number == "2026-0003"


def test_a_batch_somebody_worked_on_is_not_taken_back(town: District) -> None:
    loops, _ = actions.land_loops(
        findings=[landed(town.east_branch), landed(town.west_branch)], actor=town.officer, at=NOW
    )
    actions.send_notice(loop_id=loops[0].pk, actor=town.officer, at=NOW)
    before = cast.trace()

    with pytest.raises(actions.ChangedSince, match="2026-0001"):
        actions.undo_loops(
            created=[loop.pk for loop in loops], restored=(), batch="", actor=town.officer, at=NOW
        )
    assert cast.trace() == before


def test_five_hundred_histories_land_within_seconds(town: District) -> None:
    rows = [verified_history(town.east_branch) for _ in range(500)]

    started = time.process_time()
    actions.land_loops(findings=rows, actor=town.officer, at=NOW)
    spent = time.process_time() - started

    assert Loop.objects.count() == 500
    assert spent < 4
