"""组织: the tree one level at a time, an organization's page, and its members."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wuju.access.roles import may
from wuju.kit.actors import SEGMENT, Actor, OrgScope
from wuju.kit.numbers import whole
from wuju.org import queries as org_queries
from wuju.org.queries import OrganizationRow
from wuju.org.relative import find_organizations
from wuju.people import queries as people
from wuju.standings import lists
from wuju.standings import queries as standings
from wuju.standings.lists import Lacks

from .needing import meeting_href
from .organization_parts import (
    committee_of,
    facts_of,
    findings_of,
    help_of,
    items_of,
    lede_of,
    timeline_of,
)
from .parts import Crumb, Empty
from .places import href_of
from .readers import notice_of, reader_of
from .requests import WebRequest
from .responses import page


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree with everything below it; `children` only where it is opened."""

    row: OrganizationRow
    href: str
    open_href: str
    below: int
    members: int
    lacks: Lacks
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """What the level shows: sums below each path, and the members there."""

    below: dict[str, int]
    members: dict[str, int]
    lacks: dict[int, Lacks]

    def node(self, row: OrganizationRow, children: tuple[Node, ...] = ()) -> Node:
        below = self.below.get(row.path, 0)
        return Node(
            row=row,
            href=href_of("org", row.id),
            open_href=f"{href_of('orgs')}?open={row.id}#open" if below else "",
            below=below,
            members=self.members.get(row.path, 0),
            lacks=self.lacks.get(row.id, Lacks()),
            children=children,
        )


def tree_of(scope: OrgScope, rows: list[OrganizationRow], day: dt.date) -> Tree:
    """Count what lies below the given organizations: structure, members, what is ahead and lacking."""
    paths = lists.living_paths(scope=scope)
    counts = people.counts_by_organization(scope=scope, on=day)
    wanted = {row.path for row in rows}
    below = dict.fromkeys(wanted, 0)
    members = dict.fromkeys(wanted, 0)
    for pk, path in paths.items():
        every = counts.get(pk, (0, 0))[0]
        for end in range(SEGMENT, len(path) + 1, SEGMENT):
            upper = path[:end]
            if upper in wanted:
                members[upper] += every
                below[upper] += end < len(path)
    lacks = lists.lacks(scope=scope, organization_ids=[row.id for row in rows], day=day)
    return Tree(below, members, lacks)


def tops_of(scope: OrgScope) -> list[OrganizationRow]:
    """Return the organizations of the scope that no other one of it stands above, in official order."""
    found: list[OrganizationRow] = []
    for path in sorted({*scope.roots, *scope.orgs}):
        if not any(path.startswith(row.path) for row in found):
            found += org_queries.ancestors(scope=scope, path=path + "0000")[-1:]
    return found


@require_safe
def orgs(request: WebRequest) -> HttpResponse:
    """Show the tree from the top of the scope: two levels, a third where it is opened."""
    actor, day = reader_of(request), timezone.localdate()
    text = request.GET.get("q", "").strip()
    context = _found(actor, text, day) if text else _level(request, actor, day)
    state = standings.freshness(scope=actor.scope)
    return page(
        request,
        "organizations/tree.html",
        {
            **context,
            "q": text,
            "crumbs": [Crumb("组织")],
            "notice": notice_of(state),
            "as_of": state.evaluated_on,
        },
    )


def _found(actor: Actor, text: str, day: dt.date) -> dict[str, object]:
    rows = find_organizations(scope=actor.scope, text=text)
    tree = tree_of(actor.scope, rows, day)
    return {
        "nodes": [tree.node(row) for row in rows],
        "title": f"找到 {len(rows)} 个组织" if rows else "没有找到组织",
        "empty": nothing_found(text),
    }


def nothing_found(text: str) -> Empty:
    return Empty(
        f"您的管理范围内没有与“{text}”相符的组织。",
        href_of("orgs"),
        "看全部组织",
        "可以用名称、拼音、拼音首字母或组织代码查找，例如 sys1、shiyan。",
    )


