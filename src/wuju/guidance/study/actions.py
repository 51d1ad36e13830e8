"""Everything that changes courses and hours: record one, land many, undo."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import get_default_timezone

from wuju.access.roles import require
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor, OutsideScope
from wuju.kit.bulk import insert_rows, row_maker
from wuju.kit.errors import DomainError
from wuju.kit.markings import refuse_marked
from wuju.kit.strict import chunks, within
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization
from wuju.people.actions import homes_of
from wuju.people.models import Membership

from .drafts import CourseDraft, key_of
from .models import Course, CourseHours
from .words import LEVEL_OF_KIND, LEVELS, TASKS

__all__ = ["CourseDraft"]

MAX_HOURS_TENTHS = 10_000


class NotYetOver(DomainError):
    def __init__(self) -> None:
        super().__init__("培训结束日期在今天之后，请在培训结束后登记。")


class EndsBeforeItStarts(DomainError):
    def __init__(self) -> None:
        super().__init__("培训结束日期早于开始日期，请核对。")


class BeforeEstablishment(DomainError):
    def __init__(self) -> None:
        super().__init__("培训结束日期早于本组织成立日期，请核对。")


class NotWrittenRight(DomainError):
    """A value no form would send: an unknown code, too long a name, hours out of range."""


class SeatedTwice(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”已经登记过同一名党员的学时，请改为更正原记录。")


class RecordedMeanwhile(DomainError):
    def __init__(self) -> None:
        super().__init__("同一次培训刚被别人登记过，请核对后再提交一次。")


class ChangedSinceTheImport(DomainError):
    def __init__(self) -> None:
        super().__init__("这批学时导入后有记录被改过，不能整批撤回，请逐条更正。")


@dataclass(frozen=True, slots=True)
class HoursChange:
    """New hours for a row on record, of which the writer saw `version`."""

    hours_id: int
    version: int
    hours_tenths: int


@dataclass(frozen=True, slots=True)
class Landed:
    """What a landing made: courses and hours that are new, and hours that were corrected."""

    courses: list[Course]
    hours: list[CourseHours]
    changed: list[CourseHours]


@action
def record_course(*, draft: CourseDraft, actor: Actor, at: dt.datetime) -> Course:
    """Record a course that is over, with the hours of those who sat in it.

    A course on record already gains the members of `draft`.

    Raises:
        OutsideScope: the organization, or a member, is outside the actor's scope.
        NotYetOver, EndsBeforeItStarts, BeforeEstablishment, NotWrittenRight, SeatedTwice.
        RecordedMeanwhile: somebody else recorded the course at the same moment.

    Source: 中国共产党党员教育管理工作条例第二十条: hours come from courses, never from reading time.
    """
    require(actor, "record_meeting")
    courses, hours, images = _create([draft], actor, at)
    course = courses[draft.key]
    ledger.record(
        "course.recorded",
        actor=actor,
        at=at,
        target=f"course:{course.pk}",
        org_path=course.organization.path,
        details={"members": len(hours)},
        images=images,
    )
    return course


@action
def land_courses(
    *,
    drafts: Sequence[CourseDraft],
    actor: Actor,
    at: dt.datetime,
    batch: str = "",
    changes: Sequence[HoursChange] = (),
) -> Landed:
    """Record many courses, and correct hours, in one event; all of them or none.

    Raises:
        Every refusal of `record_course`; ChangedSinceTheImport for a stale change.
    """
    require(actor, "record_meeting")
    courses, hours, images = _create(drafts, actor, at)
    changed, more = _change(changes, actor)
    ledger.record(
        "courses.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"courses": len(drafts), "hours": len(hours), "corrected": len(changed)},
        images=[*images, *more],
        batch=batch,
    )
    return Landed(list(courses.values()), hours, changed)


@action
def undo_courses(
    *,
    batch: str,
    hours_ids: Sequence[int],
    actor: Actor,
    at: dt.datetime,
    restore: Sequence[HoursChange] = (),
) -> int:
    """Take hours back that a batch created, restore those it corrected; an emptied course goes too.

    Raises:
        ChangedSinceTheImport: a row was changed since.
        OutsideScope: a row is gone or outside the actor's scope.
    """
    require(actor, "record_meeting")
    rows = _locked(hours_ids, actor)
    if any(row.version != 1 for row in rows):
        raise ChangedSinceTheImport
    images = _delete(rows)
    changed, more = _change(restore, actor)
    ledger.record(
        "courses.undone",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"deleted": len(rows), "restored": len(changed)},
        images=[*images, *more],
        batch=batch,
    )
    return len(rows) + len(changed)


# ------------------------------------------------------------------------------ inside an action


def _create(
    drafts: Sequence[CourseDraft], actor: Actor, at: dt.datetime
) -> tuple[dict[tuple[int, str, dt.date], Course], list[CourseHours], list[Images]]:
    """Write what is new; return {key: course}, the new hours and their images."""
    today = at.astimezone(get_default_timezone()).date()
    orgs = _organizations(drafts, actor)
    for draft in drafts:
        check(draft, orgs[draft.organization_id], today)
    _refuse_strangers(drafts, actor)
    found = on_record(drafts)
    fresh: dict[tuple[int, str, dt.date], Course] = {}
    for draft in drafts:
        if draft.key not in found and draft.key not in fresh:
            fresh[draft.key] = _course(draft, orgs[draft.organization_id], actor, today)
    _insert(list(fresh.values()))
    found |= fresh
    hours = _hours(drafts, found)
    _insert(hours)
    if fresh:
        _touch_courses(list(fresh.values()))
    _touch_hours(hours)
    images = [Images.created(rows) for rows in (list(fresh.values()), hours) if rows]
    return found, hours, images


def _insert(rows: Sequence[Course] | Sequence[CourseHours]) -> None:
    try:
        with transaction.atomic():
            insert_rows(rows)
    except IntegrityError as raced:
        raise RecordedMeanwhile from raced


def _organizations(drafts: Iterable[CourseDraft], actor: Actor) -> dict[int, Organization]:
    wanted = sorted({draft.organization_id for draft in drafts})
    found: dict[int, Organization] = {}
    for part in chunks(wanted):
        found |= {row.pk: row for row in Organization.objects.loaded().filter(pk__in=part)}
    if len(found) < len(wanted) or not all(actor.scope.covers(o.path) for o in found.values()):
        raise OutsideScope
    return found


def check(draft: CourseDraft, organization: Organization, today: dt.date) -> None:
    """Refuse a course on impossible days, or with codes or hours that cannot be."""
    if draft.ended_on < draft.started_on:
        raise EndsBeforeItStarts
    if draft.ended_on > today:
        raise NotYetOver
    if draft.ended_on < organization.established_on:
        raise BeforeEstablishment
    if draft.level not in {"", *LEVELS} or draft.task not in {"", *TASKS}:
        raise NotWrittenRight("举办层级或教育基本任务的代码无法识别，请重新选择。")
    if not draft.name.strip() or len(draft.name) > 100:
        raise NotWrittenRight("培训名称须填写，最多100个字。")
    refuse_marked(draft.name, where="培训名称")
    if not all(0 < tenths <= MAX_HOURS_TENTHS for tenths in draft.hours.values()):
        raise NotWrittenRight("学时须大于0、不超过1000，请核对。")


def _refuse_strangers(drafts: Iterable[CourseDraft], actor: Actor) -> None:
    """Refuse members who never belonged to an organization inside the actor's scope."""
    wanted = sorted({member for draft in drafts for member in draft.hours})
    seen: set[int] = set()
    for part in chunks(wanted):
        seen |= set(
            Membership.objects.visible_to(actor.scope)
            .filter(member_id__in=part)
            .values_list("member_id", flat=True)
        )
    if len(seen) < len(wanted):
        raise OutsideScope


