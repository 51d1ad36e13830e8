"""Tables of the closed loop: findings, their deadlines, measures, evidence, and every step taken."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within
from wuju.org.models import Organization

from .lifecycle import CLOSED, DONE, STATES, VERIFIED
from .words import (
    CATEGORIES,
    CAUSES,
    EVIDENCE_KINDS,
    MEASURE_KINDS,
    NATURES,
    ORIGINS,
    SEVERITIES,
    SUGGESTION_KINDS,
)

LOOP_KINDS = (("finding", "问题"),)
DIRECTIONS = (("down", "向下"), ("up", "向上"))


class YearCounter(models.Model):
    """The last number given in a year, so that a number is never given twice."""

    year = models.PositiveIntegerField("年份", unique=True)
    last = models.PositiveIntegerField("最后编号", default=0)

    objects = models.Manager.from_queryset(StrictQuerySet["YearCounter"])()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.year}-{self.last:04d}"


class LoopCounter(YearCounter):
    """Numbers of findings."""

    class Meta:
        verbose_name = "问题编号"


class LoopQuerySet(StrictQuerySet["Loop"]):
    def visible_to(self, scope: OrgScope) -> "LoopQuerySet":
        return self.filter(within(scope, "organization__path"))

    def running(self) -> "LoopQuerySet":
        return self.exclude(state__in=sorted(DONE))


LoopManager = models.Manager.from_queryset(LoopQuerySet)


class Loop(models.Model):
    """One finding and where it stands. What happened on the way is in `Step`."""

    PERSONAL: ClassVar = frozenset({"raised_by", "responsible_person", "verified_by"})

    number = models.CharField("编号", max_length=20, unique=True)
    kind = models.CharField("种类", max_length=20, choices=LOOP_KINDS, default="finding")
    direction = models.CharField("方向", max_length=10, choices=DIRECTIONS, default="down")
    origin = models.CharField("问题来源", max_length=20, choices=list(ORIGINS.items()))
    category = models.CharField("问题类别", max_length=20, choices=list(CATEGORIES.items()))
    category_text = models.CharField("类别说明", max_length=60, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="findings", verbose_name="责任组织"
    )
    unit = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="findings_raised",
        null=True,
        blank=True,
        verbose_name="提出单位",
    )
    raised_by = models.CharField("提出人", max_length=60, blank=True)
    raised_user_id = models.BigIntegerField("提出人账号", null=True, blank=True)
    title = models.CharField("标题", max_length=100)
    fact = models.TextField("事实")
    basis = models.CharField("依据条款", max_length=300, blank=True)
    severity = models.CharField(
        "性质", max_length=10, choices=list(SEVERITIES.items()), default="should"
    )
    nature = models.CharField(
        "整改方式", max_length=10, choices=list(NATURES.items()), default="by_date"
    )
    state = models.CharField("状态", max_length=20, choices=list(STATES.items()), default="opened")
    opened_on = models.DateField("提出日期")
    notice_due_on = models.DateField("应通知日期", null=True, blank=True)
    notified_on = models.DateField("通知日期", null=True, blank=True)
    plan_due_on = models.DateField("应报方案日期", null=True, blank=True)
    plan_accepted_on = models.DateField("方案认可日期", null=True, blank=True)
    due_on = models.DateField(
        "整改期限", null=True, blank=True, help_text="经批准延期的，为延期后的"
    )
    original_due_on = models.DateField("原整改期限", null=True, blank=True)
    responsible_person = models.CharField("责任人", max_length=50, blank=True)
    lead_unit = models.CharField("牵头单位", max_length=100, blank=True)
    cause = models.CharField("原因", max_length=20, choices=list(CAUSES.items()), blank=True)
    paper_only = models.BooleanField(
        "只补写记录", default=False, help_text="报送的证据都看不出成效"
    )
    verified_by = models.CharField("核实人", max_length=50, blank=True)
    verified_user_id = models.BigIntegerField("核实人账号", null=True, blank=True)
    verified_unit = models.CharField("核实单位", max_length=100, blank=True)
    verified_on = models.DateField("核实日期", null=True, blank=True)
    verified_by_other = models.BooleanField("由他人核实", default=False)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closed_first_on = models.DateField("首次经核实销号日期", null=True, blank=True)
    revisit_due_on = models.DateField("应回访日期", null=True, blank=True)
    revisited_on = models.DateField("回访日期", null=True, blank=True)
    reopened = models.PositiveIntegerField("重新打开次数", default=0)
    extensions = models.PositiveIntegerField("延期次数", default=0)
    returned = models.PositiveIntegerField("退回次数", default=0)
    round = models.PositiveIntegerField("轮次", default=1)
    imported = models.BooleanField(
        "导入时已销号", default=False, help_text="未经本系统核验，不进入销号比例"
    )
    ref = models.CharField("外部编号", max_length=60, blank=True)
    earlier = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="later",
        null=True,
        blank=True,
        verbose_name="上一次同类问题",
    )
    last_step_on = models.DateField("最近一步日期")
    version = models.PositiveIntegerField("行版本", default=1)

    objects = LoopManager()

    class Meta:
        verbose_name = "问题"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED)) ^ Q(closed_on__isnull=True),
                name="loop_closed_on_iff_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(VERIFIED))
                | Q(verified_on__isnull=False)
                | Q(imported=True),
                name="loop_is_closed_only_once_verified",
            ),
            models.CheckConstraint(
                condition=Q(closed_first_on__isnull=True) | Q(verified_by_other=True),
                name="loop_first_closure_was_verified",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("opened_on")),
                name="loop_is_not_due_before_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) ^ Q(original_due_on__isnull=False),
                name="loop_keeps_its_original_due_date",
            ),
            models.UniqueConstraint(
                fields=["organization", "ref"],
                condition=~Q(ref=""),
                name="loop_ref_is_unique_in_its_organization",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on"], name="loop_by_state"),
            models.Index(fields=["organization", "category", "id"], name="loop_by_org"),
            models.Index(fields=["closed_on"], name="loop_by_closure"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Deadline(models.Model):
    """One round's deadline. A reopened finding gets a second row: the first answer stands."""

    loop = models.ForeignKey(Loop, on_delete=models.PROTECT, related_name="deadlines")
    round = models.PositiveIntegerField("轮次")
    original_due_on = models.DateField("原期限")
    due_on = models.DateField("期限", help_text="经批准延期的，为延期后的")
    closed_on = models.DateField("首次经核实销号日期", null=True, blank=True)
    verified_by_other = models.BooleanField("由他人核实", default=False)
    reopened = models.PositiveIntegerField("销号后重新打开次数", default=0)
    imported = models.BooleanField("导入时已销号", default=False)

    objects = models.Manager.from_queryset(StrictQuerySet["Deadline"])()

    class Meta:
        verbose_name = "整改期限"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loop", "round"], name="one_deadline_a_round"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(verified_by_other=True),
                name="deadline_counts_only_verified_closure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loop_id}/{self.round} {self.due_on}"


