"""One finding with everything its page shows, and what this person may do about it."""

import datetime as dt
from dataclasses import dataclass

from wuju.access.roles import PERMISSIONS, may
from wuju.kit.actors import Actor, OrgScope
from wuju.loops.actions.step import case_of
from wuju.loops.clocks import clocks_on
from wuju.loops.lifecycle import ACTS, GUARDS, STATES
from wuju.loops.models import Evidence, Loop, Measure, Step
from wuju.loops.schedule import Clocks, day_of
from wuju.loops.words import CAUSES, EVIDENCE_KINDS, MEASURE_KINDS, ORIGINS

from .rows import LoopRow, rows_of

# what the form of an act asks for: not known before it is filled in
ASKED = frozenset({"reasoned", "later_than_due", "further_deferral_is_approved", "has_evidence"})
STEP_TITLES = {
    "raise": "提出问题",
    "land": "导入台账",
    **{name: act.title for name, act in ACTS.items()},
}
# stage of the track, the states reached by passing it
TRACK = (
    ("发现", ("opened",)),
    ("通知", ("notified",)),
    ("方案", ("plan_accepted",)),
    ("整改", ("rectifying",)),
    ("举证", ("evidence_submitted",)),
    ("核实", ("verified",)),
    ("销号", ("closed",)),
    ("回访", ("closed_final",)),
)
_NOW = {
    "opened": 1, "notified": 2, "objected": 2, "plan_accepted": 3, "rectifying": 3, "reopened": 3,
    "evidence_submitted": 5, "verified": 6, "closed": 7, "revisited": 7, "closed_final": 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One stage: `standing` is done, now, stop (sent back, contested or withdrawn) or todo."""

    title: str
    standing: str
    on: dt.date | None
    by: str
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure; `late` = not done and past its date."""

    id: int
    text: str
    kind: str
    responsible: str
    due_on: dt.date | None
    done_on: dt.date | None
    late: bool
    round: int
    can_be_done: bool  # not done, and of the present round

    @property
    def kind_label(self) -> str:
        return MEASURE_KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One thing that happened. `entered_late`: it is dated before the finding, entered after (补录)."""

    id: int
    text: str
    kind: str
    happened_on: dt.date
    submitted_by: str
    entered_by: str
    entered_on: dt.date
    entered_late: bool
    counts: bool
    link: str
    round: int

    @property
    def kind_label(self) -> str:
        return EVIDENCE_KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One act that was done; `late_entry` = entered on a later day than it happened."""

    title: str
    on: dt.date
    at: dt.datetime
    done_by: str
    entered_by: str
    unit: str
    state: str
    note: str
    due_before_on: dt.date | None
    due_after_on: dt.date | None
    approval: str
    late_entry: bool


@dataclass(frozen=True, slots=True)
class LineageRow:
    """One finding of the same class in the same organization."""

    id: int
    number: str
    title: str
    origin: str
    opened_on: dt.date
    closed_on: dt.date | None
    imported: bool
    this: bool


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act the state offers. Where it is not allowed, `reasons` says why and what to do."""

    name: str
    title: str
    granted: bool
    reasons: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return self.granted and not self.reasons


@dataclass(frozen=True, slots=True)
class LoopPage:
    """Everything about one finding."""

    row: LoopRow
    organization_name: str
    unit: str
    raised_by: str
    fact: str
    basis: str
    cause: str
    lead_unit: str
    original_due_on: dt.date | None
    objection_until: dt.date | None
    clocks: Clocks
    verified_by: str
    verified_unit: str
    verified_on: dt.date | None
    track: tuple[TrackRow, ...]
    measures: tuple[MeasureRow, ...]
    evidence: tuple[EvidenceRow, ...]
    steps: tuple[StepRow, ...]
    lineage: tuple[LineageRow, ...]
    acts: tuple[ActRow, ...]


def page(*, scope: OrgScope, loop_id: int, actor: Actor, today: dt.date) -> LoopPage:
    """Return one finding for its page.

    Raises:
        OutsideScope: it lies outside the scope, or does not exist (the two look the same).
    """
    loop = Loop.objects.select_related("organization", "unit").filter(pk=loop_id).first()
    scope.require(loop.organization.path if loop else "")
    assert loop is not None  # noqa: S101 - an empty path is covered by no scope
    clocks = clocks_on(loop.opened_on)
    measures = _measures(loop, today)
    steps = list(Step.objects.filter(loop=loop).order_by("id"))
    row = rows_of(Loop.objects.filter(pk=loop.pk), today)[0]
    return LoopPage(
        row=row,
        organization_name=loop.organization.name,
        unit=loop.unit.name if loop.unit else "",
        raised_by=loop.raised_by,
        fact=loop.fact,
        basis=loop.basis,
        cause=CAUSES[loop.cause],
        lead_unit=loop.lead_unit,
        original_due_on=loop.original_due_on,
        objection_until=clocks.objection.after(loop.notified_on) if loop.notified_on else None,
        clocks=clocks,
        verified_by=loop.verified_by,
        verified_unit=loop.verified_unit,
        verified_on=loop.verified_on,
        track=_track(loop, steps),
        measures=measures,
        evidence=_evidence(loop, measures),
        steps=tuple(_step(step) for step in steps),
        lineage=_lineage(loop, scope),
        acts=_acts(loop, clocks, actor, today),
    )


def _track(loop: Loop, steps: list[Step]) -> tuple[TrackRow, ...]:
    reached = {step.to_state: step for step in steps if step.to_state != step.from_state}
    stopped = bool(steps) and steps[-1].name in {"return_plan", "return_evidence", "object_to"}
    now = _NOW.get(loop.state)
    if now is None:  # withdrawn: it stands where it stood before
        now, stopped = _NOW.get(steps[-1].from_state, 1), True
    due = {
        1: loop.notice_due_on, 2: loop.plan_due_on, 3: loop.due_on, 4: loop.due_on, 5: loop.due_on,
        6: loop.due_on, 7: loop.revisit_due_on,
    }  # fmt: skip
    rows = []
    for number, (title, states) in enumerate(TRACK):
        step = next((reached[state] for state in states if state in reached), None)
        done = number < now
        standing = "done" if done else "todo"
        if number == now:
            standing = "stop" if stopped else "now"
        rows.append(
            TrackRow(
                title=title,
                standing=standing,
                on=step.on if step and done else None,
                by=step.done_by if step and done else "",
                due_on=None if done else due.get(number),
            )
        )
    return tuple(rows)


def _measures(loop: Loop, today: dt.date) -> tuple[MeasureRow, ...]:
    return tuple(
        MeasureRow(
            id=row.pk,
            text=row.text,
            kind=row.kind,
            responsible=row.responsible,
            due_on=row.due_on,
            done_on=row.done_on,
            late=row.done_on is None and row.due_on is not None and row.due_on < today,
            round=row.round,
            can_be_done=row.done_on is None and row.round == loop.round,
        )
        for row in Measure.objects.filter(loop=loop).order_by("id")
    )


def _evidence(loop: Loop, measures: tuple[MeasureRow, ...]) -> tuple[EvidenceRow, ...]:
    days = [row.done_on for row in measures if row.round == loop.round and row.done_on]
    done = max(days, default=None)
    return tuple(
        EvidenceRow(
            id=row.pk,
            text=row.text,
            kind=row.kind,
            happened_on=row.happened_on,
            submitted_by=row.submitted_by,
            entered_by=row.entered_by,
            entered_on=row.entered_on,
            entered_late=row.happened_on < loop.opened_on <= row.entered_on,
            counts=row.kind == "effect"
            and row.round == loop.round
            and done is not None
            and row.happened_on >= done,
            link=row.link,
            round=row.round,
        )
        for row in Evidence.objects.filter(loop=loop).order_by("happened_on", "id")
    )


def _step(step: Step) -> StepRow:
    return StepRow(
        title=STEP_TITLES.get(step.name, step.name),
        on=step.on,
        at=step.at,
        done_by=step.done_by,
        entered_by=step.actor_name,
        unit=step.unit,
        state=STATES[step.to_state],
        note=step.note,
        due_before_on=step.due_before_on,
        due_after_on=step.due_after_on,
        approval=step.approval,
        late_entry=step.on < day_of(step.at),
    )


def _lineage(loop: Loop, scope: OrgScope) -> tuple[LineageRow, ...]:
    """Return the findings of this class in this organization, the oldest first; itself marked."""
    found = Loop.objects.visible_to(scope).filter(
        organization_id=loop.organization_id, category=loop.category
    )
    if loop.category == "other":
        found = found.filter(category_text=loop.category_text)
    rows = found.exclude(state="withdrawn").order_by("-opened_on", "-id")[:20]
    return tuple(
        LineageRow(
            id=row.pk,
            number=row.number,
            title=row.title,
            origin=ORIGINS[row.origin],
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            imported=row.imported,
            this=row.pk == loop.pk,
        )
        for row in reversed(rows)
    )


def _acts(loop: Loop, clocks: Clocks, actor: Actor, today: dt.date) -> tuple[ActRow, ...]:
    case = case_of(loop, clocks, actor=actor, on=today, today=today)
    rows = []
    for name, act in ACTS.items():
        if loop.state not in act.from_states:
            continue
        granted = may(actor, act.permission)
        reasons = [
            GUARDS[guard].refusal(case)
            for guard in act.guards
            if guard not in ASKED and not GUARDS[guard].holds(case)
        ]
        if not granted:
            reasons = [
                f"您的角色不能办理“{PERMISSIONS[act.permission][0]}”，请由有权限的同志办理。"
            ]
        rows.append(ActRow(name, act.title, granted, tuple(reasons)))
    return tuple(rows)
