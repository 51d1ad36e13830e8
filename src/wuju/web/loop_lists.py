"""闭环: the board by stage, and the register (整改台账)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wuju.access.roles import may, require
from wuju.kit.actors import OrgScope
from wuju.loops import queries
from wuju.loops.lifecycle import STATES
from wuju.loops.queries import Filters, LoopRow
from wuju.loops.queries.lists import STAGES
from wuju.loops.words import CATEGORIES, ORIGINS

from .loop_words import LoopStatus, loop_status
from .paging import keyset_pages
from .parts import Crumb, Empty
from .places import href_of
from .requests import WebRequest, actor_of
from .responses import SeeOther, page

OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Line:
    """A finding with its status."""

    row: LoopRow
    status: LoopStatus


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of the board: its findings, and where all of them are."""

    title: str
    count: int
    href: str
    lines: tuple[Line, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: str
    chosen: bool


def lines_of(rows: tuple[LoopRow, ...] | list[LoopRow]) -> tuple[Line, ...]:
    return tuple(Line(row, loop_status(row)) for row in rows)


@require_safe
def loops(request: WebRequest) -> HttpResponse:
    """Show the board; a search for a text or a state is answered by the register."""
    actor = actor_of(request)
    require(actor, "read")
    if request.GET.get("text", "").strip() or request.GET.get("state"):
        return SeeOther(f"{reverse('loop-register')}?{request.GET.urlencode()}")
    today = timezone.localdate()
    towns = queries.townships(scope=actor.scope)
    under = _known(request.GET.get("under", ""), towns)
    scope = OrgScope(roots=(under,)) if under else actor.scope
    board = queries.board(scope=scope, today=today)
    columns = [
        Column(
            lane.title, lane.count, _register(".".join(lane.states), under), lines_of(lane.rows)
        )
        for lane in board.lanes
    ]
    overdue = Column(
        "逾期", board.overdue.count, _register(OVERDUE, under), lines_of(board.overdue.rows)
    )
    return page(
        request,
        "loops/board.html",
        {
            "crumbs": [Crumb("闭环")],
            "columns": columns,
            "overdue": overdue,
            "total": sum(lane.count for lane in board.lanes),
            "towns": _choices(towns, under),
            "states": _states(""),
            "register_href": reverse("loop-register"),
            "bulletins_href": reverse("bulletins"),
            "new_href": reverse("finding-new") if may(actor, "raise_finding") else "",
            "empty": _nothing_yet(may_raise=may(actor, "raise_finding")),
            "as_of": today,
        },
    )


@require_safe
def register(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    today = timezone.localdate()
    towns = queries.townships(scope=actor.scope)
    asked = request.GET
    filters = filters_of(asked, towns)
    after = asked.get("after", "")
    found = queries.register(scope=actor.scope, filters=filters, after=after, today=today)
    return page(
        request,
        "loops/register.html",
        {
            "crumbs": [Crumb("闭环", reverse("loops")), Crumb("整改台账")],
            "lines": lines_of(found.rows),
            "total": found.total,
            "text": filters.text,
            "towns": _choices(towns, filters.under),
            "states": _states(OVERDUE if filters.overdue else ".".join(filters.states)),
            "categories": _choices(list(CATEGORIES.items()), filters.category),
            "origins": _choices(list(ORIGINS.items()), filters.origin),
            "is_filtered": filters != Filters(),
            "export_href": href_of("export", "findings"),
            "pages": keyset_pages(
                request, shown=len(found.rows), after=found.after, total=found.total
            ),
            "empty": _nothing_found()
            if filters != Filters()
            else _nothing_yet(may_raise=may(actor, "raise_finding")),
            "as_of": today,
        },
    )


def filters_of(asked: QueryDict, towns: list[tuple[str, str]]) -> Filters:
    """Read the filters of an address; what it does not know narrows nothing.

    `state` is `overdue`, or state codes, repeated or joined by dots: `notified.objected`.
    """
    wanted = [code for value in asked.getlist("state") for code in value.split(".")]
    return Filters(
        states=tuple(code for code in wanted if code in STATES),
        under=_known(asked.get("under", ""), towns),
        overdue=OVERDUE in wanted,
        text=asked.get("text", "").strip()[:60],
        category=_known(asked.get("category", ""), list(CATEGORIES.items())),
        origin=_known(asked.get("origin", ""), list(ORIGINS.items())),
    )


def _known(value: str, options: list[tuple[str, str]]) -> str:
    return value if any(code == value for code, _ in options) else ""


def _choices(options: list[tuple[str, str]], chosen: str) -> list[Choice]:
    return [Choice(value, title, value == chosen) for value, title in options]


def _states(chosen: str) -> list[Choice]:
    """Return the stages to filter by; a combination that came by a link is named by its words."""
    options = [(OVERDUE, "逾期")]
    options += [(".".join(states), title) for title, states in STAGES]
    options += [("closed_final", STATES["closed_final"]), ("withdrawn", STATES["withdrawn"])]
    if chosen and not _known(chosen, options):
        options.append((chosen, "、".join(STATES[code] for code in chosen.split("."))))
    return _choices(options, chosen)


def _register(state: str, under: str) -> str:
    given = {"state": state} | ({"under": under} if under else {})
    return f"{reverse('loop-register')}?{urlencode(given)}"


def _nothing_found() -> Empty:
    return Empty("没有符合条件的问题。", reverse("loop-register"), "清除筛选")


def _nothing_yet(*, may_raise: bool) -> Empty:
    note = "督查、随机提问、述职评议、自查中发现的问题从这里立项，一步一步办到销号和回访。"
    if may_raise:
        return Empty("还没有问题。", reverse("finding-new"), "提出问题", note)
    return Empty("没有待整改的问题。", note=f"上级{note}")
