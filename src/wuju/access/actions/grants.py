"""Grants: requested by one named person, approved by another, held by a third."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q

from wuju.access.models import Grant, User
from wuju.access.queries import NoSuchGrant
from wuju.access.roles import GRANTABLE, ROLES, SEPARATED, require
from wuju.access.states import State
from wuju.kit import locks
from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.names import people_in
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization

_ENDING = 0x57554A5A  # one ending at a time, so that two cannot end each other's only successor


class RolesMustStaySeparate(DomainError):
    def __init__(self, held: str) -> None:
        super().__init__(
            f"系统管理员、安全管理员、审计员必须由不同的人担任，且不兼任业务角色；此人同一时间已有“{held}”，"
            "请换人，或先结束原来的授权。"
        )


class UnknownRole(DomainError):
    def __init__(self) -> None:
        super().__init__("没有这个角色，请从列出的角色中选择一项。")


class GrantMustLast(DomainError):
    def __init__(self) -> None:
        super().__init__("授权的截止日期须在开始日期之后、也在今天之后，请改正后再办。")


class OwnGrant(DomainError):
    def __init__(self) -> None:
        super().__init__("不能给自己申请或结束授权，请由另一名管理员办理。")


class ApproverMustBeAnother(DomainError):
    def __init__(self) -> None:
        super().__init__("授权须由申请人、被授权人以外的人批准，请换一名安全管理员办理。")


class GrantExists(DomainError):
    def __init__(self) -> None:
        super().__init__("这个人同一时间已有或已在申请同样的授权，不用重复申请。")


class NotWaiting(DomainError):
    def __init__(self) -> None:
        super().__init__("这条授权已经办理过，请刷新页面查看结果。")


class NotInForce(DomainError):
    def __init__(self) -> None:
        super().__init__("只有已批准、还没到期的授权才能结束；待批准的请退回申请。")


class LastAdministrator(DomainError):
    def __init__(self, role: str) -> None:
        super().__init__(
            f"这是最后一名{ROLES[role]}，结束后无人接手；请先让接任的人获得授权，再结束这一条。"
        )


@dataclass(frozen=True, slots=True)
class Period:
    """From a day (inclusive) until a day (exclusive, None = no end)."""

    from_on: dt.date
    until_on: dt.date | None

    def overlapping(self) -> Q:
        """Return the filter for grants that share at least one day with this period."""
        shares = Q(until_on=None) | Q(until_on__gt=self.from_on) & Q(until_on__gt=F("from_on"))
        return shares & Q(from_on__lt=self.until_on) if self.until_on else shares


@action
def request_grant(
    *,
    user: User,
    role: str,
    organization: Organization,
    whole_subtree: bool = True,
    from_on: dt.date,
    until_on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Grant:
    """Ask for a role over an organization, with or without everything below it; nothing is held yet.

    Raises:
        UnknownRole: no person can hold such a role.
        GrantMustLast: it would be over before it begins, or is over already.
        OwnGrant: the actor asks for themself.
        GrantExists: the same is held or asked for already.
        RolesMustStaySeparate: see `approve_grant`.
        NotGranted, OutsideScope: it is not the actor's to request.
    """
    require(actor, "request_grant")
    actor.scope.require(organization.path)
    if role not in GRANTABLE:
        raise UnknownRole
    if until_on is not None and until_on <= max(from_on, at.date()):
        raise GrantMustLast
    if actor.user_id == user.pk:
        raise OwnGrant
    _lock_person(user.pk)
    period = Period(from_on, until_on)
    same = Grant.objects.exclude(state=State.REFUSED).filter(
        period.overlapping(),
        user=user,
        role=role,
        organization=organization,
        whole_subtree=whole_subtree,
    )
    if same.exists():
        raise GrantExists
    _keep_apart(user.pk, role, period)
    grant = Grant.objects.create(
        user=user,
        role=role,
        organization=organization,
        whole_subtree=whole_subtree,
        from_on=from_on,
        until_on=until_on,
        requested_by=actor.name,
        requester_id=actor.user_id,
        requested_on=at.date(),
    )
    _record("grant.requested", grant, actor, at, Images.created([grant]))
    return grant


@action
def approve_grant(*, grant_id: int, actor: Actor, at: dt.datetime) -> Grant:
    """Put a requested grant in force; from now on the person holds the role.

    Raises:
        ApproverMustBeAnother: the actor requested it or would receive it.
        RolesMustStaySeparate: the person would, on some day, hold two of the three separated
            roles, or one of them together with a business role (等级保护 三员分立).
        NotWaiting: it was approved or refused already.
        GrantMustLast: it has run out while it waited.
        NotGranted, OutsideScope: it is not the actor's to approve.
    """
    require(actor, "approve_grant")
    grant = _waiting(grant_id, actor)
    if "system" not in actor.roles and _is_party_to(grant, actor):
        raise ApproverMustBeAnother
    if grant.until_on is not None and grant.until_on <= at.date():
        raise GrantMustLast
    _keep_apart(grant.user_id, grant.role, Period(grant.from_on, grant.until_on))
    before = {grant.pk: values_of(grant)}
    grant.state, grant.approved_by, grant.approver_id = State.APPROVED, actor.name, actor.user_id
    grant.save(update_fields=["state", "approved_by", "approver"])
    _record("role.granted", grant, actor, at, Images.changed(before, [grant]))
    return grant


@action
def refuse_grant(*, grant_id: int, reason: str, actor: Actor, at: dt.datetime) -> Grant:
    """Turn a request down, or, as the one who may request, withdraw it; the reason stays on record.

    Raises:
        NotWaiting: it was approved or refused already.
        NotGranted, OutsideScope: it is not the actor's to refuse.
    """
    require(actor, "refuse_grant")
    grant = _waiting(grant_id, actor)
    before = {grant.pk: values_of(grant)}
    grant.state, grant.refused_by, grant.refusal = State.REFUSED, actor.name, reason
    grant.save(update_fields=["state", "refused_by", "refusal"])
    _record("grant.refused", grant, actor, at, Images.changed(before, [grant]), reason)
    return grant


@action
def end_grant(*, grant_id: int, reason: str, actor: Actor, at: dt.datetime) -> Grant:
    """End an approved grant today: the role is gone with the next page the person opens.

    Raises:
        NotInForce: it was never approved, or is over.
        OwnGrant: the actor holds it.
        LastAdministrator: nobody else would hold this separated role today.
        NotGranted, OutsideScope: it is not the actor's to end.
    """
    require(actor, "end_grant")
    locks.take(_ENDING)
    grant = _locked(grant_id, actor)
    today = at.date()
    if grant.state != State.APPROVED or (grant.until_on and grant.until_on <= today):
        raise NotInForce
    if grant.user_id == actor.user_id:
        raise OwnGrant
    if grant.role in SEPARATED and not _somebody_else(grant, today):
        raise LastAdministrator(grant.role)
    before = {grant.pk: values_of(grant)}
    grant.until_on = max(today, grant.from_on)
    grant.save(update_fields=["until_on"])
    _record("grant.ended", grant, actor, at, Images.changed(before, [grant]), reason)
    return grant


@action
def grant_role(
    *,
    user: User,
    role: str,
    organization: Organization,
    whole_subtree: bool = True,
    from_on: dt.date,
    until_on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Grant:
    """Request and approve in one hand, at set-up and in the demo, where nobody else can.

    The ledger holds both steps under the name of the one job that took them.

    Raises:
        NotGranted: the actor is a person.
    """
    require(actor, "set_up")
    grant = request_grant(
        user=user,
        role=role,
        organization=organization,
        whole_subtree=whole_subtree,
        from_on=from_on,
        until_on=until_on,
        actor=actor,
        at=at,
    )
    return approve_grant(grant_id=grant.pk, actor=actor, at=at)


def _lock_person(user_id: int) -> None:
    """Whoever changes the grants of a person waits for whoever is changing them."""
    User.objects.select_for_update(no_key=True).get(pk=user_id)


def _locked(grant_id: int, actor: Actor) -> Grant:
    """Return a grant inside the actor's scope, its person locked."""
    known = Grant.objects.select_related("organization").filter(pk=grant_id).first()
    if known is None or not actor.scope.covers(known.organization.path):
        raise NoSuchGrant
    _lock_person(known.user_id)
    return (
        Grant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "user")
        .get(pk=grant_id)
    )


