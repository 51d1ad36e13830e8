"""Everything that changes members: land a roster, transfer, exempt; reveal an identifier."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from wuju.access.roles import require
from wuju.kit import crypto
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, Values, values_of
from wuju.org.models import Organization

from .models import Member, Membership, Roster

_CONTEXT = "people.Member"


class ReasonNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("查看完整号码须写明理由，请填写后再试。")


class NotOnTheRoster(DomainError):
    def __init__(self) -> None:
        super().__init__("该党员不在您的管理范围内，请核对组织关系所在支部。")


class TransferBeforeArrival(DomainError):
    def __init__(self) -> None:
        super().__init__("转出日期必须晚于转入本支部的日期，请核对日期。")


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A member about to be mirrored, identifiers still in clear. `row_key` is stable per person."""

    row_key: str
    organization_id: int
    name: str
    sex: str
    category: str
    from_on: dt.date
    born_on: dt.date | None = None
    ethnicity: str = ""
    education: str = ""
    id_number: str = ""
    phone: str = ""
    joined_on: dt.date | None = None
    full_on: dt.date | None = None
    migrant: bool = False
    exempt_reason: str = "none"
    post: str = "none"


@action
def land_members(
    *,
    drafts: Sequence[MemberDraft],
    as_of: dt.date,
    actor: Actor,
    at: dt.datetime,
    batch: str = "",
) -> list[Member]:
    """Mirror new members in bulk, one event; identifiers are encrypted before they are stored."""
    require(actor, "keep_members")
    members = [_sealed(draft, as_of) for draft in drafts]
    Member.objects.bulk_create(members)
    memberships = [
        Membership(
            member=member,
            organization_id=draft.organization_id,
            from_on=draft.from_on,
            category=draft.category,
            exempt_reason=draft.exempt_reason,
            post=draft.post,
            migrant=draft.migrant,
        )
        for member, draft in zip(members, drafts, strict=True)
    ]
    Membership.objects.bulk_create(memberships)
    touch("member", {draft.organization_id for draft in drafts})
    ledger.record(
        "members.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(members), "as_of": as_of.isoformat()},
        images=[Images.created(members), Images.created(memberships)] if members else [],
        batch=batch,
    )
    return members


def _sealed(draft: MemberDraft, as_of: dt.date) -> Member:
    return Member(
        row_key=draft.row_key,
        name=draft.name,
        sex=draft.sex,
        born_on=draft.born_on,
        ethnicity=draft.ethnicity,
        education=draft.education,
        id_cipher=crypto.encrypt(draft.id_number, f"{_CONTEXT}.id") if draft.id_number else "",
        id_index=crypto.blind_index(draft.id_number, "id") if draft.id_number else "",
        phone_cipher=crypto.encrypt(draft.phone, f"{_CONTEXT}.phone") if draft.phone else "",
        joined_on=draft.joined_on,
        full_on=draft.full_on,
        as_of=as_of,
    )


@dataclass(frozen=True, slots=True)
class MemberChange:
    """New values for a mirrored member; None leaves a value as it is."""

    member_id: int
    values: dict[str, object]  # Member columns in clear: name, sex, …, id_number, phone
    membership: dict[str, object]  # Membership columns: organization_id, category, migrant, …


@action
def change_members(
    *,
    changes: Sequence[MemberChange],
    as_of: dt.date,
    actor: Actor,
    at: dt.datetime,
    batch: str = "",
) -> None:
    """Overwrite mirrored values from a newer roster; what changes about membership opens a new row.

    The rows take effect on `as_of` (名册截至日期).
    """
    require(actor, "keep_members")
    images = _overwrite(changes, as_of) + _reopen(changes, as_of)
    ledger.record(
        "members.changed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(changes), "as_of": as_of.isoformat()},
        images=images,
        batch=batch,
    )


