"""Measures, their acceptance and completion, evidence, deferral."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wuju.kit.action import action
from wuju.kit.actors import Actor, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.markings import refuse_marked
from wuju.ledger.images import Images, values_of
from wuju.loops.models import Evidence, Loop, Measure

from .step import Said, StepRefused, Work, begin, check, finish, move_deadline, person_of


class NoMeasures(DomainError):
    def __init__(self) -> None:
        super().__init__("请至少写一条整改措施，写清做什么、谁负责、什么时候完成。")


class MeasureAlreadyDone(DomainError):
    def __init__(self) -> None:
        super().__init__("这项措施已经登记完成，不需要再登记。")


class MeasureOfAnEarlierRound(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "这项措施属于上一轮整改；问题已经重新打开，请先报送新的整改措施，再登记它的完成情况。"
        )


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """One measure. `immediate` 当下改 puts this case right, `lasting` 长久立 keeps it right."""

    text: str
    responsible: str
    due_on: dt.date | None = None
    kind: str = "immediate"


@dataclass(frozen=True, slots=True)
class EvidenceDraft:
    """One thing that happened. `submitted_by` is empty where the actor submits it."""

    text: str
    happened_on: dt.date
    kind: str
    submitted_by: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the responsible organization will do, who answers for it, and why it happened."""

    measures: Sequence[MeasureDraft]
    responsible_person: str = ""
    cause: str = ""


@action
def propose_measures(
    *, loop_id: int, plan: Plan, on: dt.date | None = None, actor: Actor, at: dt.datetime
) -> Loop:
    """Hand in the measures (报送整改措施). They are added to those already handed in.

    Raises:
        NotGranted, OutsideScope, StepRefused.
        NoMeasures: the plan holds none.
    """
    work = begin(loop_id, actor=actor, at=at, on=on)
    check(work, "propose_measures")
    if not any(draft.text.strip() for draft in plan.measures):
        raise NoMeasures
    refuse_marked("\n".join(draft.text for draft in plan.measures), where="整改措施")
    loop = work.loop
    rows = [
        Measure(
            loop=loop,
            round=loop.round,
            text=draft.text.strip(),
            kind=draft.kind,
            responsible=draft.responsible.strip(),
            due_on=draft.due_on or loop.due_on,
        )
        for draft in plan.measures
        if draft.text.strip()
    ]
    Measure.objects.bulk_create(rows)
    work.images.append(Images.created(rows))
    loop.responsible_person = plan.responsible_person.strip() or loop.responsible_person
    loop.cause = plan.cause or loop.cause
    said = Said(note=f"报送{len(rows)}项措施")
    return finish(work, "propose_measures", said, changed=["responsible_person", "cause"])


@action
def accept_plan(
    *, loop_id: int, note: str = "", on: dt.date | None = None, actor: Actor, at: dt.datetime
) -> Loop:
    """Accept the measures (认可整改方案)."""
    work = begin(loop_id, actor=actor, at=at, on=on)
    check(work, "accept_plan")
    work.loop.plan_accepted_on = work.on
    return finish(work, "accept_plan", Said(note=note.strip()), changed=["plan_accepted_on"])


@action
def return_plan(
    *, loop_id: int, reason: str, on: dt.date | None = None, actor: Actor, at: dt.datetime
) -> Loop:
    """Send the measures back with a reason; more can be added."""
    work = begin(loop_id, actor=actor, at=at, on=on)
    check(work, "return_plan", reason=reason)
    work.loop.returned += 1
    return finish(work, "return_plan", Said(note=reason.strip()), changed=["returned"])


@action
def complete_measure(
    *,
    measure_id: int,
    done_by: str = "",
    on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Note that a measure was carried out on a day, and by whom.

    Raises:
        NotGranted, OutsideScope, StepRefused.
        MeasureAlreadyDone: it is noted already.
        MeasureOfAnEarlierRound: the finding was reopened since.
    """
    loop_id = Measure.objects.filter(pk=measure_id).values_list("loop_id", flat=True).first()
    if loop_id is None:
        raise OutsideScope
    work = begin(loop_id, actor=actor, at=at, on=on)
    row = Measure.objects.get(pk=measure_id)  # read under the lock: another may have noted it
    check(work, "complete_measure")
    if row.round != work.loop.round:
        raise MeasureOfAnEarlierRound
    if row.done_on:
        raise MeasureAlreadyDone
    before = {row.pk: values_of(row)}
    row.done_on = work.on
    row.done_by = done_by.strip() or work.person
    row.save(update_fields=["done_on", "done_by"])
    work.images.append(Images.changed(before, [row]))
    return finish(work, "complete_measure", Said(note=row.text[:60]))


@action
def submit_evidence(
    *,
    loop_id: int,
    evidence: Sequence[EvidenceDraft],
    note: str = "",
    on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Report the result (报送结果): what happened, in words; no file is asked for.

    Where nothing shows an effect the finding is marked `paper_only`; it can be handed in,
    but neither verified nor closed.

    Raises:
        NotGranted, OutsideScope.
        StepRefused: measures are not done, nothing is reported, or a day lies ahead.
    """
    work = begin(loop_id, actor=actor, at=at, on=on)
    given = [draft for draft in evidence if draft.text.strip()]
    case = work.case
    check(
        work,
        "submit_evidence",
        evidence=case.evidence + len(given),
        effects=(*case.effects, *(d.happened_on for d in given if d.kind == "effect")),
    )
    if any(draft.happened_on > case.today for draft in given):
        raise StepRefused(["证据须是已经发生的事，请核对发生日期。"])
    refuse_marked("\n".join(draft.text for draft in given), where="结果说明")
    _keep(work, given)
    work.loop.paper_only = not work.case.shows_effect
    return finish(work, "submit_evidence", Said(note=note.strip()), changed=["paper_only"])


def _keep(work: Work, given: Sequence[EvidenceDraft]) -> None:
    if not given:
        return
    rows = [
        Evidence(
            loop=work.loop,
            round=work.loop.round,
            text=draft.text.strip(),
            happened_on=draft.happened_on,
            kind=draft.kind,
            submitted_by=draft.submitted_by.strip() or person_of(work.actor),
            entered_by=work.actor.name,
            entered_user_id=work.actor.user_id,
            entered_on=work.case.today,
            link=draft.link.strip(),
        )
        for draft in given
    ]
    Evidence.objects.bulk_create(rows)
    work.images.append(Images.created(rows))


@action
def defer(
    *,
    loop_id: int,
    until: dt.date,
    reason: str,
    approval: str = "",
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Approve a later deadline (延期); the original one stays on record.

    A third deferral needs the number of the approval of the level above.
    """
    work = begin(loop_id, actor=actor, at=at, on=None)
    check(work, "defer", until=until, reason=reason, approval=approval)
    said = Said(note=reason.strip(), due_before_on=work.loop.due_on, due_after_on=until)
    move_deadline(work, until)
    work.loop.extensions += 1
    said = replace(said, approval=approval.strip())
    return finish(work, "defer", said, changed=["due_on", "extensions"])
