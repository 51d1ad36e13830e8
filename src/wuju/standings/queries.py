"""Everything that reads standings. Each takes a scope, returns plain rows."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import FETCH_RAISE, QuerySet

from wuju.engine.items import Item, Kind, Status
from wuju.kit.actors import OrgScope
from wuju.kit.periods import Period, period_from_number
from wuju.kit.strict import within
from wuju.org.models import Organization
from wuju.rulepacks.queries import ActivePack, active_packs
from wuju.rulepacks.stored import ProjectText, SourceText

from .models import Freshness, RollUpLine, Standing
from .words import status_word, target_words

NEEDS_DOING = (Status.OVERDUE, Status.MISSED, Status.DUE_SOON, Status.OPEN)


@dataclass(frozen=True, slots=True)
class FreshnessRow:
    """The day the numbers are of; `computing_since` is set while a bulk run is outstanding."""

    evaluated_on: dt.date | None
    computing_since: dt.datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One cell as pages show it. Scores belong to an organization's work, never to a person."""

    org_id: int
    organization: str
    item: str
    title: str
    project: str
    use: str
    period: int
    numerator: int
    denominator: int
    status: Status
    word: str
    score: int | None
    target: str
    ends_on: dt.date
    grace_until: dt.date
    provisional: bool

    @property
    def period_title(self) -> str:
        return period_from_number(self.period).title

    @property
    def period_label(self) -> str:
        return period_from_number(self.period).label

    @property
    def code(self) -> str:
        return self.status.code

    @property
    def counts_alone(self) -> bool:
        """Whether the denominator says nothing (a count of 1 is shown, not 1/1)."""
        return self.denominator == 1


@dataclass(frozen=True, slots=True)
class LineRow:
    """One roll-up line: met of owed, with what is missing and what nobody has looked at."""

    org_id: int
    item: str
    period: int
    n: int
    met: int
    open: int
    due_soon: int
    overdue: int
    missed: int
    exempt: int
    unverified: int
    numerator: int
    denominator: int
    score: int | None

    @property
    def lacking(self) -> int:
        """Cells past their end and not met."""
        return self.overdue + self.missed

    @property
    def owed(self) -> int:
        """Cells that had to be met: all but exempt and unverified ones."""
        return self.n - self.exempt - self.unverified


def freshness(*, scope: OrgScope) -> FreshnessRow:
    """Return how fresh the numbers are."""
    del scope
    row = Freshness.objects.filter(pk=1).first()
    if row is None:
        return FreshnessRow(None, None, "尚未评判")
    return FreshnessRow(row.evaluated_on, row.computing_since, row.why)


def projects(*, scope: OrgScope) -> tuple[ProjectText, ...]:
    """Return the five projects of the pack in use, in order."""
    packs = active_packs(scope=scope)
    return packs[-1].stored.projects if packs else ()


def items_of(*, scope: OrgScope, project: str = "") -> list[Item]:
    """Return the items of the pack in use, of one project or all."""
    packs = active_packs(scope=scope)
    if not packs:
        return []
    return [i for i in packs[-1].stored.rules.items if project in {"", i.project}]


def item_and_source(*, scope: OrgScope, code: str) -> tuple[Item, SourceText] | None:
    """Return an item of the pack in use with the regulation it rests on."""
    for pack in reversed(active_packs(scope=scope)):
        item = pack.stored.rules.by_code.get(code)
        if item:
            return item, pack.stored.source_of(item)
    return None


class _Items:
    """Items by code and period, looked up once a page."""

    def __init__(self) -> None:
        self.packs = active_packs(scope=OrgScope())

    def at(self, code: str, period: Period) -> tuple[Item, ActivePack] | None:
        for pack in self.packs:
            if pack.judges(period) and code in pack.stored.rules.by_code:
                return pack.stored.rules.by_code[code], pack
        return None


def standings_of(
    *, scope: OrgScope, organization_id: int, periods: Sequence[int] = ()
) -> list[StandingRow]:
    """List an organization's own cells, those that need doing first, then by item and period."""
    rows = Standing.objects.filter(
        within(scope, "organization__path"), organization_id=organization_id
    )
    if periods:
        rows = rows.filter(period__in=periods)
    return sorted(_rows(rows), key=_urgency)


