"""Everything that reads courses and hours. Each takes a scope; no list of persons is by hours."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Sum

from wuju.kit.actors import OrgScope
from wuju.kit.names import by_strokes
from wuju.kit.strict import chunks
from wuju.org import queries as org
from wuju.people.models import Membership

from .models import Course, CourseHours
from .words import LEVELS, TASKS


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One course and how many of its members sat in it."""

    id: int
    organization_id: int
    organization: str
    name: str
    level_label: str
    task_label: str
    started_on: dt.date
    ended_on: dt.date
    members: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """A member for whom the branch still has to arrange study. How much is missing is not said."""

    member_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Who of a branch has fewer hours than expected. `due` leaves out the exempt."""

    due: int
    covered: int
    rows: tuple[GapRow, ...]


def courses(
    *,
    scope: OrgScope,
    organization_id: int | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    limit: int = 100,
) -> list[CourseRow]:
    """List courses, the newest first; `since` and `until` are inclusive last days."""
    rows = Course.objects.visible_to(scope)
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    if since:
        rows = rows.filter(ended_on__gte=since)
    if until:
        rows = rows.filter(ended_on__lte=until)
    values = (
        rows.order_by("-ended_on", "-id")
        .annotate(members=Count("hours"))
        .values_list(
            "id", "organization_id", "organization__short_name", "name", "level", "task",
            "started_on", "ended_on", "members",
        )[:limit]
    )  # fmt: skip
    return [
        CourseRow(*line[:4], LEVELS[line[4]], TASKS.get(line[5], ""), *line[6:]) for line in values
    ]


def coverage_gap(
    *,
    scope: OrgScope,
    organization_id: int,
    year: int,
    as_of: dt.date,
    at_least_tenths: int = 320,
) -> Gap:
    """List the members of a branch with fewer hours than `at_least_tenths` in a calendar year.

    For the branch, in the order of surnames by strokes, without anybody's number: it says
    whom to invite, and is no comparison of persons. The exempt are not asked.
    Source: 党员教育管理工作条例第二十条 (32 学时), 第二十三条 (exempt).

    Raises:
        OutsideScope: the branch lies outside the scope.
    """
    org.organization(scope=scope, organization_id=organization_id)
    members = dict(
        Membership.objects.on(as_of)
        .filter(organization_id=organization_id, state="normal", exempt=False)
        .values_list("member_id", "member__name")
    )
    hours = _hours_of(sorted(members), dt.date(year, 1, 1), min(dt.date(year, 12, 31), as_of))
    missing = [
        GapRow(member, name)
        for member, name in members.items()
        if hours.get(member, 0) < at_least_tenths
    ]
    missing.sort(key=lambda row: (by_strokes(row.name), row.member_id))
    return Gap(len(members), len(members) - len(missing), tuple(missing))


def _hours_of(members: list[int], since: dt.date, until: dt.date) -> dict[int, int]:
    """Return {member: tenths of an hour} wherever they were recorded; both days inclusive."""
    found: dict[int, int] = {}
    for part in chunks(members):
        sums = (
            CourseHours.objects.filter(member_id__in=part, held_on__gte=since, held_on__lte=until)
            .values("member_id")
            .annotate(total=Sum("hours_tenths"))
            .order_by()
        )
        found |= {row["member_id"]: row["total"] for row in sums}
    return found
