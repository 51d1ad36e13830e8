"""Everything that reads meetings. Each takes a scope, returns plain rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from wuju.kit.actors import OrgScope, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.names import by_strokes
from wuju.kit.strict import chunks
from wuju.people.models import Member
from wuju.votes import quorum

from .drafts import MeetingDraft
from .models import AttendanceException, Meeting, MeetingQuerySet, Resolution
from .rolls import draft_of, kept, rolls
from .words import (
    COMMITTEE_KINDS,
    DECLARED,
    KINDS,
    LECTURERS,
    PRESENT,
    REASONS,
    RULES,
    STATUSES,
    TOPICS,
)

NO_LIST = "无名单：只登记了应到、实到、请假人数。"


class UnknownPlace(DomainError):
    def __init__(self) -> None:
        super().__init__("翻页位置无法识别，请回到列表第一页。")


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One line of a list. Counters are None where they were not reported."""

    id: int
    organization_id: int
    organization: str
    kind: str
    status: str
    held_on: dt.date
    ref: str
    topic: str
    chair: str
    attendance: str
    due: int | None
    present: int | None
    excused: int | None
    first_agenda: bool
    late: bool
    has_resolutions: bool

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def status_label(self) -> str:
        return STATUSES[self.status]


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `limit` lines, the newest first. `next` is the `after` of the next page, "" at the end."""

    rows: tuple[MeetingRow, ...]
    next: str


@dataclass(frozen=True, slots=True)
class ResolutionRow:
    """One vote. `outcome` says what the rule makes of the numbers, beside what was declared."""

    text: str
    rule_label: str
    due: int
    present: int
    ayes: int
    secret_ballot: bool
    declared_label: str
    outcome: str
    agrees: bool  # the declared result is the one the rule gives


@dataclass(frozen=True, slots=True)
class MeetingDetail:
    """One meeting whole. `done_by`, `entered_by` and `on_behalf_of` are three facts, never one."""

    row: MeetingRow
    place: str
    lecturer_label: str
    hours_tenths: int
    note: str
    done_by: str
    done_by_unit: str
    entered_by: str
    on_behalf_of: str
    entered_on: dt.date
    topics: tuple[str, ...]
    resolutions: tuple[ResolutionRow, ...]
    roster_size: int | None
    version: int
    fact_rows: Mapping[str, tuple[int, ...]]  # fact -> keys of the rows the engine is given


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One person of a named meeting."""

    member_id: int
    name: str
    state_label: str


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """Who came, for the meeting's own branch. `note` says why there is no list, else ""."""

    rows: tuple[AttendanceRow, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One meeting on an organization's line of time."""

    id: int
    on: dt.date
    title: str
    is_late: bool


def meetings(
    *,
    scope: OrgScope,
    organization_id: int | None = None,
    kind: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    text: str = "",
    after: str | None = None,
    limit: int = 100,
) -> Page:
    """List meetings, the newest first; a deep page costs what the first one does.

    Args:
        since, until: both inclusive.
        text: part of the topic, or of the organization's short name.
        after: `Page.next` of the page before.

    Raises:
        UnknownPlace: `after` is not such a text.
    """
    wanted = Q()
    if organization_id is not None:
        wanted &= Q(organization_id=organization_id)
    if kind:
        wanted &= Q(kind=kind)
    if since:
        wanted &= Q(held_on__gte=since)
    if until:
        wanted &= Q(held_on__lte=until)
    if text.strip():
        found = text.strip()
        wanted &= Q(topic__contains=found) | Q(organization__short_name__contains=found)
    rows = Meeting.objects.visible_to(scope).filter(wanted)
    return _page(rows, after, limit)


def _page(rows: MeetingQuerySet, after: str | None, limit: int) -> Page:
    if after:
        held_on, pk = _place(after)
        # The first condition repeats the second so that the index is entered at the right day.
        rows = rows.filter(held_on__lte=held_on).exclude(held_on=held_on, id__gte=pk)
    page = _rows(rows, limit + 1)
    more = len(page) > limit
    last = page[limit - 1] if more else None
    return Page(tuple(page[:limit]), f"{last.held_on.isoformat()}.{last.id}" if last else "")


def _place(after: str) -> tuple[dt.date, int]:
    day, _, pk = after.partition(".")
    try:
        return dt.date.fromisoformat(day), int(pk)
    except ValueError as error:
        raise UnknownPlace from error


def _rows(rows: MeetingQuerySet, limit: int) -> list[MeetingRow]:
    voted = Exists(Resolution.objects.filter(meeting_id=OuterRef("pk")))
    values = (
        rows.order_by("-held_on", "-id")
        .annotate(has_resolutions=voted)
        .values_list(
            "id", "organization_id", "organization__short_name", "kind", "status", "held_on",
            "ref", "topic", "chair", "attendance", "due", "present", "excused", "first_agenda",
            "late", "has_resolutions",
        )[:limit]
    )  # fmt: skip
    return [MeetingRow(*row) for row in values]


def meeting(*, scope: OrgScope, meeting_id: int) -> MeetingDetail:
    """Return one meeting.

    Raises:
        OutsideScope: it lies outside the scope, or does not exist (the two look the same).
    """
    found = _visible(scope, meeting_id)
    of = kept([found])[found.pk]
    row = MeetingRow(
        id=found.pk,
        organization_id=found.organization_id,
        organization=found.organization.short_name,
        kind=found.kind,
        status=found.status,
        held_on=found.held_on,
        ref=found.ref,
        topic=found.topic,
        chair=found.chair,
        attendance=found.attendance,
        due=found.due,
        present=found.present,
        excused=found.excused,
        first_agenda=found.first_agenda,
        late=found.late,
        has_resolutions=bool(of.resolutions),
    )
    return MeetingDetail(
        row=row,
        place=found.place,
        lecturer_label=LECTURERS[found.lecturer],
        hours_tenths=found.hours_tenths,
        note=found.note,
        done_by=found.done_by,
        done_by_unit=found.done_by_unit,
        entered_by=found.entered_by,
        on_behalf_of=found.on_behalf_of,
        entered_on=found.entered_on,
        topics=tuple(TOPICS[topic.kind] for topic in of.topics),
        resolutions=tuple(_resolution(resolution) for resolution in of.resolutions),
        roster_size=found.roster.size if found.roster else None,
        version=found.version,
        fact_rows={
            "meeting": (found.pk,),
            "meeting_topic": tuple(topic.pk for topic in of.topics),
            "resolution": tuple(resolution.pk for resolution in of.resolutions),
        },
    )


def _visible(scope: OrgScope, meeting_id: int) -> Meeting:
    found = (
        Meeting.objects.visible_to(scope)
        .select_related("organization", "roster")
        .loaded()
        .filter(pk=meeting_id)
        .first()
    )
    if found is None:
        raise OutsideScope
    return found


def _resolution(row: Resolution) -> ResolutionRow:
    outcome = quorum.judge(row.rule, due=row.due, present=row.present, ayes=row.ayes)
    return ResolutionRow(
        text=row.text,
        rule_label=RULES[row.rule],
        due=row.due,
        present=row.present,
        ayes=row.ayes,
        secret_ballot=row.secret_ballot,
        declared_label=DECLARED[row.declared],
        outcome=outcome.sentence,
        agrees=outcome.passed == (row.declared == "passed"),
    )


def draft_for(*, scope: OrgScope, meeting_id: int) -> MeetingDraft:
    """Return a meeting as the draft a correction starts from.

    Raises:
        OutsideScope: it lies outside the scope, or does not exist.
    """
    found = _visible(scope, meeting_id)
    return draft_of(found, kept([found])[found.pk])


def versioned_draft(*, scope: OrgScope, meeting_id: int) -> tuple[MeetingDraft, int]:
    """Return what `draft_for` does, and the version it was read at.

    Raises:
        OutsideScope: it lies outside the scope, or does not exist.
    """
    found = _visible(scope, meeting_id)
    return draft_of(found, kept([found])[found.pk]), found.version


def attendance_of(*, scope: OrgScope, meeting_id: int) -> AttendanceList:
    """List who came to a named meeting, by name; nobody where only numbers were reported.

    Raises:
        OutsideScope: it lies outside the scope, or does not exist.
    """
    found = _visible(scope, meeting_id)
    if found.roster is None:
        return AttendanceList((), NO_LIST)
    states = _default_states(found)
    marks = AttendanceException.objects.filter(meeting=found).values_list("member_id", "reason")
    states |= {member: REASONS[reason] for member, reason in marks}
    names = _names(sorted(states))
    rows = [AttendanceRow(member, names[member], state) for member, state in states.items()]
    return AttendanceList(tuple(sorted(rows, key=_by_name)), "")


def _default_states(found: Meeting) -> dict[int, str]:
    """Return {member: state} as the roster alone says."""
    assert found.roster is not None  # noqa: S101 - only asked of named meetings
    if found.kind in COMMITTEE_KINDS:
        draft = MeetingDraft(
            organization_id=found.organization_id, kind=found.kind, held_on=found.held_on
        )
        circle = rolls([draft]).on(found.organization_id, found.held_on).seated
        return dict.fromkeys(circle, PRESENT)
    return {
        member: REASONS["exempt"] if exempt else PRESENT
        for member, exempt in found.roster.member_ids
    }


def _names(members: list[int]) -> dict[int, str]:
    """Return {member: name}; a branch keeps the names of its own meetings after a transfer."""
    found: dict[int, str] = {}
    for part in chunks(members):
        found |= dict(Member.objects.filter(pk__in=part).values_list("id", "name"))
    return found


def _by_name(row: AttendanceRow) -> tuple[tuple[int, int, str], int]:
    return (by_strokes(row.name), row.member_id)


def timeline(*, scope: OrgScope, organization_id: int, limit: int = 50) -> list[TimelineRow]:
    """List an organization's meetings that were held or are planned, the newest first."""
    rows = Meeting.objects.visible_to(scope).standing().filter(organization_id=organization_id)
    return [TimelineRow(row.id, row.held_on, _title(row), row.late) for row in _rows(rows, limit)]


def _title(row: MeetingRow) -> str:
    planned = "（计划）" if row.status == "planned" else ""
    return f"{row.kind_label}{planned}{'：' if row.topic else ''}{row.topic}"
