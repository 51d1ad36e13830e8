"""五大工程: one page a project, its items as a matrix of organizations, drilled down level by level."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wuju.engine.items import Item
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.numbers import whole
from wuju.kit.periods import Period, read_as_of
from wuju.org import queries as org_queries
from wuju.org.queries import OrganizationRow
from wuju.org.relative import WORDS, read_organizations
from wuju.rulepacks.queries import active_packs
from wuju.rulepacks.stored import ProjectText
from wuju.standings import lists
from wuju.standings import queries as standings
from wuju.standings.awaiting import awaited_items
from wuju.standings.queries import LineRow, Matrix

from .matrices import Grid, grid_of
from .organization_parts import items_of
from .parts import Crumb, Empty, Link
from .places import href_of
from .readers import home_of, notice_of, reader_of
from .requests import WebRequest
from .responses import page
from .tiles import tile_chart

EARLIEST = dt.date(2000, 1, 1)  # nothing older is judged


@dataclass(frozen=True, slots=True)
class Card:
    """One project on the list: how many items are judged, lack something, were never looked at, or wait for facts."""

    project: ProjectText
    href: str
    items: int
    lacking: int
    unverified: int
    awaited: int


@dataclass(frozen=True, slots=True)
class Choice:
    title: str
    href: str
    chosen: bool


NO_PACK = Empty(
    "还没有采用规则包。", note="五大工程的清单来自规则包，由区委组织部按文件采用后自动列出。"
)


@require_safe
def projects(request: WebRequest) -> HttpResponse:
    actor, day = reader_of(request), timezone.localdate()
    home = home_of(actor)
    found = standings.projects(scope=actor.scope)
    items = standings.items_of(scope=actor.scope)
    lines = _present(actor, home, items, day)
    waiting = Counter(row.project for row in awaited_items(scope=actor.scope))
    state = standings.freshness(scope=actor.scope)
    return page(
        request,
        "projects/projects.html",
        {
            "crumbs": [Crumb("五大工程")],
            "home": home,
            "cards": [_card(project, items, lines, waiting) for project in found],
            "empty": NO_PACK,
            "notice": notice_of(state),
            "as_of": state.evaluated_on,
        },
    )


def _present(
    actor: Actor, home: OrganizationRow | None, items: list[Item], day: dt.date
) -> dict[str, LineRow]:
    """Return {item: its line of the present period} over everything the person sees."""
    if home is None:
        return {}
    number = {item.code: Period.containing(day, item.per).number for item in items}
    lines = standings.lines_of(
        scope=actor.scope,
        organization_ids=[home.id],
        periods=lists.present_periods(day),
    )
    return {item: line for (_, item, period), line in lines.items() if number.get(item) == period}


def _card(
    project: ProjectText,
    items: list[Item],
    lines: dict[str, LineRow],
    waiting: Mapping[str, int],
) -> Card:
    mine = [lines.get(item.code) for item in items if item.project == project.code]
    own = [line for line in mine if line and line.n]
    return Card(
        project=project,
        href=href_of("project", project.code),
        items=len(own),
        lacking=sum(line.lacking > 0 for line in own),
        unverified=sum(line.n == line.unverified for line in own),
        awaited=waiting.get(project.code, 0),
    )


@require_safe
def project(request: WebRequest, code: str) -> HttpResponse:
    """Show one project: the matrix below an organization, or a branch's own items."""
    actor, day = reader_of(request), timezone.localdate()
    found = standings.projects(scope=actor.scope)
    shown = next((project for project in found if project.code == code), None)
    if shown is None:
        raise Http404
    root = _root(request, actor)
    on = _on(request.GET.get("on", ""), day)
    state = standings.freshness(scope=actor.scope)
    return page(
        request,
        "projects/project.html",
        {
            "crumbs": [Crumb("五大工程", href_of("projects")), Crumb(shown.title)],
            "project": shown,
            "tabs": [(p, href_of("project", p.code), p.code == code) for p in found],
            "root": root,
            "way": _way(actor, root, code, on, day) if root else [],
            "choices": _choices(code, root, on, day),
            **(_content(actor, root, code, on, day) if root else {}),
            "empty": NO_PACK,
            "notice": notice_of(state),
            "as_of": state.evaluated_on,
        },
    )


