"""The cast. Every test plays in the same small fictitious district, so names mean something."""

import datetime as dt
import itertools
import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

# Tests never touch a person's data home.
os.environ["WUJU_HOME"] = tempfile.mkdtemp(prefix="wuju-test-")

import pytest

from wuju.kit.actors import Actor, OrgScope, system_actor
from wuju.org.models import Organization


def pytest_configure() -> None:
    """Hash passwords quickly: slowness is a virtue only where a stranger may guess."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SYSTEM = system_actor("测试准备", because="the cast of the tests")
_numbers = itertools.count(1)

if TYPE_CHECKING:
    from wuju.org.actions import OrganizationDraft


@dataclass(frozen=True)
class District:
    """试点区: one county committee, two townships, a few branches, one dissolved village."""

    county: Organization
    office: Organization  # 区直部门, works for the whole district
    east: Organization  # 东川镇党委
    west: Organization  # 西川镇党委
    east_branch: Organization  # 东川一村党支部, with a committee of three
    east_small: Organization  # 东川二村党支部
    west_branch: Organization  # 西川一村党支部

    officer: Actor  # 区委组织部干部: sees everything
    inspector: Actor  # 督查员: sees everything, raises and verifies
    east_officer: Actor  # 东川镇组织委员: must never see West
    west_officer: Actor
    east_secretary: Actor  # 东川一村党支部书记: sees one branch
    auditor: Actor  # 审计员: sees the trail, no business data


@pytest.fixture(autouse=True)
def the_day_has_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page never judges anew for the real date; tests that turn the day say so."""
    from wuju.kit import clockwork

    monkeypatch.setattr(clockwork, "day_turners", [])


def _draft(code: str, name: str, kind: str, parent: str, **more: Any) -> "OrganizationDraft":
    from wuju.org.actions import OrganizationDraft

    values: dict[str, Any] = {
        "field": "village",
        "established_on": dt.date(2015, 1, 1),
        "area_kind": "none",
    }
    return OrganizationDraft(
        code=code, name=name, kind=kind, parent_code=parent, **(values | more)
    )


@pytest.fixture
def town(db: None) -> District:
    from wuju.org import actions

    made = actions.establish_organizations(
        drafts=[
            _draft(
                "SD", "中共试点区委", "county_committee", "", field="agency", area_kind="county"
            ),
            _draft("SD-Z", "试点区委组织部", "department", "SD", field="agency"),
            _draft("SD-E", "中共东川镇委员会", "township_committee", "SD", area_kind="township"),
            _draft("SD-W", "中共西川镇委员会", "township_committee", "SD", area_kind="township"),
            _draft(
                "SD-E1", "东川一村党支部", "branch", "SD-E", area_kind="village", committee_seats=3
            ),
            _draft("SD-E2", "东川二村党支部", "branch", "SD-E", area_kind="village"),
            _draft("SD-W1", "西川一村党支部", "branch", "SD-W", area_kind="village"),
        ],
        actor=SYSTEM,
        at=NOW,
    )
    by = {row.code: row for row in made}
    return District(
        county=by["SD"],
        office=by["SD-Z"],
        east=by["SD-E"],
        west=by["SD-W"],
        east_branch=by["SD-E1"],
        east_small=by["SD-E2"],
        west_branch=by["SD-W1"],
        officer=_actor("区委甲", by["SD"], "county_officer", user=1, unit=by["SD-Z"]),
        inspector=_actor("督查乙", by["SD"], "inspector", user=2, unit=by["SD-Z"]),
        east_officer=_actor("东川丙", by["SD-E"], "township_officer", user=3),
        west_officer=_actor("西川丁", by["SD-W"], "township_officer", user=4),
        east_secretary=_actor("东一戊", by["SD-E1"], "secretary", user=5),
        auditor=_actor("审计己", by["SD"], "auditor", user=6),
    )


def _actor(
    name: str, over: Organization, role: str, *, user: int, unit: Organization | None = None
) -> Actor:
    return Actor(
        user_id=user,
        name=name,
        scope=OrgScope(roots=(over.path,)),
        roles=frozenset({role}),
        unit_path=(unit or over).path,
    )


def add_members(
    organization: Organization,
    how_many: int,
    *,
    category: str = "full",
    from_on: dt.date = dt.date(2024, 1, 1),
    exempt: int = 0,
) -> list[int]:
    """Mirror `how_many` members into a branch, the first `exempt` of them exempt; return their ids."""
    from wuju.people import actions

    drafts = []
    for n in range(how_many):
        number = next(_numbers)
        drafts.append(
            actions.MemberDraft(
                row_key=f"t{number}",
                organization_id=organization.pk,
                name=f"党员{number}",
                sex="female" if n % 2 else "male",
                category=category,
                from_on=from_on,
                born_on=dt.date(1970, 1, 1) + dt.timedelta(days=number),
                exempt=n < exempt,
                post="secretary" if n == 0 and category == "full" else "none",
            )
        )
    made = actions.land_members(drafts=drafts, as_of=from_on, actor=SYSTEM, at=NOW)
    return [member.pk for member in made]
