"""Establish, rename, move, merge and dissolve organizations."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wuju.kit.action import action, touch_everything
from wuju.kit.actors import SEGMENT, TOP, Actor, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.names import initials, pinyin
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, Values, values_of
from wuju.org.models import Organization, Parentage, Profile, Seat, Succession

_MAX_CHILDREN = 9998


class UnknownParent(DomainError):
    def __init__(self, code: str, parent: str) -> None:
        super().__init__(f"组织“{code}”的上级组织代码“{parent}”不存在，请先登记上级组织。")


class CodeTaken(DomainError):
    def __init__(self, code: str) -> None:
        super().__init__(f"组织代码“{code}”已经登记过，请核对代码。")


class CannotStandUnderItself(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不能隶属于自己或自己的下级组织。")


class AlreadyDissolved(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”已经撤销，不能再办理这项变更。")


@dataclass(frozen=True, slots=True)
class OrganizationDraft:
    """An organization about to be registered. `parent_code` is empty only for the county committee."""

    code: str
    name: str
    kind: str
    field: str
    parent_code: str
    established_on: dt.date
    short_name: str = ""
    area_id: int | None = None
    area_kind: str = "none"
    position: int = 0
    tag: str = "none"
    groups: int = 0
    committee_seats: int = 0
    joint_units: int = 0
    households: int = 0
    initials: str = ""
    pinyin: str = ""


@action
def establish_organizations(
    *, drafts: Sequence[OrganizationDraft], actor: Actor, at: dt.datetime, batch: str = ""
) -> list[Organization]:
    """Register organizations, parents before children, in one event.

    Raises:
        CodeTaken: a code is registered already or stands twice in `drafts`.
        UnknownParent: a parent is neither registered nor an earlier draft.
        OutsideScope: a parent lies outside the actor's scope.
    """
    known = _existing(draft.parent_code for draft in drafts)
    _refuse_taken([draft.code for draft in drafts])
    children = _child_counters(known)
    made: list[Organization] = []
    for level in _levels(drafts, known):
        rows = [_organization(draft, known, children, actor) for draft in level]
        Organization.objects.bulk_create(rows)
        known |= {row.code: row for row in rows}
        children |= {row.path: 0 for row in rows}
        made += rows
    parentages = [
        Parentage(organization=row, parent_id=row.parent_id, from_on=row.established_on)
        for row in made
        if row.parent_id
    ]
    by_code = {draft.code: draft for draft in drafts}
    profiles = [_profile(by_code[row.code], row) for row in made]
    Parentage.objects.bulk_create(parentages)
    Profile.objects.bulk_create(profiles)
    ledger.record(
        "organizations.established",
        actor=actor,
        at=at,
        target=f"organization:{made[0].pk}" if len(made) == 1 else f"batch:{batch}",
        org_path=made[0].path if made else actor.unit_path,
        details={"count": len(made)},
        images=[Images.created(rows) for rows in (made, parentages, profiles) if rows],
        batch=batch,
    )
    touch_everything()
    return made


def _existing(codes: Iterable[str]) -> dict[str, Organization]:
    found: dict[str, Organization] = {}
    for part in chunks(sorted(set(codes) - {""})):
        rows = Organization.objects.filter(code__in=part).select_for_update(no_key=True)
        found |= {row.code: row for row in rows.order_by("id")}
    return found


def _refuse_taken(codes: list[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise CodeTaken(code)
        seen.add(code)
    for part in chunks(codes):
        taken = Organization.objects.filter(code__in=part).values_list("code", flat=True).first()
        if taken:
            raise CodeTaken(taken)


def _child_counters(known: dict[str, Organization]) -> dict[str, int]:
    """Return, for each known path, the highest child number in use."""
    counters: dict[str, int] = {}
    for row in known.values():
        last = (
            Organization.objects.filter(parent=row)
            .order_by("-path")
            .values_list("path", flat=True)
            .first()
        )
        counters[row.path] = int(last[-SEGMENT:]) if last else 0
    return counters


def _levels(
    drafts: Sequence[OrganizationDraft], known: dict[str, Organization]
) -> Iterable[list[OrganizationDraft]]:
    """Yield drafts in layers, each layer's parents known before it."""
    ready, waiting = set(known), list(drafts)
    while waiting:
        level = [d for d in waiting if not d.parent_code or d.parent_code in ready]
        if not level:
            raise UnknownParent(waiting[0].code, waiting[0].parent_code)
        yield level
        ready |= {draft.code for draft in level}
        waiting = [draft for draft in waiting if draft.code not in ready]


def _organization(
    draft: OrganizationDraft,
    known: dict[str, Organization],
    children: dict[str, int],
    actor: Actor,
) -> Organization:
    parent = known[draft.parent_code] if draft.parent_code else None
    if parent is None:
        path = TOP
    else:
        actor.scope.require(parent.path)
        children[parent.path] += 1
        if children[parent.path] > _MAX_CHILDREN:
            raise DomainError(f"“{parent.name}”的下级组织已满，请先调整隶属关系。")
        path = f"{parent.path}{children[parent.path]:0{SEGMENT}d}"
    return Organization(
        code=draft.code,
        name=draft.name,
        short_name=draft.short_name or draft.name,
        initials=draft.initials or initials(draft.short_name or draft.name),
        pinyin=draft.pinyin or pinyin(draft.short_name or draft.name),
        kind=draft.kind,
        field=draft.field,
        area_id=draft.area_id,
        parent=parent,
        path=path,
        position=draft.position,
        established_on=draft.established_on,
    )


