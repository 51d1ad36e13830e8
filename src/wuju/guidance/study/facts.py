"""What the engine may know about study: courses and hours, by pseudonymous keys."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import Described, describe, publish

from .models import Course, CourseHours


@publish(
    "course",
    ("course_id", "org_id", "ended_on", "level", "task", "started_on"),
    models=("study.Course",),
)
def courses() -> QuerySet[Any, Any]:
    """One row a course, of the organization that recorded it."""
    return Course.objects.values_list(
        "id", "organization_id", "ended_on", "level", "task", "started_on"
    )


@publish(
    "course_hours",
    ("hours_id", "org_id", "held_on", "member_id", "course_id", "hours_tenths", "level"),
    models=("study.CourseHours", "study.Course"),
)
def hours() -> QuerySet[Any, Any]:
    """One row a member and course. Hours in tenths; counted on the last day of the course."""
    return CourseHours.objects.values_list(
        "id", "organization_id", "held_on", "member_id", "course_id", "hours_tenths",
        "course__level",
    )  # fmt: skip


@describe("course")
def describe_courses(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(f"{row.ended_on} 结束的“{row.name}”")
        for row in Course.objects.filter(pk__in=keys)
    }
