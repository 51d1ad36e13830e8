"""Every demand of the closed loop: the same finding, once allowed and once refused."""

import datetime as dt
from collections.abc import Callable

import pytest

from tests.conftest import NOW, District
from wuju.kit.actors import Actor, NotGranted, OutsideScope
from wuju.kit.errors import DomainError
from wuju.loops import actions
from wuju.loops.models import Loop, Measure

from . import cast

TOMORROW = NOW.date() + dt.timedelta(days=1)


def refused(attempt: Callable[[], object], *, because: str) -> None:
    """Assert a refusal with this sentence that leaves no trace."""
    before = cast.trace()
    with pytest.raises(DomainError, match=because) as refusal:
        attempt()
    assert str(refusal.value).endswith("。")
    assert cast.trace() == before


# ------------------------------------------------------------------ who, and where


def test_only_those_who_inspect_raise_findings(town: District) -> None:
    refused(
        lambda: actions.raise_finding(
            draft=cast.draft(town.east_branch), actor=town.east_officer, at=NOW
        ),
        because="提出问题",
    )
    assert cast.raised(town).state == "opened"


def test_a_township_never_touches_a_finding_of_another(town: District) -> None:
    loop = cast.notified(town)
    plan = actions.Plan([actions.MeasureDraft("补开会议", "责任甲")])

    def propose(actor: Actor) -> Loop:
        return actions.propose_measures(loop_id=loop.pk, plan=plan, actor=actor, at=NOW)

    with pytest.raises(OutsideScope):
        propose(town.west_officer)
    assert propose(town.east_officer).state == "notified"


def test_a_secretary_cannot_close(town: District) -> None:
    loop = cast.verified(town)

    with pytest.raises(NotGranted):
        actions.close(loop_id=loop.pk, actor=town.east_secretary, at=NOW)
    assert actions.close(loop_id=loop.pk, actor=town.officer, at=NOW).state == "closed"


# ------------------------------------------------------------------ raising and notice


@pytest.mark.parametrize("missing", ["fact", "basis"])
def test_a_finding_without_fact_or_article_is_not_opened(town: District, missing: str) -> None:
    nothing: dict[str, object] = {missing: " "}
    refused(lambda: cast.raised(town, None, **nothing), because="没有依据的不立项")
    assert cast.raised(town).state == "opened"


def test_a_day_that_lies_ahead_is_refused(town: District) -> None:
    loop = cast.raised(town)

    refused(
        lambda: actions.send_notice(loop_id=loop.pk, on=TOMORROW, actor=town.officer, at=NOW),
        because="日期不能晚于今天",
    )
    assert actions.send_notice(loop_id=loop.pk, actor=town.officer, at=NOW).state == "notified"


def test_a_step_is_not_dated_before_the_one_before(town: District) -> None:
    loop = cast.raised(town)

    def send(on: dt.date) -> Loop:
        return actions.send_notice(loop_id=loop.pk, on=on, actor=town.officer, at=NOW)

    refused(
        lambda: send(cast.RAISED - dt.timedelta(days=1)), because="不能早于上一步（2026年9月1日）"
    )
    assert send(cast.RAISED).state == "notified"


def test_a_notice_leaves_time_to_act(town: District) -> None:
    loop = cast.raised(town)

    def send(due_on: dt.date) -> Loop:
        return actions.send_notice(
            loop_id=loop.pk, due_on=due_on, on=cast.NOTIFIED, actor=town.officer, at=NOW
        )

    refused(lambda: send(cast.NOTIFIED), because="整改期限应晚于通知日期")
    assert send(cast.NOTIFIED + dt.timedelta(days=20)).due_on == dt.date(2026, 9, 23)


def test_a_finding_is_withdrawn_only_before_its_notice(town: District) -> None:
    early, late = cast.raised(town), cast.notified(town)

    def withdraw(loop: Loop, reason: str = "同一问题已另行立项") -> Loop:
        return actions.withdraw(loop_id=loop.pk, reason=reason, actor=town.officer, at=NOW)

    refused(lambda: withdraw(late), because="只有异议成立才能撤回")
    refused(lambda: withdraw(early, reason=""), because="请写明理由")
    assert withdraw(early).state == "withdrawn"


# ------------------------------------------------------------------ objection


