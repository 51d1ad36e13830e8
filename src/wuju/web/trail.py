"""留痕: who did what, in the order it was done; the auditor has the chain verified."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wuju.access.roles import require
from wuju.kit.actors import OrgScope
from wuju.kit.numbers import whole
from wuju.ledger import queries
from wuju.ledger.queries import EventRow, Fault

from .loop_lists import Choice
from .paging import keyset_pages
from .parts import Crumb, Empty, Notice
from .requests import WebRequest, actor_of
from .responses import page, see
from .trail_words import KINDS, named, said

PAGE = 100
SHOWN = 200  # faults on one page


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the page says it; `href` narrows the trail to what it was done to."""

    id: int
    at: dt.datetime
    who: str
    what: str
    target: str
    href: str
    reason: str


@require_safe
def trail(request: WebRequest) -> HttpResponse:
    require(actor_of(request), "read_trail")
    return page(request, "trail/trail.html", _context(request))


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: WebRequest) -> HttpResponse:
    """Run the whole chain and every record again; nothing is written, so the page answers itself.

    Raises:
        NotGranted: only the auditor has the chain verified.
    """
    actor = actor_of(request)
    require(actor, "read_trail")
    actor.require_role("auditor", doing="“验链”")
    if request.method != "POST":
        return see("trail")  # somebody reloads the result
    whole = OrgScope.whole(because="the chain is verified as a whole")
    faults = queries.verify_chain(scope=whole) + queries.verify_records(scope=whole)
    return page(request, "trail/trail.html", _context(request) | {"result": _result(faults)})


def _context(request: WebRequest) -> dict[str, object]:
    actor = actor_of(request)
    kind, number = _asked(request)
    target = f"{kind}:{number}" if kind and number else ""
    after = request.GET.get("after", "")
    rows = queries.trail(
        scope=actor.scope,
        target=target,
        before=whole(after),
        limit=PAGE + 1,
    )
    lines = [_line(row) for row in rows[:PAGE]]
    more = str(lines[-1].id) if len(rows) > PAGE else ""
    head = queries.head(scope=actor.scope)
    return {
        "crumbs": [Crumb("留痕")],
        "lines": lines,
        "head": head,
        "kinds": [Choice(code, title, code == kind) for code, title in KINDS.items()],
        "number": number,
        "target": named(target),
        "half_asked": bool(kind) != bool(number),
        "may_verify": "auditor" in actor.roles,
        "pages": keyset_pages(request, shown=len(lines), after=more),
        "empty": Empty("没有这个对象的操作记录。", reverse("trail"), "看全部")
        if target
        else Empty(
            "还没有操作记录。", note="谁在什么时候做了什么，都会记在这里，不能修改和删除。"
        ),
        "as_of": timezone.localdate(),
    }


def _asked(request: WebRequest) -> tuple[str, str]:
    """Read what the trail is narrowed to: a kind and a number, as the form sends them."""
    kind, number = request.GET.get("kind", ""), request.GET.get("number", "").strip()
    return (kind if kind in KINDS else "", number if number.isdecimal() else "")


def _line(row: EventRow) -> Line:
    who = f"{row.actor}（代 {row.on_behalf_of} 录入）" if row.on_behalf_of else row.actor
    kind, _, key = row.target.partition(":")
    name = named(row.target)
    href = f"{reverse('trail')}?kind={kind}&number={key}" if name and key.isdecimal() else ""
    return Line(row.id, row.at, who, said(row.action), name, href, row.reason)


def _result(faults: list[Fault]) -> Notice:
    if not faults:
        return Notice(
            "ok",
            "链和记录都对得上。",
            (
                "每一环、每个行影像、每个检查点、每条业务记录都重新算过。",
                "链尾若被整段截去，只有与已印发通报上的链头核对才能发现。",
            ),
        )
    lines = tuple(fault.message for fault in faults[:SHOWN])
    if len(faults) > SHOWN:
        lines += (f"还有 {len(faults) - SHOWN} 处没有列出。",)
    return Notice("refuse", f"有 {len(faults)} 处对不上，请保护现场，报告安全管理员。", lines)
