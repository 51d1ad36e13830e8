"""管理: accounts and who granted what; one administrator requests, another approves."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuju.access import actions, queries
from wuju.access.models import Grant
from wuju.access.roles import may, require
from wuju.kit.errors import DomainError

from .account_forms import AccountForm, GrantForm, ResetForm
from .forms import PlainForm
from .org_filter import given
from .parts import Crumb, Notice
from .requests import WebRequest, actor_of
from .responses import bad_form, page, refused, see

DONE = {
    "opened": ("账号已开立。", "还没有任何权限；请在下面申请授权，由安全管理员批准后生效。"),
    "requested": ("授权已申请。", "由安全管理员批准后生效；申请人和本人不能批准。"),
    "approved": ("授权已批准。", "从开始日期起生效。"),
    "refused": ("申请已退回。", ""),
    "ended": ("授权已结束。", "从现在起不再有效。"),
    "reset": ("密码已重设。", "请当面告诉本人，本人登录后马上修改。"),
    "revoked": ("令牌已撤销。", ""),
}
REASON = 100


class ReasonNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__(f"请写明原因，不超过 {REASON} 个字。")


@require_safe
def accounts(request: WebRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "read_accounts")
    text = given(request.GET, "text")
    context = {
        "crumbs": [Crumb("管理")],
        "rows": queries.accounts(scope=actor.scope, today=today, text=text),
        "waiting": queries.waiting_grants(scope=actor.scope, today=today),
        "text": text,
        "may_open": may(actor, "open_account"),
        "may_approve": may(actor, "approve_grant"),
    }
    return page(request, "access/accounts.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "open_account")
    crumbs = [Crumb("管理", reverse("accounts")), Crumb("开立账号")]
    if request.method != "POST":
        context = {"crumbs": crumbs, "form": AccountForm(scope=actor.scope)}
        return page(request, "access/account_new.html", context)
    form = AccountForm(request.POST, scope=actor.scope)
    context = {"crumbs": crumbs, "form": form}
    if not form.is_valid():
        return bad_form(request, "access/account_new.html", context)
    filled = dict(form.cleaned_data)
    unit = queries.place(scope=actor.scope, organization_id=filled.pop("unit"))
    try:
        made = actions.open_account(unit=unit, actor=actor, at=timezone.localtime(), **filled)
    except DomainError as refusal:
        return refused(request, refusal, "access/account_new.html", context)
    return see("account-of", made.pk, query="done=opened")


@require_safe
def account_of(request: WebRequest, account_id: int) -> HttpResponse:
    require(actor_of(request), "read_accounts")
    return page(request, "access/account_of.html", _context(request, account_id))


@require_POST
def grant_request(request: WebRequest, account_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "request_grant")
    user = queries.user_in_reach(scope=actor.scope, user_id=account_id)
    form = GrantForm(request.POST, scope=actor.scope)

    def ask() -> object:
        filled = dict(form.cleaned_data)
        place = queries.place(scope=actor.scope, organization_id=filled.pop("organization"))
        return actions.request_grant(
            user=user, organization=place, actor=actor, at=timezone.localtime(), **filled
        )

    return _done(request, account_id, "requested", ask, grant_form=form)


@sensitive_post_parameters("password")
@require_POST
def password_reset(request: WebRequest, account_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "reset_password")
    user = queries.user_in_reach(scope=actor.scope, user_id=account_id)
    form = ResetForm(request.POST)
    return _done(
        request,
        account_id,
        "reset",
        lambda: actions.reset_password(
            user=user,
            password=form.cleaned_data["password"],
            actor=actor,
            at=timezone.localtime(),
        ),
        reset_form=form,
    )


@require_POST
def grant_approve(request: WebRequest, grant_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "approve_grant")
    return _decide(
        request,
        grant_id,
        "approved",
        lambda: actions.approve_grant(grant_id=grant_id, actor=actor, at=timezone.localtime()),
    )


@require_POST
def grant_refuse(request: WebRequest, grant_id: int) -> HttpResponse:
    require(actor_of(request), "refuse_grant")
    return _decide(
        request, grant_id, "refused", _with_reason(request, grant_id, actions.refuse_grant)
    )


@require_POST
def grant_end(request: WebRequest, grant_id: int) -> HttpResponse:
    require(actor_of(request), "end_grant")
    return _decide(request, grant_id, "ended", _with_reason(request, grant_id, actions.end_grant))


@require_POST
def account_token_revoke(request: WebRequest, account_id: int, token_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "revoke_token")
    user = queries.user_in_reach(scope=actor.scope, user_id=account_id)
    known = queries.tokens_of(user_id=user.pk, today=timezone.localdate())
    if token_id not in {row.id for row in known}:
        raise actions.NoSuchToken
    actions.revoke_token(token_id=token_id, actor=actor, at=timezone.localtime())
    return see("account-of", account_id, query="done=revoked")


def _with_reason(
    request: WebRequest, grant_id: int, step: Callable[..., Grant]
) -> Callable[[], Grant]:
    """Return the step with the reason of the form; none, or a long one, is refused."""
    reason = given(request.POST, "reason")

    def run() -> Grant:
        if not 0 < len(reason) <= REASON:
            raise ReasonNeeded
        return step(
            grant_id=grant_id, reason=reason, actor=actor_of(request), at=timezone.localtime()
        )

    return run


def _decide(
    request: WebRequest, grant_id: int, done: str, step: Callable[[], Grant]
) -> HttpResponse:
    """Take a step on a grant; a refusal stands on the page of the person it is about."""
    account_id = queries.account_of_grant(scope=actor_of(request).scope, grant_id=grant_id)
    return _done(request, account_id, done, step)


def _done(
    request: WebRequest,
    account_id: int,
    done: str,
    step: Callable[[], object],
    **forms: PlainForm,
) -> HttpResponse:
    """Run a step once its form is right; answer with the page of the account."""
    template = "access/account_of.html"
    if not all(form.is_valid() for form in forms.values()):
        return bad_form(request, template, _context(request, account_id, **forms))
    try:
        step()
    except DomainError as refusal:
        return refused(request, refusal, template, _context(request, account_id, **forms))
    return see("account-of", account_id, query=f"done={done}")


def _context(request: WebRequest, account_id: int, **forms: PlainForm) -> dict[str, object]:
    actor, today = actor_of(request), timezone.localdate()
    row = queries.account(scope=actor.scope, user_id=account_id, today=today)
    said = DONE.get(request.GET.get("done", ""))
    context: dict[str, object] = {
        "crumbs": [Crumb("管理", reverse("accounts")), Crumb(row.name)],
        "row": row,
        "grants": queries.grants_of(user_id=account_id, today=today),
        "tokens": queries.tokens_of(user_id=account_id, today=today),
        "notice": Notice("ok", said[0], tuple(filter(None, said[1:]))) if said else None,
        "is_own": account_id == actor.user_id,
        "may_approve": may(actor, "approve_grant"),
        "reason_length": REASON,
    }
    if may(actor, "request_grant") and account_id != actor.user_id:
        context["grant_form"] = GrantForm(
            scope=actor.scope, initial={"from_on": today, "whole_subtree": True}
        )
    if may(actor, "reset_password") and account_id != actor.user_id:
        context["reset_form"] = ResetForm()
    return context | forms
