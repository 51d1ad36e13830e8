"""Accounts, grants and tokens."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from wuju.kit.strict import StrictQuerySet

from .roles import ROLES


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


class Grant(models.Model):
    """A role over a part of the tree for a time: requested by one administrator, approved by another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("角色", choices=list(ROLES.items()), max_length=20)
    organization = models.ForeignKey(
        "org.Organization", on_delete=models.PROTECT, related_name="grants", verbose_name="范围"
    )
    whole_subtree = models.BooleanField("含下级", default=True)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    approved_by = models.CharField("批准人", max_length=50)

    objects = models.Manager.from_queryset(StrictQuerySet["Grant"])()

    class Meta:
        verbose_name = "授权"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gt=models.F("from_on")),
                name="grant_lasts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organization_id}"


class Token(models.Model):
    """A secret for the command line or an integration; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    title = models.CharField("用途", max_length=60)
    digest = models.CharField("摘要", max_length=64, unique=True)
    until_on = models.DateField("有效期至")

    objects = models.Manager.from_queryset(StrictQuerySet["Token"])()

    class Meta:
        verbose_name = "令牌"

    def __str__(self) -> str:
        return f"{self.user_id} {self.title}"
