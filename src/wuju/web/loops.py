"""闭环: one finding, and what this person may do about it."""

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wuju.access.roles import may, require
from wuju.accountability.bulletins import queries as bulletins
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.loops import queries
from wuju.loops.lifecycle import ACTS, RUNNING
from wuju.loops.lifecycle import DONE as ENDED
from wuju.loops.queries import LoopPage
from wuju.loops.queries.page import StepRow
from wuju.loops.words import CAUSES

from . import loop_offices as offices
from .loop_words import loop_status
from .once import sending
from .parts import Crumb, Detail, Entry, Link, Notice, Step
from .requests import WebRequest, actor_of
from .responses import page, see
from .templatetags.wuju import days_left, zh_date, zh_day

LONG_LINE = 20  # findings of a kind the page lists
OBJECTION = {ACTS[name].title for name in ("object_to", "uphold_objection", "reject_objection")}


@require_safe
def loop(request: WebRequest, loop_id: int) -> HttpResponse:
    done = request.GET.get("done", "")
    found = _found(request, loop_id)
    return _show(request, found, notice=_done(done, found))


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: WebRequest, loop_id: int, slug: str) -> HttpResponse:
    """Do one thing to a finding: 303 back to it, or its page again with the sentence at the form."""
    office = offices.OFFICES.get(slug)
    if office is None:
        raise Http404
    if request.method != "POST":
        return see("loop", loop_id)  # somebody reloads the address of a refused form
    found = _found(request, loop_id)
    form = office.form(request.POST, finding=found, today=timezone.localdate(), slug=slug)
    stage = f"{found.row.reopened}.{found.row.returned}"
    sent = sending(request, lambda made: see("loop", made, query=f"done={slug}"), stage=stage)
    if not form.is_valid():
        posted = offices.Posted(slug, form)
        return sent.again() or _show(request, found, posted=posted, status=422)
    who: offices.Who = {"actor": actor_of(request), "at": timezone.localtime()}

    def run() -> int:
        office.run(loop_id, form.cleaned_data, who)
        return loop_id

    try:
        return sent.do(run)
    except DomainError as refusal:
        posted = offices.Posted(slug, form, str(refusal))
        return _show(request, found, posted=posted, status=409)


def _found(request: WebRequest, loop_id: int) -> LoopPage:
    actor = actor_of(request)
    require(actor, "read")
    return queries.page(
        scope=actor.scope, loop_id=loop_id, actor=actor, today=timezone.localdate()
    )


