"""Tables of the desk: imports with their rows, encrypted, and the headers people have explained."""

from typing import ClassVar

from django.db import models

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within

from .words import PARTS, STATES


class BatchQuerySet(StrictQuerySet["Batch"]):
    def visible_to(self, scope: OrgScope) -> "BatchQuerySet":
        return self.filter(within(scope, "org_path"))


class Batch(models.Model):
    """One import: the file by its digest, who brought it, how its rows stand. Never a cell of it."""

    PERSONAL: ClassVar = frozenset({"user_name", "file_name"})

    kind = models.CharField("种类", max_length=40)
    file_name = models.CharField("文件名", max_length=200)
    digest = models.CharField("文件摘要", max_length=64, help_text="SHA-256 of the upload.")
    state = models.CharField("状态", choices=list(STATES.items()), default="staged", max_length=20)
    options = models.JSONField("选项", default=dict, help_text="Answers to the kind's questions.")
    user_id = models.BigIntegerField("上传账号", null=True)
    user_name = models.CharField("上传人", max_length=50)
    org_path = models.CharField("上传单位路径", max_length=80)
    created_at = models.DateTimeField("上传时间")
    landed_at = models.DateTimeField("落库时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)
    expires_on = models.DateField(
        "内容保留至", help_text="After this day the encrypted rows are deleted."
    )
    cleared_on = models.DateField("内容清除日期", null=True, blank=True)
    rows_new = models.PositiveIntegerField("新增行", default=0)
    rows_update = models.PositiveIntegerField("变更行", default=0)
    rows_same = models.PositiveIntegerField("无变化行", default=0)
    rows_error = models.PositiveIntegerField("错误行", default=0)
    rows_ask = models.PositiveIntegerField("待确认行", default=0)

    objects = models.Manager.from_queryset(BatchQuerySet)()

    class Meta:
        verbose_name = "导入批次"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["landed", "undone"]) ^ models.Q(landed_at=None),
                name="batch_landed_at_iff_landed",
            ),
            models.CheckConstraint(
                condition=models.Q(state="undone") ^ models.Q(undone_at=None),
                name="batch_undone_at_iff_undone",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="expired") | ~models.Q(cleared_on=None),
                name="batch_expires_with_its_rows",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["org_path", "id"], name="batch_by_org"),
            models.Index(fields=["expires_on"], name="batch_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"


class BatchChunk(models.Model):
    """Up to a few hundred rows of an import, compressed, then encrypted.

    `states` holds one letter a row (see `words.LETTERS`), so that a page or a filter
    decrypts only what it shows.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="chunks")
    part = models.CharField("部分", choices=list(PARTS.items()), max_length=20)
    position = models.PositiveIntegerField("次序")
    states = models.TextField("行状态", blank=True)
    cipher = models.TextField("密文")

    objects = models.Manager.from_queryset(StrictQuerySet["BatchChunk"])()

    class Meta:
        verbose_name = "导入内容"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "part", "position"], name="batch_chunk_has_its_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.part} {self.position}"


class HeaderMemory(models.Model):
    """What a person said the columns of a header mean, so that the same table is asked about once."""

    user_id = models.BigIntegerField("账号")
    kind = models.CharField("种类", max_length=40)
    fingerprint = models.CharField("表头指纹", max_length=64)
    meanings = models.JSONField("对应", help_text="Header as written -> column name.")
    at = models.DateTimeField("记住时间")

    objects = models.Manager.from_queryset(StrictQuerySet["HeaderMemory"])()

    class Meta:
        verbose_name = "表头记忆"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user_id", "kind", "fingerprint"], name="header_is_remembered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.fingerprint[:8]}"
