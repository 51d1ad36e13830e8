"""After a meeting is saved its page says which list items it satisfies."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, SYSTEM, District, add_members
from tests.web.conftest import SignIn
from wuju.guidance.meetings import actions
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.kit.actors import OutsideScope
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home
from wuju.standings.actions import ensure_day
from wuju.standings.satisfied import items_satisfied

DAY = dt.date(2026, 10, 15)


@pytest.fixture
def rules(town: District) -> None:
    add_members(town.east_branch, 8)
    install_pack(
        folder=pack_home() / "national_2026",
        document="试组发〔2026〕1号",
        actor=SYSTEM,
        at=NOW,
    )
    ensure_day(today=NOW.date())


def record(town: District, **more: object) -> int:
    values: dict[str, object] = {"kind": "theme_day", "held_on": DAY, "topic": "学习"}
    draft = MeetingDraft(organization_id=town.east_branch.pk, **(values | more))  # type: ignore[arg-type]
    return actions.record_meeting(draft=draft, actor=town.east_secretary, at=NOW).pk


def satisfied(town: District, key: int) -> list[tuple[str, str, str]]:
    return items_satisfied(
        scope=town.east_secretary.scope,
        organization_id=town.east_branch.pk,
        fact="meeting",
        key=key,
        on=DAY,
    )


def test_a_theme_day_satisfies_its_month(town: District, rules: None) -> None:
    found = satisfied(town, record(town))

    assert ("主题党日", "2026年10月", "已完成") in found


def test_a_plan_satisfies_nothing(town: District, rules: None) -> None:
    key = actions.record_meeting(
        draft=MeetingDraft(
            organization_id=town.east_branch.pk,
            kind="theme_day",
            held_on=NOW.date() + dt.timedelta(days=3),
            status="planned",
        ),
        actor=town.east_secretary,
        at=NOW,
    ).pk

    assert satisfied(town, key) == []


def test_a_meeting_of_another_kind_satisfies_other_items(town: District, rules: None) -> None:
    titles = [title for title, *_ in satisfied(town, record(town, kind="members_meeting"))]

    assert "支部党员大会" in titles
    assert "主题党日" not in titles


def test_another_branch_is_not_told(town: District, rules: None) -> None:
    key = record(town)

    with pytest.raises(OutsideScope):
        items_satisfied(
            scope=town.west_officer.scope,
            organization_id=town.east_branch.pk,
            fact="meeting",
            key=key,
            on=DAY,
        )


def test_without_rules_nothing_is_claimed(town: District) -> None:
    add_members(town.east_branch, 3)

    assert satisfied(town, record(town)) == []


@pytest.fixture
def secretary(town: District, rules: None, signed_in: SignIn) -> Client:
    return signed_in("secretary", town.east_branch)


def test_the_page_says_so_after_saving(secretary: Client, town: District) -> None:
    key = record(town, topics=("oath_renewal",))

    html = secretary.get(f"/meetings/{key}/?saved=1").content.decode()

    assert "已保存。这次会议同时满足" in html
    assert "主题党日（2026年10月）" in html
    assert "重温入党誓词（2026年）" in html


def test_the_page_costs_the_same_however_many_meetings_there_are(
    secretary: Client, town: District
) -> None:
    key = record(town)

    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            secretary.get(f"/meetings/{key}/")
        return len(queries)

    spent()
    alone = spent()
    for day in range(1, 15):
        record(town, held_on=dt.date(2026, 10, day))

    assert spent() == alone
