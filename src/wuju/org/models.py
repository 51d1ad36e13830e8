"""Tables of the tree: who stands under whom, since when; committees and terms."""

from typing import ClassVar

from django.db import models

from wuju.kit.actors import OrgScope
from wuju.kit.strict import StrictQuerySet, within

from .words import AREA_KINDS, BODIES, FIELDS, KINDS, POSTS, TAGS


class Area(models.Model):
    """An administrative area: the district, a township or street, a village or community."""

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", choices=list(AREA_KINDS.items()), max_length=20)
    position = models.PositiveIntegerField("官方次序")

    objects = models.Manager.from_queryset(StrictQuerySet["Area"])()

    class Meta:
        verbose_name = "区划"

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"


class AreaParentage(models.Model):
    """Which area an area belonged to, from a day (inclusive) until a day (exclusive, empty = still)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="parentages")
    parent = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="child_parentages")
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["AreaParentage"])()

    class Meta:
        verbose_name = "区划隶属"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gt=models.F("from_on")),
                name="area_parentage_lasts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_id} < {self.parent_id} {self.from_on}"


class AreaCode(models.Model):
    """A code of an area in one edition of one code book: (scheme, edition, code)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="codes")
    scheme = models.CharField(
        "码表", max_length=20, help_text="nbs 统计用区划代码, mca 行政区划代码"
    )
    edition = models.CharField("版本", max_length=20)
    code = models.CharField("代码", max_length=20)

    objects = models.Manager.from_queryset(StrictQuerySet["AreaCode"])()

    class Meta:
        verbose_name = "区划代码"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "edition", "code"], name="area_code_is_unique_in_its_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}/{self.edition}/{self.code}"


class OrganizationQuerySet(StrictQuerySet["Organization"]):
    def visible_to(self, scope: OrgScope) -> "OrganizationQuerySet":
        return self.filter(within(scope, "path"))

    def living(self) -> "OrganizationQuerySet":
        return self.filter(dissolved_on=None)


OrganizationManager = models.Manager.from_queryset(OrganizationQuerySet)


class Organization(models.Model):
    """A Party organization as it is now. Its past is in `Parentage`, `Profile` and `Succession`."""

    code = models.CharField("组织代码", max_length=40, unique=True)
    name = models.CharField("组织名称", max_length=100)
    short_name = models.CharField("简称", max_length=60)
    initials = models.CharField("拼音首字母", max_length=100, blank=True)
    pinyin = models.CharField("拼音", max_length=300, blank=True)
    kind = models.CharField("组织类别", choices=list(KINDS.items()), max_length=20)
    field = models.CharField("领域", choices=list(FIELDS.items()), max_length=20)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="organizations", null=True, blank=True
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    path = models.CharField(
        "层级路径",
        max_length=80,
        unique=True,
        help_text="Four digits a level; a prefix is an ancestor.",
    )
    position = models.PositiveIntegerField("官方次序", default=0)
    established_on = models.DateField("成立日期")
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    version = models.PositiveIntegerField("行版本", default=1)

    objects = OrganizationManager()

    class Meta:
        verbose_name = "党组织"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(path__regex=r"^([0-9]{4})+$"), name="org_path_is_whole_levels"
            ),
            models.CheckConstraint(
                condition=models.Q(dissolved_on__isnull=True)
                | models.Q(dissolved_on__gte=models.F("established_on")),
                name="org_is_not_dissolved_before_established",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class OrganizationCode(models.Model):
    """A code of an organization in another system, e.g. the national member register."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="codes")
    scheme = models.CharField("码表", max_length=20)
    edition = models.CharField("版本", max_length=20)
    code = models.CharField("代码", max_length=40)

    objects = models.Manager.from_queryset(StrictQuerySet["OrganizationCode"])()

    class Meta:
        verbose_name = "组织外部代码"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "edition", "code"], name="org_code_is_unique_in_its_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}/{self.edition}/{self.code}"


class Parentage(models.Model):
    """Which organization an organization stood under, from (inclusive) until (exclusive)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="parentages"
    )
    parent = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="child_parentages"
    )
    from_on = models.DateField("隶属自")
    until_on = models.DateField("隶属至", null=True, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Parentage"])()

    class Meta:
        verbose_name = "组织隶属"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gt=models.F("from_on")),
                name="parentage_lasts",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(until_on__isnull=True),
                name="one_present_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} < {self.parent_id} {self.from_on}"


