"""A small district whose meetings of 2026 have been judged, seen on the day of the cast."""

import datetime as dt

import pytest

from tests.conftest import NOW, SYSTEM, TODAY, District, add_members
from wuju.guidance.meetings import actions as meetings
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.kit.names import initials, pinyin
from wuju.org.models import Organization
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home
from wuju.rulepacks.models import CompiledPack, PackVersion
from wuju.standings import actions as standings

QUARTERS = (
    dt.date(2026, 2, 10),
    dt.date(2026, 5, 12),
    dt.date(2026, 8, 11),
    dt.date(2026, 10, 20),
)
MONTHS = tuple(dt.date(2026, month, 5) for month in range(1, 12))


def meeting(organization: Organization, kind: str, on: dt.date) -> MeetingDraft:
    return MeetingDraft(
        organization_id=organization.pk, kind=kind, held_on=on, topic=f"{on.month}月主题"
    )


def judge(town: District) -> None:
    """Bring every standing up to NOW."""
    standings.catch_up(today=TODAY)


def spell(organization: Organization) -> None:
    """Give an organization the pinyin that an import gives it."""
    Organization.objects.filter(pk=organization.pk).update(
        pinyin=pinyin(organization.name), initials=initials(organization.name)
    )


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show every page on TODAY."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_, **__: TODAY)


@pytest.fixture
def judged(town: District, on_the_day: None) -> District:
    """East branch missed its members' meeting of the third quarter; all else was held everywhere."""
    branches = (town.east_branch, town.east_small, town.west_branch)
    for branch in branches:
        add_members(branch, 3)
    drafts = [
        meeting(branch, "members_meeting", on)
        for branch in branches
        for on in QUARTERS
        if not (branch == town.east_branch and on == QUARTERS[2])
    ]
    drafts += [meeting(branch, "theme_day", on) for branch in branches for on in MONTHS]
    meetings.land_meetings(drafts=drafts, actor=SYSTEM, at=NOW, batch="year")
    adopt_pack()
    judge(town)
    return town


_adopted: list[PackVersion | CompiledPack] = []


def adopt_pack() -> None:
    """Adopt the district's pack; it is read and compiled once a run, then only put in place."""
    if not _adopted:
        folder = pack_home() / "anding_2026"
        install_pack(folder=folder, document="试点〔2026〕1号", actor=SYSTEM, at=NOW)
        _adopted.extend([*PackVersion.objects.all(), *CompiledPack.objects.all()])
        return
    for row in _adopted:
        row.save(force_insert=True)
