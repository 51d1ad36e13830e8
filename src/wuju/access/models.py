"""Accounts, grants and tokens."""

import datetime as dt
import hashlib
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from wuju.kit.strict import StrictQuerySet

from .roles import ROLES
from .states import STATES, State


class UserManager(BaseUserManager["User"]):
    """Only what Django's sign-in needs; accounts are opened by `actions.open_account`."""


class User(AbstractBaseUser):
    """An account of one person. What it may do is in its grants, nowhere else."""

    PERSONAL: ClassVar = frozenset({"name", "password"})
    UNTRACED: ClassVar = frozenset({"last_login"})  # the framework writes it at each sign-in
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]

    username = models.CharField("账号", max_length=50, unique=True)
    name = models.CharField("姓名", max_length=50)
    duty = models.CharField("职务", max_length=50, blank=True)
    unit = models.ForeignKey(
        "org.Organization",
        on_delete=models.PROTECT,
        related_name="users",
        null=True,
        verbose_name="工作单位",
    )
    is_active = models.BooleanField("启用", default=True)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.username


class GrantQuerySet(StrictQuerySet["Grant"]):
    def lasting(self, today: dt.date) -> Self:
        """Leave out what is over."""
        return self.filter(models.Q(until_on=None) | models.Q(until_on__gt=today))

    def in_force(self, today: dt.date) -> Self:
        """Keep what is approved and has begun: only this is held."""
        return self.lasting(today).filter(state=State.APPROVED, from_on__lte=today)


class Grant(models.Model):
    """A role over a part of the tree for a time: requested by one person, approved by another.

    Held only once it is approved. `requester` and `approver` are empty where a named job
    did it at set-up or in the demo.
    """

    PERSONAL: ClassVar = frozenset({"requested_by", "approved_by", "refused_by"})

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("角色", choices=list(ROLES.items()), max_length=20)
    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="grants", verbose_name="范围"
    )
    whole_subtree = models.BooleanField("含下级", default=True)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    state = models.CharField(
        "状态", choices=list(STATES.items()), max_length=10, default=State.REQUESTED
    )
    requested_by = models.CharField("申请人", max_length=50, blank=True)
    requester = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="grants_requested", null=True
    )
    requested_on = models.DateField("申请日期", null=True)
    approved_by = models.CharField("批准人", max_length=50, blank=True)
    approver = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="grants_approved", null=True
    )
    refused_by = models.CharField("退回人", max_length=50, blank=True)
    refusal = models.CharField("退回原因", max_length=100, blank=True)

    objects = models.Manager.from_queryset(GrantQuerySet)()

    class Meta:
        verbose_name = "授权"
        constraints: ClassVar = [
            models.CheckConstraint(
                # Equal: ended before it began.
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="grant_never_ends_before_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.APPROVED.value) ^ models.Q(approved_by=""),
                name="grant_is_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True) | ~models.Q(approver=models.F("user")),
                name="grant_is_not_approved_by_who_receives_it",
            ),
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True)
                | models.Q(requester__isnull=True)
                | ~models.Q(approver=models.F("requester")),
                name="grant_is_not_approved_by_who_requested_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organization_id}"


def digest_of(secret: str) -> str:
    """Return what is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Token(models.Model):
    """A secret for the command line or an integration; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    title = models.CharField("用途", max_length=60)
    digest = models.CharField("摘要", max_length=64, unique=True)
    until_on = models.DateField("有效期至")
    revoked_on = models.DateField("撤销日期", null=True, blank=True)

    objects = models.Manager.from_queryset(StrictQuerySet["Token"])()

    class Meta:
        verbose_name = "令牌"

    def __str__(self) -> str:
        return f"{self.user_id} {self.title}"
