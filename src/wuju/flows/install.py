"""First installation: the root organization and the three separated administrators."""

import datetime as dt

from wuju.access import actions as access
from wuju.kit.actors import TOP, Actor, system_actor
from wuju.kit.errors import DomainError
from wuju.org import actions as org
from wuju.org.models import Organization

MINIMUM = 12
TITLES = {"system_admin": "系统管理员", "security_admin": "安全管理员", "auditor": "审计员"}


class ShortPassword(DomainError):
    def __init__(self) -> None:
        super().__init__(f"管理员口令至少 {MINIMUM} 位，请重新设置。")


class SamePerson(DomainError):
    def __init__(self) -> None:
        super().__init__("三个管理员账号必须不同，请分别指定。")


class CountyNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("首次安装须写明县（区）委全称，例如 --county 中共某市某区委员会。")


def install_admins(
    *, names: dict[str, str], passwords: dict[str, str], county: str, at: dt.datetime
) -> None:
    """Open the three administrators' accounts over the root organization.

    Args:
        names: role -> user name, for system_admin, security_admin and auditor.

    Raises:
        SamePerson, ShortPassword, CountyNeeded, AccountExists.
    """
    if len(set(names.values())) < len(names):
        raise SamePerson
    if any(len(password) < MINIMUM for password in passwords.values()):
        raise ShortPassword
    actor = system_actor("首次安装", because="nobody can grant the first grants")
    root = _root(county, actor, at)
    for role, username in names.items():
        user = access.open_account(
            username=username,
            name=TITLES[role],
            password=passwords[role],
            unit=root,
            duty=TITLES[role],
            actor=actor,
            at=at,
        )
        access.grant_role(
            user=user, role=role, organization=root, from_on=at.date(), actor=actor, at=at
        )


def _root(county: str, actor: Actor, at: dt.datetime) -> Organization:
    root = Organization.objects.filter(path=TOP).first()
    if root:
        return root
    if not county.strip():
        raise CountyNeeded
    [root] = org.establish_organizations(
        drafts=[
            org.OrganizationDraft(
                code="ROOT",
                name=county.strip(),
                kind="county_committee",
                field="agency",
                parent_code="",
                established_on=at.date(),
                area_kind="county",
            )
        ],
        actor=actor,
        at=at,
    )
    return root
