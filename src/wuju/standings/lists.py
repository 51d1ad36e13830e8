"""What pages ask of standings in one query each: what is lacking, grouped by item, by unit, by organization."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from wuju.engine.items import Item, Kind, Status
from wuju.kit.actors import SEGMENT, OrgScope
from wuju.kit.periods import GRAINS, Period, period_from_number
from wuju.kit.strict import within
from wuju.org.models import Organization
from wuju.org.words import BRANCHES
from wuju.rulepacks.queries import ActivePack, active_packs

from .models import RollUpLine, Standing
from .words import status_word, target_words

PAST = (Status.OVERDUE, Status.MISSED)
# Kinds whose open cell asks somebody to do something; an open stock or ratio is only not over yet.
TO_DO = frozenset({Kind.COUNT, Kind.COVERAGE, Kind.DEADLINE, Kind.LATEST, Kind.SET})
AHEAD = (Status.DUE_SOON, Status.OPEN)
_ORDER = {Status.OVERDUE: 0, Status.DUE_SOON: 1, Status.MISSED: 2, Status.OPEN: 3}


@dataclass(frozen=True, slots=True)
class Named:
    """An organization as a name in a list; `reached` is its numerator."""

    id: int
    name: str
    reached: int


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """One item, period and status with every organization that stands so, in official order.

    `due_on` is the last day to put it right: the end of grace once the period is over.
    `condition` is the item's own condition, from which a page offers the right form.
    """

    item: str
    title: str
    kind: Kind
    fact: str
    condition: str
    period: Period
    status: Status
    word: str
    target: str
    due_on: dt.date
    provisional: bool
    organizations: tuple[Named, ...]
    all_branches: bool

    @property
    def count(self) -> int:
        return len(self.organizations)

    @property
    def none_recorded(self) -> bool:
        """Whether nothing at all is recorded, as against too little."""
        return all(row.reached == 0 for row in self.organizations)


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """How many organizations of a unit stand so on one item of one period."""

    item: str
    title: str
    period: Period
    status: Status
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Lacks:
    """What an organization, with everything below it, has still ahead and what it lacks."""

    ahead: int = 0
    past: int = 0


def periods_in_view(day: dt.date) -> list[int]:
    """Return the numbers of the present and the last period of each grain, oldest first.

    >>> [period_from_number(n).label for n in periods_in_view(dt.date(2026, 10, 12))]
    ['2025', '2026-09', '2026-10', '2026Q3', '2026Q4', '2026H1', '2026H2', '2026']
    """
    found = set()
    for grain in GRAINS:
        present = Period.containing(day, grain)
        last = Period.containing(present.starts_on - dt.timedelta(days=1), grain)
        found |= {present.number, last.number}
    return sorted(found)


def present_periods(day: dt.date) -> list[int]:
    """Return the numbers of the periods `day` lies in, one a grain."""
    return sorted(Period.containing(day, grain).number for grain in GRAINS)


def short_title(period: Period, day: dt.date) -> str:
    """Return the period in words, without the year where it is the year of `day`: 三季度."""
    year = f"{day.year}年"
    if period.grain != "year" and period.title.startswith(year):
        return period.title.removeprefix(year)
    return period.title


class _Rules:
    """Items by code and period, looked up once a list."""

    def __init__(self) -> None:
        self.packs = active_packs(scope=OrgScope())

    def at(self, code: str, period: Period) -> tuple[Item, ActivePack] | None:
        for pack in self.packs:
            if pack.judges(period) and code in pack.stored.rules.by_code:
                return pack.stored.rules.by_code[code], pack
        return None

    def items(self, use: str = "") -> list[Item]:
        """Return the items of every version, of one use or all."""
        return [
            item
            for pack in self.packs
            for item in pack.stored.rules.items
            if use in {"", item.use}
        ]

    def wanted(self, use: str) -> Q:
        """Return the filter for cells past their end, or open where there is something to do."""
        items = self.items(use)
        past = Q(status__in=[int(status) for status in PAST])
        return Q(item__in=sorted({i.code for i in items})) & (
            past | Q(item__in=sorted({i.code for i in items if i.kind in TO_DO}))
        )


def _cells(
    scope: OrgScope, under: str, statuses: Iterable[Status], periods: Sequence[int]
) -> QuerySet[Standing]:
    """Return the cells of living organizations inside the scope, narrowed to a subtree."""
    rows = Standing.objects.filter(
        within(scope, "organization__path"),
        organization__dissolved_on=None,
        status__in=[int(status) for status in statuses],
        period__in=periods,
    )
    if under:
        rows = rows.filter(within(OrgScope(roots=(under,)), "organization__path"))
    return rows


def needs(
    *,
    scope: OrgScope,
    day: dt.date,
    under: str = "",
    statuses: Iterable[Status] = (*PAST, *AHEAD),
    use: str = "",
    periods: Sequence[int] = (),
) -> list[NeedGroup]:
    """Group the cells that need doing by item, period and status, the most pressing first.

    Args:
        under: path of the subtree to look at; empty for the whole scope.
        use: `procedure` for what a level above may see to help with, "" for all.
        periods: `Period.number`s; the present and the last of each grain if not given.
    """
    rules = _Rules()
    rows = _cells(scope, under, statuses, periods or periods_in_view(day)).filter(
        rules.wanted(use)
    )
    found: dict[tuple[str, int, int], list[tuple[int, str, str, int]]] = {}
    for item, period, status, org, name, kind, reached in rows.order_by(
        "organization__path"
    ).values_list(
        "item", "period", "status", "organization_id", "organization__short_name",
        "organization__kind", "numerator",
    ):  # fmt: skip
        found.setdefault((item, period, status), []).append((org, name, kind, reached))
    groups = [_group(rules, key, orgs) for key, orgs in found.items()]
    return sorted((group for group in groups if group), key=_urgency)


def _group(
    rules: _Rules, key: tuple[str, int, int], orgs: list[tuple[int, str, str, int]]
) -> NeedGroup | None:
    code, number, value = key
    period, status = period_from_number(number), Status(value)
    known = rules.at(code, period)
    if known is None:
        return None
    item, pack = known
    late = status is Status.OVERDUE
    return NeedGroup(
        item=code,
        title=item.title,
        kind=item.kind,
        fact=item.fact or "",
        condition=item.where or "",
        period=period,
        status=status,
        word=status_word(status, deadline=item.kind is Kind.DEADLINE),
        target=target_words(item, dict(pack.stored.rules.parameters)),
        due_on=period.ends_on + dt.timedelta(days=item.grace if late else 0),
        provisional=pack.stored.rules.provisional(item),
        organizations=tuple(Named(pk, name, reached) for pk, name, _, reached in orgs),
        all_branches=all(kind in BRANCHES for _, _, kind, _ in orgs),
    )


def _urgency(group: NeedGroup) -> tuple[int, dt.date, str, int]:
    return _ORDER.get(group.status, 9), group.due_on, group.item, group.period.number


def needs_by_unit(
    *, scope: OrgScope, day: dt.date, above: str, statuses: Iterable[Status] = (*PAST, Status.DUE_SOON)
) -> dict[str, list[UnitNeed]]:  # fmt: skip
    """Return {path of a unit directly below `above`: its procedures to help with}, unordered units.

    A unit's own duties count with those of everything below it.
    """
    rules = _Rules()
    counted = (
        _cells(scope, above, statuses, periods_in_view(day))
        .filter(rules.wanted("procedure"))
        .exclude(organization__path=above)
        .annotate(unit=Substr("organization__path", 1, len(above) + SEGMENT))
        .values_list("unit", "item", "period", "status")
        .annotate(count=Count("id"))
        .order_by("unit", "-status", "period", "item")
    )
    found: dict[str, list[UnitNeed]] = {}
    for unit, code, number, value, count in counted:
        period, status = period_from_number(number), Status(value)
        known = rules.at(code, period)
        if known:
            word = status_word(status, deadline=known[0].kind is Kind.DEADLINE)
            need = UnitNeed(code, known[0].title, period, status, word, count)
            found.setdefault(unit, []).append(need)
    return found


def lacks(*, scope: OrgScope, organization_ids: Sequence[int], day: dt.date) -> dict[int, Lacks]:
    """Return {organization: what it and everything below it has ahead and lacks}, in view of `day`."""
    to_do = sorted(codes_to_do(scope=scope))
    rows = (
        RollUpLine.objects.filter(
            within(scope, "organization__path"),
            organization_id__in=organization_ids,
            period__in=periods_in_view(day),
        )
        .values_list("organization_id")
        .annotate(
            ahead=Sum(F("open") + F("due_soon"), filter=Q(item__in=to_do), default=0),
            past=Sum(F("overdue") + F("missed")),
        )
        .order_by()
    )
    return {org: Lacks(ahead, past) for org, ahead, past in rows}


def codes_to_do(*, scope: OrgScope) -> frozenset[str]:
    """Return the items whose open cell asks somebody to do something before the period ends."""
    del scope  # rules are public to every signed-in person
    return frozenset(item.code for item in _Rules().items() if item.kind in TO_DO)


def living_paths(*, scope: OrgScope) -> dict[int, str]:
    """Return {organization: path} of the living organizations inside the scope, unordered."""
    rows = Organization.objects.visible_to(scope).living().values_list("id", "path")
    return dict(rows.order_by())


def unverified(*, scope: OrgScope, day: dt.date, under: str = "") -> list[tuple[str, int]]:
    """Return (title, organizations) of the items nobody has looked at in the present periods.

    An unverified item is never a failure: no source has arrived, or its limit is still to be confirmed.
    """
    rules = _Rules()
    titles = {item.code: item.title for item in rules.items()}
    counted = (
        _cells(scope, under, (Status.UNVERIFIED,), present_periods(day))
        .values_list("item")
        .annotate(count=Count("organization_id", distinct=True))
        .order_by("item")
    )
    return [(titles[code], count) for code, count in counted if code in titles]
