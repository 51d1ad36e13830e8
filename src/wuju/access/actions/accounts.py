"""Accounts and their passwords."""

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from wuju.access.models import Grant, User
from wuju.access.roles import SEPARATED, require
from wuju.access.states import State
from wuju.kit.action import action
from wuju.kit.actors import TOP, Actor
from wuju.kit.errors import DomainError
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization


class AccountExists(DomainError):
    def __init__(self, username: str) -> None:
        super().__init__(f"账号“{username}”已经有人使用，请换一个。")


class WeakPassword(DomainError):
    """The password breaks a rule of AUTH_PASSWORD_VALIDATORS; `sentences` say which."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("".join(sentences))


class NotYourAccount(DomainError):
    def __init__(self) -> None:
        super().__init__("密码只能由本人修改；忘记的，请系统管理员在“管理”页重设。")


class OwnAccount(DomainError):
    def __init__(self) -> None:
        super().__init__("自己的密码请在“我的账号”用现在的密码修改，不能走重设这条路。")


class AdministratorsPassword(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "系统管理员、安全管理员、审计员的密码不能由另一人重设，否则一人就能冒用两个角色；"
            "忘记的，请在服务器上运行 wuju resetpassword。"
        )


def require_reach(actor: Actor, user: User) -> None:
    """Refuse with OutsideScope unless the unit the person works for, or the root, is in scope."""
    path = Organization.objects.filter(users=user).values_list("path", flat=True).first()
    actor.scope.require(path or TOP)


def check_password(user: User, password: str) -> None:
    """Refuse with WeakPassword what the validators of the settings refuse."""
    try:
        validate_password(password, user)
    except ValidationError as found:
        raise WeakPassword([str(message) for message in found.messages]) from found


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
    """Open an account without any grant; `encoded` is a password already checked and hashed.

    Raises:
        AccountExists: the user name is taken.
        WeakPassword: the password is too easy.
        NotGranted: the actor may not open accounts.
        OutsideScope: the unit is outside the actor's scope.
    """
    require(actor, "open_account")
    actor.scope.require(unit.path if unit else TOP)
    user = User(username=username, name=name, unit=unit, duty=duty)
    if not encoded:
        check_password(user, password)
    user.password = encoded or make_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise AccountExists(username) from taken
    ledger.record(
        "account.opened",
        actor=actor,
        at=at,
        target=f"account:{user.pk}",
        images=[Images.created([user])],
    )
    return user


@action
def change_password(*, user: User, password: str, actor: Actor, at: dt.datetime) -> None:
    """Replace one's own password; the face has checked the old one.

    Raises:
        NotYourAccount: the account is another person's.
        WeakPassword: the password is too easy.
    """
    if actor.user_id != user.pk:
        raise NotYourAccount
    _replace(user, password, "password.changed", actor, at)


@action
def reset_password(*, user: User, password: str, actor: Actor, at: dt.datetime) -> None:
    """Give another person a new password, once theirs is forgotten.

    Whoever resets the password of a separated administrator could sign in as that
    administrator and approve their own requests; only the operator of the server may.

    Raises:
        OwnAccount: one's own password is changed with the old one.
        AdministratorsPassword: the account holds one of the three separated roles.
        WeakPassword: the password is too easy.
        NotGranted, OutsideScope: it is not the actor's to do.
    """
    require(actor, "reset_password")
    if actor.user_id == user.pk:
        raise OwnAccount
    require_reach(actor, user)
    if "system" not in actor.roles and _is_administrator(user, at.date()):
        raise AdministratorsPassword
    _replace(user, password, "password.reset", actor, at)


def _is_administrator(user: User, today: dt.date) -> bool:
    """Say whether a separated role is held, or asked for, today or later."""
    asked = Grant.objects.lasting(today).exclude(state=State.REFUSED)
    return asked.filter(user=user, role__in=SEPARATED).exists()


def _replace(user: User, password: str, event: str, actor: Actor, at: dt.datetime) -> None:
    """Hash and save; the ledger says that it changed, never what it was."""
    check_password(user, password)
    before = {user.pk: values_of(user)}
    user.password = make_password(password)
    user.save(update_fields=["password"])
    ledger.record(
        event,
        actor=actor,
        at=at,
        target=f"account:{user.pk}",
        images=[Images.changed(before, [user])],
    )