class Measure(models.Model):
    """One thing that will be done, by whom, by when; `done_on` once it was."""

    PERSONAL: ClassVar = frozenset({"responsible", "done_by"})

    loop = models.ForeignKey(Loop, on_delete=models.PROTECT, related_name="measures")
    round = models.PositiveIntegerField("轮次", default=1)
    text = models.TextField("整改措施")
    kind = models.CharField(
        "类型", max_length=10, choices=list(MEASURE_KINDS.items()), default="immediate"
    )
    responsible = models.CharField("责任人", max_length=50, blank=True)
    due_on = models.DateField("时限", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    done_by = models.CharField("完成人", max_length=50, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Measure"])()

    class Meta:
        verbose_name = "整改措施"

    def __str__(self) -> str:
        return f"{self.loop_id} {self.text[:20]}"


class Evidence(models.Model):
    """One thing that happened and shows the work, in words. A file is never required."""

    PERSONAL: ClassVar = frozenset({"submitted_by", "entered_by"})

    loop = models.ForeignKey(Loop, on_delete=models.PROTECT, related_name="evidence")
    round = models.PositiveIntegerField("轮次", default=1)
    text = models.TextField("结果说明")
    happened_on = models.DateField("发生日期")
    kind = models.CharField("类型", max_length=10, choices=list(EVIDENCE_KINDS.items()))
    submitted_by = models.CharField("报送人", max_length=50, blank=True)
    entered_by = models.CharField("录入人", max_length=50, blank=True)
    entered_user_id = models.BigIntegerField("录入账号", null=True, blank=True)
    entered_on = models.DateField("录入日期")
    link = models.CharField("相关记录", max_length=200, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Evidence"])()

    class Meta:
        verbose_name = "整改证据"

    def __str__(self) -> str:
        return f"{self.loop_id} {self.happened_on} {self.text[:20]}"


class Step(models.Model):
    """One act of the life of a finding: who did it, who entered it, when. Rows are only added."""

    PERSONAL: ClassVar = frozenset({"done_by", "actor_name"})

    loop = models.ForeignKey(Loop, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(
        "事项", max_length=30, help_text="A key of lifecycle.ACTS, or raise or land"
    )
    from_state = models.CharField("原状态", max_length=20, blank=True)
    to_state = models.CharField("现状态", max_length=20, choices=list(STATES.items()))
    on = models.DateField("发生日期")
    at = models.DateTimeField("录入时间")
    done_by = models.CharField("办理人", max_length=60)
    actor_name = models.CharField("录入人", max_length=50)
    actor_user_id = models.BigIntegerField("录入账号", null=True, blank=True)
    unit = models.CharField("单位", max_length=100, blank=True)
    note = models.TextField("说明", blank=True)
    due_before_on = models.DateField("原期限", null=True, blank=True)
    due_after_on = models.DateField("新期限", null=True, blank=True)
    approval = models.CharField("批准文号", max_length=60, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Step"])()

    class Meta:
        verbose_name = "办理过程"
        indexes: ClassVar = [models.Index(fields=["loop", "id"], name="step_by_loop")]

    def __str__(self) -> str:
        return f"{self.loop_id} {self.name} {self.on}"


class SuggestionCounter(YearCounter):
    """Numbers of what people hand in."""

    class Meta:
        verbose_name = "投诉建议编号"


class SuggestionQuerySet(StrictQuerySet["Suggestion"]):
    def waiting(self) -> "SuggestionQuerySet":
        return self.filter(answered_on=None)


class Suggestion(models.Model):
    """A complaint, suggestion or question that anybody handed in, without saying who they are.

    The code that opens its answer is kept as a keyed index, the contact (if any was given)
    sealed; the text may name people and enters the ledger as a commitment only.
    """

    PERSONAL: ClassVar = frozenset({"text", "contact_cipher", "answered_by"})

    number = models.CharField("编号", max_length=20, unique=True)
    code_index = models.CharField("查询码索引", max_length=80)
    kind = models.CharField("种类", max_length=20, choices=list(SUGGESTION_KINDS.items()))
    text = models.TextField("内容")
    contact_cipher = models.TextField("联系方式", blank=True)
    received_on = models.DateField("收到日期")
    answer = models.TextField("答复", blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
    answered_by_unit = models.CharField("答复单位", max_length=100, blank=True)
    version = models.PositiveIntegerField("行版本", default=1)

    objects = models.Manager.from_queryset(SuggestionQuerySet)()

    class Meta:
        verbose_name = "投诉建议"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="")
                | Q(answered_on__isnull=False) & ~Q(answer=""),
                name="suggestion_is_answered_with_words",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["answered_on", "received_on"], name="suggestion_by_state")
        ]

    def __str__(self) -> str:
        return self.number
