"""Which organizations a list is narrowed to: by id from a link, or by what a person typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from wuju.kit.actors import Actor, OrgScope, OutsideScope
from wuju.kit.numbers import whole
from wuju.org import queries as org
from wuju.org.queries import OrganizationRow

from .requests import WebRequest, actor_of


@dataclass(frozen=True, slots=True)
class OrgFilter:
    """The scope a list is read in, and how it came about.

    `typed` is what was typed, `chosen` what it was taken for, `others` what it may also mean.
    A name nobody has narrows to nothing.
    """

    scope: OrgScope
    typed: str = ""
    chosen: OrganizationRow | None = None
    others: tuple[OrganizationRow, ...] = ()

    @property
    def is_unknown(self) -> bool:
        return bool(self.typed) and self.chosen is None


def narrowed(scope: OrgScope, path: str) -> OrgScope:
    """Return the part of `scope` at and below `path`, never more than `scope` itself."""
    if any(path.startswith(root) for root in scope.roots):
        return OrgScope(roots=(path,))
    return OrgScope(
        roots=tuple(root for root in scope.roots if root.startswith(path)),
        orgs=frozenset(one for one in scope.orgs if one.startswith(path)),
    )


def org_filter(request: WebRequest) -> OrgFilter:
    """Read `unit` (a name, its initials or a code) or `org` (an id) from the address.

    Raises:
        OutsideScope: `org` is no organization, or lies outside the person's scope.
    """
    scope = actor_of(request).scope
    typed, number = given(request.GET, "unit"), given(request.GET, "org")
    if typed:
        found = org.search(scope=scope, text=typed, limit=6)
        if not found:
            return OrgFilter(OrgScope(), typed)
        return OrgFilter(
            narrowed(scope, found[0].path), found[0].short_name, found[0], tuple(found[1:])
        )
    if number:
        key = whole(number)
        if key is None:
            raise OutsideScope
        row = org.organization(scope=scope, organization_id=key)
        return OrgFilter(narrowed(scope, row.path), row.short_name, row)
    return OrgFilter(scope)


def given(values: Mapping[str, object], name: str) -> str:
    """Return a value of the address or a form as text without outer blanks, "" if missing."""
    return str(values.get(name) or "").replace("\0", "").strip()


def own_organization(actor: Actor) -> OrganizationRow | None:
    """Return the organization the person works for, if they may see it."""
    if not actor.unit_path or not actor.scope.covers(actor.unit_path):
        return None
    rows = org.organizations(scope=OrgScope(orgs=frozenset({actor.unit_path})))
    return rows[0] if rows else None
