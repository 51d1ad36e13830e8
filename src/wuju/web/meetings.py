"""会议: record one, read it, correct it, cancel it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuju.access.roles import may, require
from wuju.guidance.meetings import actions, attendance, checks, queries
from wuju.guidance.meetings.calling import RollCall, roll_call
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.guidance.meetings.models import Meeting
from wuju.guidance.meetings.words import KINDS, PRESENT, REASONS
from wuju.kit.errors import DomainError
from wuju.kit.numbers import whole
from wuju.org import queries as org
from wuju.org.queries import OrganizationRow
from wuju.org.relative import find_organizations
from wuju.org.words import BRANCHES
from wuju.standings.satisfied import rows_satisfy

from . import meeting_versions
from .meeting_forms import MeetingForm, draft_from, initial_of, is_named, lines, typed_day
from .once import sending
from .org_filter import given, own_organization
from .parts import Crumb, Detail, Link, Notice
from .places import href_of
from .requests import WebRequest, actor_of
from .responses import bad_form, page, see
from .templatetags.wuju import tenths

FORM = "meetings/form.html"
# Beside which field a refusal stands; others stand above the form.
BESIDE: dict[type[DomainError], str] = {
    checks.NotYetHeld: "held_on",
    checks.BeforeEstablishment: "held_on",
    checks.AfterDissolution: "held_on",
    checks.AlreadyRecorded: "held_on",
    actions.PlanIsPast: "held_on",
    attendance.GroupKeepsCounts: "kind",
    attendance.NumbersDoNotAddUp: "due",
    attendance.NotOnTheRosterOfThatDay: "excused_ids",
    attendance.MarkedTwice: "excused_ids",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form is about: whose meeting, on which roll, and the meeting it corrects, if any."""

    organization: OrganizationRow
    roll: RollCall
    form: MeetingForm
    base: MeetingDraft
    meeting_id: int | None = None

    def context(self, request: WebRequest, **more: Any) -> dict[str, Any]:
        kind = str(self.form["kind"].value())
        title = f"{'改正' if self.meeting_id else '记录'}{KINDS.get(kind, '会议')}"
        before = [] if self.meeting_id else _last(request, self.organization.id, kind)
        return {
            "crumbs": [*crumbs(), Crumb(title)],
            "title": title,
            "asked": self,
            "form": self.form,
            "lines": lines(self.roll, self.form),
            "before": before,
            "choose_href": f"{reverse('meeting-new')}?kind={kind}&choose=1",
            "back_href": reverse("meeting", args=[self.meeting_id])
            if self.meeting_id
            else href_of("meetings"),
        } | more


def crumbs() -> list[Crumb]:
    return [Crumb("台账", href_of("registers")), Crumb("会议", href_of("meetings"))]


def _last(request: WebRequest, organization_id: int, kind: str) -> list[queries.MeetingRow]:
    found = queries.meetings(
        scope=actor_of(request).scope, organization_id=organization_id, kind=kind, limit=1
    )
    return list(found.rows)


# ------------------------------------------------------------------ record


@require_http_methods(["GET", "POST"])
def meeting_new(request: WebRequest) -> HttpResponse:
    require(actor_of(request), "record_meeting")
    organization = _organization(request)
    if organization is None:
        return page(request, "meetings/choose.html", _choice(request))
    kind = given(request.GET, "kind")
    base = MeetingDraft(
        organization_id=organization.id,
        kind=kind if kind in KINDS else "theme_day",
        held_on=timezone.localdate(),
    )
    if request.method == "GET":
        return page(request, FORM, _asked(request, organization, base).context(request))

    def record(draft: MeetingDraft) -> Meeting:
        return actions.record_meeting(
            draft=draft, actor=actor_of(request), at=timezone.localtime()
        )

    return _save(request, _asked(request, organization, base), record)


def _organization(request: WebRequest) -> OrganizationRow | None:
    """Return the organization asked for, else the person's own branch, else None: let them choose."""
    scope = actor_of(request).scope
    number = given(request.POST, "organization") or given(request.GET, "org")
    if number:
        return org.organization(scope=scope, organization_id=whole(number) or 0)
    own = None if "choose" in request.GET else own_organization(actor_of(request))
    return own if own and own.kind in BRANCHES | {"group"} else None


