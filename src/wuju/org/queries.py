"""Everything that reads organizations. Each takes a scope, returns plain rows."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from wuju.kit.actors import SEGMENT, OrgScope
from wuju.kit.periods import read_day
from wuju.kit.prepared import among, prepared
from wuju.kit.strict import chunks, within

from .models import Organization, Parentage, Profile, Seat, Succession, Term
from .places import NBS, tiles
from .words import BODIES, FIELDS, KINDS, POSTS

FAR = dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One organization as lists show it. `depth` counts from 1, the county committee."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    field: str
    path: str
    parent_id: int | None
    established_on: dt.date
    dissolved_on: dt.date | None

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def field_label(self) -> str:
        return FIELDS[self.field]

    @property
    def depth(self) -> int:
        return len(self.path) // SEGMENT


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One post of a body and who holds it."""

    body: str
    post: str
    holder: str
    from_on: dt.date


@dataclass(frozen=True, slots=True)
class TermRow:
    """The present term."""

    started_on: dt.date
    expires_on: dt.date
    elected_on: dt.date | None
    years: int


def _row(row: Organization) -> OrganizationRow:
    return OrganizationRow(
        id=row.pk,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        field=row.field,
        path=row.path,
        parent_id=row.parent_id,
        established_on=row.established_on,
        dissolved_on=row.dissolved_on,
    )


def organization(*, scope: OrgScope, organization_id: int) -> OrganizationRow:
    """Return one organization.

    Raises:
        OutsideScope: it lies outside the scope, or does not exist (the two look the same).
    """
    row = Organization.objects.loaded().filter(pk=organization_id).first()
    scope.require(row.path if row else "")
    assert row is not None  # noqa: S101 - an empty path is covered by no scope
    return _row(row)


def organization_by_code(*, scope: OrgScope, code: str) -> OrganizationRow | None:
    """Return the organization with this code of ours, or None if unknown or outside."""
    row = Organization.objects.visible_to(scope).loaded().filter(code=code).first()
    return _row(row) if row else None


def organizations(
    *, scope: OrgScope, kinds: Iterable[str] = (), with_dissolved: bool = False
) -> list[OrganizationRow]:
    """List the organizations inside the scope in official order (by path)."""
    rows = Organization.objects.visible_to(scope)
    if not with_dissolved:
        rows = rows.living()
    wanted = list(kinds)
    if wanted:
        rows = rows.filter(kind__in=wanted)
    return [_row(row) for row in rows.order_by("path").loaded()]


def organizations_by_id(*, scope: OrgScope, ids: Iterable[int]) -> list[OrganizationRow]:
    """Return those of the given organizations that lie inside the scope, dissolved ones too."""
    wanted = sorted(set(ids))
    return [
        _row(row)
        for part in chunks(wanted)
        for row in Organization.objects.visible_to(scope).filter(pk__in=part).loaded()
    ]


def children(*, scope: OrgScope, organization_id: int) -> list[OrganizationRow]:
    """List the living organizations directly below one, in official order."""
    rows = Organization.objects.visible_to(scope).living().filter(parent_id=organization_id)
    return [_row(row) for row in rows.order_by("position", "path").loaded()]


def tiles_of(
    *, scope: OrgScope, organization_ids: Iterable[int]
) -> dict[int, tuple[int, int] | None]:
    """Return {organization that leads a township or street: its tile (column, row), None if it has none}."""
    layout = tiles()
    rows = (
        Organization.objects.visible_to(scope)
        .filter(pk__in=list(organization_ids), area__kind__in=("township", "subdistrict"))
        .values_list("id", "area__codes__scheme", "area__codes__edition", "area__codes__code")
    )
    found: dict[int, tuple[int, int] | None] = {}
    for pk, scheme, edition, code in rows:
        tile = layout.get(code) if (scheme, edition) == NBS else None
        found[pk] = found.get(pk) or tile
    return found


def search(*, scope: OrgScope, text: str, limit: int = 30) -> list[OrganizationRow]:
    """Find living organizations by name, pinyin, initials or code, shortest name first."""
    wanted = text.strip()
    if not wanted:
        return []
    found = (
        Organization.objects.visible_to(scope)
        .living()
        .filter(
            Q(name__contains=wanted)
            | Q(initials__startswith=wanted.lower())
            | Q(pinyin__startswith=wanted.lower().replace(" ", ""))
            | Q(code__iexact=wanted)
        )
    )
    rows = [_row(row) for row in found.order_by("path").loaded()[:200]]
    return sorted(rows, key=lambda row: (len(row.name), row.path))[:limit]


def ancestors(*, scope: OrgScope, path: str) -> list[OrganizationRow]:
    """Return the organizations above `path` inside the scope, from the top down."""
    paths = [path[:end] for end in range(SEGMENT, len(path), SEGMENT)]
    rows = Organization.objects.filter(path__in=paths).order_by("path").loaded()
    return [_row(row) for row in rows if scope.covers(row.path)]


def seats(*, scope: OrgScope, organization_id: int, on: dt.date) -> list[SeatRow]:
    """List the seats held on a day, bodies and posts in their official order."""
    rows = Seat.objects.filter(
        within(scope, "organization__path"),
        Q(until_on=None) | Q(until_on__gt=on),
        organization_id=organization_id,
        from_on__lte=on,
    )
    order = {post: n for n, post in enumerate(POSTS)}
    return [
        SeatRow(BODIES[row.body], POSTS[row.post], row.holder, row.from_on)
        for row in sorted(rows, key=lambda seat: (seat.body, order[seat.post], seat.pk))
    ]


