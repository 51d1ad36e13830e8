"""整改通知书 and 督办单: one document over findings of one organization. A person decides on each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wuju.access.roles import require
from wuju.accountability.bulletins.actions import NoticeDraft, issue_notice, issue_supervision
from wuju.accountability.bulletins.models import Bulletin
from wuju.kit.actors import OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.numbers import whole
from wuju.loops import queries as loops
from wuju.loops.clocks import clocks_on
from wuju.loops.lifecycle import RUNNING
from wuju.loops.queries import Filters, LoopRow
from wuju.loops.words import NATURES

from .forms import PlainForm
from .once import sending
from .parts import Crumb
from .requests import WebRequest, actor_of
from .responses import bad_form, page, refused, see

TITLE = "关于限期整改有关问题的通知"


class PaperForm(PlainForm):
    findings = forms.MultipleChoiceField(
        label="问题", widget=forms.CheckboxSelectMultiple, help_text="同一组织的写在一份里。"
    )

    def __init__(self, *args: Any, rows: list[LoopRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["findings"]
        assert isinstance(choice, forms.MultipleChoiceField)  # noqa: S101 - declared above
        choice.choices = [(str(row.id), f"{row.number} {row.title}") for row in rows]
        choice.initial = [str(row.id) for row in rows]

    @property
    def chosen(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["findings"]]


class NoticeForm(PaperForm):
    title = forms.CharField(label="标题", max_length=60, initial=TITLE)
    due_on = forms.DateField(label="整改期限", required=False)

    def __init__(self, *args: Any, rows: list[LoopRow], **kwargs: Any) -> None:
        super().__init__(*args, rows=rows, **kwargs)
        if rows:
            days = clocks_on(min(row.opened_on for row in rows)).rectify
            usual = "，".join(f"{title} {days[nature]} 天" for nature, title in NATURES.items())
            self.fields["due_on"].help_text = f"不填按各条的整改方式计：{usual}。"


class SupervisionForm(PaperForm):
    reason = forms.CharField(
        label="督办原因",
        max_length=500,
        widget=forms.Textarea,
        help_text="写明为什么督办、希望怎样办理。督办由人决定，系统不自动发。",
    )


def _notify(request: WebRequest, form: PaperForm) -> Bulletin:
    given = form.cleaned_data
    draft = NoticeDraft(loop_ids=form.chosen, due_on=given["due_on"], title=given["title"])
    return issue_notice(draft=draft, actor=actor_of(request), at=timezone.localtime())


def _supervise(request: WebRequest, form: PaperForm) -> Bulletin:
    return issue_supervision(
        loop_ids=form.chosen,
        reason=form.cleaned_data["reason"],
        actor=actor_of(request),
        at=timezone.localtime(),
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of document: which findings it may speak of, what it asks for, what it calls."""

    title: str
    lede: str
    nothing: str
    note: str
    waiting: Filters
    holds: Callable[[LoopRow], bool]
    form: type[PaperForm]
    issue: Callable[[WebRequest, PaperForm], Bulletin]


NOTICE = Paper(
    title="印发整改通知书",
    lede="印发后，选中的问题就算通知到了，开始计整改期限。",
    nothing="没有等待通知的问题。",
    note="问题立项后，{notice}内印发整改通知书；每条问题只通知一次。",
    waiting=Filters(states=("opened",)),
    holds=lambda row: row.state == "opened",
    form=NoticeForm,
    issue=_notify,
)
SUPERVISION = Paper(
    title="印发督办单",
    lede="只督办逾期的问题；先问清有什么困难，需要上级协调的一并解决。",
    nothing="没有逾期的问题。",
    note="逾期不会自动督办，由督办部门研究决定。",
    waiting=Filters(overdue=True),
    holds=lambda row: row.overdue and row.state in RUNNING,
    form=SupervisionForm,
    issue=_supervise,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An organization with findings the document may speak of."""

    organization: str
    count: int
    href: str


@require_http_methods(["GET", "HEAD", "POST"])
def notice_new(request: WebRequest) -> HttpResponse:
    return _new(request, NOTICE)


@require_http_methods(["GET", "HEAD", "POST"])
def supervision_new(request: WebRequest) -> HttpResponse:
    return _new(request, SUPERVISION)


def _new(request: WebRequest, paper: Paper) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "order_rectification")
    asked = whole(request.GET.get("finding"))
    if asked is None:
        return _choose(request, paper)
    named = loops.by_ids(scope=actor.scope, loop_ids=[asked], today=today)
    if not named:
        raise OutsideScope
    every = loops.of_organization(
        scope=actor.scope, organization_id=named[0].organization_id, today=today
    )
    rows = [row for row in every if paper.holds(row)]
    context = {
        "crumbs": _crumbs(paper),
        "paper": paper,
        "organization": named[0].organization,
        "rows": rows,
        "back_href": reverse("loop", args=[named[0].id]),
    }
    if request.method != "POST":
        return page(request, "bulletins/notice.html", context | {"form": paper.form(rows=rows)})
    return _issue(request, paper, rows, context)


def _issue(
    request: WebRequest, paper: Paper, rows: list[LoopRow], context: dict[str, Any]
) -> HttpResponse:
    form = paper.form(request.POST, rows=rows)
    context["form"] = form
    sent = sending(request, lambda made: see("bulletin", made, query="done=1"))
    if not form.is_valid():
        return sent.again() or bad_form(request, "bulletins/notice.html", context)
    try:
        return sent.do(lambda: paper.issue(request, form).pk)
    except DomainError as refusal:
        return refused(request, refusal, "bulletins/notice.html", context)


def _choose(request: WebRequest, paper: Paper) -> HttpResponse:
    """List the organizations that wait for the document, in official order."""
    found = loops.register(
        scope=actor_of(request).scope,
        filters=paper.waiting,
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
    note = paper.note.format(notice=clocks_on(timezone.localdate()).notice)
    context = {"crumbs": _crumbs(paper), "paper": paper, "waiting": waiting, "note": note}
    return page(request, "bulletins/waiting.html", context)


def _crumbs(paper: Paper) -> list[Crumb]:
    return [
        Crumb("闭环", reverse("loops")),
        Crumb("通知书和通报", reverse("bulletins")),
        Crumb(paper.title),
    ]
