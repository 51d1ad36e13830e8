"""From a login or a token to an actor."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from wuju.kit.actors import TOP, Actor, OrgScope, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.strict import within
from wuju.org.models import Organization

from .models import Grant, Token, User, digest_of
from .roles import ROLES
from .states import STATES, State


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity a person may act: roles that hold over the same part of the tree.

    A person acts in one capacity at a time, so that an inspector of the county who is also
    officer of one township never writes into another township.
    """

    key: str
    title: str
    roles: frozenset[str]
    scope: OrgScope


def capacities(*, user: User, today: dt.date) -> list[Capacity]:
    """Return the capacities of the approved grants in force today, in the order of request."""
    grants = (
        Grant.objects.in_force(today)
        .filter(user=user)
        .order_by("id")
        .values_list("role", "organization__path", "organization__short_name", "whole_subtree")
    )
    places: dict[tuple[str, str, bool], set[str]] = {}
    for role, path, name, whole in grants:
        places.setdefault((path, name, whole), set()).add(role)
    groups: dict[frozenset[str], list[tuple[str, str, bool]]] = {}
    for place, roles in places.items():
        groups.setdefault(frozenset(roles), []).append(place)
    return [_capacity(roles, where) for roles, where in groups.items()]


def _capacity(roles: frozenset[str], where: list[tuple[str, str, bool]]) -> Capacity:
    roots = sorted({path for path, _, whole in where if whole})
    outer = [root for root in roots if not any(root != r and root.startswith(r) for r in roots)]
    words = "、".join(word for role, word in ROLES.items() if role in roles)
    return Capacity(
        key="+".join(sorted(roles)),
        title=f"{words}（{'、'.join(name for _, name, _ in where)}）",
        roles=roles,
        scope=OrgScope(
            roots=tuple(outer), orgs=frozenset(path for path, _, whole in where if not whole)
        ),
    )


def actor_for(*, user: User, today: dt.date, capacity: str = "") -> Actor:
    """Return the actor a signed-in person is today, in the chosen capacity or else the first.

    A grant that waits or was refused, whose time is over or has not begun, counts for nothing.
    """
    found = capacities(user=user, today=today)
    chosen = next((each for each in found if each.key == capacity), found[0] if found else None)
    return Actor(
        user_id=user.pk,
        name=user.name,
        scope=chosen.scope if chosen else OrgScope(),
        roles=chosen.roles if chosen else frozenset(),
        unit_path=_unit_path(user),
    )


def _unit_path(user: User) -> str:
    if user.unit_id is None:
        return ""
    return Organization.objects.values_list("path", flat=True).get(pk=user.unit_id)


def user_for_token(*, username: str, secret: str, today: dt.date) -> User | None:
    """Return the active user whose unexpired, unrevoked token this is, or None."""
    token = (
        Token.objects.filter(
            digest=digest_of(secret),
            user__username=username,
            user__is_active=True,
            until_on__gte=today,
            revoked_on=None,
        )
        .select_related("user")
        .first()
    )
    return token.user if token else None


# ---------------------------------------------------------------- what administrators look at


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant with everybody who had a hand in it. `standing` says how it stands today."""

    id: int
    user_id: int
    person: str
    role: str
    organization: str
    whole_subtree: bool
    from_on: dt.date
    until_on: dt.date | None
    state: State
    standing: str
    requested_by: str
    approved_by: str
    refused_by: str
    refusal: str

    @property
    def is_over(self) -> bool:
        return self.standing in {"已结束", "已退回"}


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: int
    title: str
    until_on: dt.date
    revoked_on: dt.date | None
    standing: str

    @property
    def is_live(self) -> bool:
        return self.standing == "有效"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as administrators see it: who, where, what is held today, what waits."""

    id: int
    username: str
    name: str
    unit: str
    duty: str
    is_active: bool
    held: tuple[str, ...]
    waiting: int


class NoSuchAccount(DomainError):
    def __init__(self) -> None:
        super().__init__("没有这个账号，或者它不在您的管理范围内，请从“管理”页重新进入。")


class NoSuchGrant(DomainError):
    def __init__(self) -> None:
        super().__init__("没有这条授权，或者它不在您的管理范围内，请从账号页重新进入。")


def grants_of(*, user_id: int, today: dt.date) -> list[GrantRow]:
    """Return every grant a person ever had or asked for: waiting, in force, then past."""
    found = _grant_rows(Q(user_id=user_id), today)
    order = {"待批准": 0, "在用": 1, "未开始": 2}
    return sorted(found, key=lambda row: order.get(row.standing, 3))


def waiting_grants(*, scope: OrgScope, today: dt.date) -> list[GrantRow]:
    """Return the requests that wait for approval over organizations in scope, oldest first."""
    return _grant_rows(Q(state=State.REQUESTED) & within(scope, "organization__path"), today)


