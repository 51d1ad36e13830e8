"""The people of these tests, as accounts: two administrators of each kind, and people to grant to."""

from dataclasses import dataclass

from tests.conftest import NOW, SYSTEM, TODAY, District
from wuju.access import actions, queries
from wuju.access.models import Grant, User
from wuju.kit.actors import Actor
from wuju.org.models import Organization

PASSWORD = "chunfeng-2026-huayu"


def account(town: District, username: str, name: str, unit: Organization | None = None) -> User:
    return actions.open_account(
        username=username,
        name=name,
        password=PASSWORD,
        unit=unit or town.office,
        actor=SYSTEM,
        at=NOW,
    )


def administrator(town: District, role: str, username: str, name: str) -> User:
    user = account(town, username, name)
    actions.grant_role(
        user=user, role=role, organization=town.county, from_on=TODAY, actor=SYSTEM, at=NOW
    )
    return user


def actor_of(user: User) -> Actor:
    return queries.actor_for(user=user, today=TODAY)


@dataclass(frozen=True)
class Staff:
    """郑庚 requests, 王辛 approves, 冯壬 reads the trail; 钱乙 of East is who receives."""

    town: District
    system: User
    security: User
    auditor: User
    person: User

    @property
    def requester(self) -> Actor:
        return actor_of(self.system)

    @property
    def approver(self) -> Actor:
        return actor_of(self.security)

    def request(self, user: User | None = None, **more: object) -> Grant:
        values: dict[str, object] = {
            "user": user or self.person,
            "role": "township_officer",
            "organization": self.town.east,
            "from_on": TODAY,
            "actor": self.requester,
            "at": NOW,
        }
        return actions.request_grant(**(values | more))  # type: ignore[arg-type]

    def granted(self, user: User | None = None, **more: object) -> Grant:
        grant = self.request(user, **more)
        return actions.approve_grant(grant_id=grant.pk, actor=self.approver, at=NOW)


def staff(town: District) -> Staff:
    return Staff(
        town=town,
        system=administrator(town, "system_admin", "xitong", "郑庚"),
        security=administrator(town, "security_admin", "anquan", "王辛"),
        auditor=administrator(town, "auditor", "shenji", "冯壬"),
        person=account(town, "qianyi", "钱乙", town.east),
    )
