"""Who reads business data, from where in the tree they start, and whether the numbers are fresh."""

from django.urls import reverse

from wuju.access.roles import require
from wuju.kit.actors import Actor
from wuju.org import queries as org_queries
from wuju.org.queries import OrganizationRow
from wuju.standings.queries import FreshnessRow

from .parts import Link, Notice
from .requests import WebRequest, actor_of

_BELOW = "0000"  # one segment more, so that the top itself is among the ancestors


def reader_of(request: WebRequest) -> Actor:
    """Return who asks.

    Raises:
        NotGranted: no role of theirs reads business data, whatever their scope.
    """
    actor = actor_of(request)
    require(actor, "read")
    return actor


def home_of(actor: Actor) -> OrganizationRow | None:
    """Return the first organization of the actor's scope: where their pages start."""
    paths = sorted({*actor.scope.roots, *actor.scope.orgs})
    if not paths:
        return None
    found = org_queries.ancestors(scope=actor.scope, path=paths[0] + _BELOW)
    return found[-1] if found else None


def notice_of(state: FreshnessRow) -> Notice | None:
    """Say that the numbers are being computed or were never judged; None when they are of today."""
    if state.computing_since is not None:
        return Notice(
            "info",
            "正在重新计算",
            (f"{state.why}之后，各项状态正在重新评判；算完以前，看到的是{_of(state)}结果。",),
            (Link("看进度", reverse("progress")),),
        )
    if state.evaluated_on is None:
        return Notice(
            "info",
            "还没有评判过",
            ("采用规则包并有了组织和记录以后，各项状态会自动评判。",),
        )
    return None


def _of(state: FreshnessRow) -> str:
    """Say of when the numbers are: 截至 2026年11月24日的, or 重算以前的 where there were none."""
    day = state.evaluated_on
    return f"重算以前（截至 {day:%Y年%-m月%-d日}）的" if day else "重算以前的"
