"""整改通知书: one document over findings of one organization that have not been notified yet."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wuju.access.roles import require
from wuju.accountability.bulletins.actions import NoticeDraft, issue_notice
from wuju.kit.actors import OutsideScope
from wuju.kit.errors import DomainError
from wuju.loops import queries as loops
from wuju.loops.queries import Filters, LoopRow

from .forms import PlainForm
from .parts import Crumb
from .requests import WebRequest, actor_of
from .responses import bad_form, page, refused, see

TITLE = "关于限期整改有关问题的通知"


class NoticeForm(PlainForm):
    findings = forms.MultipleChoiceField(
        label="问题", widget=forms.CheckboxSelectMultiple, help_text="同一组织的写在一份里。"
    )
    title = forms.CharField(label="标题", max_length=60, initial=TITLE)
    due_on = forms.DateField(
        label="整改期限",
        required=False,
        help_text="不填按各条的整改方式计：立行立改 7 天，限期整改 30 天，长期坚持 180 天。",
    )

    def __init__(self, *args: Any, rows: list[LoopRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["findings"]
        assert isinstance(choice, forms.MultipleChoiceField)  # noqa: S101 - declared above
        choice.choices = [(str(row.id), f"{row.number} {row.title}") for row in rows]
        choice.initial = [str(row.id) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An organization with findings not yet notified."""

    organization: str
    count: int
    href: str


@require_http_methods(["GET", "HEAD", "POST"])
def notice_new(request: WebRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "order_rectification")
    asked = request.GET.get("finding", "")
    if not asked.isdecimal():
        return _choose(request)
    named = loops.by_ids(scope=actor.scope, loop_ids=[int(asked)], today=today)
    if not named:
        raise OutsideScope
    rows = [
        row
        for row in loops.of_organization(
            scope=actor.scope, organization_id=named[0].organization_id, today=today
        )
        if row.state == "opened"
    ]
    context = {
        "crumbs": _crumbs(),
        "organization": named[0].organization,
        "rows": rows,
        "back_href": reverse("loop", args=[named[0].id]),
    }
    if request.method != "POST":
        return page(request, "bulletins/notice.html", context | {"form": NoticeForm(rows=rows)})
    return _issue(request, rows, context)


def _issue(request: WebRequest, rows: list[LoopRow], context: dict[str, Any]) -> HttpResponse:
    form = NoticeForm(request.POST, rows=rows)
    context["form"] = form
    if not form.is_valid():
        return bad_form(request, "bulletins/notice.html", context)
    given = form.cleaned_data
    draft = NoticeDraft(
        loop_ids=[int(key) for key in given["findings"]],
        due_on=given["due_on"],
        title=given["title"],
    )
    try:
        made = issue_notice(draft=draft, actor=actor_of(request), at=timezone.localtime())
    except DomainError as refusal:
        return refused(request, refusal, "bulletins/notice.html", context)
    return see("bulletin", made.pk, query="done=1")


def _choose(request: WebRequest) -> HttpResponse:
    """List the organizations that wait for a notice."""
    found = loops.register(
        scope=actor_of(request).scope,
        filters=Filters(states=("opened",)),
        today=timezone.localdate(),
        size=500,
    )
    first: dict[str, list[LoopRow]] = {}
    for row in sorted(found.rows, key=lambda row: (row.path, row.id)):
        first.setdefault(row.path, []).append(row)
    waiting = [
        Waiting(rows[0].organization, len(rows), f"?{urlencode({'finding': rows[0].id})}")
        for rows in first.values()
    ]
    return page(request, "bulletins/waiting.html", {"crumbs": _crumbs(), "waiting": waiting})


def _crumbs() -> list[Crumb]:
    return [
        Crumb("闭环", reverse("loops")),
        Crumb("通知书和通报", reverse("bulletins")),
        Crumb("印发整改通知书"),
    ]
