"""Organizations (党组织) as a sheet: how rows land, are undone and exported."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wuju.kit.actors import Actor, OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.names import initials, pinyin
from wuju.kit.sheets.registry import (
    ExportRow,
    LandingResult,
    RowChange,
    SheetKind,
    StagedRow,
    register,
)
from wuju.kit.strict import chunks
from wuju.ledger.putback.actions import put_back
from wuju.ledger.putback.images import Snapshot, differences, snapshot

from . import actions
from .checking import Registered, prepare, registered
from .columns import COLUMNS
from .models import AreaCode, Organization, Parentage, Profile, Succession

type Who = tuple[Actor, dt.datetime]


class ChangedWhileLanding(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(f"第 {number} 行的组织刚刚有变更，本批没有任何一行落库，请重新落库一次。")


# --------------------------------------------------------------------------------------- land


def land(
    rows: Sequence[StagedRow],
    *,
    actor: Actor,
    at: dt.datetime,
    batch: str,
    options: Mapping[str, str],
) -> LandingResult:
    """Establish, rename, move, merge or dissolve, in this order, sheet order within each.

    Raises:
        ChangedWhileLanding: an organization was changed after the rows were prepared.
        OutsideScope: an organization lies outside the actor's scope.
    """
    del options
    new = [row for row in rows if row.target is None]
    changed = [row for row in rows if row.target is not None]
    known = registered(
        str(row.values[name]) for row in rows for name in _CODES if name in row.values
    )
    _refuse_changed(changed, known)
    before = _images(_affected(changed))
    made: list[Organization] = []
    if new:
        drafts = [_draft(row) for row in new]
        made = actions.establish_organizations(drafts=drafts, actor=actor, at=at, batch=batch)
    ids = {code: one.id for code, one in known.items()} | {row.code: row.pk for row in made}
    _rename(changed, (actor, at))
    _move(changed, ids, (actor, at))
    _end(rows, ids, (actor, at))
    numbers = {ids[str(row.values["code"])]: row.number for row in rows}
    after = _images({row.pk for row in made} | _affected(changed))
    undo = _ordered(before, after, numbers)
    return LandingResult(created=len(new), updated=len(changed), undo=tuple(undo))


_CODES = ("code", "parent", "merged_into")


def _refuse_changed(rows: Iterable[StagedRow], known: Mapping[str, Registered]) -> None:
    for row in rows:
        one = known.get(str(row.values["code"]))
        if one is None or str(one.version) != row.row_version:
            raise ChangedWhileLanding(row.number)


def _draft(row: StagedRow) -> actions.OrganizationDraft:
    values = row.values
    established = values["established_on"]
    area = values.get("area_id")
    name = str(values["name"])
    assert isinstance(established, dt.date)  # noqa: S101 - prepare requires it of new rows
    return actions.OrganizationDraft(
        code=str(values["code"]),
        name=name,
        kind=str(values["kind"]),
        field=str(values["field"]),
        parent_code=str(values.get("parent", "")),
        established_on=established,
        area_id=area if isinstance(area, int) else None,
        area_kind=str(values.get("area_kind", "none")),
        initials=initials(name)[:100],
        pinyin=pinyin(name)[:300],
    )


def _changes(row: StagedRow, name: str) -> bool:
    return row.cell_states.get(name) == "change"


def _rename(rows: Sequence[StagedRow], who: Who) -> None:
    for row in rows:
        if row.target is not None and _changes(row, "name"):
            actions.rename_organization(
                organization_id=row.target, name=str(row.values["name"]), actor=who[0], at=who[1]
            )


def _move(rows: Sequence[StagedRow], ids: Mapping[str, int], who: Who) -> None:
    for row in rows:
        on = row.values.get("moved_on")
        if row.target is not None and _changes(row, "parent") and isinstance(on, dt.date):
            actions.move_organization(
                organization_id=row.target,
                parent_id=ids[str(row.values["parent"])],
                on=on,
                actor=who[0],
                at=who[1],
            )


def _end(rows: Sequence[StagedRow], ids: Mapping[str, int], who: Who) -> None:
    """Merge or dissolve what ends. New rows may end as well: history is often entered at once."""
    for row in rows:
        on = row.values.get("dissolved_on")
        ends = row.target is None or _changes(row, "dissolved_on")
        if not (ends and isinstance(on, dt.date)):
            continue
        own, into = ids[str(row.values["code"])], str(row.values.get("merged_into", ""))
        if into:
            actions.merge_organization(
                predecessor_id=own, successor_id=ids[into], on=on, actor=who[0], at=who[1]
            )
        else:
            actions.dissolve_organization(organization_id=own, on=on, actor=who[0], at=who[1])


# --------------------------------------------------------------------------------------- undo


def _affected(rows: Sequence[StagedRow]) -> set[int]:
    """Return the organizations that changes may touch: the rows' own, and what hangs below movers."""
    own = {row.target for row in rows if row.target is not None}
    movers = [row.target for row in rows if row.target is not None and _changes(row, "parent")]
    below: set[int] = set()
    for path in Organization.objects.filter(pk__in=movers).values_list("path", flat=True):
        below |= set(
            Organization.objects.filter(path__startswith=path).values_list("id", flat=True)
        )
    return own | below


