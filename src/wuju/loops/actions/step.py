"""How every act on a finding begins, is refused, and ends: lock, scope, permission, guards; step and trace."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from wuju.access.roles import require
from wuju.kit.action import touch
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, Values, values_of
from wuju.loops.clocks import clocks_on
from wuju.loops.lifecycle import ACTS, RESPONSIBLE_ACTS, Case, out_of_turn, refusals
from wuju.loops.models import Deadline, Evidence, Loop, Measure, Step
from wuju.loops.schedule import Clocks, day_of
from wuju.org.models import Organization

EVENTS = {
    "send_notice": "finding.notified",
    "withdraw": "finding.withdrawn",
    "object_to": "finding.objected",
    "uphold_objection": "finding.objection_upheld",
    "reject_objection": "finding.objection_rejected",
    "propose_measures": "finding.measures_proposed",
    "accept_plan": "finding.plan_accepted",
    "return_plan": "finding.plan_returned",
    "complete_measure": "finding.measure_done",
    "submit_evidence": "finding.evidence_submitted",
    "verify": "finding.verified",
    "return_evidence": "finding.evidence_returned",
    "close": "finding.closed",
    "confirm_revisit": "finding.revisited",
    "reopen": "finding.reopened",
    "defer": "finding.deferred",
}


class StepRefused(DomainError):
    """The rules stand against an act. `reasons` holds one sentence a reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("".join(self.reasons))


@dataclass(slots=True)
class Work:
    """One act on one finding while it lasts."""

    loop: Loop
    actor: Actor
    at: dt.datetime
    on: dt.date
    before: Values
    case: Case
    clocks: Clocks
    images: list[Images] = field(default_factory=list)

    @property
    def person(self) -> str:
        return person_of(self.actor)


@dataclass(frozen=True, slots=True)
class Said:
    """What an act adds to its step: an explanation, dates moved, the approval that allowed it."""

    note: str = ""
    due_before_on: dt.date | None = None
    due_after_on: dt.date | None = None
    approval: str = ""


def person_of(actor: Actor) -> str:
    """Return the named person who acts: the one a clerk enters for, else the actor."""
    return actor.on_behalf_of or actor.name


def begin(loop_id: int, *, actor: Actor, at: dt.datetime, on: dt.date | None) -> Work:
    """Lock one finding for a change. `on` is the day it happened, today if not given.

    Raises:
        OutsideScope: the finding is outside the scope, or does not exist.
    """
    loop = (
        Loop.objects.select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=loop_id)
        .first()
    )
    actor.scope.require(loop.organization.path if loop else "")
    assert loop is not None  # noqa: S101 - an empty path is covered by no scope
    today = day_of(at)
    day, clocks = on or today, clocks_on(loop.opened_on)
    case = case_of(loop, clocks, actor=actor, on=day, today=today)
    return Work(loop, actor, at, day, values_of(loop), case, clocks)


def case_of(loop: Loop, clocks: Clocks, *, actor: Actor, on: dt.date, today: dt.date) -> Case:
    """Gather what the guards weigh."""
    measures = list(Measure.objects.filter(loop=loop).order_by("id"))
    evidence = list(Evidence.objects.filter(loop=loop).order_by("id"))
    steps = [row for row in Step.objects.filter(loop=loop) if row.name in RESPONSIBLE_ACTS]
    people = {loop.responsible_person}
    people |= {name for row in measures for name in (row.responsible, row.done_by)}
    people |= {name for row in evidence for name in (row.submitted_by, row.entered_by)}
    people |= {name for row in steps for name in (row.done_by, row.actor_name)}
    accounts = {row.entered_user_id for row in evidence} | {row.actor_user_id for row in steps}
    current = [row for row in measures if row.round == loop.round]
    shown = [row for row in evidence if row.round == loop.round]
    return Case(
        person=person_of(actor),
        entered_by=actor.name,
        account=actor.user_id,
        unit=actor.unit_path,
        responsible_unit=loop.organization.path,
        on=on,
        today=today,
        last_step_on=loop.last_step_on,
        fact=loop.fact,
        basis=loop.basis,
        raised_by=loop.raised_by,
        raised_account=loop.raised_user_id,
        involved=frozenset(people - {""}),
        accounts=frozenset(number for number in accounts if number is not None),
        measures=len(current),
        undone=sum(row.kind == "immediate" and row.done_on is None for row in current),
        last_done_on=max((row.done_on for row in current if row.done_on), default=None),
        evidence=len(shown),
        effects=tuple(row.happened_on for row in shown if row.kind == "effect"),
        verified_on=loop.verified_on,
        objection_until=clocks.objection.after(loop.notified_on) if loop.notified_on else None,
        objection_within=str(clocks.objection),
        deferrals=clocks.deferrals,
        due_on=loop.due_on,
        extensions=loop.extensions,
    )


