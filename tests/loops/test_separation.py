"""Nobody passes their own work: not under another account, another spelling, a clerk's name or a batch."""

import datetime as dt
from collections.abc import Callable

import pytest

from tests.conftest import NOW, District
from tests.loops.test_guards import refused
from tests.loops.test_landing import verified_history
from wuju.kit.actors import Actor, NotGranted
from wuju.kit.names import people_in
from wuju.loops import actions
from wuju.loops.models import Loop

from . import cast

ANOTHER = 77  # an account that did nothing here


def verifying(loop: Loop) -> Callable[[Actor], Loop]:
    return lambda actor: actions.verify(loop_id=loop.pk, accepted=True, actor=actor, at=NOW)


def test_a_name_is_the_same_however_it_is_written(town: District) -> None:
    loop = cast.submitted(town, cast.effect(submitted_by="李　明（包村干部）"))
    verify = verifying(loop)

    refused(
        lambda: verify(cast.as_person(town.inspector, name="李明")), because="核实人李明参与了"
    )
    assert verify(town.inspector).state == "verified"


def test_two_names_in_one_field_are_two_people(town: District) -> None:
    loop = cast.submitted(town, cast.effect(submitted_by="赵甲乙、钱丙丁"))
    verify = verifying(loop)

    refused(
        lambda: verify(cast.as_person(town.inspector, name="钱丙丁")),
        because="核实人钱丙丁参与了",
    )
    assert verify(town.inspector).state == "verified"


def test_a_clerk_who_took_part_does_not_verify_for_another(town: District) -> None:
    """代录: the account is another one, the person at the keyboard is the same."""
    verify = verifying(cast.submitted(town))

    clerk = cast.as_person(
        town.inspector, user_id=ANOTHER, name=town.east_secretary.name, on_behalf_of="核实丁"
    )
    refused(lambda: verify(clerk), because=f"核实人{town.east_secretary.name}参与了")
    assert verify(cast.as_person(clerk, name="代录庚")).state == "verified"


def test_an_account_that_entered_the_work_enters_no_verification_for_another(
    town: District,
) -> None:
    verify = verifying(cast.submitted(town))

    same = cast.as_person(
        town.inspector, user_id=town.east_secretary.user_id, name="新名", on_behalf_of="核实丁"
    )
    refused(lambda: verify(same), because="这个账号录入过")
    assert verify(cast.as_person(same, user_id=ANOTHER)).state == "verified"


def test_an_account_that_entered_the_work_does_not_defer_it(town: District) -> None:
    loop = cast.planned(town)

    def defer(actor: Actor) -> Loop:
        until = dt.date(2026, 12, 31)
        return actions.defer(loop_id=loop.pk, until=until, reason="秋收", actor=actor, at=NOW)

    same = cast.as_person(town.officer, user_id=town.east_secretary.user_id)
    refused(lambda: defer(same), because="责任组织不能自己批准延期")
    assert defer(town.officer).extensions == 1


def test_whoever_handed_a_plan_in_does_not_accept_it(town: District) -> None:
    loop = cast.notified(town)
    plan = actions.Plan([actions.MeasureDraft("补开支部党员大会", "责任甲")])
    actions.propose_measures(
        loop_id=loop.pk, plan=plan, on=cast.PLANNED, actor=town.officer, at=NOW
    )

    def accept(actor: Actor) -> Loop:
        return actions.accept_plan(loop_id=loop.pk, on=cast.PLANNED, actor=actor, at=NOW)

    refused(lambda: accept(town.officer), because="不能自己认可或退回方案")
    refused(
        lambda: accept(cast.as_person(town.officer, user_id=ANOTHER, name="责任甲")),
        because="不能自己认可或退回方案",
    )
    another = cast.as_person(town.officer, user_id=ANOTHER, name="区委庚")
    assert accept(another).state == "plan_accepted"


def test_whoever_did_entered_or_answers_for_the_work_does_not_close_it(town: District) -> None:
    """Not by name, not by account, not for another at the keyboard, not as the unit itself."""
    loop = cast.verified(town)

    def close(actor: Actor) -> Loop:
        return actions.close(loop_id=loop.pk, on=cast.CLOSED, actor=actor, at=NOW)

    free = cast.as_person(town.officer, user_id=ANOTHER)
    for actor in (
        cast.as_person(free, name="责 任甲"),
        cast.as_person(free, user_id=town.east_secretary.user_id),
        cast.as_person(free, name=town.east_secretary.name, on_behalf_of="区委庚"),
        cast.as_person(free, unit_path=town.east_branch.path),
    ):
        refused(lambda by=actor: close(by), because="不能自己销号")  # type: ignore[misc]
    assert close(town.officer).state == "closed"


def test_whoever_verified_may_close(town: District) -> None:
    """Only those who had a part in the work are kept apart from closing it."""
    loop = cast.submitted(town)
    actions.verify(loop_id=loop.pk, accepted=True, on=cast.VERIFIED, actor=town.officer, at=NOW)

    assert actions.close(loop_id=loop.pk, actor=town.officer, at=NOW).state == "closed"


