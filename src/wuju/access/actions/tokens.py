"""Tokens: issued by their owner, who alone sees the secret; revoked by the owner or an administrator."""

import datetime as dt
import secrets

from wuju.access.models import Token, digest_of
from wuju.access.roles import require
from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of

from .accounts import require_reach

LONGEST = dt.timedelta(days=366)


class TokenIsPersonal(DomainError):
    def __init__(self) -> None:
        super().__init__("令牌只能由本人登录后在“我的账号”生成，管理员只能撤销。")


class TokenTooLong(DomainError):
    def __init__(self) -> None:
        super().__init__("令牌的有效期从今天起，最长一年，请改短一些，到期再生成。")


class NoSuchToken(DomainError):
    def __init__(self) -> None:
        super().__init__("没有这个令牌，或者已经撤销，请刷新页面查看。")


@action
def issue_token(*, title: str, until_on: dt.date, actor: Actor, at: dt.datetime) -> str:
    """Return a new secret for the actor's own use; it is shown once and kept only as a digest.

    Raises:
        TokenIsPersonal: the actor is not a signed-in person.
        TokenTooLong: it would last more than a year, or is already over.
    """
    if actor.user_id is None:
        raise TokenIsPersonal
    if not at.date() <= until_on <= at.date() + LONGEST:
        raise TokenTooLong
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        user_id=actor.user_id, title=title, digest=digest_of(secret), until_on=until_on
    )
    ledger.record(
        "token.issued",
        actor=actor,
        at=at,
        target=f"account:{actor.user_id}",
        images=[Images.created([token])],
    )
    return secret


@action
def revoke_token(*, token_id: int, actor: Actor, at: dt.datetime) -> Token:
    """Make a token worthless at once: one's own, or as an administrator anybody's in scope.

    Raises:
        NoSuchToken: there is none, or it is revoked already.
        NotGranted, OutsideScope: it is another person's and not the actor's to revoke.
    """
    token = (
        Token.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=token_id, revoked_on=None)
        .first()
    )
    if token is None:
        raise NoSuchToken
    if token.user_id != actor.user_id:
        require(actor, "revoke_token")
        require_reach(actor, token.user)
    before = {token.pk: values_of(token)}
    token.revoked_on = at.date()
    token.save(update_fields=["revoked_on"])
    ledger.record(
        "token.revoked",
        actor=actor,
        at=at,
        target=f"account:{token.user_id}",
        images=[Images.changed(before, [token])],
    )
    return token