def check(work: Work, name: str, **more: object) -> None:
    """Refuse unless the actor may do this act now; `more` completes the case.

    Raises:
        NotGranted: no role of the actor holds the permission.
        StepRefused: the state or a guard stands against it.
    """
    require(work.actor, ACTS[name].permission)
    early = out_of_turn(name, work.loop.state)
    if early:
        raise StepRefused([early])
    work.case = replace(work.case, **more)  # type: ignore[arg-type]
    against = refusals(name, work.case)
    if against:
        raise StepRefused(against)


def finish(work: Work, name: str, said: Said, *, changed: Sequence[str] = ()) -> Loop:
    """Move the finding on, write its step and the trace, and have its standings looked at again."""
    loop, act = work.loop, ACTS[name]
    target = act.to or loop.state
    stops = [loop.state, *([act.through] if act.through else []), target]
    steps = [_step(work, name, said, states) for states in pairwise(stops)]
    loop.state = target
    loop.last_step_on = max(loop.last_step_on, work.on)
    loop.version += 1
    loop.save(update_fields=["state", "last_step_on", "version", *changed])
    Step.objects.bulk_create(steps)
    touch("finding", [loop.organization_id])
    touch("loop_due", [loop.organization_id])
    ledger.record(
        EVENTS[name],
        actor=work.actor,
        at=work.at,
        target=f"loop:{loop.pk}",
        org_path=loop.organization.path,
        details={"number": loop.number, "state": loop.state, "on": work.on.isoformat()},
        images=[
            Images.changed({loop.pk: work.before}, [loop]),
            Images.created(steps),
            *work.images,
        ],
    )
    return loop


def _step(work: Work, name: str, said: Said, states: tuple[str, str]) -> Step:
    return Step(
        loop=work.loop,
        name=name,
        from_state=states[0],
        to_state=states[1],
        on=work.on,
        at=work.at,
        done_by=work.person,
        actor_name=work.actor.name,
        actor_user_id=work.actor.user_id,
        unit=unit_name(work.actor),
        note=said.note,
        due_before_on=said.due_before_on,
        due_after_on=said.due_after_on,
        approval=said.approval,
    )


def unit_name(actor: Actor) -> str:
    """Return the name of the unit an actor works for, "" if it has none."""
    found = Organization.objects.filter(path=actor.unit_path).values_list("name", flat=True)
    return found.first() or "" if actor.unit_path else ""


def move_deadline(work: Work, day: dt.date) -> None:
    """Move the deadline of the present round; the original stays where it was."""
    row = Deadline.objects.get(loop=work.loop, round=work.loop.round)
    before = {row.pk: values_of(row)}
    row.due_on = work.loop.due_on = day
    row.save(update_fields=["due_on"])
    work.images.append(Images.changed(before, [row]))


def open_deadline(work: Work, day: dt.date) -> None:
    """Give the present round its deadline."""
    row = Deadline(loop=work.loop, round=work.loop.round, original_due_on=day, due_on=day)
    row.save(force_insert=True)
    work.loop.due_on = day
    work.loop.original_due_on = work.loop.original_due_on or day
    work.images.append(Images.created([row]))
