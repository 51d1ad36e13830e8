"""Move the organizational affiliation of members; reveal an identifier with a reason."""

import datetime as dt

from wuju.access.roles import require
from wuju.kit import crypto
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization
from wuju.people.models import Membership

from .changing import continued
from .landing import CONTEXT


class ReasonNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("查看完整号码须写明理由，请填写后再试。")


class NotOnTheRoster(DomainError):
    def __init__(self) -> None:
        super().__init__("该党员不在您的管理范围内，请核对组织关系所在支部。")


class TransferBeforeArrival(DomainError):
    def __init__(self) -> None:
        super().__init__("转出日期必须晚于转入本支部的日期，请核对日期。")


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
        .select_for_update(of=("self",), no_key=True)
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
    new = continued(row, on, {"organization_id": target.pk, "post": "none"})
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
def move_everybody(*, from_id: int, to_id: int, on: dt.date, actor: Actor, at: dt.datetime) -> int:
    """Move every present member of one organization to another from a day on; return how many.

    Used when an organization is merged into another; posts held in the old one end.
    """
    require(actor, "keep_members")
    source, target = (Organization.objects.get(pk=pk) for pk in (from_id, to_id))
    for organization in (source, target):
        actor.scope.require(organization.path)
    present = list(
        Membership.objects.filter(organization=source, until_on=None)
        .select_for_update(no_key=True)
        .order_by("id")
    )
    before = {row.pk: values_of(row) for row in present}
    opened = []
    for row in present:
        if row.from_on < on:
            row.until_on = on
            opened.append(continued(row, on, {"organization_id": target.pk, "post": "none"}))
        else:  # joined after the day: the old organization was gone, so this is a correction
            row.organization, row.post = target, "none"
    Membership.objects.bulk_update(present, ["until_on", "organization", "post"], batch_size=200)
    Membership.objects.bulk_create(opened)
    touch("member", [source.pk, target.pk])
    ledger.record(
        "members.moved",
        actor=actor,
        at=at,
        target=f"organization:{source.pk}",
        org_path=source.path,
        details={"to": target.code, "on": on.isoformat(), "count": len(present)},
        images=[
            images
            for images in (
                Images.changed(before, present) if present else None,
                Images.created(opened) if opened else None,
            )
            if images
        ],
    )
    return len(present)


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
        "id_number": crypto.decrypt(member.id_cipher, f"{CONTEXT}.id") if member.id_cipher else "",
        "phone": crypto.decrypt(member.phone_cipher, f"{CONTEXT}.phone")
        if member.phone_cipher
        else "",
    }
