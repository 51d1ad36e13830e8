"""Tables of meetings: the meeting, who was not simply there, what it was about, what it resolved."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within

from .words import (
    ATTENDANCE,
    DECLARED,
    KINDS,
    LECTURERS,
    REASONS,
    RULES,
    STATUSES,
    TOPICS,
)


class MeetingQuerySet(StrictQuerySet["Meeting"]):
    def visible_to(self, scope: OrgScope) -> "MeetingQuerySet":
        return self.filter(within(scope, "organization__path"))

    def standing(self) -> "MeetingQuerySet":
        return self.exclude(status="cancelled")


MeetingManager = models.Manager.from_queryset(MeetingQuerySet)


class Meeting(models.Model):
    """One meeting, entered once. The paper minute book stays the legal record.

    `roster` is the snapshot of that day's members a *named* attendance is counted from:
    counters = roster − exceptions. With *counts* only the reported numbers stand (empty =
    not reported) and nobody is said to have been present or absent.
    """

    PERSONAL: ClassVar = frozenset(
        {"topic", "chair", "note", "done_by", "entered_by", "on_behalf_of"}
    )

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="meetings", verbose_name="组织"
    )
    kind = models.CharField("会议类型", choices=list(KINDS.items()), max_length=24)
    status = models.CharField(
        "状态", choices=list(STATUSES.items()), default="held", max_length=24
    )
    held_on = models.DateField("日期")
    ref = models.CharField("编号", max_length=60, blank=True)
    ref_key = models.CharField("编号（归一）", max_length=60, blank=True)
    topic = models.CharField("主题", max_length=200, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    chair = models.CharField("主持人", blank=True, max_length=50)
    lecturer = models.CharField(
        "授课人", choices=list(LECTURERS.items()), default="none", max_length=24
    )
    first_agenda = models.BooleanField("落实第一议题", default=False)
    attendance = models.CharField("到会登记", choices=list(ATTENDANCE.items()), max_length=24)
    roster = models.ForeignKey(
        "people.Roster",
        on_delete=models.PROTECT,
        related_name="meetings",
        null=True,
        blank=True,
        verbose_name="当日名册",
    )
    due = models.PositiveIntegerField("应到", null=True, blank=True)
    present = models.PositiveIntegerField("实到", null=True, blank=True)
    excused = models.PositiveIntegerField("请假", null=True, blank=True)
    hours_tenths = models.PositiveIntegerField("学时（十分之一）", default=0)
    note = models.CharField("备注", max_length=1000, blank=True)
    done_by = models.CharField("记录人", blank=True, max_length=50)
    done_by_unit = models.CharField("记录人单位", max_length=100, blank=True)
    entered_by_user_id = models.BigIntegerField("录入账号", null=True, blank=True)
    entered_by = models.CharField("录入人", max_length=50)
    on_behalf_of = models.CharField("代录对象", blank=True, max_length=50)
    entered_on = models.DateField("录入日期")
    late = models.BooleanField(
        "补录",
        default=False,
        help_text="Entered after the month it was held in; information only.",
    )
    version = models.PositiveIntegerField("行版本", default=1)

    objects = MeetingManager()

    class Meta:
        verbose_name = "会议"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "kind", "held_on", "ref_key"],
                condition=~Q(status="cancelled"),
                name="meeting_is_entered_once",
            ),
            models.CheckConstraint(
                condition=Q(due__gte=F("present")), name="no_more_came_than_were_due"
            ),
            models.CheckConstraint(
                condition=Q(due__gte=F("present") + F("excused")),
                name="nobody_is_present_and_excused",
            ),
            models.CheckConstraint(
                condition=~Q(status="held", attendance="named")
                | Q(roster__isnull=False, due__isnull=False, present__isnull=False),
                name="named_meeting_has_its_roster",
            ),
            models.CheckConstraint(
                condition=Q(attendance="named") | Q(roster__isnull=True),
                name="counts_name_nobody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-held_on", "-id"], name="meeting_newest_first"),
            models.Index(
                fields=["organization", "-held_on", "-id"], name="meeting_by_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.kind} {self.held_on}"


class AttendanceException(models.Model):
    """A person for whom "on the roster, so present" does not hold. Seen by the meeting's own branch."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="exceptions")
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="attendance_exceptions"
    )
    reason = models.CharField("情形", choices=list(REASONS.items()), max_length=24)

    objects = models.Manager.from_queryset(StrictQuerySet["AttendanceException"])()

    class Meta:
        verbose_name = "到会例外"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "member"], name="person_is_marked_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.member_id} {self.reason}"


class Topic(models.Model):
    """What a meeting was about: one meeting may serve several requirements and is entered once."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="topics")
    kind = models.CharField("内容", choices=list(TOPICS.items()), max_length=24)

    objects = models.Manager.from_queryset(StrictQuerySet["Topic"])()

    class Meta:
        verbose_name = "会议内容"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="topic_is_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind}"


class Resolution(models.Model):
    """One vote of a meeting, with the numbers of those who had a vote, as the meeting declared it."""

    PERSONAL: ClassVar = frozenset({"text"})

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="resolutions")
    text = models.CharField("决议", max_length=500)
    rule = models.CharField("表决规则", choices=list(RULES.items()), max_length=24)
    due = models.PositiveIntegerField("有表决权的应到人数")
    present = models.PositiveIntegerField("有表决权的实到人数")
    ayes = models.PositiveIntegerField("赞成票")
    secret_ballot = models.BooleanField("无记名投票", default=False)
    declared = models.CharField("宣布结果", choices=list(DECLARED.items()), max_length=24)

    objects = models.Manager.from_queryset(StrictQuerySet["Resolution"])()

    class Meta:
        verbose_name = "表决事项"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due__gte=F("present")), name="no_more_voted_than_were_due"
            ),
            # Written opinions of absent members count for an admission, so ayes may exceed present.
            models.CheckConstraint(
                condition=Q(due__gte=F("ayes"))
                & (Q(rule="admission") | Q(present__gte=F("ayes"))),
                name="ayes_come_from_those_with_a_vote",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.rule} {self.declared}"
