"""Overwrite mirrored values from a newer roster; a change of membership opens a new dated row."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from wuju.access.roles import require
from wuju.kit import crypto
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, Values, values_of
from wuju.people.models import Member, Membership

from .landing import CONTEXT


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
    if not rows:
        return []
    before = {row.pk: values_of(row) for row in rows}
    for row in rows:
        for name, value in wanted[row.pk].items():
            _set(row, name, value)
        row.as_of = as_of
        row.version += 1
    named = {name for values in wanted.values() for name in values}
    columns = {"as_of", "version"} | {c for name in named for c in _COLUMNS.get(name, (name,))}
    Member.objects.bulk_update(rows, sorted(columns), batch_size=200)
    _touch_owners(sorted(wanted))
    return [Images.changed(before, rows)]


_COLUMNS = {"id_number": ("id_cipher", "id_index"), "phone": ("phone_cipher",)}


def _touch_owners(member_ids: list[int]) -> None:
    """Touch `member` where they belong: dates of joining are columns of that fact."""
    touch("member", homes_of(member_ids))


def homes_of(member_ids: Iterable[int]) -> set[int]:
    """Return the organizations members belong or belonged to, whose standings their rows change.

    Nobody moves them elsewhere until commit: the new home would be judged without the rows.
    """
    found: set[int] = set()
    for part in chunks(sorted(set(member_ids))):
        rows = Membership.objects.filter(member_id__in=part)
        if connection.features.has_select_for_update:
            list(rows.select_for_update(no_key=True).order_by("id").values_list("id"))
        found |= set(rows.values_list("organization_id", flat=True))
    return found


def _set(row: Member, name: str, value: object) -> None:
    if name == "id_number":
        row.id_cipher = crypto.encrypt(str(value), f"{CONTEXT}.id")
        row.id_index = crypto.blind_index(str(value), "id")
    elif name == "phone":
        row.phone_cipher = crypto.encrypt(str(value), f"{CONTEXT}.phone")
    else:
        setattr(row, name, value)


def _reopen(changes: Sequence[MemberChange], as_of: dt.date) -> list[Images]:
    """Close the present membership rows that change and open their successors on `as_of`."""
    wanted = {change.member_id: change.membership for change in changes if change.membership}
    present: list[Membership] = []
    for part in chunks(sorted(wanted)):
        present += (
            Membership.objects.filter(member_id__in=part, until_on=None)
            .select_for_update(no_key=True)
            .order_by("id")
        )
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
        opened.append(continued(row, as_of, wanted[row.member_id]))
    Membership.objects.bulk_update(
        present,
        [
            "until_on",
            "organization",
            "category",
            "state",
            "exempt",
            "exempt_document",
            "post",
            "migrant",
        ],
        batch_size=200,
    )
    Membership.objects.bulk_create(opened)
    touch("member", touched | {row.organization_id for row in opened})
    images = [Images.changed(before, present)]
    return [*images, Images.created(opened)] if opened else images


def continued(row: Membership, on: dt.date, values: dict[str, object]) -> Membership:
    new = Membership(
        member_id=row.member_id,
        organization_id=row.organization_id,
        from_on=on,
        category=row.category,
        state=row.state,
        exempt=row.exempt,
        exempt_document=row.exempt_document,
        post=row.post,
        migrant=row.migrant,
    )
    for name, value in values.items():
        setattr(new, name, value)
    return new