def on_record(drafts: Iterable[CourseDraft]) -> dict[tuple[int, str, dt.date], Course]:
    """Return {key: course} of the courses of `drafts` that are on record."""
    wanted = {draft.key for draft in drafts}
    found: dict[tuple[int, str, dt.date], Course] = {}
    if not wanted:
        return found
    first, last = min(key[2] for key in wanted), max(key[2] for key in wanted)
    for part in chunks(sorted({key[0] for key in wanted})):
        rows = Course.objects.select_related("organization").filter(
            organization_id__in=part, ended_on__gte=first, ended_on__lte=last
        )
        for row in rows:
            key = (row.organization_id, row.name_key, row.ended_on)
            if key in wanted:
                found[key] = row
    return found


def _course(
    draft: CourseDraft, organization: Organization, actor: Actor, today: dt.date
) -> Course:
    return Course(
        organization=organization,
        name=draft.name.strip(),
        name_key=key_of(draft.name),
        level=draft.level or LEVEL_OF_KIND.get(organization.kind, "branch"),
        task=draft.task,
        started_on=draft.started_on,
        ended_on=draft.ended_on,
        entered_by_user_id=actor.user_id,
        entered_by=actor.name,
        on_behalf_of=actor.on_behalf_of,
        entered_on=today,
    )


