"""The form of a meeting: five fields, and what only some kinds of meetings have."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from wuju.guidance.meetings.calling import COUNTED_KINDS, RollCall
from wuju.guidance.meetings.checks import LENGTHS
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.guidance.meetings.words import KINDS, LECTURERS, TOPICS
from wuju.kit.numbers import whole

from .forms import PlainForm

# Fields only some kinds of meetings have.
_ONLY = {
    "hours": frozenset({"theme_day", "party_lecture", "study_group"}),
    "lecturer": frozenset({"party_lecture"}),
    "first_agenda": frozenset({"bureau_meeting", "study_group"}),
    "note": frozenset(KINDS) - {"party_lecture", "study_group"},
}
MORE = ("topics", "place", "first_agenda", "ref", "done_by")
_HOURS = re.compile(r"\d{1,3}(\.\d)?")


class People(forms.Field):
    """Members ticked in the list, by id. Whether they belong there is the meeting's business."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> tuple[int, ...]:
        return tuple(key for one in value or () if (key := whole(one)) is not None)


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "请填整数。", "min_value": "请填 0 或更大的整数。"},
    )


def _text(name: str, label: str, **more: Any) -> forms.CharField:
    longest = LENGTHS[name]
    said = {"max_length": f"最多 {longest} 个字，请精简。"}
    return forms.CharField(label=label, max_length=longest, error_messages=said, **more)


class MeetingForm(PlainForm):
    """What is typed about a meeting. Fields the kind does not have are left out."""

    kind = forms.ChoiceField(label="会议类型", choices=list(KINDS.items()))
    held_on = forms.DateField(
        label="哪天开的", help_text="以前的也能补，系统会标明“补录”，不算过错。"
    )
    topic = _text("topic", "主题")
    chair = _text("chair", "主持人")
    lecturer = forms.ChoiceField(label="谁授课", choices=list(LECTURERS.items()), required=False)
    hours = forms.CharField(
        label="学时", required=False, help_text="一小时记 1，一个半小时记 1.5。"
    )
    excused_ids = People(label="请假的人", required=False)
    absent_ids = People(label="未到的人", required=False)
    came_ids = People(label="不作硬性要求但到会的人", required=False)
    due = _number("应到人数")
    present = _number("实到人数")
    excused = _number("请假人数")
    note = _text(
        "note", "议定了什么", required=False, widget=forms.Textarea,
        help_text="写清谁去做、哪天做完。",
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label="会上有哪些内容",
        choices=list(TOPICS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一次会议可以同时满足几项要求，只记一次。",
    )
    place = _text("place", "地点", required=False)
    first_agenda = forms.BooleanField(label="落实了第一议题", required=False)
    ref = _text("ref", "编号", required=False, help_text="同一天开两次同类会议时，用编号区分。")
    done_by = _text("done_by", "记录人", required=False, help_text="空着就是主持人。")
    attendance = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_named = is_named
        kind = str(self["kind"].value() or "")
        for name, kinds in _ONLY.items():
            if kind not in kinds:
                del self.fields[name]
        for name in ("due", "present", "excused") if is_named else ():
            del self.fields[name]

    def clean_hours(self) -> int:
        """Return tenths of an hour."""
        text = str(self.cleaned_data["hours"]).strip()
        if not text:
            return 0
        if not _HOURS.fullmatch(text):
            raise forms.ValidationError("学时请填数字，最多一位小数，如 1.5。")
        return round(float(text) * 10)

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields behind 还可以记."""
        return [self[name] for name in MORE if name in self.fields]

    @property
    def is_more_open(self) -> bool:
        return any(bound.errors or bound.value() for bound in self.more)


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person of the list, and what is ticked beside the name."""

    member_id: int
    name: str
    is_exempt: bool
    excused: bool
    absent: bool
    came: bool


def lines(roll: RollCall, form: MeetingForm) -> list[RollLine]:
    """Return the list of the day with the ticks of the form."""
    ticked = {
        name: {str(one) for one in form[name].value() or ()}
        for name in ("excused_ids", "absent_ids", "came_ids")
    }
    return [
        RollLine(
            row.member_id,
            row.name,
            row.is_exempt,
            excused=str(row.member_id) in ticked["excused_ids"],
            absent=str(row.member_id) in ticked["absent_ids"],
            came=str(row.member_id) in ticked["came_ids"],
        )
        for row in roll.rows
    ]


def is_named(asked: str, kind: str, roll: RollCall) -> bool:
    """Say whether attendance is taken by name. `asked`: named, counts, or "" for the kind's usual."""
    if asked == "counts" or not roll.rows or kind == "group_meeting":
        return False
    return asked == "named" or kind not in COUNTED_KINDS


def initial_of(draft: MeetingDraft) -> dict[str, Any]:
    """Return what a form shows of a meeting on record."""
    whole, rest = divmod(draft.hours_tenths, 10)
    hours = f"{whole}.{rest}" if rest else str(whole or "")
    names = set(MeetingForm.base_fields) & set(MeetingDraft.__dataclass_fields__)
    return {name: getattr(draft, name) for name in names} | {"hours": hours}


def draft_from(
    form: MeetingForm, base: MeetingDraft, roll: RollCall, *, status: str
) -> MeetingDraft:
    """Return `base` with what the form says. What a form does not show stays as it was."""
    said = form.cleaned_data
    values: dict[str, Any] = {
        name: said[name]
        for name in ("kind", "held_on", "topic", "chair", "place", "ref", "done_by")
    }
    values |= {"topics": tuple(said["topics"]), "status": status}
    values |= _only_some_kinds(form, base)
    if form.is_named:
        values |= _marks(form, base, roll)
    else:
        values |= {name: said[name] for name in ("due", "present", "excused")}
        values |= dict.fromkeys(_MARKS, ())
    values["attendance"] = "named" if form.is_named else "counts"
    return replace(base, **values)


_MARKS = ("excused_ids", "absent_ids", "exempt_ids", "guest_ids", "came_ids")


def _only_some_kinds(form: MeetingForm, base: MeetingDraft) -> dict[str, Any]:
    """Return the fields that go with the kind; another kind than before loses what it cannot have."""
    said = form.cleaned_data
    blank = {"hours": 0, "lecturer": "none", "first_agenda": False, "note": ""}
    kept = {
        "hours": base.hours_tenths,
        "lecturer": base.lecturer,
        "first_agenda": base.first_agenda,
        "note": base.note,
    }
    otherwise = kept if said["kind"] == base.kind else blank
    values = {name: said[name] if name in said else otherwise[name] for name in blank}
    values["hours_tenths"] = values.pop("hours")
    values["lecturer"] = values["lecturer"] or "none"
    return values


def _marks(form: MeetingForm, base: MeetingDraft, roll: RollCall) -> dict[str, Any]:
    said = form.cleaned_data
    marks: dict[str, Any] = {
        name: said[name] for name in ("excused_ids", "absent_ids", "came_ids")
    }
    ticked = {member for ids in marks.values() for member in ids}
    listed = {row.member_id for row in roll.rows}
    marks["exempt_ids"] = tuple(m for m in base.exempt_ids if m in listed - ticked)
    marks["guest_ids"] = tuple(m for m in base.guest_ids if m not in ticked)
    return marks | {"due": None, "present": None, "excused": None}


def typed_day(value: Any, otherwise: dt.date) -> dt.date:
    """Return the day a date field holds, or another while it holds none."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return otherwise