def _overwrite(changes: Sequence[MemberChange], as_of: dt.date) -> list[Images]:
    wanted = {change.member_id: change.values for change in changes if change.values}
    rows: list[Member] = []
    for part in chunks(sorted(wanted)):
        rows += Member.objects.filter(pk__in=part).order_by("id")
    before = {row.pk: values_of(row) for row in rows}
    for row in rows:
        for name, value in wanted[row.pk].items():
            _set(row, name, value)
        row.as_of = as_of
        row.version += 1
    if not rows:
        return []
    columns = [
        "name", "sex", "born_on", "ethnicity", "education", "id_cipher", "id_index",
        "phone_cipher", "joined_on", "full_on", "as_of", "version",
    ]  # fmt: skip
    Member.objects.bulk_update(rows, columns, batch_size=200)
    return [Images.changed(before, rows)]


def _set(row: Member, name: str, value: object) -> None:
    if name == "id_number":
        row.id_cipher = crypto.encrypt(str(value), f"{_CONTEXT}.id")
        row.id_index = crypto.blind_index(str(value), "id")
    elif name == "phone":
        row.phone_cipher = crypto.encrypt(str(value), f"{_CONTEXT}.phone")
    else:
        setattr(row, name, value)


def _reopen(changes: Sequence[MemberChange], as_of: dt.date) -> list[Images]:
    """Close the present membership rows that change and open their successors on `as_of`."""
    wanted = {change.member_id: change.membership for change in changes if change.membership}
    present: list[Membership] = []
    for part in chunks(sorted(wanted)):
        present += Membership.objects.filter(member_id__in=part, until_on=None).order_by("id")
    if not present:
        return []
    before: dict[int, Values] = {row.pk: values_of(row) for row in present}
    opened: list[Membership] = []
    touched: set[int] = set()
    for row in present:
        touched.add(row.organization_id)
        if row.from_on >= as_of:  # same day: correct the row instead of opening an empty one
            for name, value in wanted[row.member_id].items():
                setattr(row, name, value)
            touched.add(row.organization_id)
            continue
        row.until_on = as_of
        opened.append(_continued(row, as_of, wanted[row.member_id]))
    Membership.objects.bulk_update(
        present,
        ["until_on", "organization", "category", "state", "exempt_reason", "post", "migrant"],
        batch_size=200,
    )
    Membership.objects.bulk_create(opened)
    touch("member", touched | {row.organization_id for row in opened})
    images = [Images.changed(before, present)]
    return [*images, Images.created(opened)] if opened else images


def _continued(row: Membership, on: dt.date, values: dict[str, object]) -> Membership:
    new = Membership(
        member_id=row.member_id,
        organization_id=row.organization_id,
        from_on=on,
        category=row.category,
        state=row.state,
        exempt_reason=row.exempt_reason,
        post=row.post,
        migrant=row.migrant,
    )
    for name, value in values.items():
        setattr(new, name, value)
    return new


@action
def transfer_member(
    *, member_id: int, to_organization_id: int, on: dt.date, actor: Actor, at: dt.datetime
) -> None:
    """Move a member's organizational affiliation (组织关系转接) from a day on.

    Records of the old organization stay with it; person coverage follows the member.
    Source: 中国共产党党员教育管理工作条例 第二十五条.

    Raises:
        NotOnTheRoster: the member or the receiving organization is outside the scope.
        TransferBeforeArrival: the day is not after the present membership began.
    """
    require(actor, "keep_members")
    row = (
        Membership.objects.select_related("organization")
        .select_for_update(of=("self",))
        .filter(member_id=member_id, until_on=None)
        .first()
    )
    if row is None or not actor.scope.covers(row.organization.path):
        raise NotOnTheRoster
    target = Organization.objects.get(pk=to_organization_id)
    if on <= row.from_on:
        raise TransferBeforeArrival
    before = {row.pk: values_of(row)}
    row.until_on = on
    row.save(update_fields=["until_on"])
    new = _continued(row, on, {"organization_id": target.pk, "post": "none"})
    new.save(force_insert=True)
    touch("member", [row.organization_id, target.pk])
    ledger.record(
        "member.transferred",
        actor=actor,
        at=at,
        target=f"member:{member_id}",
        org_path=row.organization.path,
        details={"to": target.code, "on": on.isoformat()},
        images=[Images.changed(before, [row]), Images.created([new])],
    )


