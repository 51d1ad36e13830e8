"""Everything that changes inspections: plan one, raise what it found."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wuju.access.roles import require
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images
from wuju.loops import actions as loops
from wuju.loops.models import Loop
from wuju.loops.schedule import day_of
from wuju.org.models import Organization

from .models import Inspection, InspectionFinding, Visit

_RULE = "《整治形式主义为基层减负若干规定》"


class PlanNumberNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("列入年度计划的督查须写明计划备案号，请填写；不在计划内的请走一事一报。")


class ApprovalNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__(
            f"计划外的督查须一事一报、经批准后开展，请先报批并填写批准文号（{_RULE}）。"
        )


class OneComprehensiveAYear(DomainError):
    def __init__(self, title: str) -> None:
        super().__init__(
            f"本单位今年已有综合督查“{title}”，原则上一年不超过一次，"
            f"请合并进行，或经批准后填写批准文号（{_RULE}）。"
        )


class EndsBeforeItStarts(DomainError):
    def __init__(self) -> None:
        super().__init__("结束日期不能早于开始日期，请核对日期。")


class NotDuringTheInspection(DomainError):
    def __init__(self) -> None:
        super().__init__("发现问题的日期应在督查开始以后、今天以前，请核对日期。")


@dataclass(frozen=True, slots=True)
class InspectionDraft:
    """An inspection about to be planned. `unit_id` None = the unit of the actor."""

    title: str
    kind: str
    started_on: dt.date
    ended_on: dt.date
    planned: bool = True
    plan_number: str = ""
    approval_number: str = ""
    data_first: bool = False
    unit_id: int | None = None
    team: str = ""
    organization_ids: Sequence[int] = ()


@action
def plan_inspection(*, draft: InspectionDraft, actor: Actor, at: dt.datetime) -> Inspection:
    """Enter an inspection of the year's plan, or one approved on its own.

    Raises:
        PlanNumberNeeded, ApprovalNeeded: it is neither in the plan nor approved.
        OneComprehensiveAYear: the unit has one this year, and no approval for another.
        EndsBeforeItStarts, NotGranted, OutsideScope.

    Source: 《整治形式主义为基层减负若干规定》.
    """
    require(actor, "raise_finding")
    unit = _unit(draft, actor)
    _check(draft, unit)
    organizations = _organizations(draft.organization_ids, actor)
    row = Inspection(
        title=draft.title.strip(),
        kind=draft.kind,
        unit=unit,
        planned=draft.planned,
        plan_number=draft.plan_number.strip(),
        approval_number=draft.approval_number.strip(),
        data_first=draft.data_first,
        started_on=draft.started_on,
        ended_on=draft.ended_on,
        team=draft.team.strip(),
    )
    row.save(force_insert=True)
    visits = [Visit(inspection=row, organization=organization) for organization in organizations]
    Visit.objects.bulk_create(visits)
    touch("inspection", [unit.pk], [row.started_on])
    ledger.record(
        "inspection.planned",
        actor=actor,
        at=at,
        target=f"inspection:{row.pk}",
        org_path=unit.path,
        details={"kind": row.kind, "planned": row.planned, "organizations": len(visits)},
        images=[Images.created([row]), *([Images.created(visits)] if visits else [])],
    )
    return row


def _unit(draft: InspectionDraft, actor: Actor) -> Organization:
    found = (
        Organization.objects.filter(pk=draft.unit_id)
        if draft.unit_id
        else (Organization.objects.filter(path=actor.unit_path or "-"))
    )
    unit = found.first()
    actor.scope.require(unit.path if unit else "")
    assert unit is not None  # noqa: S101 - an empty path is covered by no scope
    return unit


def _check(draft: InspectionDraft, unit: Organization) -> None:
    if draft.ended_on < draft.started_on:
        raise EndsBeforeItStarts
    if draft.planned and not draft.plan_number.strip():
        raise PlanNumberNeeded
    if not draft.planned and not draft.approval_number.strip():
        raise ApprovalNeeded
    if draft.kind == "comprehensive" and not draft.approval_number.strip():
        other = Inspection.objects.filter(
            unit=unit, kind="comprehensive", started_on__year=draft.started_on.year
        ).first()
        if other:
            raise OneComprehensiveAYear(other.title)


def _organizations(keys: Sequence[int], actor: Actor) -> list[Organization]:
    wanted = sorted(set(keys))
    found = [
        row
        for part in chunks(wanted)
        for row in Organization.objects.filter(pk__in=part).order_by("path")
    ]
    for row in found:
        actor.scope.require(row.path)
    if len(found) != len(wanted):
        raise OutsideScope
    return found


@action
def raise_from_inspection(
    *,
    inspection_id: int,
    draft: loops.FindingDraft,
    on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Raise a finding (立项) an inspection made; its origin is 督查, whatever the draft says.

    Raises:
        NotDuringTheInspection: the day is before the inspection began, or lies ahead.
        OutsideScope, NotGranted, StepRefused: as `loops.actions.raise_finding`.
    """
    row = Inspection.objects.select_related("unit").filter(pk=inspection_id).first()
    actor.scope.require(row.unit.path if row else "")
    assert row is not None  # noqa: S101 - an empty path is covered by no scope
    today = day_of(at)
    found_on = on or min(today, row.ended_on)
    if not row.started_on <= found_on <= today:
        raise NotDuringTheInspection
    loop = loops.raise_finding(
        draft=replace(draft, origin="inspection"), on=found_on, actor=actor, at=at
    )
    link = InspectionFinding(inspection=row, loop=loop)
    link.save(force_insert=True)
    visit = None
    if not Visit.objects.filter(inspection=row, organization_id=loop.organization_id).exists():
        visit = Visit(inspection=row, organization_id=loop.organization_id)
        visit.save(force_insert=True)
        touch("inspection", [row.unit_id], [row.started_on])
    ledger.record(
        "inspection.found",
        actor=actor,
        at=at,
        target=f"inspection:{row.pk}",
        org_path=row.unit.path,
        details={"loop": loop.number},
        images=[Images.created([link]), *([Images.created([visit])] if visit else [])],
    )
    return loop
