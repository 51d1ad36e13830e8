"""From drafts to rows ready to be written: checked, counted, with their roster days. Writes nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wuju.kit.actors import Actor

from . import checks
from .attendance import Attendance, take
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
        return [
            AttendanceException(meeting_id=key, member_id=member, reason=reason)
            for member, reason in self.marks
        ]

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
    """Meetings about to be written, in the order of their drafts.

    `rounds` lists, round by round, {organization: day}: one day for every stretch whose
    roster some meeting needs.
    """

    planned: list[Planned]
    rounds: list[dict[int, dt.date]] = field(default_factory=list)
    stretches: list[dict[int, dt.date]] = field(default_factory=list)


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
    made = Plan([_planned(d, homes[d.organization_id], known, actor, today) for d in drafts])
    _plan_rosters(made, drafts)
    return made


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


_COLUMNS = tuple(field.attname for field in Meeting._meta.concrete_fields)
_DEFAULTS = {"id": None, "roster_id": None, "version": 1}


def _meeting(
    draft: MeetingDraft, home: Home, counted: Attendance, actor: Actor, today: dt.date
) -> Meeting:
    values = _DEFAULTS | {
        "organization_id": home.id,
        "kind": draft.kind,
        "status": draft.status,
        "held_on": draft.held_on,
        "ref": draft.ref,
        "ref_key": draft.ref_key,
        "topic": draft.topic,
        "place": draft.place,
        "chair": draft.chair,
        "lecturer": draft.lecturer,
        "first_agenda": draft.first_agenda,
        "attendance": draft.attendance,
        "due": counted.due,
        "present": counted.present,
        "excused": counted.excused,
        "hours_tenths": draft.hours_tenths,
        "note": draft.note,
        "done_by": draft.done_by or draft.chair,
        "done_by_unit": draft.done_by_unit or home.name,
        "entered_by_user_id": actor.user_id,
        "entered_by": actor.name,
        "on_behalf_of": actor.on_behalf_of,
        "entered_on": today,
        "late": is_late(held_on=draft.held_on, entered_on=today),
    }
    # By position, because keywords cost four times as much and landings make 35,000 of these.
    return Meeting(*map(values.__getitem__, _COLUMNS))


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


def _plan_rosters(made: Plan, drafts: Sequence[MeetingDraft]) -> None:
    """Fill the rounds: each asks for one day an organization, so that snapshots come in bulk."""
    turn: dict[int, int] = {}
    seen: set[tuple[int, dt.date]] = set()
    for planned, draft in zip(made.planned, drafts, strict=True):
        if planned.stretch is None or planned.stretch in seen:
            continue
        seen.add(planned.stretch)
        org, start = planned.stretch
        place = turn.get(org, 0)
        turn[org] = place + 1
        if place == len(made.rounds):
            made.rounds.append({})
            made.stretches.append({})
        made.rounds[place][org] = draft.held_on
        made.stretches[place][org] = start
