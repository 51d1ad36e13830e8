"""From rows of a meetings sheet to drafts: recognised, counted against the roster of their day, compared."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.numbers import whole
from wuju.kit.sheets.registry import StagedRow
from wuju.votes.quorum import VotesDoNotAddUp, judge

from . import checks, matching
from .attendance import Attendance, NumbersDoNotAddUp, Roll, take
from .checks import Home
from .drafts import MeetingDraft, ResolutionDraft
from .matching import NotOnTheList, People, Register, listed
from .models import Meeting
from .rolls import Rolls, draft_of, rolls
from .words import COMMITTEE_KINDS, KINDS

VOTE_RULES = MappingProxyType(
    {"members_meeting": "members_decision", "committee_meeting": "committee_decision"}
)
_NUMBERS = MappingProxyType({"due": "应到", "present": "实到", "excused": "请假"})
_OPEN = ""  # what the meeting declared is not worked out yet
_REJECTING = ("未通过", "不通过", "没有通过", "否决")
_PASSING = ("通过", "同意")
# Under which column a refusal is shown; the others concern the whole row.
_COLUMN_OF: Mapping[type[DomainError], str] = MappingProxyType(
    {
        checks.NotYetHeld: "held_on",
        checks.BeforeEstablishment: "held_on",
        checks.AfterDissolution: "held_on",
        NumbersDoNotAddUp: "present",
        VotesDoNotAddUp: "ayes",
    }
)


@dataclass(slots=True)
class Reading:
    """One row and what it says: the meeting it is, None for a new one; the draft, None if unreadable."""

    row: StagedRow
    meeting: Meeting | None = None
    draft: MeetingDraft | None = None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the rows of one sheet share."""

    homes: Mapping[str, Home]
    register: Register
    before: Mapping[int, MeetingDraft]
    rolls: Rolls
    people: People
    present: Mapping[int, tuple[str, ...]]
    taken: Mapping[tuple[int, str, dt.date, str], int]
    today: dt.date


def read(
    rows: Sequence[StagedRow], *, scope: OrgScope, today: dt.date, options: Mapping[str, str]
) -> list[Reading]:
    """Recognise, count and compare rows; set their state, in a fixed number of queries."""
    homes = matching.resolve_organizations(rows, scope, options.get("org", ""))
    stubs = {row.number: stub for row in rows if (stub := _stub(row, homes))}
    taken = checks.keys_taken(list(stubs.values()))
    targets = {row.number: _target(row, stubs.get(row.number), taken) for row in rows}
    register = matching.register_of((pk for pk in targets.values() if pk), scope)
    before = {
        pk: draft_of(meeting, register.hanging[pk]) for pk, meeting in register.meetings.items()
    }
    known = rolls([*stubs.values(), *before.values()])
    listing = [row for row in rows if row.number in stubs and listed(row)]
    sheet = _Sheet(
        homes=homes,
        register=register,
        before=before,
        rolls=known,
        people=matching.people(listing, (stubs[row.number].organization_id for row in listing)),
        present=matching.names_present(register.meetings.values(), register.hanging, known),
        taken=taken,
        today=today,
    )
    readings = [_read(row, stubs.get(row.number), targets[row.number], sheet) for row in rows]
    _stop_twins(readings)
    return readings


def _stub(row: StagedRow, homes: Mapping[str, Home]) -> MeetingDraft | None:
    """Return the natural key of a row as a draft, or None if it has none."""
    home, day = homes.get(str(row.values.get("org", ""))), matching.date_of(row)
    if home is None or day is None or "kind" not in row.values or row.state == "error":
        return None
    return MeetingDraft(
        organization_id=home.id,
        kind=str(row.values["kind"]),
        held_on=day,
        ref=str(row.values.get("ref", "")),
    )


def _target(
    row: StagedRow,
    stub: MeetingDraft | None,
    taken: Mapping[tuple[int, str, dt.date, str], int],
) -> int | None:
    key = whole(row.row_key)
    if key is not None:
        return key
    return taken.get(stub.key) if stub else None


def _read(row: StagedRow, stub: MeetingDraft | None, target: int | None, sheet: _Sheet) -> Reading:
    meeting = sheet.register.meetings.get(target or 0)
    if stub is None:
        row.compare(None)
        return Reading(row)
    row.key = f"{row.values['org']} {KINDS[stub.kind]} {stub.held_on} {stub.ref}".strip()
    if sheet.taken.get(stub.key, target) != target and meeting is not None:
        row.fail("ref", str(checks.AlreadyRecorded(stub)))
    home = sheet.homes[str(row.values["org"])]
    draft = _Draft(row, stub, home, meeting, sheet).written()
    _compare(row, meeting, draft, sheet)
    return Reading(row, meeting, draft)