@action
def reveal_identifier(
    *, member_id: int, reason: str, actor: Actor, at: dt.datetime
) -> dict[str, str]:
    """Return {"id_number", "phone"} in clear; who looked, at whom and why is on the ledger.

    Raises:
        ReasonNeeded: no reason is given.
        NotOnTheRoster: the member is outside the actor's scope.
    """
    require(actor, "reveal")
    if len(reason.strip()) < 2:
        raise ReasonNeeded
    row = (
        Membership.objects.select_related("organization", "member")
        .filter(member_id=member_id, until_on=None)
        .first()
    )
    if row is None or not actor.scope.covers(row.organization.path):
        raise NotOnTheRoster
    ledger.record(
        "member.revealed",
        actor=actor,
        at=at,
        target=f"member:{member_id}",
        org_path=row.organization.path,
        reason=reason.strip(),
    )
    member = row.member
    return {
        "id_number": crypto.decrypt(member.id_cipher, f"{_CONTEXT}.id")
        if member.id_cipher
        else "",
        "phone": crypto.decrypt(member.phone_cipher, f"{_CONTEXT}.phone")
        if member.phone_cipher
        else "",
    }


@action
def undo_members(*, batch: str, member_ids: Sequence[int], actor: Actor, at: dt.datetime) -> int:
    """Take back members that a roster import created; the ledger keeps both events."""
    require(actor, "keep_members")
    memberships = [
        row
        for part in chunks(list(member_ids))
        for row in Membership.objects.filter(member_id__in=part).order_by("id")
    ]
    members = [
        row
        for part in chunks(list(member_ids))
        for row in Member.objects.filter(pk__in=part).order_by("id")
    ]
    images = [Images.deleted(rows) for rows in (memberships, members) if rows]
    touch("member", {row.organization_id for row in memberships})
    for part in chunks([row.pk for row in members]):
        Membership.objects.filter(member_id__in=part).delete()
        Member.objects.filter(pk__in=part).delete()
    ledger.record(
        "members.undone",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(members)},
        images=images,
        batch=batch,
    )
    return len(members)


def ensure_rosters(*, days: dict[int, dt.date], actor: Actor) -> dict[int, Roster]:
    """Return the roster snapshot of each organization on its day, storing new contents once.

    Part of the action that needs it: writes no event of its own, for a snapshot says
    nothing that the memberships do not.

    Args:
        days: organization id -> day.
    """
    del actor
    content = _contents(days)
    found: dict[tuple[int, str], Roster] = {}
    for part in chunks(sorted(content)):
        for row in Roster.objects.filter(organization_id__in=part):
            found[(row.organization_id, row.digest)] = row
    fresh = []
    for org, pairs in content.items():
        digest = hashlib.sha256(repr(pairs).encode()).hexdigest()
        if (org, digest) not in found:
            row = Roster(
                organization_id=org,
                digest=digest,
                size=len(pairs),
                exempt=sum(exempt for _, exempt in pairs),
                member_ids=pairs,
            )
            found[(org, digest)] = row
            fresh.append(row)
        content[org] = pairs
    Roster.objects.bulk_create(fresh)
    return {
        org: found[(org, hashlib.sha256(repr(pairs).encode()).hexdigest())]
        for org, pairs in content.items()
    }


def _contents(days: dict[int, dt.date]) -> dict[int, list[list[int]]]:
    """Return {organization: sorted [[member, exempt 0/1]]} on each one's day."""
    found: dict[int, list[list[int]]] = {org: [] for org in days}
    for part in chunks(sorted(days)):
        rows = Membership.objects.filter(organization_id__in=part, state="normal").order_by(
            "member_id"
        )
        for org, member, exempt, first, until in rows.values_list(
            "organization_id", "member_id", "exempt_reason", "from_on", "until_on"
        ):
            if first <= days[org] and (until is None or until > days[org]):
                found[org].append([member, int(exempt != "none")])
    return found
