"""Tables of study: the courses really held, and the hours a branch recorded from them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within

from .words import LEVELS, TASKS


class CourseQuerySet(StrictQuerySet["Course"]):
    def visible_to(self, scope: OrgScope) -> "CourseQuerySet":
        return self.filter(within(scope, "organization__path"))


class Course(models.Model):
    """One course, with a first and a last day. Nothing here comes from reading time."""

    PERSONAL: ClassVar = frozenset({"entered_by", "on_behalf_of"})

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="courses", verbose_name="组织"
    )
    name = models.CharField("培训名称", max_length=100)
    name_key = models.CharField("培训名称（归一）", max_length=100)
    level = models.CharField("举办层级", choices=list(LEVELS.items()), max_length=20)
    task = models.CharField("教育基本任务", choices=list(TASKS.items()), max_length=20, blank=True)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期")
    entered_by_user_id = models.BigIntegerField("录入账号", null=True, blank=True)
    entered_by = models.CharField("录入人", max_length=50)
    on_behalf_of = models.CharField("代录对象", max_length=50, blank=True)
    entered_on = models.DateField("录入日期")

    objects = models.Manager.from_queryset(CourseQuerySet)()

    class Meta:
        verbose_name = "培训班次"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "name_key", "ended_on"], name="course_is_entered_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")), name="course_ends_after_it_starts"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "ended_on"], name="course_by_organization")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.name} {self.ended_on}"


class CourseHours(models.Model):
    """The hours of one member in one course, as the recording organization entered them.

    They count wherever they were recorded: a member's hours follow the member.
    """

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="course_hours"
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="hours")
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="course_hours"
    )
    held_on = models.DateField("计入日期", help_text="Last day of the course.")
    hours_tenths = models.PositiveIntegerField("学时（十分之一）")
    version = models.PositiveIntegerField("行版本", default=1)

    objects = models.Manager.from_queryset(StrictQuerySet["CourseHours"])()

    class Meta:
        verbose_name = "培训学时"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["course", "member"], name="hours_of_a_course_are_entered_once"
            ),
            models.CheckConstraint(condition=Q(hours_tenths__gt=0), name="hours_are_positive"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "held_on"], name="hours_by_member"),
            models.Index(fields=["organization", "held_on"], name="hours_by_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.member_id} {self.hours_tenths}"
