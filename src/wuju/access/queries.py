"""From a login or a token to an actor."""

import datetime as dt
import hashlib

from django.db.models import Q

from wuju.kit.actors import Actor, OrgScope

from .models import Grant, Token, User


def actor_for(*, user: User, today: dt.date) -> Actor:
    """Return the actor a signed-in person is today: roles and scope of the grants in force.

    A grant whose time is over, or that has not begun, counts for nothing.
    """
    grants = list(
        Grant.objects.filter(
            Q(until_on=None) | Q(until_on__gt=today), user=user, from_on__lte=today
        )
        .order_by("id")
        .values_list("role", "organization__path", "whole_subtree")
    )
    roots = sorted({path for _, path, whole in grants if whole})
    outer = [root for root in roots if not any(root != r and root.startswith(r) for r in roots)]
    return Actor(
        user_id=user.pk,
        name=user.name,
        scope=OrgScope(
            roots=tuple(outer), orgs=frozenset(path for _, path, whole in grants if not whole)
        ),
        roles=frozenset(role for role, _, _ in grants),
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
