"""From a roster and what is said of it to who came: nobody's presence or absence is inferred. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wuju.kit.errors import DomainError

from .drafts import MeetingDraft
from .words import COMMITTEE_KINDS


class NotOnTheRosterOfThatDay(DomainError):
    def __init__(self) -> None:
        super().__init__("所列人员不在会议当日的党员名册中，请核对人员或会议日期。")


class MarkedTwice(DomainError):
    def __init__(self) -> None:
        super().__init__("同一名党员登记了两种到会情形，请只保留一种。")


class NobodyIsOnTheRoster(DomainError):
    def __init__(self) -> None:
        super().__init__("会议当日没有党员名册，无法按名单登记，请只填应到、实到、请假人数。")


class NoCommittee(DomainError):
    def __init__(self) -> None:
        super().__init__("会议当日没有登记委员会成员，请先登记班子，或只填应到、实到、请假人数。")


class GroupKeepsCounts(DomainError):
    def __init__(self) -> None:
        super().__init__("党小组会只涉及本小组党员，请只填应到、实到、请假人数。")


class NumbersDoNotAddUp(DomainError):
    def __init__(self) -> None:
        super().__init__("实到与请假人数之和不能多于应到人数，请核对。")


@dataclass(frozen=True, slots=True)
class Roll:
    """Who belonged to an organization on a day.

    `exempt` of whom nothing is required (教育条例第二十三条), `full` with a vote, `seated`
    secretary or committee member. `seats` is how many committee seats were held.
    """

    everyone: frozenset[int]
    exempt: frozenset[int]
    full: frozenset[int]
    seated: frozenset[int]
    seats: int = 0

    def exemptions(self) -> dict[int, bool]:
        """Return {member: exempt} of everyone, as a snapshot keeps them."""
        return {member: member in self.exempt for member in self.everyone}


@dataclass(frozen=True, slots=True)
class Attendance:
    """The counters of a meeting and its exceptions, (member, reason) by member.

    `voters_due` and `voters_present` count full members with a vote; None = unknown.
    """

    due: int | None
    present: int | None
    excused: int | None
    exceptions: tuple[tuple[int, str], ...] = ()
    voters_due: int | None = None
    voters_present: int | None = None


def take(draft: MeetingDraft, roll: Roll | None) -> Attendance:
    """Count a meeting. `roll` is needed for a named one only.

    Raises:
        NumbersDoNotAddUp: more came or were excused than were due.
        NotOnTheRosterOfThatDay, MarkedTwice: a marked person is not on the roll, or marked twice.
        NobodyIsOnTheRoster, NoCommittee: there is nobody to name.
    """
    if draft.status != "held":
        return Attendance(None, None, None)
    if roll is None or not draft.is_named:
        return _counted(draft)
    if not roll.everyone:
        raise NobodyIsOnTheRoster
    circle, size = roll.everyone, len(roll.everyone)
    if draft.kind in COMMITTEE_KINDS:
        # Whoever holds a seat is due: the exemption is from organizational life, not from office.
        roll = replace(roll, exempt=frozenset())
        circle, size = roll.seated, roll.seats or len(roll.seated)
    if not size:
        raise NoCommittee
    return _named(roll, circle, size, _marks(draft, roll, circle))


def _counted(draft: MeetingDraft) -> Attendance:
    due, present, excused = draft.due, draft.present, draft.excused
    if due is not None and (present or 0) + (excused or 0) > due:
        raise NumbersDoNotAddUp
    return Attendance(due, present, excused, voters_due=due, voters_present=present)


def _named(roll: Roll, circle: frozenset[int], size: int, marks: dict[int, str]) -> Attendance:
    came = {member for member, reason in marks.items() if reason == "came"}
    freed = {member for member, reason in marks.items() if reason == "exempt"}
    freed |= (roll.exempt & circle) - came
    excused = {member for member, reason in marks.items() if reason == "excused"}
    away = excused | {member for member, reason in marks.items() if reason == "absent"}
    due = size - len(freed)
    if len(away) > due:
        raise NumbersDoNotAddUp
    voters = (roll.full & circle) - freed
    return Attendance(
        due=due,
        present=due - len(away),
        excused=len(excused),
        exceptions=tuple(sorted(marks.items())),
        voters_due=len(voters),
        voters_present=len(voters - away),
    )


def _given(draft: MeetingDraft) -> Iterator[tuple[int, str]]:
    for reason in ("excused", "absent", "exempt", "guest", "came"):
        for member in getattr(draft, f"{reason}_ids"):
            yield member, reason


def _marks(draft: MeetingDraft, roll: Roll, circle: frozenset[int]) -> dict[int, str]:
    """Return {member: reason} of everyone who departs from the roll's default."""
    marks: dict[int, str] = {}
    for member, reason in _given(draft):
        if reason != "guest" and member not in roll.everyone:
            raise NotOnTheRosterOfThatDay
        if marks.setdefault(member, reason) != reason:
            raise MarkedTwice
    if draft.attendee_ids is not None:
        _mark_from_list(set(draft.attendee_ids), roll, circle, marks)
    return {
        member: reason
        for member, reason in marks.items()
        if _departs(member, reason, roll, circle)
    }


def _mark_from_list(
    attendees: set[int], roll: Roll, circle: frozenset[int], marks: dict[int, str]
) -> None:
    if attendees - roll.everyone:
        raise NotOnTheRosterOfThatDay
    if any(marks.get(member) in {"excused", "absent", "exempt"} for member in attendees):
        raise MarkedTwice
    for member in attendees - circle:
        marks[member] = "guest"
    for member in attendees & roll.exempt & circle:
        marks[member] = "came"
    for member in circle - attendees - roll.exempt:
        marks.setdefault(member, "absent")


def _departs(member: int, reason: str, roll: Roll, circle: frozenset[int]) -> bool:
    """Say whether a mark tells something the roll does not: an exempt person is exempt anyway."""
    if reason == "guest":
        return member not in circle
    if reason == "came":
        return member in roll.exempt
    return member not in roll.exempt