def test_an_objection_comes_within_three_working_days(town: District) -> None:
    loop = cast.notified(town)  # Thursday 3 September; the third working day is Tuesday the 8th

    def object_on(day: int) -> Loop:
        return actions.object_to(
            loop_id=loop.pk,
            text="第二次会议记录在另一本上",
            on=dt.date(2026, 9, day),
            actor=town.east_secretary,
            at=NOW,
        )

    refused(lambda: object_on(9), because="3个工作日内（2026年9月8日以前）")
    assert object_on(8).state == "objected"


def test_whoever_raised_it_does_not_judge_the_objection(town: District) -> None:
    loop = actions.raise_finding(
        draft=cast.draft(town.east_branch), on=cast.RAISED, actor=town.officer, at=NOW
    )
    actions.send_notice(loop_id=loop.pk, on=cast.NOTIFIED, actor=town.officer, at=NOW)
    actions.object_to(
        loop_id=loop.pk,
        text="记录在另一本上",
        on=dt.date(2026, 9, 4),
        actor=town.east_secretary,
        at=NOW,
    )
    another = cast.as_person(town.officer, name="区委庚", user_id=17)

    def rule(actor: Actor) -> Loop:
        return actions.rule_on_objection(
            loop_id=loop.pk,
            upheld=True,
            reason="查到另一本记录",
            on=dt.date(2026, 9, 7),
            actor=actor,
            at=NOW,
        )

    refused(lambda: rule(town.officer), because="异议由提出问题以外的人裁定")
    assert rule(another).state == "withdrawn"


# ------------------------------------------------------------------ measures


def test_a_plan_without_measures_is_not_accepted(town: District) -> None:
    loop = cast.notified(town)

    def accept() -> Loop:
        return actions.accept_plan(loop_id=loop.pk, actor=town.officer, at=NOW)

    refused(accept, because="还没有整改措施")
    actions.propose_measures(
        loop_id=loop.pk,
        plan=actions.Plan([actions.MeasureDraft("补开会议", "责任甲")]),
        actor=town.east_secretary,
        at=NOW,
    )
    assert accept().state == "plan_accepted"


def test_an_empty_plan_is_not_handed_in(town: District) -> None:
    loop = cast.notified(town)

    def propose(text: str) -> Loop:
        return actions.propose_measures(
            loop_id=loop.pk,
            plan=actions.Plan([actions.MeasureDraft(text, "责任甲")]),
            actor=town.east_secretary,
            at=NOW,
        )

    refused(lambda: propose("  "), because="至少写一条整改措施")
    assert propose("补开会议").state == "notified"


def test_a_plan_goes_back_only_with_a_reason(town: District) -> None:
    loop = cast.notified(town)
    actions.propose_measures(
        loop_id=loop.pk,
        plan=actions.Plan([actions.MeasureDraft("加强学习", "责任甲")]),
        actor=town.east_secretary,
        at=NOW,
    )

    def send_back(reason: str) -> Loop:
        return actions.return_plan(loop_id=loop.pk, reason=reason, actor=town.officer, at=NOW)

    refused(lambda: send_back(" "), because="请写明理由")
    assert send_back("措施没有写清谁来做").returned == 1


def test_work_is_not_noted_before_the_plan_is_accepted(town: District) -> None:
    loop = cast.notified(town)
    actions.propose_measures(
        loop_id=loop.pk,
        plan=actions.Plan([actions.MeasureDraft("补开会议", "责任甲")]),
        actor=town.east_secretary,
        at=NOW,
    )
    measure = Measure.objects.get(loop=loop)

    def complete() -> Loop:
        return actions.complete_measure(
            measure_id=measure.pk, on=cast.DONE, actor=town.east_secretary, at=NOW
        )

    refused(complete, because="整改方案还没有得到认可")
    actions.accept_plan(loop_id=loop.pk, on=NOW.date(), actor=town.officer, at=NOW)
    assert complete().state == "rectifying"
    refused(complete, because="已经登记完成")


# ------------------------------------------------------------------ evidence


def test_results_wait_for_the_measures_to_be_done(town: District) -> None:
    loop = cast.planned(town)
    immediate = Measure.objects.get(loop=loop, kind="immediate")
    lasting = Measure.objects.get(loop=loop, kind="lasting")
    actions.complete_measure(
        measure_id=lasting.pk, on=cast.DONE, actor=town.east_secretary, at=NOW
    )

    def submit() -> Loop:
        return actions.submit_evidence(
            loop_id=loop.pk, evidence=[cast.effect()], actor=town.east_secretary, at=NOW
        )

    refused(submit, because="还有“当下改”的措施没有完成")
    actions.complete_measure(
        measure_id=immediate.pk, on=cast.DONE, actor=town.east_secretary, at=NOW
    )
    assert submit().state == "evidence_submitted"


