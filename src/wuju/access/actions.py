"""Accounts and grants: opened by one administrator, approved by another."""

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.hashers import make_password

from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization

from .models import Grant, Token, User
from .roles import SEPARATED, require


class AccountExists(DomainError):
    def __init__(self, username: str) -> None:
        super().__init__(f"账号“{username}”已经有人使用，请换一个。")


class RolesMustStaySeparate(DomainError):
    def __init__(self) -> None:
        super().__init__("系统管理员、安全管理员、审计员必须由不同的人担任，且不兼任业务角色。")


@action
def open_account(
    *,
    username: str,
    name: str,
    password: str,
    unit: Organization | None,
    duty: str = "",
    encoded: str = "",
    actor: Actor,
    at: dt.datetime,
) -> User:
    """Open an account without any grant; `encoded` is a password already hashed.

    Raises:
        AccountExists: the user name is taken.
        NotGranted: the actor may not open accounts.
    """
    require(actor, "open_account")
    if User.objects.filter(username=username).exists():
        raise AccountExists(username)
    user = User.objects.create(
        username=username,
        name=name,
        password=encoded or make_password(password),
        unit=unit,
        duty=duty,
    )
    ledger.record(
        "account.opened",
        actor=actor,
        at=at,
        target=f"account:{user.pk}",
        images=[Images.created([user])],
    )
    return user


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
    """Give a role over an organization, with or without everything below it.

    Raises:
        RolesMustStaySeparate: the person would hold two of the three separated roles, or
            one of them together with a business role (等级保护 三员分立).
        NotGranted: the actor may not approve grants.
    """
    require(actor, "approve_grant")
    held = set(Grant.objects.filter(user=user, until_on=None).values_list("role", flat=True))
    separated = (held | {role}) & SEPARATED
    if separated and len(held | {role}) > 1:
        raise RolesMustStaySeparate
    grant = Grant.objects.create(
        user=user,
        role=role,
        organization=organization,
        whole_subtree=whole_subtree,
        from_on=from_on,
        until_on=until_on,
        approved_by=actor.name,
    )
    ledger.record(
        "role.granted",
        actor=actor,
        at=at,
        target=f"account:{user.pk}",
        org_path=organization.path,
        details={"role": role, "organization": organization.code},
        images=[Images.created([grant])],
    )
    return grant


@action
def set_password(*, user: User, password: str, actor: Actor, at: dt.datetime) -> None:
    """Replace a password; the ledger says that, never what it was."""
    before = {user.pk: values_of(user)}
    user.password = make_password(password)
    user.save(update_fields=["password"])
    ledger.record(
        "password.changed",
        actor=actor,
        at=at,
        target=f"account:{user.pk}",
        images=[Images.changed(before, [user])],
    )


@action
def issue_token(
    *, user: User, title: str, until_on: dt.date, actor: Actor, at: dt.datetime
) -> str:
    """Return a new secret for the command line; it is shown once and kept only as a digest."""
    require(actor, "open_account")
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user, title=title, digest=digest_of(secret), until_on=until_on
    )
    ledger.record(
        "token.issued",
        actor=actor,
        at=at,
        target=f"account:{user.pk}",
        images=[Images.created([token])],
    )
    return secret


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
