"""From drafts to rows ready to be written: checked, counted, with their roster days. Writes nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wuju.kit.actors import Actor
from wuju.kit.bulk import row_maker

from . import checks
from .attendance import Attendance, Roll, take
from .checks import Home
from .drafts import MeetingDraft, ResolutionDraft
from .models import AttendanceException, Meeting, Resolution, Topic
from .rolls import Rolls, rolls


class Vote(NamedTuple):
    """The columns of a resolution but for its meeting."""

    text: str
    rule: str
    due: int
    present: int
    ayes: int
    secret_ballot: bool
    declared: str


# What a correction overwrites. Who entered the meeting, and when, stays as it was.
CORRECTED = (
    "organization_id", "kind", "status", "held_on", "ref", "ref_key", "topic", "place", "chair",
    "lecturer", "first_agenda", "attendance", "roster_id", "due", "present", "excused",
    "hours_tenths", "note", "done_by", "done_by_unit", "late", "version",
)  # fmt: skip
VOTE_COLUMNS = ("text", "rule", "due", "present", "ayes", "secret_ballot", "declared")


_mark = row_maker(AttendanceException, "meeting_id", "member_id", "reason")


@dataclass(slots=True)
class Planned:
    """One meeting and the content of what hangs on it, not stored yet. Rows follow its key."""

    home: Home
    meeting: Meeting
    marks: tuple[tuple[int, str], ...]
    topics: tuple[str, ...]
    votes: tuple[Vote, ...]
    stretch: tuple[int, dt.date] | None

    def exceptions(self) -> list[AttendanceException]:
        key = self.meeting.pk
        return [_mark(key, member, reason) for member, reason in self.marks]

    def topic_rows(self) -> list[Topic]:
        return [Topic(meeting_id=self.meeting.pk, kind=kind) for kind in self.topics]

    def resolutions(self) -> list[Resolution]:
        return [
            Resolution(
                meeting_id=self.meeting.pk,
                text=vote.text,
                rule=vote.rule,
                due=vote.due,
                present=vote.present,
                ayes=vote.ayes,
                secret_ballot=vote.secret_ballot,
                declared=vote.declared,
            )
            for vote in self.votes
        ]


@dataclass(slots=True)
class Plan:
    """Meetings about to be written, in the order of their drafts, and the rolls they were counted by."""

    planned: list[Planned]
    known: Rolls

    def rolls(self) -> dict[tuple[int, dt.date], Roll]:
        """Return {(organization, first day of the stretch): roll} of every roll some meeting needs."""
        wanted = {one.stretch for one in self.planned if one.stretch}
        return {stretch: self.known.on(*stretch) for stretch in sorted(wanted)}


def plan(
    drafts: Sequence[MeetingDraft],
    *,
    own: Sequence[int | None],
    actor: Actor,
    today: dt.date,
) -> Plan:
    """Check and count `drafts`.

    Args:
        own: for each draft, the meeting it corrects, or None for a new one.

    Raises:
        DomainError: the first draft that is refused says why.
    """
    homes = checks.homes(drafts, actor)
    for draft in drafts:
        checks.check(draft, homes[draft.organization_id], today)
    checks.refuse_strangers(drafts, actor)
    checks.refuse_twins(drafts, own)
    known = rolls(drafts)
    planned = [_planned(d, homes[d.organization_id], known, actor, today) for d in drafts]
    return Plan(planned, known)


def _planned(
    draft: MeetingDraft, home: Home, known: Rolls, actor: Actor, today: dt.date
) -> Planned:
    roll = known.on(home.id, draft.held_on) if draft.needs_a_roll else None
    counted = take(draft, roll)
    return Planned(
        home=home,
        meeting=_meeting(draft, home, counted, actor, today),
        marks=counted.exceptions,
        topics=tuple(sorted(set(draft.topics))),
        votes=tuple(_vote(one, counted) for one in draft.resolutions),
        stretch=(home.id, known.stretch(home.id, draft.held_on)) if roll else None,
    )


_row = row_maker(
    Meeting,
    "organization_id", "kind", "status", "held_on", "ref", "ref_key", "topic", "place", "chair",
    "lecturer", "first_agenda", "attendance", "due", "present", "excused", "hours_tenths", "note",
    "done_by", "done_by_unit", "entered_by_user_id", "entered_by", "on_behalf_of", "entered_on",
    "late",
)  # fmt: skip


def _meeting(
    draft: MeetingDraft, home: Home, counted: Attendance, actor: Actor, today: dt.date
) -> Meeting:
    return _row(
        home.id, draft.kind, draft.status, draft.held_on, draft.ref, draft.ref_key, draft.topic,
        draft.place, draft.chair, draft.lecturer, draft.first_agenda, draft.attendance,
        counted.due, counted.present, counted.excused, draft.hours_tenths, draft.note,
        draft.done_by or draft.chair, draft.done_by_unit or home.name,
        actor.user_id, actor.name, actor.on_behalf_of, today,
        is_late(held_on=draft.held_on, entered_on=today),
    )  # fmt: skip


def is_late(*, held_on: dt.date, entered_on: dt.date) -> bool:
    """Say whether a meeting was entered after the month it was held in (补录): a label, no fault."""
    return (entered_on.year, entered_on.month) > (held_on.year, held_on.month)


def _vote(one: ResolutionDraft, counted: Attendance) -> Vote:
    if one.rule == "committee_decision":
        due, present = checks.check_vote(one, counted.due, counted.present)
    else:
        due, present = checks.check_vote(one, counted.voters_due, counted.voters_present)
    return Vote(
        one.text.strip(), one.rule, due, present, one.ayes, one.secret_ballot, one.declared
    )