def _content(
    actor: Actor, root: OrganizationRow, code: str, on: dt.date, day: dt.date
) -> dict[str, object]:
    found: Matrix = standings.matrix(scope=actor.scope, parent_id=root.id, project=code, day=on)
    rules = provisional_of(actor)

    def down(organization_id: int) -> str:
        return address(code, organization_id, on, day)

    grid: Grid = grid_of(found, provisional=rules, today=day, down=down)
    title = title_of(grid, root)
    if not found.rows:
        return {"grid": grid, "own": items_of(actor, root, on, code), "title": title}
    waiting = awaited_items(scope=actor.scope, project=code)
    places = org_queries.tiles_of(
        scope=actor.scope, organization_ids=[row.org_id for row in found.rows]
    )
    return {
        "grid": grid,
        "awaited": waiting,
        "title": title,
        "chart": tile_chart(found, grid, places),
    }


def provisional_of(actor: Actor) -> frozenset[str]:
    """Return the items whose source or limit is still to be confirmed (依据待核)."""
    packs = active_packs(scope=actor.scope)
    return frozenset(
        item.code
        for pack in packs
        for item in pack.stored.rules.items
        if pack.stored.rules.provisional(item)
    )


def title_of(grid: Grid, root: OrganizationRow) -> str:
    """Say which item lacks most over everything below, or that none does."""
    if not grid.columns:
        return f"{root.short_name}在这一期没有评判的清单项"
    worst = max(grid.columns, key=lambda column: column.lacking)
    if not worst.lacking:
        return f"{root.short_name}没有期满未做的"
    return f"{root.short_name}{worst.period}“{worst.title}”有 {worst.lacking} 个组织待补"


def address(code: str, organization_id: int, on: dt.date, day: dt.date) -> str:
    """Return a project's page over an organization; the day is said only where it is not today."""
    given: dict[str, object] = {"org": organization_id}
    if on != day:
        given["on"] = on.isoformat()
    return f"{href_of('project', code)}?{urlencode(given)}"


def _root(request: WebRequest, actor: Actor) -> OrganizationRow | None:
    """Return the organization asked for by id, by code, or as 本级; its next level is what the page shows."""
    asked = request.GET.get("org", "").strip()
    number = whole(asked)
    if number is not None:
        return org_queries.organization(scope=actor.scope, organization_id=number)
    if not asked or asked in WORDS:
        return home_of(actor)
    return read_organizations(scope=actor.scope, text=asked, home_path=actor.scope.home)[0]


def _on(text: str, day: dt.date) -> dt.date:
    """Return the day whose periods are shown: a date, or the end of a period such as 上季度.

    What cannot be read, or lies ahead, means today.
    """
    return max(EARLIEST, min(_day_of(text, day), day))


def _day_of(text: str, day: dt.date) -> dt.date:
    try:
        return read_as_of(text, today=day)
    except DomainError:
        return day


def _way(actor: Actor, root: OrganizationRow, code: str, on: dt.date, day: dt.date) -> list[Link]:
    above = org_queries.ancestors(scope=actor.scope, path=root.path)
    return [Link(row.short_name, address(code, row.id, on, day)) for row in above]


def _choices(code: str, root: OrganizationRow | None, on: dt.date, day: dt.date) -> list[Choice]:
    """Offer the present periods, and the last month, quarter and half year."""
    if root is None:
        return []
    days = [("本期", day)]
    for title, grain in (("上月", "month"), ("上季度", "quarter"), ("上半年", "half")):
        ended = Period.containing(day, grain).starts_on - dt.timedelta(days=1)
        if grain != "half" or ended.year == day.year:
            days.append((title, ended))
    return [Choice(title, address(code, root.id, at, day), at == on) for title, at in days]