def _profile(draft: OrganizationDraft, row: Organization) -> Profile:
    return Profile(
        organization=row,
        valid_from=row.established_on,
        kind=row.kind,
        field=row.field,
        area_kind=draft.area_kind,
        tag=draft.tag,
        groups=draft.groups,
        committee_seats=draft.committee_seats,
        joint_units=draft.joint_units,
        households=draft.households,
    )


def _locked(organization_id: int, actor: Actor) -> Organization:
    """Return the organization, locked until commit, if the actor may act on it."""
    row = Organization.objects.select_for_update(no_key=True).loaded().get(pk=organization_id)
    if not actor.scope.covers(row.path):
        raise OutsideScope
    return row


@action
def rename_organization(
    *, organization_id: int, name: str, actor: Actor, at: dt.datetime
) -> Organization:
    """Give an organization another name; code, path and records stay."""
    row = _locked(organization_id, actor)
    before = {row.pk: values_of(row)}
    row.name = row.short_name = name
    row.pinyin, row.initials = pinyin(name), initials(name)
    row.version += 1
    row.save(update_fields=["name", "short_name", "pinyin", "initials", "version"])
    ledger.record(
        "organization.renamed",
        actor=actor,
        at=at,
        target=f"organization:{row.pk}",
        org_path=row.path,
        images=[Images.changed(before, [row])],
    )
    return row


@action
def move_organization(
    *, organization_id: int, parent_id: int, on: dt.date, actor: Actor, at: dt.datetime
) -> Organization:
    """Place an organization, with everything below it, under another parent from a day on.

    Records of the time before stay judged by the tree of that time (as reported).

    Raises:
        CannotStandUnderItself: the parent is the organization itself or lies below it.
        OutsideScope: either of them lies outside the actor's scope.
    """
    row, parent = _locked(organization_id, actor), _locked(parent_id, actor)
    if parent.path.startswith(row.path):
        raise CannotStandUnderItself(row.name)
    last = Parentage.objects.filter(organization=row, until_on=None).first()
    images: list[Images] = []
    if last:
        before = {last.pk: values_of(last)}
        last.until_on = on
        last.save(update_fields=["until_on"])
        images.append(Images.changed(before, [last]))
    link = Parentage.objects.create(organization=row, parent=parent, from_on=on)
    images += [Images.created([link]), _repath(row, parent)]
    ledger.record(
        "organization.moved",
        actor=actor,
        at=at,
        target=f"organization:{row.pk}",
        org_path=row.path,
        details={"to": parent.code, "on": on.isoformat()},
        images=images,
    )
    touch_everything()
    return row


def _repath(row: Organization, parent: Organization) -> Images:
    """Give the subtree of `row` its new paths; return the images of the change."""
    counters = _child_counters({parent.code: parent})
    old, new = row.path, f"{parent.path}{counters[parent.path] + 1:0{SEGMENT}d}"
    subtree = list(Organization.objects.filter(path__startswith=old).order_by("path"))
    before: dict[int, Values] = {}
    for node in subtree:
        before[node.pk] = values_of(node)
        node.path = new + node.path[len(old) :]
        node.version += 1
        if node.pk == row.pk:
            node.parent = parent
    Organization.objects.bulk_update(subtree, ["path", "parent", "version"], batch_size=300)
    row.path, row.parent = new, parent
    return Images.changed(before, subtree)


def _end_seats(row: Organization, on: dt.date) -> list[Images]:
    """End the posts of a body whose organization ends: nobody inherits a seat."""
    held = list(Seat.objects.filter(organization=row, until_on=None, from_on__lt=on))
    before = {seat.pk: values_of(seat) for seat in held}
    for seat in held:
        seat.until_on = on
    Seat.objects.bulk_update(held, ["until_on"], batch_size=200)
    return [Images.changed(before, held)] if held else []


@action
def merge_organization(
    *, predecessor_id: int, successor_id: int, on: dt.date, actor: Actor, at: dt.datetime
) -> None:
    """Dissolve one organization into another (合并): the successor inherits duties and records.

    Raises:
        AlreadyDissolved: one of them is dissolved.
    """
    old, new = _locked(predecessor_id, actor), _locked(successor_id, actor)
    for row in (old, new):
        if row.dissolved_on:
            raise AlreadyDissolved(row.name)
    before = {old.pk: values_of(old)}
    old.dissolved_on = on
    old.version += 1
    old.save(update_fields=["dissolved_on", "version"])
    link = Succession.objects.create(predecessor=old, successor=new, on=on)
    ended = _end_seats(old, on)
    ledger.record(
        "organization.merged",
        actor=actor,
        at=at,
        target=f"organization:{old.pk}",
        org_path=old.path,
        details={"into": new.code, "on": on.isoformat()},
        images=[Images.changed(before, [old]), Images.created([link]), *ended],
    )
    touch_everything()


@action
def dissolve_organization(
    *, organization_id: int, on: dt.date, actor: Actor, at: dt.datetime
) -> None:
    """Dissolve an organization nobody succeeds; its duties end with the last full period."""
    row = _locked(organization_id, actor)
    if row.dissolved_on:
        raise AlreadyDissolved(row.name)
    before = {row.pk: values_of(row)}
    row.dissolved_on = on
    row.version += 1
    row.save(update_fields=["dissolved_on", "version"])
    ended = _end_seats(row, on)
    ledger.record(
        "organization.dissolved",
        actor=actor,
        at=at,
        target=f"organization:{row.pk}",
        org_path=row.path,
        details={"on": on.isoformat()},
        images=[Images.changed(before, [row]), *ended],
    )
    touch_everything()
