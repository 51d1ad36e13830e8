"""Tables of inspections: the visit itself, whom it saw, and the findings it raised."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within
from wuju.loops.models import Loop
from wuju.org.models import Organization

from .words import KINDS


class InspectionQuerySet(StrictQuerySet["Inspection"]):
    def visible_to(self, scope: OrgScope) -> "InspectionQuerySet":
        """Return those the scope's own unit makes, or that came to one of its organizations."""
        came = Visit.objects.filter(within(scope, "organization__path")).values("inspection")
        return self.filter(within(scope, "unit__path") | Q(pk__in=came))


InspectionManager = models.Manager.from_queryset(InspectionQuerySet)


class Inspection(models.Model):
    """One inspection: in the year's plan, or approved on its own (一事一报)."""

    PERSONAL: ClassVar = frozenset({"team"})

    title = models.CharField("名称", max_length=100)
    kind = models.CharField("种类", max_length=20, choices=list(KINDS.items()))
    unit = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="inspections", verbose_name="督查单位"
    )
    planned = models.BooleanField("列入年度计划", default=True)
    plan_number = models.CharField("计划备案号", max_length=60, blank=True)
    approval_number = models.CharField("批准文号", max_length=60, blank=True)
    data_first = models.BooleanField("先用系统已有数据", default=False)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期")
    team = models.CharField("督查组", max_length=200, blank=True)
    version = models.PositiveIntegerField("行版本", default=1)

    objects = InspectionManager()

    class Meta:
        verbose_name = "督查"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(planned=True) & ~Q(plan_number="")
                | Q(planned=False) & ~Q(approval_number=""),
                name="inspection_is_planned_or_approved",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")), name="inspection_lasts"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "started_on"], name="inspection_by_unit")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.started_on}"


class Visit(models.Model):
    """One organization an inspection looks at."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="visits")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="inspection_visits"
    )

    objects = models.Manager.from_queryset(StrictQuerySet["Visit"])()

    class Meta:
        verbose_name = "督查对象"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "organization"], name="visit_is_listed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} → {self.organization_id}"


class InspectionFinding(models.Model):
    """A finding that an inspection raised."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    loop = models.OneToOneField(Loop, on_delete=models.PROTECT, related_name="inspection_link")

    objects = models.Manager.from_queryset(StrictQuerySet["InspectionFinding"])()

    class Meta:
        verbose_name = "督查发现的问题"

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.loop_id}"
