"""Signing in, signing out and changing one's password."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wuju.access import actions
from wuju.access.models import User
from wuju.access.queries import capacities
from wuju.kit.errors import DomainError

from .requests import WebRequest, actor_of
from .responses import SeeOther, bad_form, page, refused, see


class SignInForm(AuthenticationForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            "invalid_login": "账号或密码不对，请核对后再试。连续输错 5 次，要等半小时才能再登录。",
            "inactive": "这个账号已经停用，请找本单位管理员。",
        }
        _name_fields(self, {"username": "账号", "password": "密码"})


class SignIn(LoginView):
    template_name = "access/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        super().form_valid(form)
        unit = form.get_user().unit
        # Kept so that the frame of each page need not ask for it again.
        self.request.session["unit"] = unit.short_name if unit else ""
        return SeeOther(self.get_success_url())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return bad_form(self.request, self.template_name, self.get_context_data(form=form))


class PasswordForm(PasswordChangeForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            "password_incorrect": "现在的密码不对，请再填一次。",
            "password_mismatch": "两次填的新密码不一样，请再填一次。",
        }
        labels = {
            "old_password": "现在的密码",
            "new_password1": "新密码",
            "new_password2": "再填一次新密码",
        }
        _name_fields(self, labels)
        self.fields["new_password1"].help_text = "至少 8 个字符，不要用姓名、账号或常见密码。"


def _name_fields(form: forms.BaseForm, labels: dict[str, str]) -> None:
    """Give the framework's fields our labels and our sentence for an empty one."""
    form.label_suffix = ""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].error_messages["required"] = f"请填写{label}。"


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: WebRequest) -> HttpResponse:
    user = cast("User", get_user(request))  # the row itself: request.user is a lazy stand-in
    if request.method == "GET":
        context = {"form": PasswordForm(user), "done": "done" in request.GET}
        return page(request, "access/password.html", context)
    form = PasswordForm(user, request.POST)
    if not form.is_valid():
        return bad_form(request, "access/password.html", {"form": form})
    try:
        actions.change_password(
            user=user,
            password=form.cleaned_data["new_password1"],
            actor=actor_of(request),
            at=timezone.localtime(),
        )
    except DomainError as refusal:
        return refused(request, refusal, "access/password.html", {"form": form})
    update_session_auth_hash(request, user)
    return see("password-change", query="done=1")


@require_http_methods(["GET", "POST"])
def capacity(request: WebRequest) -> HttpResponse:
    """Let a person with several grants choose in which capacity to act; one at a time."""
    found = capacities(user=request.user, today=timezone.localdate())
    if request.method == "POST":
        request.session["capacity"] = request.POST.get("capacity", "")
        return see("today")
    context = {"capacities": found, "roles": actor_of(request).roles}
    return page(request, "access/capacity.html", context)
