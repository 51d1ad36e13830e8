"""台账: one register a kind of record, filtered, paged, exported and printed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wuju.access.roles import may, require
from wuju.desk.kinds import exportable_kinds, may_import
from wuju.guidance.meetings import queries as meetings
from wuju.guidance.meetings.words import KINDS
from wuju.guidance.study import queries as study
from wuju.kit.actors import Actor
from wuju.kit.periods import GRAINS, Period, read_period
from wuju.people import queries as people

from .org_filter import OrgFilter, given, org_filter
from .parts import Crumb, Link, Pages
from .places import href_of
from .requests import WebRequest, actor_of
from .responses import page

PRINTED = 1000
PAGE = 100
_TRAIL = 40  # pages one can walk back before 上一页 leads to the first


@dataclass(frozen=True, slots=True)
class Register:
    """One register as the entrance shows it."""

    title: str
    means: str
    href: str
    links: tuple[Link, ...]


# sheet kind: (title, what it holds, url name of the register)
REGISTERS = {
    "meetings": ("会议", "三会一课、主题党日、组织生活会和党委会。", "meetings"),
    "members": ("党员名册", "按党支部排列，证件号码和电话遮盖显示。", "members"),
    "findings": ("问题整改", "督查、巡察、述职和自查发现的问题，到销号为止。", "loop-register"),
    "trainings": ("学习培训", "党员和干部的学时，按培训记录。", "trainings"),
    "orgs": ("党组织", "组织名称、代码、隶属和届期。", "orgs"),
}


@require_safe
def registers(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    context = {"registers": [_register(actor, kind) for kind in REGISTERS]}
    return page(request, "registers/registers.html", context)


def _register(actor: Actor, kind: str) -> Register:
    title, means, url_name = REGISTERS[kind]
    exportable = {one.code for one in exportable_kinds(actor)}
    links = []
    if kind == "meetings" and may(actor, "record_meeting"):
        links.append(Link("记录会议", reverse("meeting-new")))
    if upload := _import_href(actor, kind):
        links.append(Link("从表格导入", upload))
    if kind in exportable:
        links.append(Link("导出", reverse("export", args=[kind])))
    return Register(title, means, href_of(url_name), tuple(links))


# ------------------------------------------------------------------ meetings


@require_safe
def meeting_register(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    within, printing = org_filter(request), _is_print(request)
    kind, label = given(request.GET, "kind"), given(request.GET, "period")
    today = timezone.localdate()
    period = read_period(label, today=today) if label else None
    found = meetings.meetings(
        scope=within.scope,
        kind=kind if kind in KINDS else None,
        since=period.starts_on if period else None,
        until=period.ends_on if period else None,
        text=given(request.GET, "text"),
        after=given(request.GET, "after") or None,
        limit=PRINTED if printing else PAGE,
    )
    context = {
        "crumbs": [Crumb("台账", reverse("registers")), Crumb("会议")],
        "rows": found.rows,
        "pages": None if printing else _pages(request, len(found.rows), found.next),
        "within": within,
        "kinds": KINDS,
        "kind": kind,
        "periods": _periods(today, period),
        "period": period,
        "text": given(request.GET, "text"),
        "is_filtered": _is_filtered(request),
        "cut": PRINTED if printing and found.next else 0,
        "links": _links(request, actor, "meetings", within),
        "may_record": may(actor, "record_meeting"),
    }
    return page(request, "registers/meetings.html", context)


def _periods(today: dt.date, chosen: Period | None) -> list[Period]:
    """Return the periods a person usually asks for: this and the last of each grain."""
    found: list[Period] = [chosen] if chosen else []
    for grain in GRAINS:
        now = Period.containing(today, grain)
        before = Period.containing(now.starts_on - dt.timedelta(days=1), grain)
        found += [period for period in (now, before) if period not in found]
    return found


# ------------------------------------------------------------------ members


@require_safe
def member_register(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    within, printing = org_filter(request), _is_print(request)
    found = people.members_page(
        scope=within.scope,
        on=timezone.localdate(),
        text=given(request.GET, "text"),
        after=given(request.GET, "after"),
        limit=PRINTED if printing else PAGE,
    )
    context = {
        "crumbs": [Crumb("台账", reverse("registers")), Crumb("党员名册")],
        "rows": found.rows,
        "pages": None if printing else _pages(request, len(found.rows), found.next),
        "within": within,
        "text": given(request.GET, "text"),
        "is_filtered": _is_filtered(request),
        "cut": PRINTED if printing and found.next else 0,
        "links": _links(request, actor, "members", within),
        "import_href": _import_href(actor, "members"),
        "today": timezone.localdate(),
    }
    return page(request, "registers/members.html", context)


# ------------------------------------------------------------------ trainings


@require_safe
def training_register(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    within, label = org_filter(request), given(request.GET, "period")
    today, limit = timezone.localdate(), PRINTED if _is_print(request) else PAGE
    period = read_period(label, today=today) if label else None
    rows = study.courses(
        scope=within.scope,
        since=period.starts_on if period else None,
        until=period.ends_on if period else None,
        limit=limit + 1,
    )
    context = {
        "crumbs": [Crumb("台账", reverse("registers")), Crumb("学习培训")],
        "rows": rows[:limit],
        "within": within,
        "periods": _periods(today, period),
        "period": period,
        "is_filtered": _is_filtered(request),
        "cut": limit if len(rows) > limit else 0,
        "links": _links(request, actor, "trainings", within),
        "import_href": _import_href(actor, "trainings"),
    }
    return page(request, "registers/trainings.html", context)


# ------------------------------------------------------------------ shared by registers


def _is_print(request: WebRequest) -> bool:
    return "print" in request.GET


def _import_href(actor: Actor, kind: str) -> str:
    return f"{reverse('desk')}?kind={kind}" if may_import(actor, kind) else ""


def _is_filtered(request: WebRequest) -> bool:
    return any(given(request.GET, name) for name in ("unit", "org", "kind", "period", "text"))


def _kept(request: WebRequest) -> dict[str, str]:
    """Return the filters of the address, without the place in the list."""
    return {
        name: str(value)
        for name, value in request.GET.items()
        if value and name not in {"after", "trail", "print"}
    }


def _pages(request: WebRequest, shown: int, after: str) -> Pages:
    """Return the way on and back. The places gone through travel in the address."""
    kept, here = _kept(request), given(request.GET, "after")
    trail = [place for place in given(request.GET, "trail").split("~") if place]
    onward = [*trail, here][-_TRAIL:] if here else trail
    return Pages(
        shown=shown,
        next_href=_address(kept, after, onward) if after else "",
        previous_href=_address(kept, trail[-1] if trail else "", trail[:-1]) if here else "",
    )


def _address(kept: dict[str, str], after: str, trail: Sequence[str]) -> str:
    query = kept | {"after": after, "trail": "~".join(trail)}
    return "?" + urlencode({name: value for name, value in query.items() if value})


def _links(request: WebRequest, actor: Actor, kind: str, within: OrgFilter) -> list[Link]:
    """Return import, export and print of what the register shows."""
    found = []
    if upload := _import_href(actor, kind):
        found.append(Link("从表格导入", upload))
    if kind in {one.code for one in exportable_kinds(actor)}:
        found.append(Link("导出", reverse("export", args=[kind]) + within.query))
    if not _is_print(request):
        found.append(Link("打印版", "?" + urlencode(_kept(request) | {"print": "1"})))
    return found