def _choice(request: WebRequest) -> dict[str, Any]:
    """Return what the page that asks whose meeting it is shows: what was searched, or what is below."""
    actor, text = actor_of(request), given(request.GET, "q")
    if text:
        rows = find_organizations(scope=actor.scope, text=text)
    else:
        own = own_organization(actor)
        below = org.children(scope=actor.scope, organization_id=own.id) if own else []
        rows = [own, *below] if own else []
    kind = given(request.GET, "kind")
    return {
        "crumbs": [*crumbs(), Crumb("选一个组织")],
        "kind": kind if kind in KINDS else "theme_day",
        "text": text,
        "rows": rows,
    }


def _asked(
    request: WebRequest,
    organization: OrganizationRow,
    base: MeetingDraft,
    meeting_id: int | None = None,
    version: int | None = None,
) -> Asked:
    """Read the form, or fill a new one, against the roll of the day it names."""
    data = request.POST if request.method == "POST" else None
    values = data if data is not None else {"kind": base.kind, "held_on": base.held_on}
    kind = values.get("kind")
    kind = str(kind) if kind in KINDS else base.kind
    roll = roll_call(
        scope=actor_of(request).scope,
        organization_id=organization.id,
        kind=kind,
        on=typed_day(values.get("held_on"), base.held_on),
    )
    usual = base.attendance if meeting_id else ""
    initial = initial_of(base) | {"attendance": usual, "version": version}
    if not meeting_id:
        initial["chair"] = roll.chair
    by = given(data, "attendance") if data is not None else usual
    asked_for = given(data or {}, "reload")
    named = is_named(asked_for if asked_for in {"named", "counts"} else by, kind, roll)
    form = MeetingForm(data, initial=initial, is_named=named)
    return Asked(organization, roll, form, base, meeting_id)


def _save(
    request: WebRequest, asked: Asked, save: Callable[[MeetingDraft], Meeting]
) -> HttpResponse:
    """Show the form again for another day, or save it; what was typed is kept whatever happens."""
    if "reload" in request.POST:
        return page(request, FORM, _reloaded(request, asked).context(request))
    sent = sending(request, lambda made: see("meeting", made, query="saved=1"))
    if not asked.form.is_valid():
        return sent.again() or bad_form(request, FORM, asked.context(request))
    status = "planned" if "plan" in request.POST else "held"
    draft = draft_from(asked.form, asked.base, asked.roll, status=status)
    try:
        return sent.do(lambda: save(draft).pk)
    except DomainError as refusal:
        return _refused(request, asked, draft, refusal)


def _reloaded(request: WebRequest, asked: Asked) -> Asked:
    """Return the form as typed, but unchecked: nothing is wrong with what is not finished."""
    typed: dict[str, Any] = {
        name: asked.form[name].value() for name in asked.form.fields if name != "attendance"
    }
    by = given(request.POST, "reload")
    typed["attendance"] = by if by in {"named", "counts"} else given(request.POST, "attendance")
    form = MeetingForm(initial=typed, is_named=asked.form.is_named)
    return Asked(asked.organization, asked.roll, form, asked.base, asked.meeting_id)


def _refused(
    request: WebRequest, asked: Asked, draft: MeetingDraft, refusal: DomainError
) -> HttpResponse:
    if isinstance(refusal, actions.ChangedMeanwhile) and asked.meeting_id:
        return meeting_versions.choose(request, asked.organization, asked.meeting_id, refusal)
    name = BESIDE.get(type(refusal), "")
    if name in asked.form.fields:
        asked.form.add_error(name, str(refusal))
        more: dict[str, Any] = {}
    else:
        more = {"refusal": str(refusal)}
    if isinstance(refusal, checks.AlreadyRecorded):
        more["twins"] = _twins(request, draft)
    return page(request, FORM, asked.context(request, **more), status=409)


def _twins(request: WebRequest, draft: MeetingDraft) -> list[Link]:
    found = queries.meetings(
        scope=actor_of(request).scope,
        organization_id=draft.organization_id,
        kind=draft.kind,
        since=draft.held_on,
        until=draft.held_on,
    )
    return [
        Link(f"看已登记的{row.held_on}{row.kind_label}", reverse("meeting", args=[row.id]))
        for row in found.rows
        if row.status != "cancelled" and row.ref == draft.ref
    ]


