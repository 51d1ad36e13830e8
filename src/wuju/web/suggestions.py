"""投诉建议: hand one in and follow it without an account; answer as a named officer."""

import secrets

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.ledger import actions as ledger
from wuju.loops.actions import suggesting as actions
from wuju.loops.queries import suggestions as queries
from wuju.loops.words import SUGGESTION_KINDS

from .forms import PlainForm
from .once import FIELD
from .parts import Crumb, Empty
from .requests import WebRequest, actor_of
from .responses import bad_form, page, refused, see

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that can be taken for another
CODE = 12
PER_HOUR = 20  # from one address, so that a program cannot fill the list
BUSY = "这一小时内从您的网络收到的意见较多，请过一小时再提，或电话联系区委组织部。"
OPEN = OrgScope()


class SuggestionForm(PlainForm):
    kind = forms.ChoiceField(
        label="种类", choices=list(SUGGESTION_KINDS.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="内容",
        max_length=actions.TEXT,
        widget=forms.Textarea,
        help_text="写明哪件事、哪个环节、希望怎么改。不要写国家秘密和他人的证件号码。",
    )
    contact = forms.CharField(
        label="联系方式",
        max_length=actions.CONTACT,
        required=False,
        help_text="可以不填。填了也只有答复的人看得到，加密保存。",
    )


class FollowForm(PlainForm):
    number = forms.CharField(label="编号", max_length=20)
    code = forms.CharField(label="查询码", max_length=30)


class AnswerForm(PlainForm):
    answer = forms.CharField(
        label="答复",
        max_length=actions.ANSWER,
        widget=forms.Textarea,
        help_text="写明办了什么、什么时候办好；办不了的写明原因和依据。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: WebRequest) -> HttpResponse:
    """Hand one in. Nothing about the sender is kept, whether signed in or not."""
    if request.method != "POST":
        return page(request, "suggestions/new.html", _asking(SuggestionForm()))
    form = SuggestionForm(request.POST)
    if not form.is_valid():
        return bad_form(request, "suggestions/new.html", _asking(form))
    if _too_many(request):
        return page(request, "suggestions/new.html", _asking(form, BUSY), status=429)
    key = request.POST.get(FIELD) or secrets.token_urlsafe(12)
    draft = actions.SuggestionDraft(**form.cleaned_data)
    mark = _digest("mark", f"{key}|{draft}").hex()
    code, at = _code(mark), timezone.localtime()
    try:
        made = ledger.once(
            mark=mark,
            make=lambda: (
                actions.receive_suggestion(draft=draft, code=code, actor=actions.ANYBODY, at=at).pk
            ),
            actor=actions.ANYBODY,
            at=at,
        )
    except DomainError as refusal:
        return page(request, "suggestions/new.html", _asking(form, str(refusal)), status=409)
    number = queries.suggestion(scope=OPEN, suggestion_id=made, today=timezone.localdate()).number
    request.session["suggestion"] = [number, code]
    return see("suggestion-sent")


def _digest(purpose: str, value: str) -> bytes:
    return salted_hmac(f"wuju.web.suggestions.{purpose}", value, algorithm="sha256").digest()


def _code(mark: str) -> str:
    """Make the code from the sending, so that a form sent twice shows the same one. It is not kept."""
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in _digest("code", mark)[:CODE])
    return "-".join(letters[n : n + 4] for n in range(0, CODE, 4))


def _too_many(request: WebRequest) -> bool:
    """Count sendings of an address for an hour, in memory alone."""
    key = f"suggest:{_digest('address', request.META['REMOTE_ADDR']).hex()}"
    cache.add(key, 0, 3600)
    return cache.incr(key) > PER_HOUR


def _asking(form: SuggestionForm, refusal: str = "") -> dict[str, object]:
    pace = queries.pace(scope=OPEN, today=timezone.localdate())
    return {"form": form, "refusal": refusal, "pace": pace, "crumbs": [Crumb("投诉建议")]}


@login_not_required
@never_cache
@require_safe
def sent(request: WebRequest) -> HttpResponse:
    """Show number and code once more to the browser that sent it, until it is closed."""
    number, code = request.session.get("suggestion", ("", ""))
    if not number:
        return see("suggestions")
    return page(request, "suggestions/sent.html", {"number": number, "code": code})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: WebRequest) -> HttpResponse:
    """Show the answer to whoever has number and code; both are posted, so that no address holds them."""
    if request.method != "POST":
        return page(request, "suggestions/follow.html", {"form": FollowForm()})
    form = FollowForm(request.POST)
    if not form.is_valid():
        return bad_form(request, "suggestions/follow.html", {"form": form})
    if _too_many(request):
        return page(
            request, "suggestions/follow.html", {"form": form, "refusal": BUSY}, status=429
        )
    found = queries.followed(scope=OPEN, today=timezone.localdate(), **form.cleaned_data)
    if found is None:
        form.add_error("code", "编号和查询码对不上，请照提交后显示的那一页核对。")
        return bad_form(request, "suggestions/follow.html", {"form": form})
    return page(request, "suggestions/follow.html", {"found": found})


@require_safe
def inbox(request: WebRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    actions.require_answering(actor)
    rows = queries.suggestions(scope=actor.scope, today=today)
    return page(
        request,
        "suggestions/inbox.html",
        {
            "crumbs": [Crumb("投诉建议")],
            "waiting": [row for row in rows if not row.answered_on],
            "answered": [row for row in rows if row.answered_on],
            "empty": Empty(
                "没有待答复的意见。", note="有人提交以后会出现在这里，等得最久的排在前面。"
            ),
        },
    )


@require_safe
def suggestion(request: WebRequest, suggestion_id: int) -> HttpResponse:
    actions.require_answering(actor_of(request))
    return page(request, "suggestions/suggestion.html", _one(request, suggestion_id))


@require_POST
def answer(request: WebRequest, suggestion_id: int) -> HttpResponse:
    actor = actor_of(request)
    actions.require_answering(actor)
    form = AnswerForm(request.POST)
    template = "suggestions/suggestion.html"
    if not form.is_valid():
        return bad_form(request, template, _one(request, suggestion_id, form))
    try:
        actions.answer_suggestion(
            suggestion_id=suggestion_id, actor=actor, at=timezone.localtime(), **form.cleaned_data
        )
    except DomainError as refusal:
        return refused(request, refusal, template, _one(request, suggestion_id, form))
    return see("suggestion", suggestion_id, query="done=1")


def _one(
    request: WebRequest, suggestion_id: int, form: AnswerForm | None = None
) -> dict[str, object]:
    row = queries.suggestion(
        scope=actor_of(request).scope, suggestion_id=suggestion_id, today=timezone.localdate()
    )
    given = form or AnswerForm(initial={"answer": row.answer, "version": row.version})
    return {
        "crumbs": [Crumb("投诉建议", "/suggestions/inbox/"), Crumb(row.number)],
        "row": row,
        "form": given,
        "done": "done" in request.GET,
    }