def test_nobody_sends_their_own_result_back(town: District) -> None:
    """Sending back forgets the verification of another, so it is a judgement too."""
    loop = cast.verified(town)

    def send_back(actor: Actor) -> Loop:
        return actions.verify(
            loop_id=loop.pk, accepted=False, note="还差公示", actor=actor, at=NOW
        )

    refused(
        lambda: send_back(cast.as_person(town.officer, user_id=ANOTHER, name="责任甲")),
        because="不能自己退回",
    )
    refused(
        lambda: send_back(cast.as_person(town.officer, user_id=town.east_secretary.user_id)),
        because="不能自己退回",
    )
    assert send_back(town.inspector).state == "rectifying"


def test_nobody_rules_on_their_own_objection(town: District) -> None:
    loop = cast.notified(town)
    on = cast.NOTIFIED
    actions.object_to(loop_id=loop.pk, text="记录在另一本", on=on, actor=town.officer, at=NOW)

    def rule(actor: Actor) -> Loop:
        return actions.rule_on_objection(
            loop_id=loop.pk, upheld=True, reason="核对属实", on=on, actor=actor, at=NOW
        )

    refused(lambda: rule(town.officer), because="不能自己裁定异议")
    assert rule(cast.as_person(town.officer, user_id=ANOTHER, name="区委庚")).state == "withdrawn"


def test_nobody_returns_their_own_plan(town: District) -> None:
    loop = cast.notified(town)
    plan = actions.Plan([actions.MeasureDraft("补开支部党员大会", "责任甲")])
    actions.propose_measures(
        loop_id=loop.pk, plan=plan, on=cast.PLANNED, actor=town.officer, at=NOW
    )

    def send_back(actor: Actor) -> Loop:
        return actions.return_plan(
            loop_id=loop.pk, reason="还差时限", on=cast.PLANNED, actor=actor, at=NOW
        )

    refused(lambda: send_back(town.officer), because="不能自己认可或退回方案")
    another = cast.as_person(town.officer, user_id=ANOTHER, name="区委庚")
    assert send_back(another).returned == 1


@pytest.mark.parametrize("holds", [True, False])
def test_nobody_looks_again_at_their_own_work(town: District, *, holds: bool) -> None:
    loop = cast.closed(town)

    def look(actor: Actor) -> Loop:
        due = None if holds else dt.date(2026, 12, 20)
        return actions.revisit(
            loop_id=loop.pk, holds=holds, note="看过现场", due_on=due, actor=actor, at=NOW
        )

    refused(lambda: look(cast.as_person(town.officer, name="责任甲")), because="参与了这条问题")
    assert look(town.officer).state == ("closed_final" if holds else "reopened")


def test_a_landing_closes_nothing_its_own_entrant_had_a_part_in(town: District) -> None:
    """Row by row: the first row is in order, the second was done by the one who lands both."""
    mine = verified_history(town.east_branch, responsible_person=town.officer.name)
    good = verified_history(town.west_branch)

    def land(actor: Actor) -> object:
        return actions.land_loops(findings=[good, mine], actor=actor, at=NOW)

    refused(lambda: land(town.officer), because="不能自己销号")
    assert land(cast.as_person(town.officer, user_id=ANOTHER, name="区委庚"))


def test_a_landed_history_names_a_verifier_of_another_unit(town: District) -> None:
    own = verified_history(town.east_branch, verified_unit=town.east_branch.name)

    refused(
        lambda: actions.land_loops(findings=[own], actor=town.officer, at=NOW),
        because="核实人和责任组织是同一单位",
    )
    history = verified_history(town.east_branch, verified_by="")
    ((made,), _) = actions.land_loops(findings=[history], actor=town.officer, at=NOW)
    assert made.verified_by == town.officer.name  # never nobody


def test_the_responsible_side_rewrites_no_finding_by_import(town: District) -> None:
    loop = cast.raised(town)

    def change(actor: Actor, **values: str) -> object:
        changes = [actions.FindingChange(loop.pk, loop.version, values)]
        return actions.land_loops(changes=changes, actor=actor, at=NOW)

    refused(lambda: change(town.east_officer, fact="没有这回事。"), because="提出问题")
    refused(lambda: change(town.officer, responsible_person="别人"), because="不能用导入修改")
    assert change(town.officer, fact="查阅记录本，少一次。")


def test_a_batch_is_taken_back_by_those_who_may_raise_findings(town: District) -> None:
    actions.land_loops(findings=[], batch="b1", actor=town.officer, at=NOW)

    def undo(actor: Actor) -> int:
        return actions.undo_loops(created=[], restored=[], batch="b1", actor=actor, at=NOW)

    with pytest.raises(NotGranted):
        undo(town.east_officer)
    assert undo(town.officer) == 0


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("", set()),
        ("张和平", {"张和平"}),
        ("张　三", {"张三"}),
        ("赵甲(书记)/钱乙", {"赵甲", "钱乙"}),
        ("阿布·甲", {"阿布·甲"}),
    ],
)
def test_people_in_a_field(text: str, people: set[str]) -> None:
    assert people_in(text) == people
