"""Tables of people: the mirror, dated membership, roster snapshots."""

from typing import ClassVar

from django.db import models

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within

from .words import CATEGORIES, EDUCATION, MEMBER_POSTS, SEXES, STATES


class Member(models.Model):
    """A Party member as mirrored. Purpose: roster, notices, statutory clocks. Source: national register."""

    PERSONAL: ClassVar = frozenset({"name", "born_on"})

    row_key = models.CharField("行键", max_length=32, unique=True)
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", choices=list(SEXES.items()), max_length=20)
    born_on = models.DateField("出生日期", null=True, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    education = models.CharField(
        "学历", choices=list(EDUCATION.items()), blank=True, max_length=20
    )
    id_cipher = models.CharField("公民身份号码（密文）", max_length=160, blank=True)
    id_index = models.CharField("公民身份号码索引", max_length=80, blank=True)
    phone_cipher = models.CharField("手机号码（密文）", max_length=160, blank=True)
    joined_on = models.DateField("加入党组织日期", null=True, blank=True)
    full_on = models.DateField("转为正式党员日期", null=True, blank=True)
    as_of = models.DateField("名册截至日期", null=True, blank=True)
    version = models.PositiveIntegerField("行版本", default=1)

    objects = models.Manager.from_queryset(StrictQuerySet["Member"])()

    class Meta:
        verbose_name = "党员"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id_index"],
                condition=~models.Q(id_index=""),
                name="member_id_number_is_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(full_on__isnull=True)
                | models.Q(joined_on__isnull=True)
                | models.Q(full_on__gte=models.F("joined_on")),
                name="member_is_full_after_joining",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="member_by_name")]

    def __str__(self) -> str:
        return self.row_key


class MembershipQuerySet(StrictQuerySet["Membership"]):
    def visible_to(self, scope: OrgScope) -> "MembershipQuerySet":
        return self.filter(within(scope, "organization__path"))

    def on(self, day: "models.expressions.Combinable | object") -> "MembershipQuerySet":
        """Keep the rows valid on `day`: from ≤ day < until."""
        return self.filter(models.Q(until_on=None) | models.Q(until_on__gt=day), from_on__lte=day)


class Membership(models.Model):
    """Where a member belonged and as what, from (inclusive) until (exclusive); a change opens a new row."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="memberships"
    )
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    category = models.CharField("人员类别", choices=list(CATEGORIES.items()), max_length=20)
    state = models.CharField(
        "党籍状态", choices=list(STATES.items()), default="normal", max_length=20
    )
    exempt = models.BooleanField("不作硬性要求", default=False)
    exempt_document = models.CharField("不作硬性要求批准文号", max_length=60, blank=True)
    post = models.CharField(
        "党内职务", choices=list(MEMBER_POSTS.items()), default="none", max_length=20
    )
    migrant = models.BooleanField("流动党员", default=False)

    objects = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = "党员隶属"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gt=models.F("from_on")),
                name="membership_lasts",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(until_on__isnull=True),
                name="one_present_membership",
            ),
            models.CheckConstraint(
                condition=models.Q(exempt=True) | models.Q(exempt_document=""),
                name="membership_has_an_exemption_document_only_if_exempt",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "from_on"], name="membership_by_org")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.organization_id} {self.from_on}"


class Roster(models.Model):
    """The members of an organization on some day, stored once by content; a meeting points at one."""

    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="rosters"
    )
    digest = models.CharField("内容摘要", max_length=64)
    size = models.PositiveIntegerField("人数")
    exempt = models.PositiveIntegerField("其中不作硬性要求人数", default=0)
    member_ids = models.JSONField("党员", help_text="Sorted ids; [id, exempt 0/1] pairs.")

    objects = models.Manager.from_queryset(StrictQuerySet["Roster"])()

    class Meta:
        verbose_name = "名册快照"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "digest"], name="roster_is_stored_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.size} {self.digest[:8]}"