def _compare(
    row: StagedRow, meeting: Meeting | None, draft: MeetingDraft | None, sheet: _Sheet
) -> None:
    if meeting is None:
        row.compare(None)
        return
    if row.row_version and row.row_version != str(meeting.version) and not row.untouched:
        row.ask("", "系统中这次会议的记录后来又有变更，请核对后重新导出或重新上传。")
    row.row_version = str(meeting.version)
    row.compare(_existing(row, meeting, draft, sheet), target=meeting.pk)
    if row.state == "same" and meeting.status == "planned":
        row.state = "update"
    if row.untouched and row.state == "update":
        # Nothing was edited in the file: what differs was changed in the system since the export.
        row.state = "same"
        row.cell_states = dict.fromkeys(row.cell_states, "same")


def _existing(
    row: StagedRow, meeting: Meeting, draft: MeetingDraft | None, sheet: _Sheet
) -> dict[str, object]:
    """Return what the cells of a meeting on record hold."""
    home = sheet.homes[str(row.values["org"])]
    cells = _cells(meeting, sheet)
    cells["org"] = row.values["org"] if home.id == meeting.organization_id else ""
    if draft is None or draft.is_named:
        # Counted from the roster, so these cells change nothing; a note says where they differ.
        cells |= {name: row.values[name] for name in _NUMBERS if name in row.values}
    if draft is None or not draft.is_named or draft.attendee_ids is None:
        cells["attendees"] = row.values.get("attendees")
    return cells


def _cells(meeting: Meeting, sheet: _Sheet) -> dict[str, object]:
    votes = sheet.register.hanging[meeting.pk].resolutions
    return {
        "kind": meeting.kind,
        "held_on": meeting.held_on,
        "topic": meeting.topic,
        "chair": meeting.chair,
        "due": meeting.due,
        "present": meeting.present,
        "excused": meeting.excused,
        "hours": meeting.hours_tenths,
        "resolution": votes[0].text if votes else meeting.note,
        "ayes": votes[0].ayes if votes else None,
        "ref": meeting.ref,
        "attendees": sheet.present.get(meeting.pk, ()),
    }


