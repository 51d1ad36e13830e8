"""Live standings and their roll-ups (computed, never typed), feeds, waivers, attestations, frozen runs."""

from typing import ClassVar

from django.db import models

from wuju.kit.strict import StrictQuerySet


class Standing(models.Model):
    """One organization × item × period as it stands now. Columns as in engine.results.Cell."""

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    item = models.CharField("清单项", max_length=60)
    period = models.IntegerField("期间", help_text="kit.periods.Period.number")
    numerator = models.BigIntegerField("分子")
    denominator = models.BigIntegerField("分母")
    status = models.SmallIntegerField("状态")
    score = models.IntegerField("得分", null=True, help_text="基点 0–10000")
    evidence = models.BigIntegerField("依据行数")
    evidence_key = models.BigIntegerField("依据末行")

    objects = models.Manager.from_queryset(StrictQuerySet["Standing"])()

    class Meta:
        verbose_name = "履职状态"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "item", "period"], name="one_standing_a_cell"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["item", "period", "status"], name="standing_by_item")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.item} {self.period}"


class RollUpLine(models.Model):
    """The sums of one item and period over an organization and everything below it."""

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    item = models.CharField("清单项", max_length=60)
    period = models.IntegerField("期间")
    n = models.IntegerField("应履行", default=0)
    met = models.IntegerField("已完成", default=0)
    open = models.IntegerField("进行中", default=0)
    due_soon = models.IntegerField("将到期", default=0)
    overdue = models.IntegerField("期满待录", default=0)
    missed = models.IntegerField("未达到", default=0)
    exempt = models.IntegerField("免除", default=0)
    unverified = models.IntegerField("未核实", default=0)
    numerator = models.BigIntegerField("分子和", default=0)
    denominator = models.BigIntegerField("分母和", default=0)
    score_sum = models.BigIntegerField("得分和", default=0)
    n_judged = models.IntegerField("已评判", default=0)

    objects = models.Manager.from_queryset(StrictQuerySet["RollUpLine"])()

    class Meta:
        verbose_name = "汇总"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "item", "period"], name="one_rollup_a_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.item} {self.period}"


class Freshness(models.Model):
    """One row: the day the standings were last judged for, by which facts, and since when they are being computed."""

    evaluated_on = models.DateField("评判日期", null=True)
    facts = models.TextField("已接入的数据", blank=True, help_text="sources.supply() of that day")
    computing_since = models.DateTimeField("计算中，自", null=True)
    why = models.CharField("原因", max_length=100, blank=True)
    changes = models.BigIntegerField(
        "变更次数", default=0, help_text="Goes up with every change that asks for a wide run."
    )

    objects = models.Manager.from_queryset(StrictQuerySet["Freshness"])()

    class Meta:
        verbose_name = "新鲜度"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="freshness_is_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.evaluated_on} {self.computing_since or ''}"


class WideRun(models.Model):
    """One judging of every organization: asked for by a change, done by a worker.

    At most one is open: whatever changes before it is done is in it. A worker that dies
    leaves it open, and the next one begins it anew.
    """

    WAITING, RUNNING, DONE = "waiting", "running", "done"

    asked_at = models.DateTimeField("提出时间")
    why = models.CharField("原因", max_length=100)
    state = models.CharField("状态", max_length=10, default=WAITING)
    step = models.CharField("步骤", max_length=10, blank=True)
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("完成时间", null=True)
    again = models.PositiveIntegerField(
        "重算次数", default=0, help_text="Records changed meanwhile."
    )
    failed = models.PositiveIntegerField("未成功次数", default=0)
    cells = models.PositiveIntegerField("状态数", null=True)

    objects = models.Manager.from_queryset(StrictQuerySet["WideRun"])()

    class Meta:
        verbose_name = "全量评判"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done"]),
                name="wide_run_has_a_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done") ^ models.Q(ended_at__isnull=True),
                name="wide_run_ends_when_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state} {self.why}"


