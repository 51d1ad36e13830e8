"""督查: what is planned or approved, whom it saw, what it found."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wuju.access.roles import may, require
from wuju.accountability.inspections import queries
from wuju.accountability.inspections.actions import InspectionDraft, plan_inspection
from wuju.accountability.inspections.queries import InspectionPage
from wuju.accountability.inspections.words import KINDS
from wuju.kit.errors import DomainError
from wuju.org import queries as orgs

from .forms import PlainForm
from .loop_lists import lines_of
from .once import sending
from .parts import Crumb, Detail, Empty, Notice
from .requests import WebRequest, actor_of
from .responses import bad_form, page, refused, see
from .templatetags.wuju import zh_date

TOWNS = ("township_committee", "working_committee")
PLANNED = {"yes": "列入年度计划", "no": "计划外，一事一报"}


class InspectionForm(PlainForm):
    title = forms.CharField(label="名称", max_length=100)
    kind = forms.ChoiceField(label="种类", choices=list(KINDS.items()))
    planned = forms.ChoiceField(
        label="依据", choices=list(PLANNED.items()), widget=forms.RadioSelect, initial="yes"
    )
    plan_number = forms.CharField(
        label="计划备案号", max_length=60, required=False, help_text="列入年度计划的必须填写。"
    )
    approval_number = forms.CharField(
        label="批准文号",
        max_length=60,
        required=False,
        help_text="计划外的、一年内第二次综合督查的必须填写。",
    )
    data_first = forms.BooleanField(
        label="去之前先用系统里的数据看过，到现场只核实", required=False
    )
    started_on = forms.DateField(label="开始日期")
    ended_on = forms.DateField(label="结束日期")
    team = forms.CharField(
        label="督查组", max_length=200, required=False, help_text="写组名和组长即可。"
    )
    towns = forms.MultipleChoiceField(
        label="去哪些乡镇（街道）",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="到村的不用在这里选，提出问题时自动记上。",
    )

    def __init__(self, *args: Any, towns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["towns"]
        assert isinstance(chooser, forms.MultipleChoiceField)  # noqa: S101 - declared above
        chooser.choices = towns
        if not towns:
            del self.fields["towns"]

    def draft(self) -> InspectionDraft:
        given = dict(self.cleaned_data)
        towns = given.pop("towns", [])
        planned = given.pop("planned") == "yes"
        return InspectionDraft(
            planned=planned, organization_ids=[int(key) for key in towns], **given
        )


@require_safe
def inspections(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    may_plan = may(actor, "raise_finding")
    rows = queries.inspections(scope=actor.scope)
    note = "列入年度计划的凭备案号，计划外的凭批准文号；综合督查原则上一年不超过一次。"
    empty = Empty("还没有督查。", reverse("inspection-new"), "登记督查", note)
    return page(
        request,
        "inspections/list.html",
        {
            "crumbs": [Crumb("督查")],
            "rows": rows,
            "found": sum(row.findings for row in rows),
            "closed": sum(row.closed for row in rows),
            "may_plan": may_plan,
            "empty": empty if may_plan else Empty("没有督查来过。", note=note),
            "as_of": timezone.localdate(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_new(request: WebRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "raise_finding")
    rows = orgs.organizations(scope=actor.scope, kinds=TOWNS)
    towns = [(str(row.id), row.short_name) for row in rows]
    crumbs = [Crumb("督查", reverse("inspections")), Crumb("登记督查")]
    if request.method != "POST":
        form = InspectionForm(towns=towns, initial={"started_on": today, "ended_on": today})
        return page(request, "inspections/new.html", {"crumbs": crumbs, "form": form})
    form = InspectionForm(request.POST, towns=towns)
    context = {"crumbs": crumbs, "form": form}
    sent = sending(request, lambda made: see("inspection", made, query="done=1"))
    if not form.is_valid():
        return sent.again() or bad_form(request, "inspections/new.html", context)
    draft, at = form.draft(), timezone.localtime()
    try:
        return sent.do(lambda: plan_inspection(draft=draft, actor=actor, at=at).pk)
    except DomainError as refusal:
        return refused(request, refusal, "inspections/new.html", context)


@require_safe
def inspection(request: WebRequest, inspection_id: int) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "read")
    found = queries.inspection(scope=actor.scope, inspection_id=inspection_id, today=today)
    done = Notice("ok", "督查已登记。", ("现场发现的问题，从这里一条一条提出。",))
    return page(
        request,
        "inspections/inspection.html",
        {
            "crumbs": [Crumb("督查", reverse("inspections")), Crumb(found.row.title)],
            "found": found,
            "lines": lines_of(found.findings),
            "details": _details(found),
            "notice": done if "done" in request.GET else None,
            "may_raise": may(actor, "raise_finding"),
            "as_of": today,
        },
    )


def _details(found: InspectionPage) -> list[Detail]:
    row = found.row
    label = "计划备案号" if row.planned else "批准文号"
    return [
        Detail("督查单位", row.unit),
        Detail("种类", row.kind_label),
        Detail(label, row.basis, note=PLANNED["yes" if row.planned else "no"]),
        *([Detail("准备", "先用系统里的数据看过")] if found.data_first else []),
        Detail("时间", f"{zh_date(row.started_on)}至{zh_date(row.ended_on)}"),
        *([Detail("督查组", found.team)] if found.team else []),
        Detail("到过", "、".join(name for _, name in found.visited) or "还没有"),
    ]