@dataclass(slots=True)
class _Draft:
    """Writes one row's draft; what is wrong goes into the row."""

    row: StagedRow
    stub: MeetingDraft
    home: Home
    meeting: Meeting | None
    sheet: _Sheet

    def written(self) -> MeetingDraft | None:
        """Return the draft the row asks for, or None if it cannot be read or is refused."""
        base = self.sheet.before.get(self.meeting.pk) if self.meeting else None
        base = base or replace(self.stub, attendance="counts")
        seats = self._attendance(base)
        if seats is None:
            return None
        draft = replace(base, **self._plain(), **seats)
        draft = replace(draft, **self._votes(draft))
        return self._counted(draft)

    def _plain(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "organization_id": self.home.id,
            "kind": self.stub.kind,
            "held_on": self.stub.held_on,
            "status": "held",
        }
        columns = {"topic": "topic", "chair": "chair", "ref": "ref", "hours": "hours_tenths"}
        for column, name in columns.items():
            if column in self.row.values:
                values[name] = self.row.values[column]
        return values

    def _note(self, sentence: str) -> None:
        if sentence not in self.row.notes:  # a sheet is read again when it lands
            self.row.notes.append(sentence)

    # ------------------------------------------------------------------------- who came

    def _attendance(self, base: MeetingDraft) -> dict[str, Any] | None:
        names = listed(self.row)
        stored = self.sheet.present.get(self.meeting.pk) if self.meeting else None
        if names is None or (stored is not None and sorted(names) == sorted(stored)):
            return {} if base.needs_a_roll else self._counts(base)
        roll = self.sheet.rolls.on(self.home.id, self.stub.held_on)
        reason = self._why_no_list(roll)
        if reason:
            self._note(f"{reason}，只按人数登记，不登记名单。")
            counts = self._counts(base)
            return (
                counts if counts.get("present") is not None else counts | {"present": len(names)}
            )
        found = self.sheet.people.read(self.home.id, roll, names)
        if isinstance(found, NotOnTheList):
            self.row.fail("attendees", found.sentence)
            return None
        return self._named(found, roll)

    def _why_no_list(self, roll: Roll) -> str:
        if self.stub.kind == "group_meeting" and self.home.kind != "group":
            return "党小组会只涉及本小组党员"
        if not roll.everyone:
            return "会议当日没有党员名册"
        if self.stub.kind in COMMITTEE_KINDS and not roll.seated:
            return "会议当日没有登记委员会成员"
        return ""

    def _counts(self, base: MeetingDraft) -> dict[str, Any]:
        given = {name: self.row.values[name] for name in _NUMBERS if name in self.row.values}
        if base.is_named:
            given = dict.fromkeys(_NUMBERS) | given
        return {"attendance": "counts"} | given

    def _named(self, attendees: tuple[int, ...], roll: Roll) -> dict[str, Any]:
        is_committee = self.stub.kind in COMMITTEE_KINDS
        due = roll.seated if is_committee else roll.everyone - roll.exempt
        missing = due - set(attendees)
        excused = self.row.values.get("excused")
        everyone_excused = bool(missing) and excused == len(missing)
        if excused and not everyone_excused:
            self._note(
                f"请假填写{excused}人，名单中未到{len(missing)}人，均登记为未到，请在会议页面注明谁请假。"
            )
        return {
            "attendance": "named",
            "attendee_ids": attendees,
            "excused_ids": tuple(sorted(missing)) if everyone_excused else (),
            "absent_ids": (),
            "exempt_ids": (),
            "came_ids": (),
            **dict.fromkeys(_NUMBERS),
        }

    # ---------------------------------------------------------------------- what was voted

    def _votes(self, draft: MeetingDraft) -> dict[str, Any]:
        text, ayes = self.row.values.get("resolution"), self.row.values.get("ayes")
        if draft.resolutions:
            return self._changed_vote(draft, text, ayes)
        rule = VOTE_RULES.get(draft.kind)
        if isinstance(ayes, int) and rule:
            words = str(text or draft.topic)
            if not words:
                self.row.fail("resolution", "填了赞成票的须写明决议，请补上。")
                return {}
            vote = ResolutionDraft(text=words, rule=rule, ayes=ayes, declared=_OPEN)
            return {"resolutions": (vote,)}
        if ayes is not None:
            self._note("这类会议不登记表决，赞成票数没有登记。")
        return {"note": str(text)} if text else {}

    def _changed_vote(self, draft: MeetingDraft, text: object, ayes: object) -> dict[str, Any]:
        first, *others = draft.resolutions
        vote = replace(
            first,
            text=str(text or first.text),
            ayes=ayes if isinstance(ayes, int) else first.ayes,
        )
        counters = ("due", "present")
        if self.meeting and any(
            self.row.values.get(name, getattr(self.meeting, name)) != getattr(self.meeting, name)
            for name in counters
        ):
            vote = replace(vote, due=None, present=None)
        if vote != first:
            vote = replace(vote, declared=_OPEN)
        return {"resolutions": (vote, *others)}

    # ------------------------------------------------------------------------------ checks

    def _counted(self, draft: MeetingDraft) -> MeetingDraft | None:
        roll = self.sheet.rolls.on(self.home.id, draft.held_on) if draft.needs_a_roll else None
        try:
            counted = take(draft, roll)
            votes = tuple(self._declared(vote, counted) for vote in draft.resolutions)
            draft = replace(draft, resolutions=votes)
            checks.check(draft, self.home, self.sheet.today)
        except DomainError as refusal:
            self.row.fail(_COLUMN_OF.get(type(refusal), ""), str(refusal))
            return None
        if draft.is_named:
            self._note_differences(counted)
        return draft

    def _declared(self, vote: ResolutionDraft, counted: Attendance) -> ResolutionDraft:
        """Return the vote with what the meeting declared: as its words say, else as the numbers do."""
        committee = vote.rule == "committee_decision"
        due, present = checks.check_vote(
            vote,
            counted.due if committee else counted.voters_due,
            counted.present if committee else counted.voters_present,
        )
        if vote.declared != _OPEN:
            return vote
        if any(word in vote.text for word in _REJECTING):
            return replace(vote, declared="rejected")
        outcome = judge(vote.rule, due=due, present=present, ayes=vote.ayes)
        if outcome.passed:
            return replace(vote, declared="passed")
        self._note(f"决议与票数不符：{outcome.sentence}")
        said = any(word in vote.text for word in _PASSING)
        return replace(vote, declared="passed" if said else "rejected")

    def _note_differences(self, counted: Attendance) -> None:
        for name, title in _NUMBERS.items():
            written, found = self.row.values.get(name), getattr(counted, name)
            if name != "excused" and written is not None and written != found:
                self._note(f"{title}填写{written}人，按当日名册为{found}人，以名册为准。")


def _stop_twins(readings: Sequence[Reading]) -> None:
    """Stop rows of one sheet that are the same meeting."""
    groups: dict[object, list[StagedRow]] = {}
    for reading in readings:
        if reading.meeting is not None:
            groups.setdefault(reading.meeting.pk, []).append(reading.row)
        elif reading.draft is not None:
            groups.setdefault(reading.draft.key, []).append(reading.row)
    for group in groups.values():
        for row in group if len(group) > 1 else ():
            others = "、".join(str(other.number) for other in group if other is not row)
            row.fail("ref", f"与第 {others} 行是同一次会议；若是两次会议，请填写编号加以区别。")
