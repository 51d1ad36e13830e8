"""Lists of findings: the board, the register, what waits, what a period brought."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from wuju.access.roles import may
from wuju.kit.actors import Actor, OrgScope
from wuju.kit.numbers import whole
from wuju.kit.strict import chunks, within
from wuju.loops.lifecycle import ACTS, DONE, STATES
from wuju.loops.models import Loop, Measure
from wuju.loops.words import CATEGORIES
from wuju.org.models import Organization

from .rows import LoopRow, rows_of

PAGE = 100
LANE = 20  # cards a lane of the board shows; the rest are in the register
STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("立项", ("opened",)),
    ("通知", ("notified", "objected")),
    ("方案", ("plan_accepted",)),
    ("整改", ("rectifying", "reopened")),
    ("举证", ("evidence_submitted",)),
    ("核实", ("verified",)),
    ("销号", ("closed", "revisited")),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the board: how many findings stand there, and the first of them by deadline."""

    title: str
    states: tuple[str, ...]
    count: int
    rows: tuple[LoopRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The stages in order, and those past their deadline apart."""

    lanes: tuple[Lane, ...]
    overdue: Lane


@dataclass(frozen=True, slots=True)
class Filters:
    """What a register page is narrowed to. Empty values narrow nothing; `under` is a path."""

    states: tuple[str, ...] = ()
    under: str = ""
    overdue: bool = False
    text: str = ""
    category: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Up to 100 findings, newest first. `after` asks for the next page, "" on the last one."""

    rows: tuple[LoopRow, ...]
    total: int
    after: str


@dataclass(frozen=True, slots=True)
class TodayCount:
    """One line of Today: what waits for this person, how many, and the states to filter by."""

    code: str
    title: str
    count: int
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """Findings of one class over a period, for a bulletin. `recurring` = the class was found here before."""

    category: str
    raised: int
    closed: int
    overdue: int
    recurring: int

    @property
    def title(self) -> str:
        return CATEGORIES[self.category]


def _overdue(today: dt.date) -> Q:
    return Q(due_on__lt=today) & ~Q(state__in=sorted(DONE))


def board(*, scope: OrgScope, today: dt.date) -> Board:
    """Return the findings by stage, nearest deadline first, and the overdue ones as their own lane."""
    seen = Loop.objects.visible_to(scope)
    counts = dict(seen.values_list("state").annotate(Count("id")).order_by("state"))
    late = seen.filter(_overdue(today))
    lanes = tuple(
        _lane(title, states, sum(counts.get(state, 0) for state in states), seen, today)
        for title, states in STAGES
    )
    rows = tuple(rows_of(late.order_by("due_on", "id")[:LANE], today))
    return Board(lanes, Lane("逾期", (), late.count(), rows))


def _lane(
    title: str, states: tuple[str, ...], count: int, seen: QuerySet[Loop], today: dt.date
) -> Lane:
    if not count:
        return Lane(title, states, 0, ())
    rows = seen.filter(state__in=states).order_by(F("due_on").asc(nulls_last=True), "id")[:LANE]
    return Lane(title, states, count, tuple(rows_of(rows, today)))


def register(
    *, scope: OrgScope, filters: Filters, after: str = "", today: dt.date, size: int = PAGE
) -> RegisterPage:
    """Return a page of the register (整改台账), newest first.

    Args:
        after: what the page before returned as `after`; "" for the first page.
    """
    found = _filtered(Loop.objects.visible_to(scope), filters, today)
    total = found.count()
    place = whole(after)
    page = found if place is None else found.filter(pk__lt=place)
    rows = rows_of(page.order_by("-id")[: size + 1], today)
    more = str(rows[size - 1].id) if len(rows) > size else ""
    return RegisterPage(tuple(rows[:size]), total, more)


def _filtered(found: QuerySet[Loop], filters: Filters, today: dt.date) -> QuerySet[Loop]:
    if filters.states:
        found = found.filter(state__in=filters.states)
    if filters.under:
        found = found.filter(within(OrgScope(roots=(filters.under,)), "organization__path"))
    if filters.overdue:
        found = found.filter(_overdue(today))
    for column in ("category", "origin"):
        if getattr(filters, column):
            found = found.filter(**{column: getattr(filters, column)})
    text = filters.text.strip()
    if text:
        found = found.filter(
            Q(number__startswith=text)
            | Q(title__contains=text)
            | Q(fact__contains=text)
            | Q(organization__name__contains=text)
        )
    return found


def of_organization(
    *, scope: OrgScope, organization_id: int, today: dt.date, limit: int = 50
) -> list[LoopRow]:
    """List the findings of one organization, running ones first, then the newest."""
    found = Loop.objects.visible_to(scope).filter(organization_id=organization_id)
    rows = rows_of(found.order_by("-id")[:limit], today)
    return sorted(rows, key=lambda row: row.state in DONE)


_WAITING = (
    ("to_notify", "待下发整改通知", "send_notice", ("opened",)),
    ("to_judge", "异议待裁定", "reject_objection", ("objected",)),
    ("to_plan", "待报整改措施", "propose_measures", ("notified",)),
    ("to_accept", "方案待认可", "accept_plan", ("notified",)),
    ("to_rectify", "整改中", "complete_measure", ("plan_accepted", "rectifying", "reopened")),
    ("to_verify", "待核实", "verify", ("evidence_submitted",)),
    ("to_close", "待销号", "close", ("verified",)),
)


def today_counts(*, scope: OrgScope, actor: Actor, today: dt.date) -> list[TodayCount]:
    """Say what waits for this person's roles; lines with nothing in them are left out."""
    planned = Exists(Measure.objects.filter(loop=OuterRef("pk")))
    soon = today + dt.timedelta(days=7)
    waiting = {
        "to_notify": Q(state="opened"),
        "to_judge": Q(state="objected"),
        "to_plan": Q(state="notified", planned=False),
        "to_accept": Q(state="notified", planned=True),
        "to_rectify": Q(state__in=("plan_accepted", "rectifying", "reopened")),
        "to_verify": Q(state="evidence_submitted"),
        "to_close": Q(state="verified"),
        "overdue": _overdue(today),
        "due_soon": Q(due_on__range=(today, soon)) & ~Q(state__in=sorted(DONE)),
        "returned": Q(state="rectifying", returned__gt=0),
        "to_revisit": Q(state="closed", revisit_due_on__lte=today),
    }
    counts = (
        Loop.objects.visible_to(scope)
        .annotate(planned=planned)
        .aggregate(**{code: Count("id", filter=condition) for code, condition in waiting.items()})
    )
    lines = [
        TodayCount(code, title, counts[code], states)
        for code, title, act, states in _WAITING
        if may(actor, ACTS[act].permission)
    ]
    running = tuple(sorted(set(STATES) - DONE))
    if may(actor, "rectify"):
        lines.append(TodayCount("returned", "退回继续整改", counts["returned"], ("rectifying",)))
    if may(actor, "verify"):
        lines.append(TodayCount("to_revisit", "到期回访", counts["to_revisit"], ("closed",)))
    lines.append(TodayCount("due_soon", "7天内到期", counts["due_soon"], running))
    lines.append(TodayCount("overdue", "已逾期", counts["overdue"], running))
    return [line for line in lines if line.count]


def summary(*, scope: OrgScope, first: dt.date, last: dt.date) -> list[PeriodSummary]:
    """Count findings by class over the days from `first` to `last` inclusive, most frequent first.

    Only closures this system verified are counted as closed; overdue is as of `last`.
    """
    inside = Q(opened_on__range=(first, last))
    found = (
        Loop.objects.visible_to(scope)
        .exclude(state="withdrawn")
        .values_list("category")
        .annotate(
            raised=Count("id", filter=inside),
            closed=Count("id", filter=Q(closed_first_on__range=(first, last))),
            overdue=Count("id", filter=_overdue(last) & Q(opened_on__lte=last)),
            recurring=Count("id", filter=inside & Q(earlier__isnull=False)),
        )
        .order_by("-raised", "category")
    )
    return [PeriodSummary(*values) for values in found if any(values[1:])]


def raised_between(
    *, scope: OrgScope, first: dt.date, last: dt.date, today: dt.date
) -> list[LoopRow]:
    """List the findings of a period in official order of their organizations."""
    found = Loop.objects.visible_to(scope).exclude(state="withdrawn")
    found = found.filter(opened_on__range=(first, last))
    return rows_of(found.order_by("organization__path", "id"), today)


def closed_between(
    *, scope: OrgScope, first: dt.date, last: dt.date, today: dt.date
) -> list[LoopRow]:
    """List the findings first closed, after verification, in a period, in official order."""
    found = Loop.objects.visible_to(scope).filter(closed_first_on__range=(first, last))
    return rows_of(found.order_by("organization__path", "id"), today)


def by_ids(*, scope: OrgScope, loop_ids: Iterable[int], today: dt.date) -> list[LoopRow]:
    """List these findings in official order; those outside the scope are left out."""
    rows: list[LoopRow] = []
    for part in chunks(sorted(set(loop_ids))):
        rows += rows_of(Loop.objects.visible_to(scope).filter(pk__in=part).order_by("id"), today)
    return sorted(rows, key=lambda row: (row.path, row.id))


def townships(*, scope: OrgScope) -> list[tuple[str, str]]:
    """Return (path, short name) of the townships to filter by, in official order."""
    kinds = ("township_committee", "working_committee")
    found = Organization.objects.visible_to(scope).living().filter(kind__in=kinds)
    return list(found.order_by("path").values_list("path", "short_name"))
