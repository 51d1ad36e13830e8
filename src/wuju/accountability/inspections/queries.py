"""Everything that reads inspections. Each takes a scope, returns plain rows."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Max, Q, When

from wuju.kit.actors import OrgScope
from wuju.kit.strict import within
from wuju.loops import queries as loops
from wuju.loops.lifecycle import CLOSED
from wuju.org.models import Organization
from wuju.org.words import BRANCHES

from .models import Inspection, InspectionFinding, Visit
from .words import KINDS


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspection as lists show it; `basis` is its plan or approval number."""

    id: int
    title: str
    kind: str
    unit: str
    planned: bool
    basis: str
    started_on: dt.date
    ended_on: dt.date
    organizations: int
    findings: int
    closed: int

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class InspectionPage:
    """One inspection with whom it saw and what it found, inside the scope."""

    row: InspectionRow
    team: str
    data_first: bool
    visited: tuple[tuple[int, str], ...]
    findings: tuple[loops.LoopRow, ...]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """When any inspection last came to an organization; None = never."""

    organization_id: int
    name: str
    last_on: dt.date | None


def inspections(*, scope: OrgScope, year: int | None = None) -> list[InspectionRow]:
    """List inspections, the newest first; their findings are counted inside the scope only."""
    mine = within(scope, "findings__loop__organization__path")
    closed = mine & Q(findings__loop__state__in=sorted(CLOSED))
    found = Inspection.objects.visible_to(scope)
    if year:
        found = found.filter(started_on__year=year)
    rows = found.annotate(
        basis=Case(When(planned=True, then="plan_number"), default="approval_number"),
        organizations=Count("visits", distinct=True),
        raised=Count("findings", filter=mine, distinct=True),
        settled=Count("findings", filter=closed, distinct=True),
    ).order_by("-started_on", "-id")
    return [
        InspectionRow(*values)
        for values in rows.values_list(
            "id", "title", "kind", "unit__name", "planned", "basis", "started_on", "ended_on",
            "organizations", "raised", "settled",
        )
    ]  # fmt: skip


def inspection(*, scope: OrgScope, inspection_id: int, today: dt.date) -> InspectionPage:
    """Return one inspection.

    Raises:
        OutsideScope: it neither belongs to the scope nor came to it.
    """
    row = next((row for row in inspections(scope=scope) if row.id == inspection_id), None)
    if row is None:
        scope.require("")
    assert row is not None  # noqa: S101 - an empty path is covered by no scope
    visits = Visit.objects.filter(
        within(scope, "organization__path"), inspection_id=inspection_id
    ).order_by("organization__path")
    links = InspectionFinding.objects.filter(inspection_id=inspection_id)
    more = Inspection.objects.filter(pk=inspection_id).values_list("team", "data_first")
    team, data_first = more.get()
    return InspectionPage(
        row=row,
        team=team,
        data_first=data_first,
        visited=tuple(visits.values_list("organization_id", "organization__name")),
        findings=tuple(
            loops.by_ids(
                scope=scope, loop_ids=links.values_list("loop_id", flat=True), today=today
            )
        ),
    )


def coverage(*, scope: OrgScope) -> list[CoverageRow]:
    """List branches by how long no inspection came, those never visited first, then official order.

    Counted over all units' inspections, so that one village is not visited by all of them.
    """
    found = (
        Organization.objects.visible_to(scope)
        .living()
        .filter(kind__in=sorted(BRANCHES))
        .annotate(last_on=Max("inspection_visits__inspection__started_on"))
        .order_by("path")
        .values_list("id", "name", "last_on")
    )
    rows = [CoverageRow(*values) for values in found]
    return sorted(rows, key=lambda row: row.last_on or dt.date.min)
