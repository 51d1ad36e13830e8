"""填表对账: upload a sheet, look at every cell, answer what it asks, land it, take it back."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from wuju.access.roles import require
from wuju.desk import actions, queries
from wuju.desk.kinds import importable_kinds, require_import
from wuju.desk.mapping import header_offers
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.numbers import whole
from wuju.kit.sheets.headers import MissingColumns
from wuju.kit.sheets.reader import MAX_BYTES
from wuju.kit.sheets.registry import SheetKind
from wuju.standings import queries as standings

from .desk_forms import HeaderForm, UploadForm, header_form, upload_form
from .exports import workbook
from .org_filter import given
from .parts import Crumb, Detail, Notice, Pages
from .progress import LOOK_AGAIN
from .readers import notice_of
from .requests import WebRequest, actor_of
from .responses import SeeOther, bad_form, page, see

UPLOAD = "desk/upload.html"
_AROUND = 64 * 1024  # what a form adds to the file it carries


class FileTooLarge(DomainError):
    def __init__(self) -> None:
        super().__init__(
            f"文件超过 {MAX_BYTES // 1024 // 1024} 兆，没有接收。请删去图片和多余的表，或拆成几份后再传。"
        )


class NothingToImport(DomainError):
    def __init__(self) -> None:
        super().__init__("您的角色没有可以导入的表，请由组织员或代录员办理。")


# ------------------------------------------------------------------ upload


@csrf_exempt  # the length is looked at before anything reads the body; `_desk` checks the token
def desk(request: WebRequest) -> HttpResponse:
    length = whole(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > MAX_BYTES + _AROUND:
        kind = _kind_of(actor_of(request), given(request.GET, "kind"))
        context = _upload_page(request, kind, upload_form(kind)())
        return page(request, UPLOAD, context | {"refusal": str(FileTooLarge())}, status=409)
    answer: HttpResponse = _desk(request)
    return answer


@csrf_protect
@require_http_methods(["GET", "POST"])
def _desk(request: WebRequest) -> HttpResponse:
    kind = _kind_of(actor_of(request), given(request.GET, "kind"))
    if request.method == "GET":
        return page(request, UPLOAD, _upload_page(request, kind, upload_form(kind)()))
    form = upload_form(kind)(request.POST, request.FILES)
    if not form.is_valid():
        return bad_form(request, UPLOAD, _upload_page(request, kind, form))
    return _stage(request, kind, form)


def _kind_of(actor: Actor, code: str) -> SheetKind:
    """Return the kind asked for, else the first the person may import."""
    require(actor, "import")
    if code:
        return require_import(actor, code)
    kinds = importable_kinds(actor)
    if not kinds:
        raise NothingToImport
    return kinds[0]


def _stage(request: WebRequest, kind: SheetKind, form: UploadForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    content = file.read()
    try:
        batch = actions.stage_upload(
            kind=kind.code,
            content=content,
            filename=file.name,
            options=form.options(),
            actor=actor_of(request),
            at=timezone.localtime(),
        )
    except MissingColumns as refusal:
        return _explain(request, kind, form, content, str(refusal))
    except DomainError as refusal:
        context = _upload_page(request, kind, form) | {"refusal": str(refusal)}
        return page(request, UPLOAD, context, status=409)
    return see("batch", batch.pk)


def _upload_page(request: WebRequest, kind: SheetKind, form: UploadForm) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "crumbs": [Crumb("填表对账")],
        "kind": kind,
        "kinds": importable_kinds(actor),
        "form": form,
        "batches": queries.batches(scope=actor.scope, limit=20),
        "remembered": "remembered" in request.GET,
        "size": MAX_BYTES // 1024 // 1024,
    }


# ------------------------------------------------------------------ headers a person explains


def _explain(
    request: WebRequest, kind: SheetKind, form: UploadForm, content: bytes, refusal: str
) -> HttpResponse:
    """Ask what the unknown headers mean; without any there is nothing to ask."""
    offers = header_offers(content, form.cleaned_data["file"].name, kind)
    asked = next((offer for offer in offers if offer.missing and offer.unknown), None)
    if asked is None:
        context = _upload_page(request, kind, form) | {"refusal": refusal}
        return page(request, UPLOAD, context, status=409)
    context = {
        "crumbs": [Crumb("填表对账", reverse("desk")), Crumb("核对表头")],
        "kind": kind,
        "refusal": refusal,
        "offer": asked,
        "form": header_form(asked),
        "mapped": [(text, kind.column(name).header) for text, name in asked.mapped.items()],
    }
    return page(request, "desk/headers.html", context, status=409)


@require_POST
def desk_headers(request: WebRequest, kind: str) -> HttpResponse:
    actions.remember_headers(
        kind=kind,
        fingerprint=given(request.POST, "fingerprint"),
        meanings=HeaderForm.meanings(request.POST),
        actor=actor_of(request),
        at=timezone.localtime(),
    )
    return SeeOther(f"{reverse('desk')}?kind={kind}&remembered=1")


# ------------------------------------------------------------------ one import


@require_safe
def batch(request: WebRequest, batch_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "import")
    found = queries.batch(scope=actor.scope, batch_id=batch_id)
    kind = require_import(actor, found.kind)
    only = "problems" in request.GET
    preview = (
        queries.preview(
            scope=actor.scope,
            batch_id=batch_id,
            page=whole(given(request.GET, "page")) or 1,
            states=queries.PROBLEMS if only else (),
        )
        if found.has_rows
        else None
    )
    landing = found.counts["new"] + found.counts["update"]
    written = found.state in {"landed", "undone"}
    state = standings.freshness(scope=actor.scope) if written else None
    context = {
        "crumbs": [Crumb("填表对账", reverse("desk")), Crumb(found.title)],
        "found": found,
        "details": _details(kind, found),
        "preview": preview,
        "only": only,
        "pages": _pages(preview, only=only) if preview else None,
        "landing": landing,
        "problems": found.counts["error"] + found.counts["ask"],
        "notice": _notice(found, landing),
        "computing": notice_of(state) if state else None,
        "refresh": LOOK_AGAIN if state and state.computing_since else None,
        "can_undo": found.state == "landed" and kind.undo is not None and found.has_rows,
        "back": request.GET.urlencode(),
    }
    return page(request, "desk/batch.html", context)


def _details(kind: SheetKind, found: queries.BatchRow) -> list[Detail]:
    asked = [
        Detail(spec.label, spec.choices.get(found.options[spec.name], found.options[spec.name]))
        for spec in kind.options
        if spec.name in found.options
    ]
    created = timezone.localtime(found.created_at)
    return [
        Detail("文件", found.file_name),
        Detail("上传", f"{found.user_name}，{created:%Y-%m-%d %H:%M}"),
        *asked,
        Detail("内容保留至", found.expires_on.isoformat(), note="到期自动清除，加密保存"),
    ]


def _notice(found: queries.BatchRow, landing: int) -> Notice | None:
    if found.state == "landed":
        return Notice("ok", f"已落库 {landing} 行。")
    if found.state == "undone":
        return Notice("info", "已撤回，各条记录回到了导入以前的样子。")
    if not found.has_rows:
        return Notice("info", "内容已超过保存期限并清除，要导入请重新上传文件。")
    return None


def _pages(preview: queries.Preview, *, only: bool) -> Pages:
    kept = "problems=1&" if only else ""
    return Pages(
        shown=len(preview.rows),
        total=preview.total,
        previous_href=f"?{kept}page={preview.page - 1}" if preview.page > 1 else "",
        next_href=f"?{kept}page={preview.page + 1}" if preview.page < preview.pages else "",
    )


@require_POST
def batch_land(request: WebRequest, batch_id: int) -> HttpResponse:
    actions.land_batch(batch_id=batch_id, actor=actor_of(request), at=timezone.localtime())
    return see("batch", batch_id)


@require_POST
def batch_undo(request: WebRequest, batch_id: int) -> HttpResponse:
    actions.undo_batch(batch_id=batch_id, actor=actor_of(request), at=timezone.localtime())
    return see("batch", batch_id)


@require_POST
def batch_answer(request: WebRequest, batch_id: int) -> HttpResponse:
    actions.resolve_ask(
        batch_id=batch_id,
        number=_row_number(request),
        choice=given(request.POST, "choice"),
        actor=actor_of(request),
        at=timezone.localtime(),
    )
    return see("batch", batch_id, query=given(request.POST, "back"))


@require_POST
def batch_correct(request: WebRequest, batch_id: int) -> HttpResponse:
    actions.correct_cell(
        batch_id=batch_id,
        number=_row_number(request),
        column=given(request.POST, "column"),
        text=given(request.POST, "text"),
        actor=actor_of(request),
        at=timezone.localtime(),
    )
    return see("batch", batch_id, query=given(request.POST, "back"))


def _row_number(request: WebRequest) -> int:
    return whole(given(request.POST, "number")) or 0


@require_GET
def batch_errors(request: WebRequest, batch_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "import")
    found = queries.batch(scope=actor.scope, batch_id=batch_id)
    book = actions.export_problems(batch_id=batch_id, actor=actor, at=timezone.localtime())
    stem = found.file_name.rpartition(".")[0] or found.file_name
    return workbook(book, f"{stem}.问题.xlsx")
