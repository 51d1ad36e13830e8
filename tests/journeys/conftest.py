"""A committed cast with passwords, the day of the cast on the clock, and a browser."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browsers import browser, live_server
from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.journeys.visitor import House
from tests.web.conftest import PASSWORD
from wuju.access.actions import grant_role, open_account
from wuju.kit.facts import fact_sources
from wuju.org.models import Organization
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home
from wuju.standings.actions import catch_up, declare_feed

__all__ = ["browser", "live_server"]

NEW_YEAR = dt.date(2026, 1, 1)
STATED_ELSEWHERE = {"org", "waiver", "attestation"}  # facts nobody feeds


@dataclass(slots=True)
class Clock:
    """The clock on the wall of the office; every page and command reads it."""

    now: dt.datetime = NOW

    def turn_to(self, day: dt.date) -> None:
        """Begin another day, as the first request of that day does."""
        self.now = dt.datetime.combine(day, NOW.timetz())
        catch_up(today=day)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    wall, real = Clock(), timezone.localtime

    def localtime(value: dt.datetime | None = None, zone: dt.tzinfo | None = None) -> dt.datetime:
        return real(value or wall.now, zone)

    monkeypatch.setattr("django.utils.timezone.localtime", localtime)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_, **__: wall.now.date())
    return wall


@pytest.fixture
def district(transactional_db: None, town: District, clock: Clock) -> District:
    """The cast signs in by name: accounts opened and granted, feeds declared, the pack adopted."""
    people = (
        ("quweijia", "区委甲", town.county, "county_officer", town.office),
        ("quweigeng", "区委庚", town.county, "county_officer", town.office),
        ("duchayi", "督查乙", town.county, "inspector", town.office),
        ("dongchuanbing", "东川丙", town.east, "township_officer", town.east),
        ("dongyiwu", "东一戊", town.east_branch, "secretary", town.east_branch),
        ("shenjiji", "审计己", town.county, "auditor", town.county),
    )
    encoded = make_password(PASSWORD)
    for username, name, over, role, unit in people:
        _join(username, name, role, encoded=encoded, over=over, unit=unit)
    for fact in sorted(set(fact_sources) - STATED_ELSEWHERE):
        declare_feed(organization=town.county, fact=fact, starts_on=NEW_YEAR, actor=SYSTEM, at=NOW)
    folder = pack_home() / "anding_2026"
    install_pack(folder=folder, document="试组发〔2026〕1号", actor=SYSTEM, at=NOW)
    catch_up(today=TODAY)
    return town


def _join(
    username: str,
    name: str,
    role: str,
    *,
    encoded: str,
    over: Organization,
    unit: Organization,
) -> None:
    user = open_account(
        username=username, name=name, password="", encoded=encoded, unit=unit, actor=SYSTEM, at=NOW
    )
    grant_role(user=user, role=role, organization=over, from_on=NEW_YEAR, actor=SYSTEM, at=NOW)


@pytest.fixture
def house(
    browser: Browser,
    live_server: LiveServer,
    district: District,
) -> Iterator[House]:
    people = House(browser, live_server.url)
    yield people
    people.leave()
