"""A meeting as it is written down, before it is counted and stored. Pure."""

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionDraft:
    """One vote. `due` and `present` count those with a vote; None = take them from the attendance.

    `declared` is what the meeting declared (passed, rejected), not what software concludes.
    """

    text: str
    rule: str
    ayes: int
    declared: str
    due: int | None = None
    present: int | None = None
    secret_ballot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """One meeting as written down.

    attendance: `named` — everybody on that day's roster came, except the members marked in
        `excused_ids`, `absent_ids`, `exempt_ids`; `guest_ids` came without being due;
        `came_ids` came although nothing is required of them. With `attendee_ids` the list of
        those who came is given instead, and everybody else due is marked absent.
        `counts` — only `due`, `present`, `excused` stand; None = not reported.
    hours_tenths: tenths of an hour of study, 15 = 1.5 学时.
    done_by: who kept the minutes; empty = whoever chaired. `done_by_unit` empty = the organization.
    """

    organization_id: int
    kind: str
    held_on: dt.date
    status: str = "held"
    topic: str = ""
    place: str = ""
    chair: str = ""
    lecturer: str = "none"
    first_agenda: bool = False
    attendance: str = "named"
    excused_ids: tuple[int, ...] = ()
    absent_ids: tuple[int, ...] = ()
    exempt_ids: tuple[int, ...] = ()
    guest_ids: tuple[int, ...] = ()
    came_ids: tuple[int, ...] = ()
    attendee_ids: tuple[int, ...] | None = None
    due: int | None = None
    present: int | None = None
    excused: int | None = None
    hours_tenths: int = 0
    note: str = ""
    ref: str = ""
    done_by: str = ""
    done_by_unit: str = ""
    topics: tuple[str, ...] = ()
    resolutions: tuple[ResolutionDraft, ...] = ()

    @property
    def ref_key(self) -> str:
        """The reference number as it is compared: no blanks, one width, one case."""
        return "".join(unicodedata.normalize("NFKC", self.ref).split()).casefold()

    @property
    def is_named(self) -> bool:
        return self.attendance == "named"

    @property
    def needs_a_roll(self) -> bool:
        return self.is_named and self.status == "held"

    @property
    def key(self) -> tuple[int, str, dt.date, str]:
        """By what a meeting is recognised: organization, kind, day, reference number."""
        return (self.organization_id, self.kind, self.held_on, self.ref_key)


@dataclass(frozen=True, slots=True)
class Correction:
    """New content for a meeting on record, of which the corrector saw `version`."""

    meeting_id: int
    version: int
    draft: MeetingDraft


def to_text(draft: MeetingDraft) -> str:
    """Return the draft as JSON."""
    return json.dumps(asdict(draft), ensure_ascii=False, default=dt.date.isoformat)


def from_text(text: str) -> MeetingDraft:
    """Read what `to_text` wrote."""
    values: Mapping[str, Any] = json.loads(text)
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    plain["held_on"] = dt.date.fromisoformat(values["held_on"])
    plain["resolutions"] = tuple(ResolutionDraft(**one) for one in values["resolutions"])
    return MeetingDraft(**plain)


LABELS: Mapping[str, str] = {
    "organization_id": "组织",
    "kind": "会议类型",
    "held_on": "日期",
    "status": "状态",
    "topic": "主题",
    "place": "地点",
    "chair": "主持人",
    "lecturer": "授课人",
    "first_agenda": "落实第一议题",
    "attendance": "到会登记",
    "excused_ids": "请假人员",
    "absent_ids": "未到人员",
    "exempt_ids": "不作硬性要求人员",
    "guest_ids": "列席人员",
    "came_ids": "不作硬性要求但到会人员",
    "attendee_ids": "到会人员",
    "due": "应到",
    "present": "实到",
    "excused": "请假",
    "hours_tenths": "学时",
    "note": "备注",
    "ref": "编号",
    "done_by": "记录人",
    "done_by_unit": "记录人单位",
    "topics": "会议内容",
    "resolutions": "表决事项",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which two people's versions of a meeting disagree."""

    field: str
    label: str
    yours: object
    theirs: object


def differences(yours: MeetingDraft, theirs: MeetingDraft) -> tuple[Difference, ...]:
    """Return the fields on which two drafts disagree, in the order of the form."""
    return tuple(
        Difference(
            field.name, LABELS[field.name], getattr(yours, field.name), getattr(theirs, field.name)
        )
        for field in fields(MeetingDraft)
        if getattr(yours, field.name) != getattr(theirs, field.name)
    )
