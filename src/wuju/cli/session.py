"""How a command starts: Django, the clock, and on whose authority it acts."""

import datetime as dt
import os
from typing import TYPE_CHECKING

from wuju.kit.errors import DomainError

if TYPE_CHECKING:
    from wuju.kit.actors import Actor, OrgScope


class NeedsAuthority(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "业务数据的导入导出须以个人身份办理：请加 --as 账号，并把令牌放在环境变量 WUJU_TOKEN 中。"
        )


class WrongToken(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "账号或令牌不对，或令牌已过期、已撤销，请登录后在“我的账号”生成新的令牌。"
        )


def ready() -> None:
    """Set Django up."""
    import django

    django.setup()


def now() -> dt.datetime:
    from django.utils import timezone

    return timezone.localtime()


def authority(as_user: str | None) -> "Actor":
    """Return who acts: in a demo home the demo itself, elsewhere a person with a token.

    Raises:
        NeedsAuthority: outside a demo home without `--as`.
        WrongToken: the token is not this person's, or has lapsed.
    """
    from django.conf import settings

    from wuju.access import queries
    from wuju.kit.actors import system_actor

    if as_user is None:
        if not settings.WUJU_DEMO:
            raise NeedsAuthority
        return system_actor("演示命令行", because="a demo home holds no real data")
    today = now().date()
    user = queries.user_for_token(
        username=as_user, secret=os.environ.get("WUJU_TOKEN", ""), today=today
    )
    if user is None:
        raise WrongToken
    return queries.actor_for(user=user, today=today)


def scope_below(actor: "Actor", org: str | None) -> "OrgScope":
    """Return the actor's scope, narrowed to the subtree of a code, or to 本级 or 下一级 alone."""
    from wuju.kit.actors import OrgScope
    from wuju.org.relative import WORDS, read_organizations

    if org is None:
        return actor.scope
    found = read_organizations(scope=actor.scope, text=org, home_path=actor.scope.home)
    if org.strip() in WORDS:
        return OrgScope(orgs=frozenset(row.path for row in found))
    return actor.scope.below(found[0].path)