def _level(request: WebRequest, actor: Actor, day: dt.date) -> dict[str, object]:
    tops = tops_of(actor.scope)
    rows = tops
    if len(tops) == 1:
        rows = org_queries.children(scope=actor.scope, organization_id=tops[0].id) or tops
    opened, inside = _opened(request, actor)
    tree = tree_of(actor.scope, [*tops, *rows, *inside], day)
    nodes = []
    for row in rows:
        children = tuple(map(tree.node, inside)) if opened and row.id == opened.id else ()
        nodes.append(tree.node(row, children))
    top = tree.node(tops[0]) if len(tops) == 1 and rows is not tops else None
    if opened and opened.id not in {row.id for row in rows}:
        nodes = [tree.node(row) for row in inside]
        top = None
    return {
        "top": top,
        "above": opened if top is None else None,
        "nodes": nodes,
        "title": _title(top, nodes),
        "empty": Empty(
            "您的管理范围内还没有组织。", href_of("desk"), "导入组织" if href_of("desk") else ""
        ),
    }


def _opened(
    request: WebRequest, actor: Actor
) -> tuple[OrganizationRow | None, list[OrganizationRow]]:
    asked = whole(request.GET.get("open"))
    if asked is None:
        return None, []
    row = org_queries.organization(scope=actor.scope, organization_id=asked)
    return row, org_queries.children(scope=actor.scope, organization_id=row.id)


def _title(top: Node | None, nodes: list[Node]) -> str:
    if top is None:
        return f"{len(nodes)} 个组织"
    return f"{top.row.short_name}下有 {top.below} 个组织，党员 {top.members} 人"


# ------------------------------------------------------------------ one organization


@require_safe
def org(request: WebRequest, organization_id: int) -> HttpResponse:
    actor, day = reader_of(request), timezone.localdate()
    row = org_queries.organization(scope=actor.scope, organization_id=organization_id)
    children = org_queries.children(scope=actor.scope, organization_id=row.id)
    tree = tree_of(_narrowed(actor.scope, row.path), [row, *children], day)
    node = tree.node(row)
    items = items_of(actor, row, day)
    state = standings.freshness(scope=actor.scope)
    return page(
        request,
        "organizations/organization.html",
        {
            "crumbs": crumbs_of(actor, row),
            "row": row,
            "lede": lede_of(row, node.members, node.below),
            "items": items,
            "help": help_of(actor, row, day) if children else None,
            "children": [tree.node(child) for child in children],
            "committee": committee_of(actor, row, day),
            "facts": facts_of(actor, row, node.members, day),
            "timeline": timeline_of(actor, row, day),
            "findings": findings_of(actor, row, day),
            "record_href": meeting_href(row.id) if may(actor, "record_meeting") else "",
            "notice": notice_of(state),
            "as_of": state.evaluated_on,
        },
    )


def _narrowed(scope: OrgScope, path: str) -> OrgScope:
    """Return the part of a scope at and below a path that it covers."""
    if any(path.startswith(root) for root in scope.roots):
        return OrgScope(roots=(path,))
    return OrgScope(orgs=frozenset(org for org in scope.orgs if org.startswith(path)))


def crumbs_of(actor: Actor, row: OrganizationRow, *more: Crumb) -> list[Crumb]:
    """Return the way down to an organization, as far as the scope reaches."""
    above = org_queries.ancestors(scope=actor.scope, path=row.path)
    way = [Crumb("组织", href_of("orgs"))]
    way += [Crumb(upper.short_name, href_of("org", upper.id)) for upper in above]
    way.append(Crumb(row.short_name, href_of("org", row.id) if more else ""))
    return [*way, *more]


@require_safe
def members(request: WebRequest, organization_id: int) -> HttpResponse:
    """List the members of one organization; identifiers and telephones are masked."""
    actor, day = reader_of(request), timezone.localdate()
    row = org_queries.organization(scope=actor.scope, organization_id=organization_id)
    found = people.roster(scope=actor.scope, organization_id=row.id, on=day)
    full = sum(member.category == "正式党员" for member in found)
    return page(
        request,
        "organizations/members.html",
        {
            "crumbs": crumbs_of(actor, row, Crumb("党员")),
            "row": row,
            "members": found,
            "lede": f"正式党员 {full} 人，预备党员 {len(found) - full} 人。证件号码和电话已遮盖。",
            "empty": Empty(
                f"{row.short_name}还没有党员名册。",
                href_of("desk"),
                "导入名册" if href_of("desk") else "",
                "党员名册从全国党员管理信息系统导出后导入，不用手工录入。",
            ),
            "as_of": day,
        },
    )
