"""提出问题: choose where, then write down what was seen and what it offends against."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wuju.access.roles import require
from wuju.accountability.inspections import queries as inspections
from wuju.accountability.inspections.actions import raise_from_inspection
from wuju.accountability.inspections.queries import InspectionPage
from wuju.kit.errors import DomainError
from wuju.loops import actions
from wuju.loops.models import Loop
from wuju.loops.words import CATEGORIES, NATURES, ORIGINS
from wuju.org import queries as orgs
from wuju.org.queries import OrganizationRow
from wuju.org.relative import WORDS, find_organizations

from .forms import PlainForm
from .once import sending
from .parts import Crumb
from .requests import WebRequest, actor_of
from .responses import SeeOther, bad_form, page, refused, see

FOUND = 30


class FindingForm(PlainForm):
    category = forms.ChoiceField(label="问题类别", choices=[("", "请选择"), *CATEGORIES.items()])
    category_text = forms.CharField(
        label="类别说明", max_length=60, required=False, help_text="选“其他”时填写。"
    )
    title = forms.CharField(
        label="标题",
        max_length=100,
        help_text="一句话说清哪里不对，例如：二季度支部党员大会少开一次。",
    )
    fact = forms.CharField(
        label="事实",
        max_length=4000,
        widget=forms.Textarea,
        help_text="写看到的、查到的，不写评价，不写个人隐私和信访线索。",
    )
    basis = forms.CharField(
        label="依据条款",
        max_length=300,
        help_text="写明文件名和条款，没有依据的不立项。",
    )
    origin = forms.ChoiceField(label="问题来源", choices=list(ORIGINS.items()))
    nature = forms.ChoiceField(
        label="整改方式",
        choices=list(NATURES.items()),
        widget=forms.RadioSelect,
        initial="by_date",
    )
    on = forms.DateField(label="发现日期", help_text="以前发现的照实填。")

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("category") == "other" and not given.get("category_text", "").strip():
            self.add_error("category_text", "请写明是哪一类问题。")
        return given


class InspectedForm(FindingForm):
    """A finding of an inspection: where it comes from is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["origin"]


@dataclass(frozen=True, slots=True)
class Place:
    """An organization that was found, and the address of the form for it."""

    row: OrganizationRow
    href: str


@dataclass(frozen=True, slots=True)
class Start:
    """Where a finding comes from: an inspection, or none."""

    inspection: InspectionPage | None
    crumbs: tuple[Crumb, ...]

    def form(self, today: dt.date) -> FindingForm:
        if self.inspection is None:
            return FindingForm(initial={"on": today, "origin": "inspection"})
        return InspectedForm(initial={"on": min(today, self.inspection.row.ended_on)})

    def bound(self, given: QueryDict) -> FindingForm:
        return InspectedForm(given) if self.inspection else FindingForm(given)


@require_http_methods(["GET", "HEAD", "POST"])
def finding_new(request: WebRequest) -> HttpResponse:
    require(actor_of(request), "raise_finding")
    return _new(request, Start(None, (Crumb("闭环", reverse("loops")), Crumb("提出问题"))))


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_finding_new(request: WebRequest, inspection_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "raise_finding")
    found = inspections.inspection(
        scope=actor.scope, inspection_id=inspection_id, today=timezone.localdate()
    )
    crumbs = (
        Crumb("督查", reverse("inspections")),
        Crumb(found.row.title, reverse("inspection", args=[inspection_id])),
        Crumb("提出问题"),
    )
    return _new(request, Start(found, crumbs))


def _new(request: WebRequest, start: Start) -> HttpResponse:
    code = request.GET.get("org", "").strip()
    scope = actor_of(request).scope
    organization = (
        None if code in {"", *WORDS} else orgs.organization_by_code(scope=scope, code=code)
    )
    if organization is None:
        return _choose(request, start, code)
    if request.method != "POST":
        form = start.form(timezone.localdate())
        return page(request, "loops/new.html", _context(request, start, organization, form))
    form = start.bound(request.POST)
    context = _context(request, start, organization, form)
    sent = sending(request, lambda made: see("loop", made, query="done=raised"))
    if not form.is_valid():
        return sent.again() or bad_form(request, "loops/new.html", context)
    given, place = dict(form.cleaned_data), organization.id
    try:
        return sent.do(lambda: _raise(request, start, place, given).pk)
    except DomainError as refusal:
        return refused(request, refusal, "loops/new.html", context)


def _raise(request: WebRequest, start: Start, organization_id: int, given: dict[str, Any]) -> Loop:
    on, actor, at = given.pop("on"), actor_of(request), timezone.localtime()
    if start.inspection is None:
        draft = actions.FindingDraft(organization_id=organization_id, **given)
        return actions.raise_finding(draft=draft, on=on, actor=actor, at=at)
    draft = actions.FindingDraft(organization_id=organization_id, origin="inspection", **given)
    return raise_from_inspection(
        inspection_id=start.inspection.row.id, draft=draft, on=on, actor=actor, at=at
    )


def _choose(request: WebRequest, start: Start, code: str) -> HttpResponse:
    """Ask where: a search, and its answers as links. One answer is taken at once."""
    unknown = bool(code) and code not in WORDS
    text = code if code in WORDS else request.GET.get("q", "").strip()
    found = find_organizations(scope=actor_of(request).scope, text=text, limit=FOUND)
    places = [Place(row, f"{request.path}?{urlencode({'org': row.code})}") for row in found]
    if len(places) == 1 and not unknown:
        return SeeOther(places[0].href)
    return page(
        request,
        "loops/choose.html",
        {
            "crumbs": start.crumbs,
            "text": text,
            "places": places,
            "unknown": unknown,
            "is_cut": len(places) == FOUND,
        },
    )


def _context(
    request: WebRequest, start: Start, organization: OrganizationRow, form: FindingForm
) -> dict[str, object]:
    return {
        "crumbs": start.crumbs,
        "organization": organization,
        "form": form,
        "elsewhere_href": request.path,
        "back_href": start.crumbs[-2].href,
    }
