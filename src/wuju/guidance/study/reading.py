"""From rows of a trainings sheet to courses and hours: whose, in which course, on record or new."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wuju.kit import crypto
from wuju.kit.actors import OrgScope, path_ceiling
from wuju.kit.errors import DomainError
from wuju.kit.identifiers import widen_id_number
from wuju.kit.numbers import whole
from wuju.kit.sheets.registry import StagedRow
from wuju.kit.strict import chunks, within
from wuju.org.models import Organization
from wuju.people.matching import resolve_organizations
from wuju.people.models import Membership

from . import actions
from .drafts import CourseDraft
from .models import Course, CourseHours

_COLUMN_OF: Mapping[type[DomainError], str] = {
    actions.NotYetOver: "ended_on",
    actions.EndsBeforeItStarts: "started_on",
    actions.BeforeEstablishment: "ended_on",
}


@dataclass(slots=True)
class Reading:
    """One row: the course and member it names, None if unreadable; the hours on record, None for new."""

    row: StagedRow
    draft: CourseDraft | None = None
    member: int | None = None
    stored: CourseHours | None = None


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class _People:
    """Members inside the scope by the blind index of their number and by name; hours by row key."""

    by_key: Mapping[str, CourseHours]
    by_index: Mapping[str, _Person]
    by_name: Mapping[str, list[_Person]]


def read(
    rows: Sequence[StagedRow], *, scope: OrgScope, today: dt.date, options: Mapping[str, str]
) -> list[Reading]:
    """Recognise and compare rows; set their state, in a fixed number of queries."""
    resolve_organizations(rows, scope, options.get("org", ""))
    orgs = _organizations(rows)
    people = _people(rows, scope)
    readings = [_read(row, orgs, people, today) for row in rows]
    drafts = [draft for reading in readings if (draft := reading.draft)]
    courses = actions.on_record(drafts)
    stored = _stored(courses.values())
    for reading in readings:
        course = courses.get(reading.draft.key) if reading.draft else None
        if course is not None and reading.member is not None:
            reading.stored = stored.get((course.pk, reading.member))
        _compare(reading, course)
    _stop_twins(readings)
    return readings


def _organizations(rows: Iterable[StagedRow]) -> dict[str, Organization]:
    codes = sorted({str(row.values["org"]) for row in rows if "org" in row.values})
    found: dict[str, Organization] = {}
    for part in chunks(codes):
        found |= {row.code: row for row in Organization.objects.loaded().filter(code__in=part)}
    return found


def _people(rows: Sequence[StagedRow], scope: OrgScope) -> _People:
    indexes = sorted({index for row in rows for index in _indexes(row)})
    names = sorted({str(row.values["name"]) for row in rows if "name" in row.values})
    present = Membership.objects.visible_to(scope).filter(until_on=None).order_by("member_id")
    columns = ("member__id_index", "member_id", "member__name", "organization__path")
    by_index: dict[str, _Person] = {}
    for part in chunks(indexes):
        for index, *person in present.filter(member__id_index__in=part).values_list(*columns):
            by_index[index] = _Person(*person)
    by_name: dict[str, list[_Person]] = {}
    for part in chunks(names):
        for _, *person in present.filter(member__name__in=part).values_list(*columns):
            by_name.setdefault(person[1], []).append(_Person(*person))
    return _People(_keyed(rows, scope), by_index, by_name)


def _keyed(rows: Iterable[StagedRow], scope: OrgScope) -> dict[str, CourseHours]:
    """Return {row key: hours} of rows that came out of an export of ours."""
    found: dict[str, CourseHours] = {}
    keys = {key for row in rows if (key := whole(row.row_key)) is not None}
    for part in chunks(sorted(keys)):
        stored = CourseHours.objects.filter(within(scope, "organization__path"), pk__in=part)
        found |= {str(one.pk): one for one in stored.select_related("member").loaded()}
    return found


def _indexes(row: StagedRow) -> tuple[str, ...]:
    number = row.values.get("id_number")
    return crypto.blind_candidates(widen_id_number(str(number)), "id") if number else ()


def _read(
    row: StagedRow, orgs: Mapping[str, Organization], people: _People, today: dt.date
) -> Reading:
    values = row.values
    organization = orgs.get(str(values.get("org", "")))
    ended_on, hours = values.get("ended_on"), values.get("hours")
    if organization is None or row.state == "error":
        return Reading(row)
    if not isinstance(ended_on, dt.date) or not isinstance(hours, int):
        return Reading(row)
    started_on = values.get("started_on", ended_on)
    draft = CourseDraft(
        organization_id=organization.pk,
        name=str(values.get("course", "")),
        started_on=started_on if isinstance(started_on, dt.date) else ended_on,
        ended_on=ended_on,
        hours={0: hours},
    )
    row.key = f"{values['org']} {draft.name} {ended_on} {values.get('name', '')}"
    try:
        actions.check(draft, organization, today)
    except DomainError as refusal:
        row.fail(_COLUMN_OF.get(type(refusal), ""), str(refusal))
        return Reading(row)
    return Reading(row, draft, _member(row, organization, people))


def _member(row: StagedRow, organization: Organization, people: _People) -> int | None:
    """Return whose hours these are: by number, else by a name that is unique below the organization."""
    name = str(row.values.get("name", ""))
    if "id_number" in row.values:
        person = next((people.by_index[i] for i in _indexes(row) if i in people.by_index), None)
        if person is None:
            row.fail("id_number", "在册党员中没有这个号码，或者不在您的管理范围内，请核对。")
        elif person.name != name:
            row.ask("name", f"这个号码在系统中登记的姓名是“{person.name}”，请核对。")
        return person.id if person else None
    exported = people.by_key.get(row.row_key)
    if exported is not None and exported.member.name == name:
        return exported.member_id  # the number came back masked, but the row knows whose it is
    ceiling = path_ceiling(organization.path)
    found = [p for p in people.by_name.get(name, []) if organization.path <= p.path < ceiling]
    if len(found) == 1:
        return found[0].id
    if found:
        row.ask("name", f"本组织有{len(found)}名党员叫“{name}”，请补上公民身份号码。")
    else:
        row.fail("name", f"本组织在册党员中没有“{name}”，请核对姓名或补上公民身份号码。")
    return None


def _stored(courses: Iterable[Course]) -> dict[tuple[int, int], CourseHours]:
    found: dict[tuple[int, int], CourseHours] = {}
    for part in chunks(sorted(course.pk for course in courses)):
        for row in CourseHours.objects.filter(course_id__in=part):
            found[(row.course_id, row.member_id)] = row
    return found


def _compare(reading: Reading, course: Course | None) -> None:
    row, stored = reading.row, reading.stored
    if stored is None or course is None:
        if whole(row.row_key) is not None and row.untouched:
            row.fail("", "系统中没有这一行对应的学时，可能已经撤回，请重新导出。")
        row.compare(None)
        return
    if row.row_version and row.row_version != str(stored.version) and not row.untouched:
        row.ask("", "系统中这条学时后来又有变更，请核对后重新导出或重新上传。")
    row.row_version = str(stored.version)
    # Everything but the hours is how the row was recognised.
    row.compare({**row.values, "hours": stored.hours_tenths}, target=stored.pk)
    if row.untouched and row.state == "update":
        row.state = "same"
        row.cell_states = dict.fromkeys(row.cell_states, "same")


def _stop_twins(readings: Sequence[Reading]) -> None:
    groups: dict[object, list[StagedRow]] = {}
    for reading in readings:
        if reading.draft is not None and reading.member is not None:
            groups.setdefault((reading.draft.key, reading.member), []).append(reading.row)
    for group in groups.values():
        for row in group if len(group) > 1 else ():
            others = "、".join(str(other.number) for other in group if other is not row)
            row.fail("name", f"与第 {others} 行是同一名党员的同一期培训，请删去多余的行。")
