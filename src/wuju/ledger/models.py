"""Events, row images, and the marks of forms that were sent. Rows are never deleted."""

from typing import ClassVar

from django.db import models

from wuju.kit.strict import StrictQuerySet


class EventQuerySet(StrictQuerySet["Event"]):
    def sealed(self) -> "EventQuerySet":
        return self.exclude(sequence=None)

    def unsealed(self) -> "EventQuerySet":
        return self.filter(sequence=None)


EventManager = models.Manager.from_queryset(EventQuerySet)


class Event(models.Model):
    """One completed action: who, on whose behalf, when, what, on which rows."""

    at = models.DateTimeField("时间")
    actor_user_id = models.BigIntegerField("操作账号", null=True)
    actor_name = models.CharField("操作人", max_length=50)
    on_behalf_of = models.CharField("代录对象", max_length=50, blank=True)
    action = models.CharField("动作", max_length=60, help_text="noun.past_tense: finding.closed")
    target = models.CharField("对象", max_length=100)
    org_path = models.CharField("组织", max_length=80, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    details = models.JSONField("详情", default=dict)
    images_digest = models.CharField("行影像摘要", max_length=64, blank=True)
    batch = models.CharField("批次", max_length=40, blank=True)
    sequence = models.BigIntegerField("链上序号", null=True, unique=True)
    previous_hash = models.CharField("前一摘要", max_length=64, blank=True)
    hash = models.CharField("摘要", max_length=64, blank=True)

    objects = EventManager()

    class Meta:
        verbose_name = "操作记录"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sequence__isnull=True) ^ ~models.Q(hash=""),
                name="event_is_hashed_iff_sealed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["target", "id"], name="event_by_target"),
            models.Index(fields=["org_path", "id"], name="event_by_org"),
            models.Index(
                fields=["id"], name="event_unsealed", condition=models.Q(sequence__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action} {self.target}"


class ImageChunk(models.Model):
    """Up to a few thousand row images of one table: [pk, before, after], compressed JSON."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="chunks")
    position = models.PositiveIntegerField("次序")
    table = models.CharField("表", max_length=80, help_text="Model label, e.g. loops.Loop")
    rows = models.PositiveIntegerField("行数")
    payload = models.BinaryField("影像")
    digest = models.CharField("摘要", max_length=64)

    objects = models.Manager.from_queryset(StrictQuerySet["ImageChunk"])()

    class Meta:
        verbose_name = "行影像"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "position"], name="chunk_has_its_place"),
        ]
        indexes: ClassVar = [models.Index(fields=["table", "event"], name="chunk_by_table")]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.position} {self.table}"


class Checkpoint(models.Model):
    """A signed statement that the chain had this head at this sequence."""

    sequence = models.BigIntegerField("链上序号", unique=True)
    hash = models.CharField("摘要", max_length=64)
    at = models.DateTimeField("时间")
    signature = models.CharField("签名", max_length=200)

    objects = models.Manager.from_queryset(StrictQuerySet["Checkpoint"])()

    class Meta:
        verbose_name = "检查点"

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class Sending(models.Model):
    """The mark of a form that was done, and the id of what it made: it is never done twice.

    The mark is a keyed digest, so it says nothing about what was written.
    """

    mark = models.CharField("表单标记", max_length=64, unique=True)
    user_id = models.BigIntegerField("账号", null=True)
    at = models.DateTimeField("时间")
    made = models.BigIntegerField("办成的记录", null=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Sending"])()

    class Meta:
        verbose_name = "表单提交"

    def __str__(self) -> str:
        return f"{self.mark[:12]} → {self.made}"
