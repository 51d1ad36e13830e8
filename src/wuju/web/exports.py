"""Workbooks of the records inside a person's scope, identifiers masked."""

from dataclasses import replace
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from wuju.access.roles import require
from wuju.desk import actions
from wuju.desk.kinds import kind_named

from .org_filter import org_filter
from .requests import WebRequest, actor_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET  # what is handed over is on the ledger, and HEAD hands nothing over
def export(request: WebRequest, kind: str) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "read")
    title, within = kind_named(kind).title, org_filter(request)
    place = within.chosen.short_name if within.chosen else within.typed or "本人管理范围"
    said = [f"范围：{place}", f"截至 {today}", f"导出人：{actor.name}", "证件号码和电话已遮盖"]
    if settings.WUJU_DEMO:
        said.append("演示数据 · 均为虚构")
    book = actions.export_records(
        kind=kind,
        note="；".join(said),
        today=today,
        actor=replace(actor, scope=within.scope),
        at=timezone.localtime(),
    )
    return workbook(book, f"{title}-{place}-{today}.xlsx")


def workbook(content: bytes, name: str) -> HttpResponse:
    """Answer with a workbook to save; nothing may keep a copy on the way."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
