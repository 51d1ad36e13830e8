"""提出问题: choose where, then write down what was seen and what it offends against."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wuju.access.roles import require
from wuju.kit.errors import DomainError
from wuju.loops import actions
from wuju.loops.words import CATEGORIES, NATURES, ORIGINS
from wuju.org import queries as orgs
from wuju.org.queries import OrganizationRow

from .forms import PlainForm
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


@dataclass(frozen=True, slots=True)
class Place:
    """An organization that was found, and the address of the form for it."""

    row: OrganizationRow
    href: str


@require_http_methods(["GET", "HEAD", "POST"])
def finding_new(request: WebRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "raise_finding")
    code = request.GET.get("org", "")
    organization = orgs.organization_by_code(scope=actor.scope, code=code) if code else None
    if organization is None:
        return _choose(request, unknown=bool(code))
    if request.method != "POST":
        form = FindingForm(initial={"on": timezone.localdate(), "origin": "inspection"})
        return page(request, "loops/new.html", _context(organization, form))
    form = FindingForm(request.POST)
    context = _context(organization, form)
    if not form.is_valid():
        return bad_form(request, "loops/new.html", context)
    given = dict(form.cleaned_data)
    on = given.pop("on")
    try:
        made = actions.raise_finding(
            draft=actions.FindingDraft(organization_id=organization.id, **given),
            on=on,
            actor=actor,
            at=timezone.localtime(),
        )
    except DomainError as refusal:
        return refused(request, refusal, "loops/new.html", context)
    return see("loop", made.pk, query="done=raised")


def _choose(request: WebRequest, *, unknown: bool) -> HttpResponse:
    """Ask where: a search, and its answers as links. One answer is taken at once."""
    text = request.GET.get("q", "").strip()
    found = orgs.search(scope=actor_of(request).scope, text=text, limit=FOUND)
    places = [Place(row, f"{request.path}?{urlencode({'org': row.code})}") for row in found]
    if len(places) == 1 and not unknown:
        return SeeOther(places[0].href)
    return page(
        request,
        "loops/choose.html",
        {
            "crumbs": [Crumb("闭环", reverse("loops")), Crumb("提出问题")],
            "text": text,
            "places": places,
            "unknown": unknown,
            "is_cut": len(places) == FOUND,
        },
    )


def _context(organization: OrganizationRow, form: forms.Form) -> dict[str, object]:
    return {
        "crumbs": [Crumb("闭环", reverse("loops")), Crumb("提出问题")],
        "organization": organization,
        "form": form,
        "elsewhere_href": reverse("finding-new"),
    }
