"""The rows a landed finding becomes, not yet saved: the finding, deadline, measures, evidence, steps."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from wuju.kit.actors import Actor
from wuju.loops.models import Deadline, Evidence, Loop, Measure, Step
from wuju.loops.schedule import Clocks
from wuju.org.models import Organization

from .raising import FindingDraft, drafted
from .rectifying import EvidenceDraft, MeasureDraft


@dataclass(frozen=True, slots=True)
class LandedFinding:
    """A finding with what is known of its life so far; the state follows from the dates.

    Closed without `verified_by` means imported as closed: 未经本系统核验. With it, the guards
    of verification are checked as they are in `verify`.
    """

    draft: FindingDraft
    opened_on: dt.date
    notified_on: dt.date | None = None
    due_on: dt.date | None = None
    original_due_on: dt.date | None = None
    plan_accepted_on: dt.date | None = None
    measures: Sequence[MeasureDraft] = ()
    measures_done_on: dt.date | None = None  # every measure was done on this day
    evidence: Sequence[EvidenceDraft] = ()
    submitted_on: dt.date | None = None
    verified_by: str = ""
    verified_unit: str = ""
    verified_on: dt.date | None = None
    closed_on: dt.date | None = None
    responsible_person: str = ""
    rectifying: bool = False  # a register says so without a date
    withdrawn: bool = False
    note: str = ""  # what a register says of the progress

    @property
    def imported(self) -> bool:
        return self.closed_on is not None and self.verified_on is None

    @property
    def state(self) -> str:
        reached = (
            ("withdrawn", self.withdrawn),
            ("closed", self.closed_on),
            ("verified", self.verified_on),
            ("evidence_submitted", self.submitted_on),
            ("rectifying", self.measures_done_on or self.rectifying),
            ("plan_accepted", self.plan_accepted_on),
            ("notified", self.notified_on),
        )
        return next((name for name, so in reached if so), "opened")


def loop_of(
    row: LandedFinding, clocks: Clocks, number: str, unit: Organization | None, actor: Actor
) -> Loop:
    loop = drafted(row.draft, clocks, opened_on=row.opened_on, actor=actor, unit=unit)
    loop.number, loop.state = number, row.state
    loop.notified_on = row.notified_on
    loop.plan_due_on = clocks.plan.after(row.notified_on) if row.notified_on else None
    loop.due_on = row.due_on or (
        clocks.due_on(row.draft.nature, row.notified_on) if row.notified_on else None
    )
    loop.original_due_on = row.original_due_on or loop.due_on
    if loop.due_on is None:
        loop.original_due_on = None
    loop.plan_accepted_on = row.plan_accepted_on
    loop.responsible_person = row.responsible_person.strip()
    loop.closed_on, loop.imported = row.closed_on, row.imported
    if row.verified_on:
        loop.verified_by, loop.verified_on = row.verified_by.strip() or actor.name, row.verified_on
        loop.verified_unit, loop.verified_by_other = row.verified_unit, True
        loop.closed_first_on = row.closed_on
        loop.revisit_due_on = clocks.revisit.after(row.closed_on) if row.closed_on else None
    known = (
        row.opened_on, row.notified_on, row.plan_accepted_on, row.submitted_on, row.verified_on,
        row.closed_on,
    )  # fmt: skip
    loop.last_step_on = max(day for day in known if day)
    loop.extensions = int(loop.due_on != loop.original_due_on)
    return loop


def deadline_of(row: LandedFinding, loop: Loop) -> Deadline:
    assert loop.due_on and loop.original_due_on  # noqa: S101, PT018 - only those with a deadline come here
    return Deadline(
        loop=loop,
        round=1,
        original_due_on=loop.original_due_on,
        due_on=loop.due_on,
        closed_on=loop.closed_first_on,
        verified_by_other=loop.closed_first_on is not None,
        imported=row.imported,
    )


def measures_of(row: LandedFinding, loop: Loop) -> list[Measure]:
    return [
        Measure(
            loop=loop,
            text=draft.text,
            kind=draft.kind,
            responsible=draft.responsible,
            due_on=draft.due_on or loop.due_on,
            done_on=row.measures_done_on,
            done_by=draft.responsible if row.measures_done_on else "",
        )
        for draft in row.measures
    ]


def evidence_of(row: LandedFinding, loop: Loop, actor: Actor) -> list[Evidence]:
    return [
        Evidence(
            loop=loop,
            text=draft.text,
            happened_on=draft.happened_on,
            kind=draft.kind,
            submitted_by=draft.submitted_by,
            entered_by=actor.name,
            entered_user_id=None,  # nobody sat at a screen: guards go by the named people
            entered_on=row.submitted_on or draft.happened_on,
            link=draft.link,
        )
        for draft in row.evidence
    ]


def steps_of(
    row: LandedFinding, loop: Loop, actor: Actor, at: dt.datetime, unit: str
) -> list[Step]:
    """Return one step a known date; a register that gives none leaves only the landing itself."""
    known = [
        ("send_notice", "notified", row.notified_on, ""),
        ("accept_plan", "plan_accepted", row.plan_accepted_on, ""),
        ("complete_measure", "rectifying", row.measures_done_on, row.responsible_person),
        ("submit_evidence", "evidence_submitted", row.submitted_on, row.responsible_person),
        ("verify", "verified", row.verified_on, row.verified_by),
        ("close", "closed", row.closed_on, ""),
    ]
    steps = [_step(loop, actor, at, unit, ("land", "opened", row.opened_on, loop.raised_by))]
    for name, state, on, person in known:
        if on:
            steps.append(_step(loop, actor, at, unit, (name, state, on, person or actor.name)))
            steps[-1].from_state = steps[-2].to_state
    if steps[-1].to_state != loop.state:
        steps.append(_step(loop, actor, at, unit, ("land", loop.state, row.opened_on, actor.name)))
    steps[-1].note = row.note.strip()
    if row.imported:
        steps[-1].note = f"导入时已销号，未经本系统核验。{steps[-1].note}"
    return steps


def _step(
    loop: Loop, actor: Actor, at: dt.datetime, unit: str, what: tuple[str, str, dt.date, str]
) -> Step:
    name, state, on, person = what
    return Step(
        loop=loop,
        name=name,
        to_state=state,
        on=on,
        at=at,
        done_by=person,
        actor_name=actor.name,
        actor_user_id=None,
        unit=unit,
    )