# ------------------------------------------------------------------ read


@require_safe
def meeting(request: WebRequest, meeting_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "read")
    found = queries.meeting(scope=actor.scope, meeting_id=meeting_id)
    may_record = may(actor, "record_meeting")
    people = (
        queries.attendance_of(scope=actor.scope, meeting_id=meeting_id) if may_record else None
    )
    satisfied = _satisfied(request, found)
    context = {
        "crumbs": [*crumbs(), Crumb(f"{found.row.organization}{found.row.kind_label}")],
        "found": found,
        "details": _details(found),
        "people": people,
        "away": _away(people),
        "satisfied": satisfied,
        "notice": _saved(satisfied) if "saved" in request.GET else None,
        "may_change": may_record and found.row.status != "cancelled",
    }
    return page(request, "meetings/meeting.html", context)


def _satisfied(request: WebRequest, found: queries.MeetingDetail) -> list[tuple[str, str, str]]:
    if found.row.status != "held":
        return []
    return rows_satisfy(
        scope=actor_of(request).scope,
        organization_id=found.row.organization_id,
        rows=found.fact_rows,
        on=found.row.held_on,
    )


def _saved(satisfied: list[tuple[str, str, str]]) -> Notice:
    if not satisfied:
        return Notice("ok", "已保存。", ("没有清单项计入这次会议。",))
    items = "、".join(f"{title}（{period}）" for title, period, _ in satisfied)
    return Notice("ok", f"已保存。这次会议同时满足 {len(satisfied)} 项。", (f"{items}。",))


def _details(found: queries.MeetingDetail) -> list[Detail]:
    row = found.row
    written = [
        ("主题", row.topic),
        ("地点", found.place),
        ("主持人", row.chair),
        ("授课人", found.lecturer_label if row.kind == "party_lecture" else ""),
        ("学时", tenths(found.hours_tenths) if found.hours_tenths else ""),
        ("第一议题", "已落实" if row.first_agenda else ""),
        ("内容", "、".join(found.topics)),
        ("议定事项", found.note),
        ("编号", row.ref),
        ("记录人", f"{found.done_by}（{found.done_by_unit}）" if found.done_by else ""),
    ]
    on_behalf = f"，代{found.on_behalf_of}录入" if found.on_behalf_of else ""
    entered = Detail("录入", f"{found.entered_by}，{found.entered_on}{on_behalf}")
    return [*(Detail(label, value) for label, value in written if value), entered]


def _away(people: queries.AttendanceList | None) -> list[tuple[str, str]]:
    """Return (state, names) of those who were away, or there without being due."""
    groups: dict[str, list[str]] = {}
    for row in people.rows if people else ():
        if row.state_label not in {PRESENT, REASONS["exempt"]}:
            groups.setdefault(row.state_label, []).append(row.name)
    return [(state, "、".join(names)) for state, names in groups.items()]


# ------------------------------------------------------------------ correct, cancel


@require_http_methods(["GET", "POST"])
def meeting_edit(request: WebRequest, meeting_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "record_meeting")
    base, version = queries.versioned_draft(scope=actor.scope, meeting_id=meeting_id)
    organization = org.organization(scope=actor.scope, organization_id=base.organization_id)
    asked = _asked(request, organization, base, meeting_id, version)
    if request.method == "GET":
        return page(request, FORM, asked.context(request))
    seen = given(request.POST, "version")

    def correct(draft: MeetingDraft) -> Meeting:
        return actions.correct_meeting(
            meeting_id=meeting_id,
            draft=meeting_versions.with_picks(request, draft, base),
            version=whole(seen) or 0,
            actor=actor,
            at=timezone.localtime(),
        )

    return _save(request, asked, correct)


@require_POST
def meeting_cancel(request: WebRequest, meeting_id: int) -> HttpResponse:
    def cancel() -> int:
        actions.cancel_meeting(
            meeting_id=meeting_id,
            version=whole(given(request.POST, "version")) or 0,
            reason=given(request.POST, "reason"),
            actor=actor_of(request),
            at=timezone.localtime(),
        )
        return meeting_id

    return sending(request, lambda made: see("meeting", made)).do(cancel)
