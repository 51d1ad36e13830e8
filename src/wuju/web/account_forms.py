"""Forms of the accounts pages: to open an account, to ask for a grant, to give a new password."""

from typing import Any

from django import forms

from wuju.access.roles import GRANTABLE, ROLES
from wuju.kit.actors import OrgScope
from wuju.org.relative import find_organizations

from .forms import PlainForm

_CODE = "写组织代码、全称或简称，也可以写本级。"


def _new_password(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 8 个字符，当面告诉本人，请本人登录后马上修改。",
    )


class PlaceField(forms.CharField):
    """An organization inside the asker's scope, by its code or its name; cleaned to its id."""

    scope = OrgScope()

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        found = find_organizations(scope=self.scope, text=text, limit=6)
        exact = [row for row in found if text in {row.code, row.name, row.short_name}]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0].id
        if found:
            names = "、".join(f"{row.short_name}（{row.code}）" for row in found)
            raise forms.ValidationError(f"“{text}”可能是{names}，请写组织代码。")
        raise forms.ValidationError(f"您的管理范围内没有“{text}”，请核对组织代码或全称。")


class _PlacedForm(PlainForm):
    def __init__(self, *args: Any, scope: OrgScope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PlaceField):
                field.scope = scope


class AccountForm(_PlacedForm):
    username = forms.RegexField(
        r"^[a-z][a-z0-9_.-]{1,49}$",
        label="账号",
        help_text="小写字母开头，可以有数字。",
        error_messages={"invalid": "账号用小写字母开头，只用小写字母、数字和 . _ - 。"},
    )
    name = forms.CharField(label="姓名", max_length=50)
    unit = PlaceField(label="工作单位", max_length=100, help_text=_CODE)
    duty = forms.CharField(label="职务", max_length=50, required=False)
    password = _new_password("初始密码")


class GrantForm(_PlacedForm):
    role = forms.ChoiceField(
        label="角色", choices=[(code, name) for code, name in ROLES.items() if code in GRANTABLE]
    )
    organization = PlaceField(label="范围", max_length=100, help_text=_CODE)
    whole_subtree = forms.BooleanField(label="含下级组织", required=False, initial=True)
    from_on = forms.DateField(label="开始日期")
    until_on = forms.DateField(
        label="截止日期", required=False, help_text="到这一天就不再有效；不填为长期。"
    )


class ResetForm(PlainForm):
    password = _new_password("新密码")