_hours_of = row_maker(
    CourseHours, "organization_id", "course_id", "member_id", "held_on", "hours_tenths"
)


def _hours(
    drafts: Sequence[CourseDraft], courses: dict[tuple[int, str, dt.date], Course]
) -> list[CourseHours]:
    seated: set[tuple[int, int]] = set()
    for part in chunks(sorted({courses[draft.key].pk for draft in drafts})):
        seated |= set(
            CourseHours.objects.filter(course_id__in=part).values_list("course_id", "member_id")
        )
    rows = []
    for draft in drafts:
        course = courses[draft.key].pk
        for member, tenths in sorted(draft.hours.items()):
            if (course, member) in seated:
                raise SeatedTwice(draft.name)
            seated.add((course, member))
            rows.append(_hours_of(draft.organization_id, course, member, draft.ended_on, tenths))
    return rows


def _locked(hours_ids: Sequence[int], actor: Actor) -> list[CourseHours]:
    found: list[CourseHours] = []
    for part in chunks(sorted(set(hours_ids))):
        found += (
            CourseHours.objects.select_for_update(of=("self",), no_key=True)
            .filter(within(actor.scope, "organization__path"), pk__in=part)
            .order_by("id")
        )
    if len(found) < len(set(hours_ids)):
        raise OutsideScope
    return found


def _change(
    changes: Sequence[HoursChange], actor: Actor
) -> tuple[list[CourseHours], list[Images]]:
    wanted = {change.hours_id: change for change in changes}
    rows = _locked(list(wanted), actor)
    if any(row.version != wanted[row.pk].version for row in rows):
        raise ChangedSinceTheImport
    if any(not 0 < change.hours_tenths <= MAX_HOURS_TENTHS for change in changes):
        raise NotWrittenRight("学时须大于0、不超过1000，请核对。")
    if not rows:
        return [], []
    before = {row.pk: values_of(row) for row in rows}
    for row in rows:
        row.hours_tenths = wanted[row.pk].hours_tenths
        row.version += 1
    CourseHours.objects.bulk_update(rows, ["hours_tenths", "version"], batch_size=200)
    _touch_hours(rows)
    return rows, [Images.changed(before, rows)]


def _delete(rows: Sequence[CourseHours]) -> list[Images]:
    """Delete hours, and courses nobody sat in any more."""
    images = [Images.deleted(rows)] if rows else []
    _touch_hours(rows)
    for part in chunks([row.pk for row in rows]):
        CourseHours.objects.filter(pk__in=part).delete()
    seats = CourseHours.objects.filter(course_id=OuterRef("pk"))
    for part in chunks(sorted({row.course_id for row in rows})):
        empty = list(Course.objects.filter(~Exists(seats), pk__in=part).order_by("id"))
        if empty:
            images.append(Images.deleted(empty))
            _touch_courses(empty)
            Course.objects.filter(pk__in=[course.pk for course in empty]).delete()
    return images


def _touch_hours(rows: Sequence[CourseHours]) -> None:
    """Touch the recording organizations, and those the members belong to: hours follow the member."""
    if not rows:
        return
    orgs = {row.organization_id for row in rows}
    homes = homes_of({row.member_id for row in rows})
    touch("course_hours", orgs | homes, {row.held_on for row in rows})


def _touch_courses(courses: Sequence[Course]) -> None:
    touch("course", {c.organization_id for c in courses}, {c.ended_on for c in courses})
