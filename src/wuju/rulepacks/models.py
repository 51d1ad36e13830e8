"""Installed packs: immutable text, hash, the document of adoption, and the SQL compiled from it."""

from typing import ClassVar

from django.db import models

from wuju.kit.strict import StrictQuerySet


class PackVersion(models.Model):
    """One version of a pack as adopted. Never edited: a change is a new version."""

    code = models.CharField("规则包", max_length=40)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("名称", max_length=100)
    digest = models.CharField("内容摘要", max_length=64, unique=True)
    effective_from = models.DateField("施行日期")
    document = models.CharField("采用文号", max_length=80)
    text = models.TextField("规则全文", help_text="engine.rules as JSON, with titles and sources")
    installed_at = models.DateTimeField("采用时间")
    installed_by = models.CharField("办理人", max_length=50)

    objects = models.Manager.from_queryset(StrictQuerySet["PackVersion"])()

    class Meta:
        verbose_name = "规则包版本"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "version"], name="pack_version_is_adopted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class CompiledPack(models.Model):
    """The SQL of a pack version for one database, so that serving needs no compiler."""

    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="compiled")
    dialect = models.CharField("数据库", max_length=20)
    program = models.TextField("编译结果")

    objects = models.Manager.from_queryset(StrictQuerySet["CompiledPack"])()

    class Meta:
        verbose_name = "规则包编译结果"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pack", "dialect"], name="pack_is_compiled_once_a_dialect"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.dialect}"