def _waiting(grant_id: int, actor: Actor) -> Grant:
    grant = _locked(grant_id, actor)
    if grant.state != State.REQUESTED:
        raise NotWaiting
    return grant


def _is_party_to(grant: Grant, actor: Actor) -> bool:
    """Say whether the actor requested the grant or receives it, by account or by name."""
    accounts = {grant.requester_id, grant.user_id} - {None}
    names = people_in(grant.requested_by) | people_in(grant.user.name)
    return actor.user_id in accounts or bool(people_in(actor.name) & names)


def _keep_apart(user_id: int, role: str, period: Period) -> None:
    """Refuse a role that may not be held beside another of the person's in the same time."""
    held = (
        Grant.objects.filter(period.overlapping(), user_id=user_id, state=State.APPROVED)
        .exclude(role=role)
        .order_by("id")
        .values_list("role", flat=True)
    )
    for other in held:
        if {role, other} & SEPARATED:
            raise RolesMustStaySeparate(ROLES[other])


def _somebody_else(grant: Grant, today: dt.date) -> bool:
    """Say whether another person holds the same role today and after."""
    others = Grant.objects.in_force(today).exclude(user_id=grant.user_id)
    return others.filter(role=grant.role, user__is_active=True).exists()


def _record(
    event: str, grant: Grant, actor: Actor, at: dt.datetime, images: Images, reason: str = ""
) -> None:
    ledger.record(
        event,
        actor=actor,
        at=at,
        target=f"account:{grant.user_id}",
        org_path=grant.organization.path,
        reason=reason,
        details={"role": grant.role, "organization": grant.organization.code},
        images=[images],
    )
