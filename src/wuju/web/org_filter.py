"""Which organizations a list is narrowed to: by id from a link, or by what a person typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from wuju.kit.actors import Actor, OrgScope, OutsideScope
from wuju.kit.numbers import whole
from wuju.org import queries as org
from wuju.org.queries import OrganizationRow
from wuju.org.relative import NEXT, find_organizations

from .requests import WebRequest, actor_of


@dataclass(frozen=True, slots=True)
class OrgFilter:
    """The scope a list is read in, and how it came about.

    `typed` is what was typed, `chosen` what it was taken for, `others` what it may also mean;
    下一级 means several organizations and chooses none. A name nobody has narrows to nothing.
    """

    scope: OrgScope
    typed: str = ""
    chosen: OrganizationRow | None = None
    others: tuple[OrganizationRow, ...] = ()

    @property
    def is_unknown(self) -> bool:
        return bool(self.typed) and not (self.scope.roots or self.scope.orgs)

    @property
    def query(self) -> str:
        """The address of another page over the same organizations: "" for all."""
        if self.chosen:
            return "?" + urlencode({"org": self.chosen.id})
        return "?" + urlencode({"unit": self.typed}) if self.typed else ""


def narrowed(scope: OrgScope, path: str) -> OrgScope:
    """Return the part of `scope` at and below `path`, never more than `scope` itself."""
    if any(path.startswith(root) for root in scope.roots):
        return OrgScope(roots=(path,))
    return OrgScope(
        roots=tuple(root for root in scope.roots if root.startswith(path)),
        orgs=frozenset(one for one in scope.orgs if one.startswith(path)),
    )


def _all_of(scope: OrgScope, rows: Iterable[OrganizationRow]) -> OrgScope:
    """Return the part of `scope` at and below several organizations."""
    parts = [narrowed(scope, row.path) for row in rows]
    return OrgScope(
        roots=tuple(root for part in parts for root in part.roots),
        orgs=frozenset(one for part in parts for one in part.orgs),
    )


def org_filter(request: WebRequest) -> OrgFilter:
    """Read `unit` (a name, its initials, a code, 本级 or 下一级) or `org` (an id) from the address.

    Raises:
        OutsideScope: `org` is no organization, or lies outside the person's scope.
    """
    scope = actor_of(request).scope
    typed, number = given(request.GET, "unit"), given(request.GET, "org")
    if typed:
        if typed == NEXT:
            return OrgFilter(_all_of(scope, find_organizations(scope=scope, text=typed)), typed)
        found = find_organizations(scope=scope, text=typed, limit=6)
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