def needing(
    *,
    scope: OrgScope,
    statuses: Iterable[Status] = NEEDS_DOING,
    periods: Sequence[int] = (),
    limit: int = 500,
) -> list[StandingRow]:
    """List the cells inside the scope that need doing, the most pressing first."""
    rows = Standing.objects.filter(
        within(scope, "organization__path"), status__in=[int(status) for status in statuses]
    )
    if periods:
        rows = rows.filter(period__in=periods)
    return sorted(_rows(rows.order_by("-status", "organization_id")[:limit]), key=_urgency)


def _rows(rows: QuerySet[Standing]) -> list[StandingRow]:
    items = _Items()
    found = []
    for row in rows.select_related("organization").fetch_mode(FETCH_RAISE):
        period = period_from_number(row.period)
        known = items.at(row.item, period)
        if known is None:
            continue
        item, pack = known
        found.append(_row(row, item, pack, period))
    return found


def _row(row: Standing, item: Item, pack: ActivePack, period: Period) -> StandingRow:
    status = Status(row.status)
    return StandingRow(
        org_id=row.organization_id,
        organization=row.organization.short_name,
        item=row.item,
        title=item.title,
        project=item.project,
        use=item.use,
        period=row.period,
        numerator=row.numerator,
        denominator=row.denominator,
        status=status,
        word=status_word(status, deadline=item.kind is Kind.DEADLINE),
        score=row.score,
        target=target_words(item, dict(pack.stored.rules.parameters)),
        ends_on=period.ends_on,
        grace_until=period.ends_on + dt.timedelta(days=item.grace),
        provisional=pack.stored.rules.provisional(item),
    )


def _urgency(row: StandingRow) -> tuple[int, dt.date, str, int]:
    order = {Status.OVERDUE: 0, Status.DUE_SOON: 1, Status.MISSED: 2, Status.OPEN: 3}
    return order.get(row.status, 4 + row.status), row.ends_on, row.item, row.org_id


def lines_of(
    *,
    scope: OrgScope,
    organization_ids: Sequence[int],
    periods: Sequence[int],
    items: Sequence[str] = (),
) -> dict[tuple[int, str, int], LineRow]:
    """Return roll-up lines by (organization, item, period)."""
    rows = RollUpLine.objects.filter(
        within(scope, "organization__path"),
        organization_id__in=organization_ids,
        period__in=periods,
    )
    if items:
        rows = rows.filter(item__in=items)
    return {(row.organization_id, row.item, row.period): _line(row) for row in rows}


def _line(row: RollUpLine) -> LineRow:
    return LineRow(
        org_id=row.organization_id,
        item=row.item,
        period=row.period,
        n=row.n,
        met=row.met,
        open=row.open,
        due_soon=row.due_soon,
        overdue=row.overdue,
        missed=row.missed,
        exempt=row.exempt,
        unverified=row.unverified,
        numerator=row.numerator,
        denominator=row.denominator,
        score=row.score_sum // row.n_judged if row.n_judged else None,
    )


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One organization × item: what its subtree owes and has met, and the period it is of."""

    item: str
    period: int
    line: LineRow | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One organization of the matrix, in official order; comparison is not offered."""

    org_id: int
    name: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Items × organizations below one organization, each item in the period `day` lies in."""

    parent_id: int
    items: tuple[Item, ...]
    rows: tuple[MatrixRow, ...]
    total: MatrixRow | None


def matrix(*, scope: OrgScope, parent_id: int, project: str, day: dt.date) -> Matrix:
    """Return the matrix of a project over the organizations directly below `parent_id`."""
    below = list(
        Organization.objects.visible_to(scope)
        .living()
        .filter(parent_id=parent_id)
        .order_by("position", "path")
        .values_list("id", "short_name")
    )
    top = list(
        Organization.objects.visible_to(scope).filter(pk=parent_id).values_list("id", "short_name")
    )
    items = items_of(scope=scope, project=project)
    number = {item.code: Period.containing(day, item.per).number for item in items}
    lines = lines_of(
        scope=scope,
        organization_ids=[pk for pk, _ in below + top],
        periods=sorted(set(number.values())),
        items=list(number),
    )
    owed = {item for (_, item, period) in lines if number[item] == period}
    shown = tuple(item for item in items if item.code in owed)

    def row(pk: int, name: str) -> MatrixRow:
        return MatrixRow(
            pk,
            name,
            tuple(
                MatrixCell(i.code, number[i.code], lines.get((pk, i.code, number[i.code])))
                for i in shown
            ),
        )

    rows = tuple(row(pk, name) for pk, name in below)
    return Matrix(
        parent_id=parent_id,
        items=shown,
        rows=tuple(r for r in rows if any(c.line and c.line.n for c in r.cells)),
        total=row(*top[0]) if top else None,
    )