def present_term(*, scope: OrgScope, organization_id: int) -> TermRow | None:
    """Return the term that runs, or the last one."""
    row = (
        Term.objects.filter(within(scope, "organization__path"), organization_id=organization_id)
        .order_by("-started_on")
        .first()
    )
    if row is None:
        return None
    return TermRow(row.started_on, row.expires_on, row.elected_on, row.years)


def profile_on(*, scope: OrgScope, organization_id: int, on: dt.date) -> Profile | None:
    """Return the profile valid on a day."""
    return Profile.objects.filter(
        within(scope, "organization__path"),
        Q(valid_until=None) | Q(valid_until__gt=on),
        organization_id=organization_id,
        valid_from__lte=on,
    ).first()


# ------------------------------------------------------------------ structure, for the engine


def lineage(*, scope: OrgScope) -> dict[int, set[int]]:
    """Return {organization: itself and every predecessor whose rows it inherits}."""
    del scope  # structure only: integer ids, no record
    direct: dict[int, set[int]] = {}
    for successor, predecessor in _inheritances():
        direct.setdefault(successor, set()).add(predecessor)
    return {org: {org} | _closed(org, direct) for org in direct}


@prepared
def _inheritances() -> QuerySet[Any, Any]:
    return Succession.objects.filter(inherits_rows=True).values_list(
        "successor_id", "predecessor_id"
    )


def _closed(start: int, direct: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = set(direct.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting |= direct.get(node, set())
    return found


def lives(
    *,
    scope: OrgScope,
    orgs: Iterable[int] | None = None,
    inherited: dict[int, set[int]] | None = None,
) -> list[tuple[int, dt.date, dt.date | None]]:
    """Return (organization, established, dissolved); a successor counts from its earliest predecessor.

    `inherited` is what `lineage` returns, if the caller has asked already.
    """
    rows = (
        {
            pk: (established, dissolved)
            for pk, established, dissolved in Organization.objects.values_list(
                "id", "established_on", "dissolved_on"
            )
        }
        if orgs is None
        else _lives_of(list(orgs))
    )
    inherited = lineage(scope=scope) if inherited is None else inherited
    if orgs is not None:
        missing = {p for org in rows for p in inherited.get(org, ())} - set(rows)
        older = _lives_of(sorted(missing))
    else:
        older = {}
    every = rows | older
    return [
        (org, min(every[p][0] for p in inherited.get(org, {org}) if p in every), dissolved)
        for org, (_, dissolved) in rows.items()
    ]


def _lives_of(orgs: list[int]) -> dict[int, tuple[dt.date, dt.date | None]]:
    found: dict[int, tuple[dt.date, dt.date | None]] = {}
    for part in chunks(orgs):
        for pk, established, dissolved in _lives(part):
            found[pk] = (established, dissolved)
    return found


@prepared
def _lives(orgs: Sequence[int]) -> QuerySet[Any, Any]:
    return Organization.objects.filter(pk__in=orgs).values_list(
        "id", "established_on", "dissolved_on"
    )


def parent_spans(
    *, scope: OrgScope, orgs: Iterable[int] | None = None
) -> dict[int, list[tuple[int, dt.date, dt.date]]]:
    """Return {organization: [(parent, from, until exclusive, FAR if open)]}; ancestors included."""
    del scope
    rows = (
        Parentage.objects.values_list("organization_id", "parent_id", "from_on", "until_on")
        if orgs is None
        else _spans_above(sorted(set(orgs)))
    )
    found: dict[int, list[tuple[int, dt.date, dt.date]]] = {}
    for org, parent, first, until in rows:
        found.setdefault(org, []).append((parent, first, until or FAR))
    return found


_ABOVE = """
WITH RECURSIVE above(id) AS (
  SELECT id FROM org_organization WHERE {chosen}
  UNION SELECT p.parent_id FROM org_parentage p JOIN above a ON p.organization_id = a.id
)
SELECT p.id, p.organization_id, p.parent_id, p.from_on, p.until_on
FROM above a CROSS JOIN org_parentage p WHERE p.organization_id = a.id"""
# Sorted below: asked to sort by a key it has an index for, SQLite would read all links in its order.


def _spans_above(orgs: list[int]) -> Iterator[tuple[int, int, dt.date, dt.date | None]]:
    """Yield the links of these organizations and of everything above them, in one question."""
    with connection.cursor() as cursor:
        chosen, ids = among("id", orgs)
        cursor.execute(_ABOVE.format(chosen=chosen), [ids])
        rows = sorted(cursor.fetchall())
    for _, org, parent, first, until in rows:
        yield org, parent, read_day(first), until and read_day(until)


def closure(
    *, scope: OrgScope, orgs: Iterable[int] | None = None
) -> list[tuple[int, int, dt.date, dt.date | None]]:
    """Return (ancestor, descendant, from, until) for the given organizations, or all, itself included.

    A chain is valid where all of its links are.
    """
    spans = parent_spans(scope=scope, orgs=orgs)
    starts = (
        list(orgs)
        if orgs is not None
        else list(Organization.objects.order_by("id").values_list("id", flat=True))
    )
    rows: list[tuple[int, int, dt.date, dt.date | None]] = []
    for org in starts:
        waiting = [(org, dt.date.min, FAR)]
        while waiting:
            node, first, until = waiting.pop()
            rows.append((node, org, first, None if until == FAR else until))
            for parent, start, end in spans.get(node, ()):
                low, high = max(first, start), min(until, end)
                if low < high:
                    waiting.append((parent, low, high))
    return rows
