"""From a login or a token to an actor."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db.models import Q

from wuju.kit.actors import Actor, OrgScope

from .models import Grant, Token, User
from .roles import ROLES


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
    """Return the capacities of the grants in force today, in the order they were granted."""
    grants = (
        Grant.objects.filter(
            Q(until_on=None) | Q(until_on__gt=today), user=user, from_on__lte=today
        )
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

    A grant whose time is over, or that has not begun, counts for nothing.
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
    from wuju.org.models import Organization  # noqa: PLC0415 - keeps sign-in light

    return Organization.objects.values_list("path", flat=True).get(pk=user.unit_id)


def user_for_token(*, username: str, secret: str, today: dt.date) -> User | None:
    """Return the active user whose unexpired token this is, or None."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    token = (
        Token.objects.filter(
            digest=digest, user__username=username, user__is_active=True, until_on__gte=today
        )
        .select_related("user")
        .first()
    )
    return token.user if token else None
