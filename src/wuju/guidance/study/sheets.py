"""Training hours as a sheet (培训学时): how its rows land, are undone and exported."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.timezone import get_default_timezone

from wuju.kit import crypto
from wuju.kit.actors import Actor, OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.sheets.registry import (
    ExportRow,
    LandingResult,
    OptionSpec,
    RowChange,
    SheetKind,
    StagedRow,
    register,
)
from wuju.kit.strict import within

from . import actions
from .actions import HoursChange
from .columns import COLUMNS
from .drafts import CourseDraft
from .models import CourseHours
from .reading import Reading, read

_MODEL = CourseHours._meta.label


class ChangedWhileLanding(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(f"第 {number} 行的学时刚刚有变更，本批没有任何一行落库，请重新预览一次。")


def prepare(
    rows: Sequence[StagedRow], *, scope: OrgScope, today: dt.date, options: Mapping[str, str]
) -> None:
    """Recognise members by number or unique name, courses by organization, name and last day."""
    read(rows, scope=scope, today=today, options=options)


def land(
    rows: Sequence[StagedRow],
    *,
    actor: Actor,
    at: dt.datetime,
    batch: str,
    options: Mapping[str, str],
) -> LandingResult:
    """Record new courses and hours and correct hours on record, in one event.

    Raises:
        ChangedWhileLanding: a row no longer is what was previewed.
    """
    previewed = {row.number: row.target for row in rows}
    today = at.astimezone(get_default_timezone()).date()
    readings = read(rows, scope=actor.scope, today=today, options=options)
    for reading in readings:
        row = reading.row
        if row.state in {"error", "ask"} or row.target != previewed[row.number]:
            raise ChangedWhileLanding(row.number)
    changed = [one for one in readings if one.row.state == "update"]
    landed = actions.land_courses(
        drafts=_drafts(readings),
        changes=[_hours_change(one) for one in changed],
        actor=actor,
        at=at,
        batch=batch,
    )
    undo = _undo(landed, readings, changed)
    return LandingResult(
        created=len(landed.hours),
        updated=len(changed),
        unchanged=len(rows) - len(undo),
        undo=tuple(undo),
    )


def _drafts(readings: Sequence[Reading]) -> list[CourseDraft]:
    """Return one draft a course, with the hours of its new rows."""
    drafts: dict[object, CourseDraft] = {}
    hours: dict[object, dict[int, int]] = {}
    for one in readings:
        if one.row.state != "new" or one.draft is None or one.member is None:
            continue
        drafts.setdefault(one.draft.key, one.draft)
        hours.setdefault(one.draft.key, {})[one.member] = one.draft.hours[0]
    return [replace(draft, hours=hours[key]) for key, draft in drafts.items()]


def _hours_change(one: Reading) -> HoursChange:
    assert one.stored is not None  # noqa: S101 - only rows on record are updates
    assert one.draft is not None  # noqa: S101 - rows without a draft are errors
    return HoursChange(one.stored.pk, one.stored.version, one.draft.hours[0])


def _undo(
    landed: actions.Landed, readings: Sequence[Reading], changed: Sequence[Reading]
) -> list[RowChange]:
    courses = {course.pk: course for course in landed.courses}
    numbers = {
        (*one.draft.key, one.member): one.row.number for one in readings if one.draft is not None
    }
    made = []
    for row in landed.hours:
        course = courses[row.course_id]
        place = (course.organization_id, course.name_key, course.ended_on, row.member_id)
        made.append(RowChange(numbers[place], _MODEL, row.pk, None, {"version": row.version}))
    for one in changed:
        old = one.stored
        assert old is not None  # noqa: S101 - only rows on record are updates
        made.append(
            RowChange(
                one.row.number,
                _MODEL,
                old.pk,
                {"version": old.version, "hours_tenths": old.hours_tenths},
                {"version": old.version + 1},
            )
        )
    return made


def undo(changes: Sequence[RowChange], *, actor: Actor, at: dt.datetime, batch: str) -> int:
    """Delete the hours the batch created, restore those it corrected.

    Raises:
        ChangedSinceTheImport: a row was changed since.
    """
    return actions.undo_courses(
        batch=batch,
        hours_ids=[change.pk for change in changes if change.before is None],
        restore=[
            HoursChange(
                change.pk,
                int(str(change.after["version"])),
                int(str(change.before["hours_tenths"])),
            )
            for change in changes
            if change.before is not None
        ],
        actor=actor,
        at=at,
    )


def export(*, scope: OrgScope, today: dt.date) -> Iterator[ExportRow]:
    """Yield hours by organization in official order, then by course; numbers masked."""
    rows = (
        CourseHours.objects.filter(within(scope, "organization__path"), held_on__lte=today)
        .select_related("organization", "course", "member")
        .order_by("organization__path", "held_on", "course_id", "id")
        .loaded()
    )
    for row in rows.iterator(chunk_size=2000):
        number = crypto.decrypt(row.member.id_cipher, "people.Member.id")
        yield ExportRow(
            values={
                "org": row.organization.code,
                "id_number": crypto.mask_id(number),
                "name": row.member.name,
                "course": row.course.name,
                "started_on": row.course.started_on,
                "ended_on": row.course.ended_on,
                "hours": row.hours_tenths,
            },
            key=str(row.pk),
            version=str(row.version),
        )


register(
    SheetKind(
        code="trainings",
        title="培训学时",
        columns=COLUMNS,
        natural_key="党组织＋培训名称＋结束日期＋党员",
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
        order=40,
        help="学时只来自实际举办的培训，不收取学习平台的时长和积分。",
    )
)