def _grant_rows(condition: Q, today: dt.date) -> list[GrantRow]:
    rows = Grant.objects.filter(condition).select_related("user", "organization").order_by("id")
    return [
        GrantRow(
            id=row.pk,
            user_id=row.user_id,
            person=row.user.name,
            role=ROLES[row.role],
            organization=row.organization.short_name,
            whole_subtree=row.whole_subtree,
            from_on=row.from_on,
            until_on=row.until_on,
            state=State(row.state),
            standing=_standing(row, today),
            requested_by=row.requested_by,
            approved_by=row.approved_by,
            refused_by=row.refused_by,
            refusal=row.refusal,
        )
        for row in rows.loaded()
    ]


def _standing(grant: Grant, today: dt.date) -> str:
    if grant.state != State.APPROVED:
        return STATES[grant.state]
    if grant.until_on and grant.until_on <= max(today, grant.from_on):
        return "已结束"
    return "在用" if grant.from_on <= today else "未开始"


def tokens_of(*, user_id: int, today: dt.date) -> list[TokenRow]:
    """Return a person's tokens, the newest first; the secrets are nowhere."""
    found = Token.objects.filter(user_id=user_id).order_by("-id").loaded()
    return [
        TokenRow(row.pk, row.title, row.until_on, row.revoked_on, _token_standing(row, today))
        for row in found
    ]


def _token_standing(token: Token, today: dt.date) -> str:
    if token.revoked_on:
        return "已撤销"
    return "有效" if token.until_on >= today else "已过期"


def accounts(*, scope: OrgScope, today: dt.date, text: str = "") -> list[AccountRow]:
    """Return the accounts of the units in scope, by user name; `text` narrows to a name."""
    named = Q(username__contains=text) | Q(name__contains=text) if text else Q()
    return _account_rows(_within_reach(scope) & named, today)


def account(*, scope: OrgScope, user_id: int, today: dt.date) -> AccountRow:
    """Return one account.

    Raises:
        NoSuchAccount: there is none in scope.
    """
    found = _account_rows(_within_reach(scope) & Q(pk=user_id), today)
    if not found:
        raise NoSuchAccount
    return found[0]


def user_in_reach(*, scope: OrgScope, user_id: int) -> User:
    """Return the account itself, to act on.

    Raises:
        NoSuchAccount: there is none in scope.
    """
    return _user(scope, Q(pk=user_id))


def user_in_reach_by_name(*, scope: OrgScope, username: str) -> User:
    """Return the account of a user name, to act on.

    Raises:
        NoSuchAccount: there is none in scope.
    """
    return _user(scope, Q(username=username))


def _user(scope: OrgScope, condition: Q) -> User:
    found = User.objects.filter(_within_reach(scope) & condition).first()
    if found is None:
        raise NoSuchAccount
    return found


def account_of_grant(*, scope: OrgScope, grant_id: int) -> int:
    """Return whose grant it is.

    Raises:
        NoSuchGrant: there is none over an organization in scope.
    """
    found = Grant.objects.filter(within(scope, "organization__path"), pk=grant_id)
    user_id = found.values_list("user_id", flat=True).first()
    if user_id is None:
        raise NoSuchGrant
    return user_id


def place(*, scope: OrgScope, organization_id: int) -> Organization:
    """Return an organization to grant a role over, or to open an account in.

    Raises:
        OutsideScope: it lies outside the scope.
    """
    found = Organization.objects.visible_to(scope).filter(pk=organization_id).first()
    if found is None:
        raise OutsideScope
    return found


def _within_reach(scope: OrgScope) -> Q:
    """Accounts by the unit they work for; who works for none belongs to the whole district."""
    inside = within(scope, "unit__path")
    return inside | Q(unit=None) if scope.covers(TOP) else inside


def _account_rows(condition: Q, today: dt.date) -> list[AccountRow]:
    users = list(User.objects.filter(condition).select_related("unit").order_by("username"))
    held: dict[int, list[str]] = {}
    waiting: dict[int, int] = {}
    for row in _grant_rows(Q(user__in=[user.pk for user in users]), today):
        if row.standing == "在用":
            held.setdefault(row.user_id, []).append(f"{row.role}（{row.organization}）")
        waiting[row.user_id] = waiting.get(row.user_id, 0) + (row.state == State.REQUESTED)
    return [
        AccountRow(
            id=user.pk,
            username=user.username,
            name=user.name,
            unit=user.unit.short_name if user.unit else "",
            duty=user.duty,
            is_active=user.is_active,
            held=tuple(held.get(user.pk, ())),
            waiting=waiting.get(user.pk, 0),
        )
        for user in users
    ]