def test_a_result_is_said_in_words_and_needs_no_file(town: District) -> None:
    loop = cast.rectified(town)

    def submit(*evidence: actions.EvidenceDraft) -> Loop:
        return actions.submit_evidence(
            loop_id=loop.pk, evidence=evidence, actor=town.east_secretary, at=NOW
        )

    refused(submit, because="至少写一条结果说明.*不需要附照片")
    refused(lambda: submit(cast.effect(TOMORROW)), because="证据须是已经发生的事")
    assert submit(cast.effect()).state == "evidence_submitted"


@pytest.mark.parametrize(
    "shown",
    [
        cast.effect(cast.DONE - dt.timedelta(days=1)),
        cast.effect(cast.EFFECT, kind="process"),
    ],
    ids=["before the last measure", "records written up"],
)
def test_a_paper_only_fix_is_shown_and_not_verified(
    town: District, shown: actions.EvidenceDraft
) -> None:
    loop = cast.submitted(town, shown)
    assert loop.paper_only

    def verify() -> Loop:
        return actions.verify(loop_id=loop.pk, accepted=True, actor=town.inspector, at=NOW)

    refused(verify, because="看不出成效，只补写记录不算整改.*2026年9月20日当天或以后")
    actions.submit_evidence(
        loop_id=loop.pk, evidence=[cast.effect()], actor=town.east_secretary, at=NOW
    )
    verified = verify()
    assert (verified.state, verified.paper_only) == ("verified", False)


def test_effect_may_show_on_the_day_the_last_measure_was_done(town: District) -> None:
    loop = cast.submitted(town, cast.effect(cast.DONE))

    assert actions.verify(
        loop_id=loop.pk, accepted=True, actor=town.inspector, at=NOW
    ).verified_by_other


# ------------------------------------------------------------------ verification


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("责任甲", "核实人责任甲参与了这条问题的整改"),
        ("东一戊", "核实人东一戊参与了这条问题的整改"),
        ("报送庚", "核实人报送庚参与了这条问题的整改"),
    ],
    ids=["responsible", "entered by", "submitter"],
)
def test_nobody_verifies_what_they_took_part_in(town: District, who: str, sentence: str) -> None:
    loop = cast.submitted(town, cast.effect(submitted_by="报送庚"))

    def verify(actor: Actor) -> Loop:
        return actions.verify(loop_id=loop.pk, accepted=True, actor=actor, at=NOW)

    refused(lambda: verify(cast.as_person(town.inspector, name=who)), because=sentence)
    refused(lambda: verify(cast.as_person(town.inspector, on_behalf_of=who)), because=sentence)
    assert verify(town.inspector).state == "verified"


def test_an_account_that_entered_the_work_does_not_verify_it(town: District) -> None:
    loop = cast.submitted(town)

    def verify(user_id: int) -> Loop:
        return actions.verify(
            loop_id=loop.pk,
            accepted=True,
            actor=cast.as_person(town.inspector, user_id=user_id),
            at=NOW,
        )

    assert town.east_secretary.user_id is not None
    refused(lambda: verify(town.east_secretary.user_id or 0), because="这个账号录入过")
    assert verify(99).state == "verified"


def test_a_unit_does_not_verify_its_own_work(town: District) -> None:
    loop = cast.submitted(town)

    def verify(unit_path: str) -> Loop:
        return actions.verify(
            loop_id=loop.pk,
            accepted=True,
            actor=cast.as_person(town.inspector, unit_path=unit_path),
            at=NOW,
        )

    refused(lambda: verify(town.east_branch.path), because="核实人和责任组织是同一单位")
    assert verify(town.east.path).state == "verified"


def test_a_refused_verification_gives_every_reason_at_once(town: District) -> None:
    loop = cast.submitted(town, cast.effect(kind="process"))

    with pytest.raises(actions.StepRefused) as refusal:
        actions.verify(
            loop_id=loop.pk,
            accepted=True,
            actor=cast.as_person(town.inspector, name="责任甲"),
            at=NOW,
        )
    assert len(refusal.value.reasons) == 2


def test_a_result_goes_back_only_with_a_reason(town: District) -> None:
    loop = cast.submitted(town)

    def send_back(note: str) -> Loop:
        return actions.verify(
            loop_id=loop.pk, accepted=False, note=note, actor=town.inspector, at=NOW
        )

    refused(lambda: send_back(""), because="请写明理由")
    returned = send_back("党员都说没有开过会")
    assert (returned.state, returned.returned) == ("rectifying", 1)


