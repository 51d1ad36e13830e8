"""通知书和通报: list, read, make and download official documents."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from wuju.access.roles import may, require
from wuju.accountability.bulletins import actions, queries
from wuju.accountability.bulletins.actions import NoUnit
from wuju.accountability.bulletins.composing import BulletinDraft
from wuju.accountability.bulletins.queries import BulletinPage, Preview
from wuju.accountability.bulletins.words import CIRCULARS, KINDS
from wuju.kit.actors import Actor, OrgScope
from wuju.kit.errors import DomainError
from wuju.org import queries as orgs

from .forms import PlainForm
from .letters import shown
from .loop_lists import Choice, lines_of
from .once import sending
from .parts import Crumb, Detail, Empty, Notice
from .requests import WebRequest, actor_of
from .responses import bad_form, page, refused, see

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class BulletinForm(PlainForm):
    kind = forms.ChoiceField(
        label="种类", choices=[(kind, KINDS[kind]) for kind in KINDS if kind in CIRCULARS]
    )
    title = forms.CharField(label="标题", max_length=60, initial="关于督查整改情况的通报")
    first = forms.DateField(label="反映期间，从")
    last = forms.DateField(label="到")
    good_practices = forms.CharField(
        label="做得好的方面",
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text="一行一条，先讲做得好的。",
    )
    demands = forms.CharField(
        label="下一步要求",
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text="一行一条。不填用通用要求。",
    )
    names_organizations = forms.BooleanField(label="点名（须经批准）", required=False)
    naming_approved = forms.CharField(label="点名批准文号", max_length=60, required=False)
    comprehensive = forms.BooleanField(
        label="综合性文稿（上限 5000 字，专项 4000 字）", required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", "结束日期不能早于开始日期。")
        return given

    def draft(self) -> BulletinDraft:
        given = dict(self.cleaned_data)
        for name in ("good_practices", "demands"):
            given[name] = tuple(line.strip() for line in given[name].splitlines() if line.strip())
        return BulletinDraft(**given)


@require_safe
def bulletins(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    may_issue = may(actor, "issue_bulletin")
    note = "整改通知书一个组织一份，写明依据和期限；通报讲共性、讲办法，不点名。"
    return page(
        request,
        "bulletins/list.html",
        {
            "crumbs": [Crumb("闭环", reverse("loops")), Crumb("通知书和通报")],
            "rows": queries.bulletins(scope=actor.scope, kinds=(kind,) if kind else ()),
            "kinds": [Choice(code, title, code == kind) for code, title in KINDS.items()],
            "may_issue": may_issue,
            "empty": Empty("还没有印发过。", note=note),
            "as_of": timezone.localdate(),
        },
    )


@require_safe
def bulletin(request: WebRequest, bulletin_id: int) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "read")
    found = queries.bulletin(scope=actor.scope, bulletin_id=bulletin_id, today=today)
    done = Notice(
        "ok", "已印发。", (f"文号 {found.row.number}，正文 {found.row.characters} 字。",)
    )
    return page(
        request,
        "bulletins/bulletin.html",
        {
            "crumbs": _crumbs(found.row.number),
            "found": found,
            "blocks": shown(found.letter),
            "lines": lines_of(found.findings),
            "details": _details(found),
            "notice": done if "done" in request.GET else None,
            "as_of": today,
        },
    )


@require_GET
def bulletin_docx(request: WebRequest, bulletin_id: int) -> HttpResponse:
    """Send the official document to save; nothing may keep a copy on the way."""
    actor = actor_of(request)
    content = actions.export_document(
        bulletin_id=bulletin_id, actor=actor, at=timezone.localtime()
    )
    letter = queries.letter_of(scope=actor.scope, bulletin_id=bulletin_id)
    response = HttpResponse(content, content_type=DOCX)
    name = quote(f"{letter.number} {letter.title}.docx", safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_new(request: WebRequest) -> HttpResponse:
    """Make a 通报: the first button shows it, the second issues it."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "issue_bulletin")
    if request.method != "POST":
        start = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        form = BulletinForm(initial={"first": start, "last": today, "kind": "inform"})
        return page(request, "bulletins/new.html", _making(form))
    form = BulletinForm(request.POST)
    if not form.is_valid():
        return bad_form(request, "bulletins/new.html", _making(form))
    draft, at = form.draft(), timezone.localtime()
    sent = sending(request, lambda made: see("bulletin", made, query="done=1"))
    try:
        seen = queries.preview(
            scope=actor.scope, draft=draft, issuer=issuer_of(actor), today=today
        )
        if "issue" not in request.POST:
            return page(request, "bulletins/new.html", _making(form, seen))
        return sent.do(lambda: actions.issue_bulletin(draft=draft, actor=actor, at=at).pk)
    except DomainError as refusal:
        return refused(request, refusal, "bulletins/new.html", _making(form))


def issuer_of(actor: Actor) -> str:
    """Return the name of the unit a document goes out under."""
    if not actor.unit_path:
        raise NoUnit
    rows = orgs.organizations(scope=OrgScope(orgs=frozenset({actor.unit_path})))
    if not rows:
        raise NoUnit
    return rows[0].name


def _making(form: BulletinForm, seen: Preview | None = None) -> dict[str, object]:
    warning = Notice("warn", "请看一下篇幅。", seen.warnings) if seen and seen.warnings else None
    return {
        "crumbs": _crumbs("写通报"),
        "form": form,
        "seen": seen,
        "blocks": shown(seen.letter) if seen else [],
        "warning": warning,
        "reminder": Notice("info", "印发前请通读。", (seen.reminder,)) if seen else None,
    }


def _crumbs(last: str) -> list[Crumb]:
    return [
        Crumb("闭环", reverse("loops")),
        Crumb("通知书和通报", reverse("bulletins")),
        Crumb(last),
    ]


def _details(found: BulletinPage) -> list[Detail]:
    rows = [
        Detail("种类", found.row.kind_label),
        Detail("印发单位", found.row.issuer),
        Detail("正文", f"{found.row.characters} 字"),
        Detail("点名批准", found.naming_approved),
        Detail("留痕", f"第 {found.ledger_sequence} 号", note=found.ledger_hash[:16]),
    ]
    return [row for row in rows if row.value]