class Succession(models.Model):
    """One organization took over from another. On a merger the rows come along; on a split they stay."""

    predecessor = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="predecessions"
    )
    on = models.DateField("生效日期")
    inherits_rows = models.BooleanField("承接记录", default=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Succession"])()

    class Meta:
        verbose_name = "组织承接"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="succession_is_stated_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")),
                name="nobody_succeeds_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id} {self.on}"


class Profile(models.Model):
    """What an organization was like on given days; a change opens a new row."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="profiles"
    )
    valid_from = models.DateField("自")
    valid_until = models.DateField("至", null=True, blank=True)
    kind = models.CharField("组织类别", choices=list(KINDS.items()), max_length=20)
    field = models.CharField("领域", choices=list(FIELDS.items()), max_length=20)
    area_kind = models.CharField("区域类别", choices=list(AREA_KINDS.items()), max_length=20)
    tag = models.CharField("标记", choices=list(TAGS.items()), default="none", max_length=20)
    groups = models.PositiveIntegerField("党小组数", default=0)
    committee_seats = models.PositiveIntegerField("委员会职数", default=0)
    joint_units = models.PositiveIntegerField("覆盖单位数", default=0)
    households = models.PositiveIntegerField("所辖户数", default=0)

    objects = models.Manager.from_queryset(StrictQuerySet["Profile"])()

    class Meta:
        verbose_name = "组织概况"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="profile_lasts",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(valid_until__isnull=True),
                name="one_present_profile",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "valid_from"], name="profile_by_date")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.valid_from}"


class Term(models.Model):
    """One term of an organization's leading body (届期). Five years for villages, three for others."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="terms")
    started_on = models.DateField("本届起")
    expires_on = models.DateField("届满日期", help_text="经批准调整后的届满日期")
    ended_on = models.DateField("实际结束", null=True, blank=True)
    elected_on = models.DateField("换届完成", null=True, blank=True)
    report_due_on = models.DateField("应报批日期", null=True, blank=True)
    reported_on = models.DateField("报批日期", null=True, blank=True)
    years = models.PositiveIntegerField("任期年限")
    shift_days = models.PositiveIntegerField("提前或延期日数", default=0)
    shift_approved = models.BooleanField("提前或延期已批准", default=False)

    objects = models.Manager.from_queryset(StrictQuerySet["Term"])()

    class Meta:
        verbose_name = "届期"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_on__gt=models.F("started_on")), name="term_lasts"
            ),
            models.UniqueConstraint(
                fields=["organization", "started_on"], name="term_starts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.started_on}–{self.expires_on}"


class Seat(models.Model):
    """One post of a body, held from (inclusive) until (exclusive)."""

    PERSONAL: ClassVar = frozenset({"holder"})

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="seats")
    body = models.CharField("班子", choices=list(BODIES.items()), max_length=20)
    post = models.CharField("职务", choices=list(POSTS.items()), max_length=20)
    holder = models.CharField("任职人", max_length=50)
    first_post = models.BooleanField("主要席位", default=True)
    woman = models.BooleanField("女性", default=False)
    filed = models.BooleanField("已备案", default=False)
    from_on = models.DateField("任职日期")
    until_on = models.DateField("离任日期", null=True, blank=True)
    training_due_on = models.DateField("任职培训应完成", null=True, blank=True)
    trained_on = models.DateField("任职培训完成", null=True, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Seat"])()

    class Meta:
        verbose_name = "班子席位"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gt=models.F("from_on")),
                name="seat_is_held_for_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organization", "body"], name="seat_by_org")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.post} {self.from_on}"


class Vacancy(models.Model):
    """A post that stands empty. `overlong_on` is the day the vacancy passes the limit (three months)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="vacancies"
    )
    post = models.CharField("空缺职务", choices=list(POSTS.items()), max_length=20)
    vacant_from = models.DateField("空缺开始日期")
    overlong_on = models.DateField("超过期限日期")
    filled_on = models.DateField("补齐日期", null=True, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Vacancy"])()

    class Meta:
        verbose_name = "职务空缺"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(filled_on__isnull=True)
                | models.Q(filled_on__gte=models.F("vacant_from")),
                name="vacancy_is_not_filled_before_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.post} {self.vacant_from}"


class TermReminder(models.Model):
    """The reminder an upper organization owes six months before a term below it expires."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="reminders", verbose_name="提醒单位"
    )
    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="reminder")
    due_on = models.DateField("应提醒日期")
    sent_on = models.DateField("提醒发出日期", null=True, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["TermReminder"])()

    class Meta:
        verbose_name = "换届提醒"

    def __str__(self) -> str:
        return f"{self.organization_id} {self.term_id} {self.due_on}"
