"""Tables of issued bulletins and notices: number, content in pieces, the findings they speak of."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within
from wuju.loops.models import Loop
from wuju.org.models import Organization

from .words import BLOCK_KINDS, CIRCULARS, KINDS


class BulletinSeries(models.Model):
    """The last number given in a series and year, so that a number is never given twice."""

    prefix = models.CharField("发文字号", max_length=20)
    year = models.PositiveIntegerField("年份")
    last = models.PositiveIntegerField("最后编号", default=0)

    objects = models.Manager.from_queryset(StrictQuerySet["BulletinSeries"])()

    class Meta:
        verbose_name = "文号"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["prefix", "year"], name="one_series_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.last}号"


class BulletinQuerySet(StrictQuerySet["Bulletin"]):
    def visible_to(self, scope: OrgScope) -> "BulletinQuerySet":
        """Return circulars, which go to everyone, and notices that speak of the scope alone."""
        if not (scope.roots or scope.orgs):
            return self.none()
        inside = within(scope, "loop__organization__path")
        concerned = BulletinLoop.objects.filter(inside).values("bulletin")
        others = BulletinLoop.objects.exclude(inside).values("bulletin")
        return self.filter(
            Q(kind__in=sorted(CIRCULARS))
            | within(scope, "issuer__path")
            | Q(pk__in=concerned) & ~Q(pk__in=others)
        )


BulletinManager = models.Manager.from_queryset(BulletinQuerySet)


class Bulletin(models.Model):
    """One issued document. It is never rewritten; the ledger head it saw is printed on it."""

    kind = models.CharField("种类", max_length=20, choices=list(KINDS.items()))
    number = models.CharField("文号", max_length=40, unique=True)
    title = models.CharField("标题", max_length=200)
    issued_on = models.DateField("印发日期")
    issuer = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="bulletins", verbose_name="印发单位"
    )
    addressed_to = models.CharField("主送", max_length=500)
    characters = models.PositiveIntegerField("正文字数")
    comprehensive = models.BooleanField("综合性文稿", default=False)
    names_organizations = models.BooleanField("点名", default=False)
    naming_approved = models.CharField("点名批准文号", max_length=60, blank=True)
    period_from_on = models.DateField("反映期间自", null=True, blank=True)
    period_to_on = models.DateField("反映期间至", null=True, blank=True)
    ledger_sequence = models.BigIntegerField("留痕序号")
    ledger_hash = models.CharField("留痕摘要", max_length=64)

    objects = BulletinManager()

    class Meta:
        verbose_name = "通报和通知书"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(CIRCULARS), names_organizations=True)
                | ~Q(naming_approved=""),
                name="bulletin_names_only_with_approval",
            ),
            models.CheckConstraint(
                condition=Q(period_to_on__isnull=True) | Q(period_to_on__gte=F("period_from_on")),
                name="bulletin_period_runs_forward",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["issued_on", "id"], name="bulletin_by_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class BulletinBlock(models.Model):
    """One piece of the body, in order. Cells of a table line are kept apart by tabs."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="blocks")
    position = models.PositiveIntegerField("次序")
    kind = models.CharField("类型", max_length=10, choices=list(BLOCK_KINDS.items()))
    level = models.PositiveIntegerField("层级", default=1)
    text = models.TextField("文字")

    objects = models.Manager.from_queryset(StrictQuerySet["BulletinBlock"])()

    class Meta:
        verbose_name = "正文"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulletin", "position"], name="block_has_its_place")
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id}/{self.position}"


class BulletinLoop(models.Model):
    """A finding a document speaks of."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="loops")
    loop = models.ForeignKey(Loop, on_delete=models.PROTECT, related_name="bulletins")

    objects = models.Manager.from_queryset(StrictQuerySet["BulletinLoop"])()

    class Meta:
        verbose_name = "涉及的问题"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bulletin", "loop"], name="finding_is_listed_once_a_document"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.loop_id}"