def _images(orgs: set[int]) -> Snapshot:
    found: Snapshot = {}
    parts = chunks(sorted(orgs))
    for part in parts:
        found |= snapshot(Organization.objects.filter(pk__in=part).order_by("id"))
    for part in parts:
        found |= snapshot(
            Profile.objects.filter(organization_id__in=part).order_by("id"),
            Parentage.objects.filter(organization_id__in=part).order_by("id"),
            Succession.objects.filter(predecessor_id__in=part).order_by("id"),
        )
    return found


def _ordered(before: Snapshot, after: Snapshot, numbers: Mapping[int, int]) -> list[RowChange]:
    """Return the changes so that undoing them last first works: created organizations, links, then the rest.

    A path that one organization left may be the new one of another: changed organizations
    stand in the order in which the sheet moved them.
    """
    places = {
        (label, pk): numbers.get(_organization_of(label, pk, image), 0)
        for (label, pk), image in after.items()
    }
    found = differences(before, after, places)
    own = Organization._meta.label
    created = [c for c in found if c.model == own and c.before is None]
    links = [c for c in found if c.model != own]
    changed = [c for c in found if c.model == own and c.before is not None]
    return [
        *created,
        *(c for c in links if c.before is not None),
        *sorted((c for c in links if c.before is None), key=lambda c: c.model),
        *sorted(changed, key=lambda c: c.number),
    ]


def _organization_of(label: str, pk: int, image: Mapping[str, object]) -> int:
    if label == Organization._meta.label:
        return pk
    owner = image.get("organization_id", image.get("predecessor_id"))
    assert isinstance(owner, int)  # noqa: S101 - a foreign key
    return owner


def undo(changes: Sequence[RowChange], *, actor: Actor, at: dt.datetime, batch: str) -> int:
    """Return organizations to what they were; new ones go only if nothing hangs on them.

    Raises:
        OutsideScope: an organization lies outside the actor's scope.
        DomainError: see `ledger.putback`.
    """
    for change in changes:
        if change.model == Organization._meta.label:
            actor.scope.require(str(change.after["path"]))
    return put_back(changes=changes, actor=actor, at=at, batch=batch)


# ------------------------------------------------------------------------------------- export


def export(*, scope: OrgScope, today: dt.date) -> Iterator[ExportRow]:
    """Yield the organizations inside the scope in official order, dissolved ones included."""
    del today
    rows = list(
        Organization.objects.visible_to(scope).select_related("parent").order_by("path").loaded()
    )
    moved = _last_moves(rows)
    heirs = dict(
        Succession.objects.filter(inherits_rows=True)
        .order_by("id")
        .values_list("predecessor_id", "successor__code")
    )
    codes = _area_codes({row.area_id for row in rows if row.area_id})
    for row in rows:
        edition, code = codes.get(row.area_id or 0, ("", ""))
        yield ExportRow(
            values={
                "code": row.code,
                "name": row.name,
                "kind": row.kind,
                "parent": row.parent.code if row.parent else None,
                "moved_on": moved.get(row.pk),
                "field": row.field,
                "area_code": code or None,
                "area_edition": edition or None,
                "established_on": row.established_on,
                "dissolved_on": row.dissolved_on,
                "merged_into": heirs.get(row.pk),
            },
            key=row.code,
            version=str(row.version),
        )


def _last_moves(rows: Sequence[Organization]) -> dict[int, dt.date]:
    """Return {organization: day of its last move}; one that never moved is left out."""
    born = {row.pk: row.established_on for row in rows}
    present = Parentage.objects.filter(until_on=None).values_list("organization_id", "from_on")
    return {org: on for org, on in present if org in born and on != born[org]}


def _area_codes(areas: set[int]) -> dict[int, tuple[str, str]]:
    """Return {area: (scheme and edition, code)}, the newest edition of each area."""
    found: dict[int, tuple[str, str]] = {}
    for part in chunks(sorted(areas)):
        for area, scheme, edition, code in (
            AreaCode.objects.filter(area_id__in=part)
            .order_by("edition", "id")
            .values_list("area_id", "scheme", "edition", "code")
        ):
            found[area] = (f"{scheme} {edition}", code)
    return found


register(
    SheetKind(
        code="orgs",
        title="党组织",
        columns=COLUMNS,
        natural_key="组织代码",
        prepare=prepare,
        land=land,
        undo=undo,
        export=export,
        order=10,
        help="新建、更名、隶属变更、撤销与合并；其他资料的变更不在本表办理。",
    )
)