def _show(
    request: WebRequest,
    found: LoopPage,
    *,
    notice: Notice | None = None,
    posted: offices.Posted | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    row = found.row
    crumbs = [
        Crumb("闭环", reverse("loops")),
        Crumb(
            row.organization, f"{reverse('loop-register')}?{urlencode({'text': row.organization})}"
        ),
        Crumb(f"问题 {row.number}"),
    ]
    context = {
        "crumbs": crumbs,
        "finding": found,
        "status": loop_status(row),
        "is_running": row.state not in ENDED,
        "notices": [one for one in (notice, _refused(found)) if one],
        "desks": offices.desks(found, today=today, posted=posted),
        "closed": offices.closed_to(found, actor),
        "track": _track(found),
        "details": _details(found),
        "terms": _terms(found),
        "evidence": _evidence(found),
        "steps": [_step(step) for step in found.steps],
        "objection": [_step(step) for step in found.steps if step.title in OBJECTION],
        "lineage": _lineage(found),
        "lineage_title": _lineage_title(found),
        "paper": _paper_link(found, actor),
        "paper_first": row.state == "opened",
        "papers": bulletins.of_loop(scope=actor.scope, loop_id=row.id),
        "as_of": today,
    }
    return page(request, "loops/loop.html", context, status=status)


def _done(slug: str, found: LoopPage) -> Notice | None:
    if slug not in offices.DONE:
        return None
    lines = [f"现在是“{found.row.state_label}”。"]
    if found.row.due_on and found.row.state not in ENDED:
        lines.append(f"整改期限 {zh_date(found.row.due_on)}，{days_left(found.row.days_left)}。")
    again = (Link("再提出一个问题", reverse("finding-new")),) if slug == "raised" else ()
    return Notice("ok", offices.DONE[slug], ("".join(lines),), again)


def _refused(found: LoopPage) -> Notice | None:
    """Say in one notice what the rules keep from this person now, and what to do about it."""
    closed = offices.refused_now(found)
    if not closed:
        return None
    if len(closed) == 1:
        return Notice("warn", f"现在还不能办理“{closed[0].title}”。", closed[0].reasons)
    lines = tuple(f"{one.title}：{''.join(one.reasons)}" for one in closed)
    return Notice("warn", "现在还不能办理的：", lines)


def _paper_link(found: LoopPage, actor: Actor) -> Link | None:
    """Return the document this finding calls for now: a notice first, a supervision once late."""
    if not may(actor, "order_rectification"):
        return None
    query = urlencode({"finding": found.row.id})
    if found.row.state == "opened":
        return Link("印发整改通知书", f"{reverse('notice-new')}?{query}")
    if found.row.overdue and found.row.state in RUNNING:
        return Link("印发督办单", f"{reverse('supervision-new')}?{query}")
    return None


def _track(found: LoopPage) -> list[Step]:
    return [
        Step(
            title=row.title,
            state=row.standing,  # type: ignore[arg-type]
            note=zh_day(row.on) if row.on else f"{zh_day(row.due_on)}前" if row.due_on else "",
            detail=row.by,
        )
        for row in found.track
    ]


def _details(found: LoopPage) -> list[Detail]:
    row = found.row
    rows = [
        Detail("责任组织", found.organization_name),
        Detail("来源", row.origin_label),
        Detail("类别", row.category_label),
        Detail("性质", row.severity_label),
        Detail("整改方式", row.nature_label),
        Detail("提出人", "，".join(filter(None, (found.unit, found.raised_by)))),
        Detail("牵头单位", found.lead_unit),
        Detail("责任人", row.responsible_person),
        Detail("原因", found.cause if found.cause != CAUSES[""] else ""),
        Detail("核实人", _verifier(found)),
    ]
    return [detail for detail in rows if detail.value]


def _verifier(found: LoopPage) -> str:
    if not found.verified_on:
        return ""
    who = "，".join(filter(None, (found.verified_unit, found.verified_by)))
    return f"{who}，{zh_date(found.verified_on)}"


def _terms(found: LoopPage) -> list[Detail]:
    """Return the dates that bind: the original deadline stays beside a later one."""
    row = found.row
    rows = [Detail("提出日期", zh_date(row.opened_on))]
    if found.objection_until and row.state in {"notified", "objected"}:
        rows.append(Detail("异议限", zh_date(found.objection_until)))
    if row.due_on:
        left = days_left(row.days_left) if row.state not in ENDED else ""
        rows.append(Detail("整改期限", zh_date(row.due_on), note=left))
    if found.original_due_on and found.original_due_on != row.due_on:
        note = f"延期 {row.extensions} 次" if row.extensions else ""
        rows.append(Detail("原期限", zh_date(found.original_due_on), note=note))
    if row.closed_on:
        rows.append(Detail("销号日期", zh_date(row.closed_on)))
    if row.revisit_due_on:
        left = days_left(row.days_left) if row.state == "closed" else ""
        rows.append(Detail("应回访", zh_date(row.revisit_due_on), note=left))
    return rows


def _evidence(found: LoopPage) -> list[Entry]:
    entries = []
    for row in found.evidence:
        said = [row.kind_label, f"报送 {row.submitted_by}" if row.submitted_by else ""]
        if row.entered_by and row.entered_by != row.submitted_by:
            said.append(f"录入 {row.entered_by}")
        said += [row.link, "整改之后发生，可作核实依据" if row.counts else ""]
        entries.append(
            Entry(
                row.text,
                row.happened_on,
                "，".join(filter(None, said)) + "。",
                tag="补录" if row.entered_late else "",
                is_key=row.counts,
            )
        )
    return entries


def _step(step: StepRow) -> Entry:
    said = ["，".join(filter(None, (step.unit, step.done_by)))]
    if step.entered_by and step.entered_by != step.done_by:
        said.append(f"录入 {step.entered_by}")
    if step.due_before_on and step.due_after_on and step.due_before_on != step.due_after_on:
        said.append(f"期限由 {zh_date(step.due_before_on)} 改为 {zh_date(step.due_after_on)}")
    elif step.due_after_on:
        said.append(f"期限 {zh_date(step.due_after_on)}")
    said += [f"批准文号 {step.approval}" if step.approval else "", step.note]
    detail = "；".join(part.rstrip("。") for part in said if part)
    return Entry(
        step.title, step.on, f"{detail}。" if detail else "", tag="补录" if step.late_entry else ""
    )


def _lineage(found: LoopPage) -> list[Entry]:
    return [
        Entry(
            "本条" if row.this else row.title,
            row.opened_on,
            _lineage_detail(row.origin, row.number, row.closed_on, imported=row.imported),
            "" if row.this else reverse("loop", args=[row.id]),
            is_key=row.this,
        )
        for row in found.lineage
    ]


def _lineage_title(found: LoopPage) -> str:
    """同类问题第 3 次出现; a long line is cut by the query, so its count is not said."""
    if len(found.lineage) < 2:
        return "同类问题"
    if len(found.lineage) >= LONG_LINE:
        return "同类问题反复出现"
    place = next((n for n, row in enumerate(found.lineage, 1) if row.this), 0)
    return f"同类问题第 {place} 次出现" if place else "同类问题"


def _lineage_detail(origin: str, number: str, closed_on: dt.date | None, *, imported: bool) -> str:
    end = f"{zh_date(closed_on)}销号" if closed_on else "没有销号"
    unverified = "，未经本系统核验" if imported else ""
    return f"{number}，{origin}，{end}{unverified}。"
