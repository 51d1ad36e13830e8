"""我的账号: what I may do and until when, my password, my tokens."""

import datetime as dt

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuju.access import actions, queries
from wuju.kit.errors import DomainError

from .forms import PlainForm
from .parts import Crumb, Notice
from .requests import WebRequest, actor_of
from .responses import bad_form, page, refused, see

USUAL = dt.timedelta(days=90)
DONE = {"revoked": "令牌已撤销，用它的程序从现在起进不来了。"}


class TokenForm(PlainForm):
    title = forms.CharField(label="用途", max_length=60, help_text="写明给哪台电脑、哪个程序用。")
    until_on = forms.DateField(label="有效期至", help_text="最长一年。")


@require_safe
@never_cache
def account(request: WebRequest) -> HttpResponse:
    return page(request, "access/account.html", _context(request))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def token_new(request: WebRequest) -> HttpResponse:
    """Issue a token and show its secret, in this answer and never again."""
    if request.method != "POST":
        return see("account")  # somebody reloads the answer
    form = TokenForm(request.POST)
    if not form.is_valid():
        return bad_form(request, "access/account.html", _context(request, form))
    try:
        secret = actions.issue_token(
            title=form.cleaned_data["title"],
            until_on=form.cleaned_data["until_on"],
            actor=actor_of(request),
            at=timezone.localtime(),
        )
    except DomainError as refusal:
        return refused(request, refusal, "access/account.html", _context(request, form))
    return page(request, "access/account.html", _context(request) | {"secret": secret})


@require_POST
def token_revoke(request: WebRequest, token_id: int) -> HttpResponse:
    """Revoke a token of one's own; another person's is revoked on the page of their account."""
    own = {row.id for row in queries.tokens_of(user_id=request.user.pk, today=_today())}
    if token_id not in own:
        raise actions.NoSuchToken
    actions.revoke_token(token_id=token_id, actor=actor_of(request), at=timezone.localtime())
    return see("account", query="done=revoked")


def _today() -> dt.date:
    return timezone.localdate()


def _context(request: WebRequest, form: TokenForm | None = None) -> dict[str, object]:
    user, today = request.user, _today()
    done = DONE.get(request.GET.get("done", ""))
    return {
        "crumbs": [Crumb("我的账号")],
        "person": user,
        "grants": queries.grants_of(user_id=user.pk, today=today),
        "tokens": queries.tokens_of(user_id=user.pk, today=today),
        "form": form or TokenForm(initial={"until_on": today + USUAL}),
        "notice": Notice("ok", done) if done else None,
    }