class Feed(models.Model):
    """From which day records of a fact arrive for an organization; before it nobody is found wanting."""

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="feeds"
    )
    fact = models.CharField("事实", max_length=40)
    starts_on = models.DateField("自")
    whole_subtree = models.BooleanField("含下级", default=False)
    declared = models.BooleanField("经声明", default=False)

    objects = models.Manager.from_queryset(StrictQuerySet["Feed"])()

    class Meta:
        verbose_name = "数据起始"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "fact", "whole_subtree"], name="feed_starts_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization"],
                name="feed_of_a_subtree",
                condition=models.Q(whole_subtree=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.fact} {self.starts_on}"


class Waiver(models.Model):
    """An approved exemption of an organization from an item for some days (免除)."""

    PERSONAL: ClassVar = frozenset({"applicant", "approver", "recorded_by"})

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="waivers"
    )
    item = models.CharField("清单项", max_length=60)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    reason = models.CharField("原因", max_length=100)
    applicant = models.CharField("申请人", max_length=50, blank=True)
    applicant_unit = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="waivers_applied_for", null=True
    )
    approver = models.CharField("批准人", max_length=50, blank=True)
    authority = models.CharField(
        "决定机关", max_length=100, blank=True, help_text="The level above the top organization."
    )
    recorded_by = models.CharField("登记人", max_length=50, blank=True)
    document = models.CharField("文号", max_length=80)
    approved_on = models.DateField("批准日期")

    objects = models.Manager.from_queryset(StrictQuerySet["Waiver"])()

    class Meta:
        verbose_name = "免除"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gt=models.F("from_on")),
                name="waiver_lasts",
            ),
            models.CheckConstraint(condition=~models.Q(document=""), name="waiver_has_a_document"),
            models.CheckConstraint(
                condition=models.Q(approver="") ^ models.Q(authority=""),
                name="waiver_is_approved_by_a_person_or_an_authority",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.item} {self.from_on}"


class Attestation(models.Model):
    """A grade that named people gave an organization's work on an item; never computed."""

    PERSONAL: ClassVar = frozenset({"panel", "recorded_by"})

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="attestations"
    )
    item = models.CharField("清单项", max_length=60)
    grade = models.SmallIntegerField("等级值")
    graded_on = models.DateField("评价日期")
    panel = models.CharField("署名评价人", max_length=200)
    panel_size = models.PositiveIntegerField("人数")
    authority = models.CharField("决定机关", max_length=100, blank=True)
    recorded_by = models.CharField("登记人", max_length=50, blank=True)
    document = models.CharField("文号", max_length=80)

    objects = models.Manager.from_queryset(StrictQuerySet["Attestation"])()

    class Meta:
        verbose_name = "评价记录"

    def __str__(self) -> str:
        return f"{self.organization_id} {self.item} {self.graded_on}"


class FrozenRun(models.Model):
    """A judgement kept for good: what it was for, of which day, and the hashes of all that went in and out.

    Never edited. The files lie in `folder` of the data home; `manifest_hash` covers each of them.
    """

    title = models.CharField("用途", max_length=100)
    as_of = models.DateField("截至日期")
    frozen_at = models.DateTimeField("冻结时间")
    frozen_by = models.CharField("办理人", max_length=50)
    packs = models.CharField("规则包版本", max_length=200)
    packs_hash = models.CharField("规则摘要", max_length=64)
    facts_hash = models.CharField("事实摘要", max_length=64)
    results_hash = models.CharField("结果摘要", max_length=64)
    manifest_hash = models.CharField("清单摘要", max_length=64)
    engine = models.CharField("引擎版本", max_length=60)
    folder = models.CharField("文件夹", max_length=60, unique=True)
    fact_rows = models.PositiveIntegerField("事实行数")
    cells = models.PositiveIntegerField("状态数")
    lines = models.PositiveIntegerField("汇总数")

    objects = models.Manager.from_queryset(StrictQuerySet["FrozenRun"])()

    class Meta:
        verbose_name = "冻结的评判"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(title=""), name="frozen_run_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title} {self.as_of}"
