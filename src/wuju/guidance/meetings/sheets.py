"""Meetings as a sheet (会议记录): how its rows land, are undone and exported."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched

from wuju.kit import crypto
from wuju.kit.actors import Actor, OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.sheets.registry import (
    ExportRow,
    Json,
    LandingResult,
    OptionSpec,
    RowChange,
    SheetKind,
    StagedRow,
    register,
)

from . import actions, matching
from .checks import local_day
from .columns import COLUMNS
from .drafts import Correction, MeetingDraft, from_text, to_text
from .models import Meeting
from .reading import Reading, read
from .rolls import Kept, draft_of, kept, rolls

_MODEL = Meeting._meta.label
_CONTEXT = "meetings.Meeting.draft"
_SOME = 1000


class ChangedWhileLanding(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(f"第 {number} 行的会议刚刚有变更，本批没有任何一行落库，请重新预览一次。")


def prepare(
    rows: Sequence[StagedRow], *, scope: OrgScope, today: dt.date, options: Mapping[str, str]
) -> None:
    """Recognise rows by key, else by organization, kind, day and number; count and compare them."""
    read(rows, scope=scope, today=today, options=options)


def land(
    rows: Sequence[StagedRow],
    *,
    actor: Actor,
    at: dt.datetime,
    batch: str,
    options: Mapping[str, str],
) -> LandingResult:
    """Record new meetings and correct those on record, in one event.

    Raises:
        ChangedWhileLanding: a row no longer is what was previewed.
    """
    previewed = {row.number: row.target for row in rows}
    readings = read(rows, scope=actor.scope, today=local_day(at), options=options)
    for reading in readings:
        row = reading.row
        if row.state in {"error", "ask"} or row.target != previewed[row.number]:
            raise ChangedWhileLanding(row.number)
    new = [reading for reading in readings if reading.row.state == "new"]
    changed = [reading for reading in readings if reading.row.state == "update"]
    before = kept([reading.meeting for reading in changed if reading.meeting])
    made = actions.land_meetings(
        drafts=[draft for reading in new if (draft := reading.draft)],
        corrections=[_correction(reading) for reading in changed],
        actor=actor,
        at=at,
        batch=batch,
    )
    undo = [
        _change(reading, meeting, before)
        for reading, meeting in zip((*new, *changed), made, strict=True)
    ]
    return LandingResult(
        created=len(new),
        updated=len(changed),
        unchanged=len(rows) - len(undo),
        undo=tuple(undo),
    )


def _correction(reading: Reading) -> Correction:
    assert reading.meeting is not None  # noqa: S101 - only rows of meetings on record are updates
    assert reading.draft is not None  # noqa: S101 - rows without a draft are errors
    return Correction(reading.meeting.pk, reading.meeting.version, reading.draft)


def _change(reading: Reading, made: Meeting, before: Mapping[int, Kept]) -> RowChange:
    old = reading.meeting
    image = _image(old, before[old.pk]) if old else None
    return RowChange(reading.row.number, _MODEL, made.pk, image, {"version": made.version})


def _image(meeting: Meeting, of: Kept) -> dict[str, Json]:
    """Return a meeting as undo needs it; who chaired and what was said is sealed."""
    sealed = crypto.encrypt(to_text(draft_of(meeting, of)), _CONTEXT)
    return {"version": meeting.version, "draft": sealed}


def undo(changes: Sequence[RowChange], *, actor: Actor, at: dt.datetime, batch: str) -> int:
    """Delete the meetings the batch created, restore those it corrected.

    Raises:
        ChangedSinceTheImport: one of them was changed since.
    """
    return actions.undo_meetings(
        batch=batch,
        meeting_ids=[change.pk for change in changes if change.before is None],
        restore=[
            Correction(change.pk, _version(change), _draft(change.before))
            for change in changes
            if change.before is not None
        ],
        actor=actor,
        at=at,
    )


def _version(change: RowChange) -> int:
    return int(str(change.after["version"]))


def _draft(image: Mapping[str, object]) -> MeetingDraft:
    return from_text(crypto.decrypt(str(image["draft"]), _CONTEXT))


def export(*, scope: OrgScope, today: dt.date) -> Iterator[ExportRow]:
    """Yield the meetings held until `today`, by organization in official order, then by day."""
    rows = (
        Meeting.objects.visible_to(scope)
        .filter(status="held", held_on__lte=today)
        .select_related("organization")
        .order_by("organization__path", "held_on", "id")
        .loaded()
    )
    for some in batched(rows.iterator(chunk_size=_SOME), _SOME, strict=False):
        hanging = kept(some)
        known = rolls(draft_of(meeting, hanging[meeting.pk]) for meeting in some)
        present = matching.names_present(some, hanging, known)
        for meeting in some:
            yield _exported(meeting, hanging[meeting.pk], present.get(meeting.pk, ()))


def _exported(meeting: Meeting, of: Kept, present: tuple[str, ...]) -> ExportRow:
    vote = of.resolutions[0] if of.resolutions else None
    return ExportRow(
        values={
            "org": meeting.organization.code,
            "kind": meeting.kind,
            "held_on": meeting.held_on,
            "topic": meeting.topic,
            "chair": meeting.chair,
            "due": meeting.due,
            "present": meeting.present,
            "excused": meeting.excused,
            "hours": meeting.hours_tenths or None,
            "resolution": vote.text if vote else meeting.note,
            "ayes": vote.ayes if vote else None,
            "ref": meeting.ref,
            "attendees": present,
        },
        key=str(meeting.pk),
        version=str(meeting.version),
    )


register(
    SheetKind(
        code="meetings",
        title="会议记录",
        columns=COLUMNS,
        natural_key="党组织＋会议类型＋日期＋编号",
        prepare=prepare,
        land=land,
        undo=undo,
        export=export,
        options=(
            OptionSpec(
                name="org",
                label="所属党组织",
                type="org",
                required=False,
                help="表中没有组织代码一列时选择。",
            ),
        ),
        order=30,
        help="没有参会人员的按人数登记，不推断任何人到会或缺席。",
    )
)
