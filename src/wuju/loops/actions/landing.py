"""Many findings at once: the rows of a 整改台账 and whole histories, one event a batch."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wuju.access.roles import require
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.loops.clocks import clocks_by_day
from wuju.loops.lifecycle import ANOTHER_VERIFIER, GUARDS, Case
from wuju.loops.models import Deadline, Evidence, Loop, Measure, Step
from wuju.org.models import Organization

from .parts import LandedFinding, deadline_of, evidence_of, loop_of, measures_of, steps_of
from .raising import take_numbers
from .step import StepRefused, person_of, unit_name

CHANGEABLE = frozenset(
    {"origin", "category", "category_text", "title", "fact", "basis", "nature", "severity",
     "lead_unit", "ref"}
)  # fmt: skip


class ChangedSince(DomainError):
    def __init__(self, number: str) -> None:
        super().__init__(f"问题{number}在导入之后又有变动，不能撤回，请先在问题页上处理。")


class NotForImport(DomainError):
    def __init__(self) -> None:
        super().__init__("状态、期限和销号不能用导入修改，请在问题页上办理。")


@dataclass(frozen=True, slots=True)
class FindingChange:
    """New values of a finding for columns in `CHANGEABLE`. `version` is the one they were read at."""

    loop_id: int
    version: int
    values: Mapping[str, str] = field(default_factory=dict)


@action
def land_loops(
    *,
    findings: Sequence[LandedFinding] = (),
    changes: Sequence[FindingChange] = (),
    batch: str = "",
    actor: Actor,
    at: dt.datetime,
) -> tuple[list[Loop], list[Loop]]:
    """Take in many findings, and new words for known ones, in one event; return (new, changed).

    Numbers are given in the order of the rows; a finding is linked to the one before it of
    the same class in the same organization, inside the batch too.

    Raises:
        NotGranted, OutsideScope: one row lies outside the scope: nothing lands.
        StepRefused: a row was verified, or would be closed by this landing, by somebody who took part.
        NotForImport: a change names a column that only an act may change.
        ChangedSince: a known finding was changed since it was read.
    """
    require(actor, "import")
    require(actor, "raise_finding")
    if any(row.verified_on for row in findings):
        require(actor, "verify")
        require(actor, "close")
    organizations = _inside(actor, {row.draft.organization_id for row in findings})
    for row in findings:
        _kept_apart(row, actor, organizations[row.draft.organization_id])
    loops = _loops(findings, actor)
    Loop.objects.bulk_create(loops, batch_size=500)
    _link(loops)
    images = [Images.created(loops)] if loops else []
    images += _parts(findings, loops, actor, at)
    changed, more = change_words(changes, actor)
    touched = {loop.organization_id for loop in (*loops, *changed)}
    touch("finding", touched)
    touch("loop_due", touched)
    ledger.record(
        "findings.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"created": len(loops), "changed": len(changed)},
        images=[*images, *more],
        batch=batch,
    )
    return loops, changed


def _inside(actor: Actor, wanted: set[int]) -> dict[int, Organization]:
    """Return the organizations by id; refuse one that lies outside the scope."""
    found: dict[int, Organization] = {}
    for part in chunks(sorted(wanted)):
        for row in Organization.objects.filter(pk__in=part).only("path", "name"):
            actor.scope.require(row.path)
            found[row.pk] = row
    if len(found) != len(wanted):
        raise OutsideScope
    return found


def _kept_apart(row: LandedFinding, actor: Actor, organization: Organization) -> None:
    """Refuse a history verified, or closed by its landing, by somebody who took part in it."""
    if row.verified_on is None:
        return
    people = {row.responsible_person, *(m.responsible for m in row.measures)}
    people |= {e.submitted_by for e in row.evidence}
    verifying = Case(
        person=row.verified_by.strip() or actor.name,
        unit=row.verified_unit.strip(),
        responsible_unit=organization.name,
        involved=frozenset(people - {""}),
        last_done_on=row.measures_done_on,
        effects=tuple(e.happened_on for e in row.evidence if e.kind == "effect"),
    )
    against = _against(("effect_is_shown", *ANOTHER_VERIFIER), verifying)
    if row.closed_on:
        closing = replace(
            verifying,
            person=person_of(actor),
            entered_by=actor.name,
            unit=actor.unit_path,
            responsible_unit=organization.path,
        )
        against += _against(("closer_is_another",), closing)
    if against:
        raise StepRefused(against)


def _against(guards: Sequence[str], case: Case) -> list[str]:
    return [GUARDS[name].refusal(case) for name in guards if not GUARDS[name].holds(case)]


def _loops(findings: Sequence[LandedFinding], actor: Actor) -> list[Loop]:
    """Return the unsaved findings, numbered within their years, in the order of the rows."""
    years: dict[int, int] = {}
    for row in findings:
        years[row.opened_on.year] = years.get(row.opened_on.year, 0) + 1
    numbers = {year: iter(take_numbers(year, count)) for year, count in sorted(years.items())}
    unit = Organization.objects.filter(path=actor.unit_path).first() if actor.unit_path else None
    clocks = clocks_by_day()
    return [
        loop_of(row, clocks(row.opened_on), next(numbers[row.opened_on.year]), unit, actor)
        for row in findings
    ]


def _link(loops: list[Loop]) -> None:
    """Link each finding to the one before it of the same class in the same organization."""
    ours = {loop.pk: loop for loop in loops}
    line = [
        (loop.opened_on, loop.pk, _likeness(loop)) for loop in loops if loop.state != "withdrawn"
    ]
    for part in chunks(sorted({loop.organization_id for loop in loops})):
        rows = Loop.objects.filter(organization_id__in=part).exclude(state="withdrawn")
        known = rows.only("opened_on", "organization_id", "category", "category_text")
        line += [(row.opened_on, row.pk, _likeness(row)) for row in known if row.pk not in ours]
    last: dict[tuple[int, str, str], int] = {}
    linked = []
    for _, pk, like in sorted(line):
        if like in last and pk in ours:
            ours[pk].earlier_id = last[like]
            linked.append(ours[pk])
        last[like] = pk
    Loop.objects.bulk_update(linked, ["earlier"], batch_size=500)


def _likeness(loop: Loop) -> tuple[int, str, str]:
    text = loop.category_text if loop.category == "other" else ""
    return loop.organization_id, loop.category, text


def _parts(
    findings: Sequence[LandedFinding], loops: list[Loop], actor: Actor, at: dt.datetime
) -> list[Images]:
    """Write deadlines, measures, evidence and steps of the new findings."""
    pairs = list(zip(findings, loops, strict=True))
    deadlines = [deadline_of(row, loop) for row, loop in pairs if loop.due_on]
    measures = [made for row, loop in pairs for made in measures_of(row, loop)]
    evidence = [made for row, loop in pairs for made in evidence_of(row, loop, actor)]
    unit = unit_name(actor)
    steps = [made for row, loop in pairs for made in steps_of(row, loop, actor, at, unit)]
    Deadline.objects.bulk_create(deadlines, batch_size=500)
    Measure.objects.bulk_create(measures, batch_size=500)
    Evidence.objects.bulk_create(evidence, batch_size=500)
    Step.objects.bulk_create(steps, batch_size=500)
    return [Images.created(rows) for rows in (deadlines, measures, evidence, steps) if rows]


def change_words(
    changes: Sequence[FindingChange], actor: Actor
) -> tuple[list[Loop], list[Images]]:
    if any(set(change.values) - CHANGEABLE for change in changes):
        raise NotForImport
    wanted = {change.loop_id: change for change in changes}
    rows: list[Loop] = []
    for part in chunks(sorted(wanted)):
        rows += Loop.objects.select_related("organization").filter(pk__in=part).order_by("id")
    before = {row.pk: values_of(row) for row in rows}
    for row in rows:
        actor.scope.require(row.organization.path)
        if row.version != wanted[row.pk].version:
            raise ChangedSince(row.number)
        for name, value in wanted[row.pk].values.items():
            setattr(row, name, value)
        row.version += 1
    if not rows:
        return [], []
    Loop.objects.bulk_update(rows, [*sorted(CHANGEABLE), "version"], batch_size=200)
    return rows, [Images.changed(before, rows)]