# ------------------------------------------------------------------ closure and after


def test_nothing_is_closed_unverified(town: District) -> None:
    loop = cast.submitted(town)

    def close() -> Loop:
        return actions.close(loop_id=loop.pk, actor=town.officer, at=NOW)

    refused(close, because="未经核实不得销号")
    actions.verify(loop_id=loop.pk, accepted=True, actor=town.inspector, at=NOW)
    assert close().state == "closed"


def test_a_revisit_is_not_made_by_those_who_did_the_work(town: District) -> None:
    loop = cast.closed(town)

    def revisit(actor: Actor) -> Loop:
        return actions.revisit(loop_id=loop.pk, holds=True, actor=actor, at=NOW)

    refused(lambda: revisit(cast.as_person(town.inspector, name="责任甲")), because="参与了")
    assert revisit(town.inspector).state == "closed_final"


def test_reopening_says_why_and_until_when(town: District) -> None:
    loop = cast.closed(town)

    def reopen(note: str, due_on: dt.date | None) -> Loop:
        return actions.revisit(
            loop_id=loop.pk, holds=False, note=note, due_on=due_on, actor=town.inspector, at=NOW
        )

    refused(lambda: reopen("", TOMORROW), because="请写明理由")
    refused(lambda: reopen("又少开一次", None), because="新的整改期限")
    refused(lambda: reopen("又少开一次", NOW.date()), because="新的整改期限")
    assert reopen("又少开一次", TOMORROW).state == "reopened"


# ------------------------------------------------------------------ deferral


def test_nobody_defers_their_own_deadline(town: District) -> None:
    loop = cast.planned(town)

    def defer(actor: Actor) -> Loop:
        return actions.defer(
            loop_id=loop.pk,
            until=dt.date(2026, 12, 31),
            reason="秋收，党员多数外出",
            actor=actor,
            at=NOW,
        )

    inside = cast.as_person(town.officer, unit_path=town.east_branch.path)
    refused(lambda: defer(inside), because="责任组织不能自己批准延期")
    refused(lambda: defer(cast.as_person(town.officer, name="责任甲")), because="不能自己批准延期")
    assert defer(town.officer).due_on == dt.date(2026, 12, 31)


def test_a_deferral_is_later_and_has_a_reason(town: District) -> None:
    loop = cast.planned(town)
    due = loop.due_on
    assert due is not None

    def defer(until: dt.date, reason: str) -> Loop:
        return actions.defer(
            loop_id=loop.pk, until=until, reason=reason, actor=town.officer, at=NOW
        )

    refused(lambda: defer(due, "秋收"), because="应晚于现在的期限")
    refused(lambda: defer(dt.date(2026, 12, 31), ""), because="请写明理由")
    deferred = defer(dt.date(2026, 12, 31), "秋收")
    assert (deferred.original_due_on, deferred.extensions) == (due, 1)


def test_a_third_deferral_needs_the_level_above(town: District) -> None:
    loop = cast.planned(town)

    def defer(day: int, approval: str = "") -> Loop:
        return actions.defer(
            loop_id=loop.pk,
            until=dt.date(2026, 12, day),
            reason="秋收",
            approval=approval,
            actor=town.officer,
            at=NOW,
        )

    defer(1)
    defer(2)
    refused(lambda: defer(3), because="已经延期2次，再次延期须由上级批准")
    assert defer(3, "试组复〔2026〕5号").extensions == 3


@pytest.mark.parametrize("act", ["close", "verify", "send_notice", "withdraw"])
def test_a_finished_finding_rests(town: District, act: str) -> None:
    loop = cast.closed(town)
    actions.revisit(loop_id=loop.pk, holds=True, actor=town.inspector, at=NOW)
    more: dict[str, object] = {"verify": {"accepted": True}, "withdraw": {"reason": "重复"}}.get(
        act, {}
    )  # type: ignore[assignment]

    refused(
        lambda: getattr(actions, act)(loop_id=loop.pk, actor=town.officer, at=NOW, **more),
        because="现在是“办结”",
    )


def test_text_with_a_secrecy_marking_never_enters(town: District) -> None:
    refused(lambda: cast.raised(town, fact="机密★10年\n会议记录"), because="本系统为非涉密系统")
    assert cast.raised(town, fact="保守党的秘密教育没有开展").state == "opened"
