"""What counting and correcting meetings needs from the tables: rolls by day, and meetings back as drafts."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet

from wuju.kit.prepared import prepared
from wuju.kit.strict import chunks
from wuju.org.models import Seat
from wuju.people.models import Membership

from .attendance import Roll
from .drafts import MeetingDraft, ResolutionDraft
from .models import AttendanceException, Meeting, Resolution, Topic
from .words import COMMITTEE_KINDS

_SEATED = frozenset({"secretary", "committee_member"})


class _Span(NamedTuple):
    """One membership as rolls see it, from (inclusive) until (exclusive, None = still)."""

    member: int
    from_on: dt.date
    until_on: dt.date | None
    exempt: bool
    full: bool
    seated: bool

    def holds(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(slots=True)
class Rolls:
    """The rolls of some organizations on any day, each worked out once a stretch without change."""

    spans: dict[int, list[_Span]]
    seats: dict[int, list[tuple[dt.date, dt.date | None]]]
    _turns: dict[int, list[dt.date]] = field(default_factory=dict)
    _known: dict[tuple[int, dt.date], Roll] = field(default_factory=dict)

    def stretch(self, org: int, day: dt.date) -> dt.date:
        """Return the first day of the stretch around `day` in which the roll does not change."""
        if org not in self._turns:
            days = {d for s in self.spans.get(org, ()) for d in (s.from_on, s.until_on) if d}
            days |= {d for pair in self.seats.get(org, ()) for d in pair if d}
            self._turns[org] = [dt.date.min, *sorted(days)]
        turns = self._turns[org]
        return turns[bisect_right(turns, day) - 1]

    def on(self, org: int, day: dt.date) -> Roll:
        """Return who belonged to the organization on a day."""
        key = (org, self.stretch(org, day))
        if key not in self._known:
            self._known[key] = self._roll(org, day)
        return self._known[key]

    def _roll(self, org: int, day: dt.date) -> Roll:
        present = [span for span in self.spans.get(org, ()) if span.holds(day)]
        return Roll(
            everyone=frozenset(span.member for span in present),
            exempt=frozenset(span.member for span in present if span.exempt),
            full=frozenset(span.member for span in present if span.full),
            seated=frozenset(span.member for span in present if span.seated),
            seats=sum(
                first <= day and (until is None or day < until)
                for first, until in self.seats.get(org, ())
            ),
        )


def rolls(drafts: Iterable[MeetingDraft]) -> Rolls:
    """Read the memberships, and for committees the seats, behind the named meetings among `drafts`."""
    named = [draft for draft in drafts if draft.needs_a_roll]
    everyone = sorted({draft.organization_id for draft in named})
    committees = sorted({d.organization_id for d in named if d.kind in COMMITTEE_KINDS})
    return Rolls(_spans(everyone), _seats(committees))


def _spans(orgs: Sequence[int]) -> dict[int, list[_Span]]:
    found: dict[int, list[_Span]] = {}
    for part in chunks(orgs):
        for org, member, first, until, exempt, category, post in _memberships(part):
            found.setdefault(org, []).append(
                _Span(member, first, until, exempt, category == "full", post in _SEATED)
            )
    return found


@prepared
def _memberships(orgs: Sequence[int]) -> QuerySet[Any, Any]:
    return Membership.objects.filter(organization_id__in=orgs, state="normal").values_list(
        "organization_id", "member_id", "from_on", "until_on", "exempt", "category", "post"
    )


def _seats(orgs: Sequence[int]) -> dict[int, list[tuple[dt.date, dt.date | None]]]:
    found: dict[int, list[tuple[dt.date, dt.date | None]]] = {}
    for part in chunks(orgs):
        rows = Seat.objects.filter(organization_id__in=part, body="party_committee")
        for org, first, until in rows.values_list("organization_id", "from_on", "until_on"):
            found.setdefault(org, []).append((first, until))
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """What hangs on a meeting."""

    exceptions: list[AttendanceException]
    topics: list[Topic]
    resolutions: list[Resolution]


def kept(meetings: Iterable[Meeting]) -> dict[int, Kept]:
    """Return {meeting: its exceptions, topics and resolutions, each in a fixed order}."""
    found = {meeting.pk: Kept([], [], []) for meeting in meetings}
    for part in chunks(sorted(found)):
        for exception in AttendanceException.objects.filter(meeting_id__in=part).order_by(
            "member_id"
        ):
            found[exception.meeting_id].exceptions.append(exception)
        for topic in Topic.objects.filter(meeting_id__in=part).order_by("kind"):
            found[topic.meeting_id].topics.append(topic)
        for resolution in Resolution.objects.filter(meeting_id__in=part).order_by("id"):
            found[resolution.meeting_id].resolutions.append(resolution)
    return found


def draft_of(meeting: Meeting, of: Kept) -> MeetingDraft:
    """Return a stored meeting as the draft that would store it again."""
    marked: dict[str, list[int]] = {}
    for exception in of.exceptions:
        marked.setdefault(exception.reason, []).append(exception.member_id)
    is_counted = meeting.attendance == "counts"
    return MeetingDraft(
        organization_id=meeting.organization_id,
        kind=meeting.kind,
        held_on=meeting.held_on,
        status=meeting.status,
        topic=meeting.topic,
        place=meeting.place,
        chair=meeting.chair,
        lecturer=meeting.lecturer,
        first_agenda=meeting.first_agenda,
        attendance=meeting.attendance,
        excused_ids=tuple(marked.get("excused", ())),
        absent_ids=tuple(marked.get("absent", ())),
        exempt_ids=tuple(marked.get("exempt", ())),
        guest_ids=tuple(marked.get("guest", ())),
        came_ids=tuple(marked.get("came", ())),
        due=meeting.due if is_counted else None,
        present=meeting.present if is_counted else None,
        excused=meeting.excused if is_counted else None,
        hours_tenths=meeting.hours_tenths,
        note=meeting.note,
        ref=meeting.ref,
        done_by=meeting.done_by,
        done_by_unit=meeting.done_by_unit,
        topics=tuple(topic.kind for topic in of.topics),
        resolutions=tuple(
            ResolutionDraft(
                text=row.text,
                rule=row.rule,
                ayes=row.ayes,
                declared=row.declared,
                due=row.due,
                present=row.present,
                secret_ballot=row.secret_ballot,
            )
            for row in of.resolutions
        ),
    )
