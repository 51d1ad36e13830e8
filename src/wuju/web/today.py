"""今日: what is due, what came back, what waits; the next thing first, what is finished folded away."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wuju.access.roles import BUSINESS, PERMISSIONS, ROLES, may
from wuju.kit.actors import Actor
from wuju.org.queries import OrganizationRow
from wuju.standings import lists
from wuju.standings import queries as standings

from .needing import meeting_href
from .parts import Empty, Link
from .places import places_for
from .readers import home_of, notice_of
from .requests import WebRequest, actor_of
from .responses import page
from .today_parts import (
    Section,
    Unit,
    finished,
    inspection_section,
    is_branch,
    loop_section,
    need_sections,
    raised_section,
    suggestion_section,
    units,
)

HELPERS = frozenset({"county_officer", "department_officer"})
RAISERS = frozenset({"inspector", "verifier"})
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Board:
    """The sections of one person's day. `units` is None for those who help nobody below."""

    sections: list[Section]
    units: list[Unit] | None = None
    units_quiet: int = 0


@require_safe
def today(request: WebRequest) -> HttpResponse:
    actor, day = actor_of(request), timezone.localdate()
    if not may(actor, "read"):
        return _administration(request, actor, day)
    home = home_of(actor)
    if home is None:
        return _administration(request, actor, day)
    board = board_of(actor, home, day)
    state = standings.freshness(scope=actor.scope)
    unverified = lists.unverified(scope=actor.scope, day=day)
    return page(
        request,
        "today/today.html",
        {
            "date": f"{day.month}月{day.day}日，星期{_WEEKDAYS[day.weekday()]}。",
            "lede": lede_of(board, home),
            "home": home,
            "board": board,
            "buttons": _buttons(actor, home),
            "finished": finished(actor, home, day),
            "unverified": unverified,
            "notice": notice_of(state),
            "as_of": state.evaluated_on,
        },
    )


def board_of(actor: Actor, home: OrganizationRow, day: dt.date) -> Board:
    """Return the sections for this person's roles over the first organization of their scope."""
    if actor.roles & RAISERS and not actor.roles & HELPERS:
        raised, planned = raised_section(actor, day), inspection_section(actor, day)
        return Board([loop_section(actor, day), raised, planned])
    if home.depth == 1:
        found, quiet = units(actor, home, day)
        asked = suggestion_section(actor, day)
        return Board([loop_section(actor, day), *([asked] if asked.count else [])], found, quiet)
    due, *rest = need_sections(actor, home, day)
    return Board(_with_something([due, loop_section(actor, day), *rest]))


def _with_something(sections: list[Section]) -> list[Section]:
    """Return the sections that hold something; if none does, the first, which says so."""
    return [section for section in sections if section.count] or sections[:1]


def lede_of(board: Board, home: OrganizationRow) -> str:
    """Say in one sentence how much there is."""
    waiting = sum(section.count for section in board.sections)
    if is_branch(home):
        return f"{home.short_name}：还有 {waiting} 项待办。" if waiting else f"{home.short_name}：没有待办。"  # fmt: skip
    parts = [f"{section.title} {section.count} 项" for section in board.sections if section.count]
    if board.units:
        parts.append(f"{len(board.units)} 个单位有要帮着补的")
    return f"{'，'.join(parts)}。" if parts else "没有到期的，也没有等您办的。"


def _buttons(actor: Actor, home: OrganizationRow) -> list[Link]:
    theme_day = meeting_href(home.id, "theme_day")
    if not (is_branch(home) and theme_day and may(actor, "record_meeting")):
        return []
    return [Link("记录主题党日", theme_day), Link("登记其他会议", meeting_href(home.id))]


def _administration(request: WebRequest, actor: Actor, day: dt.date) -> HttpResponse:
    """Say to those who see no business data what they may do."""
    duties = [
        title
        for title, roles in PERMISSIONS.values()
        if actor.roles & roles and not actor.roles & BUSINESS
    ]
    return page(
        request,
        "today/administration.html",
        {
            "today": day,
            "roles": "、".join(ROLES[role] for role in sorted(actor.roles)),
            "duties": duties,
            "places": [link for link in places_for(actor, "-") if link.href != request.path],
            "empty": Empty(
                "您的账号还没有授权。",
                note="请联系本单位的系统管理员申请角色和管理范围，批准后当天生效。",
            ),
        },
    )
