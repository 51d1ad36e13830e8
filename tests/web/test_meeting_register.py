"""The register of meetings: filtered, inside the scope, as cheap on a deep page as on the first."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.budgets import query_budget
from tests.conftest import NOW, SYSTEM, District, add_members
from tests.web.conftest import SignIn
from wuju.guidance.meetings import actions
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.guidance.study import actions as study
from wuju.guidance.study.drafts import CourseDraft
from wuju.org.models import Organization
from wuju.web import registers

DAY = dt.date(2026, 9, 10)


def hold(organization: Organization, how_many: int = 1, **more: object) -> None:
    """Record meetings on one day, told apart by their number."""
    values: dict[str, object] = {
        "kind": "theme_day", "held_on": DAY, "attendance": "counts", "due": 9, "present": 8,
    }  # fmt: skip
    actions.land_meetings(
        drafts=[
            MeetingDraft(
                organization_id=organization.pk,
                ref=str(number),
                **(values | {"topic": f"第{number}次"} | more),  # type: ignore[arg-type]
            )
            for number in range(1, how_many + 1)
        ],
        actor=SYSTEM,
        at=NOW,
    )


def rows(client: Client, query: str = "") -> list[str]:
    html = client.get(f"/meetings/{query}").content.decode()
    return re.findall(r'<td data-th="主题">([^<]*)</td>', html)


@pytest.fixture
def officer_of_east(town: District, signed_in: SignIn) -> Client:
    hold(town.east_branch, topic="东一")
    hold(town.east_small, topic="东二", kind="party_lecture", held_on=dt.date(2026, 6, 1))
    hold(town.west_branch, topic="西一")
    return signed_in("township_officer", town.east)


def test_the_newest_stand_first_and_only_ones_own(officer_of_east: Client) -> None:
    assert rows(officer_of_east) == ["东一", "东二"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=party_lecture", ["东二"]),
        ("?period=2026Q3", ["东一"]),
        ("?period=2026-06", ["东二"]),
        ("?text=东一", ["东一"]),
        ("?unit=二村", ["东二"]),
        ("?unit=SD-E", ["东一", "东二"]),
        ("?unit=西川", []),
        ("?kind=unknown", ["东一", "东二"]),
    ],
)
def test_filters_narrow(officer_of_east: Client, query: str, found: list[str]) -> None:
    assert rows(officer_of_east, query) == found


def test_a_name_nobody_has_is_said(officer_of_east: Client) -> None:
    html = officer_of_east.get("/meetings/?unit=西川").content.decode()

    assert "没有名称含“西川”的组织" in html
    assert "清除筛选" in html


def test_an_organization_outside_the_scope_is_refused(
    officer_of_east: Client, town: District
) -> None:
    assert officer_of_east.get(f"/meetings/?org={town.west_branch.pk}").status_code == 409


def test_a_grant_over_one_organization_does_not_open_those_below(
    town: District, officer_of_east: Client
) -> None:
    from django.contrib.auth import get_user_model

    from wuju.access.models import Grant

    Grant.objects.update(whole_subtree=False)
    assert get_user_model().objects.count() == 1

    assert rows(officer_of_east, f"?org={town.east.pk}") == []


def test_a_period_that_cannot_be_read_is_refused(officer_of_east: Client) -> None:
    answer = officer_of_east.get("/meetings/?period=2026Q9")

    assert answer.status_code == 409
    assert "看不懂期间" in answer.content.decode()


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_administrators_see_no_records(town: District, signed_in: SignIn, role: str) -> None:
    hold(town.east_branch)
    client = signed_in(role, town.county)

    for page in ("/meetings/", "/registers/", "/members/", "/trainings/"):
        answer = client.get(page)
        assert answer.status_code == 409
        assert "第1次" not in answer.content.decode()


def test_pages_walk_on_and_back(
    town: District, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PAGE", 10)
    hold(town.east_branch, 25)
    client = signed_in("secretary", town.east_branch)

    def links(query: str) -> dict[str, str]:
        html = client.get(f"/meetings/{query}").content.decode()
        found = re.findall(r'href="([^"]*)" rel="(\w+)"', html)
        return {rel: href.replace("&amp;", "&") for href, rel in found}

    first = links("?text=次")
    assert set(first) == {"next"}
    second = links(first["next"])
    third = links(second["next"])
    assert set(third) == {"prev"}
    assert "text=" in third["prev"]

    seen = rows(client, "?text=次") + rows(client, first["next"]) + rows(client, second["next"])
    assert len(seen) == len(set(seen)) == 25
    assert rows(client, third["prev"]) == rows(client, first["next"])
    assert rows(client, second["prev"]) == rows(client, "?text=次")


def test_a_deep_page_reads_as_many_rows_as_the_first(
    town: District, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PAGE", 5)
    hold(town.east_branch, 25)
    client = signed_in("secretary", town.east_branch)
    last = "?" + "after=2026-09-10.8"

    with CaptureQueriesContext(connection) as spent:
        client.get(f"/meetings/{last}")

    # By its table and column: a session's random key may well hold the letters r, e, f.
    column = '"meetings_meeting"."ref"'
    listing = [query["sql"] for query in spent.captured_queries if column in query["sql"]]
    assert len(listing) == 1
    assert "OFFSET" not in listing[0]
    assert "LIMIT 6" in listing[0]


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_register_costs_the_same_for_one_row_and_twenty(
    town: District, signed_in: SignIn, how_many: int
) -> None:
    hold(town.east_branch, how_many)
    client = signed_in("secretary", town.east_branch)
    client.get("/password")

    with query_budget("registers.meetings"):
        html = client.get("/meetings/").content.decode()

    assert html.count('data-th="主题"') == how_many


def test_a_printed_register_has_all_rows_and_no_pages(
    town: District, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PAGE", 5)
    hold(town.east_branch, 12)
    client = signed_in("secretary", town.east_branch)

    html = client.get("/meetings/?print=1").content.decode()

    assert html.count('data-th="主题"') == 12
    assert 'aria-label="翻页"' not in html


def test_a_register_too_long_to_print_says_so(
    town: District, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PRINTED", 5)
    hold(town.east_branch, 12)

    html = signed_in("secretary", town.east_branch).get("/meetings/?print=1").content.decode()

    assert "只列出最近的 5 条" in html


def test_an_empty_register_teaches(town: District, signed_in: SignIn) -> None:
    html = signed_in("secretary", town.east_branch).get("/meetings/").content.decode()

    assert "还没有登记过会议" in html
    assert "记录第一次会议" in html


def test_who_may_not_record_is_not_offered_to(town: District, signed_in: SignIn) -> None:
    html = signed_in("inspector", town.county).get("/meetings/").content.decode()

    assert "/meetings/new/" not in html


def test_the_entrance_lists_the_registers(town: District, signed_in: SignIn) -> None:
    html = signed_in("township_officer", town.east).get("/registers/").content.decode()

    for link in ("/meetings/", "/members/", "/desk/?kind=members", "/exports/members/"):
        assert f'href="{link}"' in html
    html = signed_in("inspector", town.county).get("/registers/").content.decode()
    assert "/desk/" not in html


# ------------------------------------------------------------------ trainings


def test_courses_are_listed_inside_the_scope(town: District, signed_in: SignIn) -> None:
    for branch in (town.east_branch, town.west_branch):
        study.record_course(
            draft=CourseDraft(
                organization_id=branch.pk,
                name=f"{branch.short_name}培训",
                started_on=DAY,
                ended_on=DAY,
                hours=dict.fromkeys(add_members(branch, 2), 40),
            ),
            actor=SYSTEM,
            at=NOW,
        )

    html = signed_in("township_officer", town.east).get("/trainings/").content.decode()

    assert f"{town.east_branch.short_name}培训" in html
    assert f"{town.west_branch.short_name}培训" not in html
    assert '<td class="n" data-th="参训">2</td>' in html
    assert "党员1" not in html  # nobody is listed by hours


def test_an_empty_register_of_courses_teaches(town: District, signed_in: SignIn) -> None:
    html = signed_in("township_officer", town.east).get("/trainings/").content.decode()

    assert "还没有登记过培训" in html
    assert 'href="/desk/?kind=trainings"' in html
