"""The offices of a finding: what is asked for, which acts it may end in, and the one action it calls."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict

from wuju.access.roles import may
from wuju.kit.actors import Actor
from wuju.loops import actions
from wuju.loops.lifecycle import ACTS, STATES, out_of_turn
from wuju.loops.queries import ActRow, LoopPage

from . import loop_forms as asked


class Who(TypedDict):
    actor: Actor
    at: dt.datetime


type Values = dict[str, Any]
type Run = Callable[[int, Values, Who], object]


def _send_notice(loop_id: int, given: Values, who: Who) -> object:
    return actions.send_notice(loop_id=loop_id, due_on=given["due_on"], on=given["on"], **who)


def _object_to(loop_id: int, given: Values, who: Who) -> object:
    return actions.object_to(loop_id=loop_id, text=given["text"], on=given["on"], **who)


def _rule(loop_id: int, given: Values, who: Who) -> object:
    upheld = given["verdict"] == "uphold_objection"
    return actions.rule_on_objection(
        loop_id=loop_id, upheld=upheld, reason=given["reason"], on=given["on"], **who
    )


def _propose(loop_id: int, given: Values, who: Who) -> object:
    responsible = given["responsible"]
    measures = [
        actions.MeasureDraft(line.strip(), responsible, given["due_on"], given["kind"])
        for line in given["measures"].splitlines()
        if line.strip()
    ]
    plan = actions.Plan(measures, responsible, given["cause"])
    return actions.propose_measures(loop_id=loop_id, plan=plan, **who)


def _judge_plan(loop_id: int, given: Values, who: Who) -> object:
    if given["verdict"] == "accept_plan":
        return actions.accept_plan(loop_id=loop_id, note=given["note"], on=given["on"], **who)
    return actions.return_plan(loop_id=loop_id, reason=given["note"], on=given["on"], **who)


def _complete(loop_id: int, given: Values, who: Who) -> object:
    del loop_id  # the form lists this finding's measures only
    return actions.complete_measure(
        measure_id=int(given["measure"]), done_by=given["done_by"], on=given["on"], **who
    )


def _report(loop_id: int, given: Values, who: Who) -> object:
    return actions.submit_evidence(
        loop_id=loop_id, evidence=[actions.EvidenceDraft(**given)], **who
    )


def _verify(loop_id: int, given: Values, who: Who) -> object:
    accepted = given["verdict"] == "verify"
    return actions.verify(
        loop_id=loop_id, accepted=accepted, note=given["note"], on=given["on"], **who
    )


def _close(loop_id: int, given: Values, who: Who) -> object:
    return actions.close(loop_id=loop_id, note=given["note"], on=given["on"], **who)


def _revisit(loop_id: int, given: Values, who: Who) -> object:
    holds = given["verdict"] == "confirm_revisit"
    return actions.revisit(
        loop_id=loop_id, holds=holds, note=given["note"], due_on=given["due_on"], **who
    )


def _defer(loop_id: int, given: Values, who: Who) -> object:
    return actions.defer(loop_id=loop_id, **given, **who)


def _withdraw(loop_id: int, given: Values, who: Who) -> object:
    return actions.withdraw(loop_id=loop_id, reason=given["reason"], **who)


@dataclass(frozen=True, slots=True)
class Office:
    """One form of the page: its address, heading, button, and what is said once it is done."""

    slug: str
    title: str
    button: str
    done: str
    acts: tuple[str, ...]
    form: type[asked.ActForm]
    run: Run


# In the order of what most wants doing: the first one open to a person is the page's main form.
OFFICES = {
    office.slug: office
    for office in (
        Office("notice", "只登记已经通知（不印文书）", "登记通知", "整改通知已登记。", ("send_notice",), asked.NoticeForm, _send_notice),
        Office("ruling", "裁定异议", "提交裁定", "异议已裁定。", asked.RulingForm.acts, asked.RulingForm, _rule),
        Office("plan-verdict", "审整改方案", "提交结论", "方案结论已登记。", asked.PlanVerdictForm.acts, asked.PlanVerdictForm, _judge_plan),
        Office("completion", "登记措施完成", "登记完成", "措施完成情况已登记。", ("complete_measure",), asked.CompletionForm, _complete),
        Office("closure", "销号", "销号", "问题已销号。", ("close",), asked.ClosureForm, _close),
        Office("verification", "核实", "提交核实", "核实意见已登记。", asked.VerificationForm.acts, asked.VerificationForm, _verify),
        Office("evidence", "报送整改结果", "报送", "整改结果已报送，等待核实。", ("submit_evidence",), asked.EvidenceForm, _report),
        Office("revisit", "回访", "提交回访", "回访情况已登记。", asked.RevisitForm.acts, asked.RevisitForm, _revisit),
        Office("measures", "报送整改措施", "报送", "整改措施已报送。", ("propose_measures",), asked.MeasuresForm, _propose),
        Office("objection", "提出异议", "提出异议", "异议已提出，整改时限停算。", ("object_to",), asked.ObjectionForm, _object_to),
        Office("deferral", "批准延期", "批准延期", "期限已调整，原期限保留。", ("defer",), asked.DeferralForm, _defer),
        Office("withdrawal", "撤回问题", "撤回", "问题已撤回。", ("withdraw",), asked.ReasonForm, _withdraw),
    )
}  # fmt: skip
DONE = {slug: office.done for slug, office in OFFICES.items()} | {"raised": "问题已立项。"}


@dataclass(frozen=True, slots=True)
class Posted:
    """What came in under `slug`, bound, with the refusal it met."""

    slug: str
    form: asked.ActForm
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """One office as the page shows it; the first one stands open, the others fold."""

    office: Office
    form: asked.ActForm
    refusal: str
    is_main: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """An act this person cannot do now, and the sentences why."""

    title: str
    reasons: tuple[str, ...]


def desks(finding: LoopPage, *, today: dt.date, posted: Posted | None = None) -> list[Desk]:
    """List the forms of what this person may do now; what was just posted comes first."""
    allowed = {act.name for act in finding.acts if act.allowed}
    open_now = [
        office
        for office in OFFICES.values()
        if allowed.intersection(office.acts) and _has_something(office, finding)
    ]
    # A verdict that can only send back is nobody's next thing: who reported must not lead with it.
    open_now.sort(key=lambda office: office.acts[0] not in allowed)
    if posted:
        mine = OFFICES[posted.slug]
        open_now = [mine, *(office for office in open_now if office is not mine)]
    return [
        Desk(
            office=office,
            form=posted.form
            if posted and office.slug == posted.slug
            else office.form(finding=finding, today=today, slug=office.slug),
            refusal=posted.refusal if posted and office.slug == posted.slug else "",
            # Notifying without a document is the exception: the 整改通知书 has the page's button.
            is_main=number == 0 and office.slug != "notice",
            is_open=number == 0 and (office.slug != "notice" or posted is not None),
        )
        for number, office in enumerate(open_now)
    ]


def _has_something(office: Office, finding: LoopPage) -> bool:
    """Say whether there is anything to decide on: measures to judge, or still to be done."""
    if office.slug == "plan-verdict":
        return bool(finding.measures)
    if office.slug == "completion":
        return any(row.can_be_done for row in finding.measures)
    return True


def refused_now(finding: LoopPage) -> list[Closed]:
    """List the acts whose turn it is and that the rules keep from this person, one entry a reason."""
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for act in finding.acts:
        if act.granted and act.reasons:
            by_reason.setdefault(act.reasons, []).append(act.title)
    return [Closed("、".join(titles), reasons) for reasons, titles in by_reason.items()]


def closed_to(finding: LoopPage, actor: Actor) -> list[Closed]:
    """List the other acts with their sentence: not this role's, or not their turn yet."""
    early = [
        Closed(act.title, (out_of_turn(name, finding.row.state),))
        for name, act in ACTS.items()
        if act.early and may(actor, act.permission) and _too_early(name, finding.row.state)
    ]
    return [_closed(act) for act in finding.acts if not act.granted] + early


def _too_early(name: str, state: str) -> bool:
    """Say whether an act still lies ahead; one left behind needs no word."""
    order = list(STATES)
    here = "plan_accepted" if state == "reopened" else state
    return order.index(here) < min(order.index(before) for before in ACTS[name].from_states)


def _closed(act: ActRow) -> Closed:
    return Closed(act.title, act.reasons)
