"""The board shows where findings stand; each count opens its rows."""

import datetime as dt
import re

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import NOW, District
from tests.loops import cast
from tests.web.conftest import SignIn
from tests.web.findings_cast import client_of, text_of
from wuju.loops import actions


@pytest.fixture
def officer_page(town: District) -> Client:
    return client_of(town.officer, town)


def test_an_empty_board_says_what_it_is_for(officer_page: Client) -> None:
    html = text_of(officer_page, "/loops/")

    assert "还没有问题。" in html
    assert 'href="/loops/new/"' in html


def test_findings_stand_in_the_lane_of_their_state(town: District, officer_page: Client) -> None:
    cast.raised(town, title="刚提出的问题")
    cast.planned(town, title="正在整改的问题")

    html = text_of(officer_page, "/loops/")

    lanes = dict(re.findall(r'id="lane-\d">(\w+)<a href="([^"]+)">1<', html))
    assert lanes == {
        "立项": "/loops/register/?state=opened",
        "方案": "/loops/register/?state=plan_accepted",
    }
    assert "刚提出的问题" in text_of(officer_page, lanes["立项"])
    assert "正在整改的问题" not in text_of(officer_page, lanes["立项"])


def test_what_is_overdue_stands_first(town: District, officer_page: Client) -> None:
    loop = actions.raise_finding(
        draft=cast.draft(town.east_branch, title="拖了两年的问题"),
        on=dt.date(2024, 3, 4),
        actor=town.inspector,
        at=NOW,
    )
    actions.send_notice(loop_id=loop.pk, on=dt.date(2024, 3, 5), actor=town.officer, at=NOW)

    html = text_of(officer_page, "/loops/")

    first = html.partition('class="board"')[0]
    assert "拖了两年的问题" in first
    assert '<a href="/loops/register/?state=overdue">1 条</a>' in first
    assert "拖了两年的问题" in text_of(officer_page, "/loops/register/?state=overdue")


def test_a_township_sees_its_own_findings_only(town: District) -> None:
    cast.raised(town, title="东川的问题")
    cast.raised(town, town.west_branch, title="西川的问题")

    html = text_of(client_of(town.east_officer, town), "/loops/")

    assert "东川的问题" in html
    assert "西川的问题" not in html


def test_the_board_narrows_to_a_township(town: District, officer_page: Client) -> None:
    cast.raised(town, title="东川的问题")
    cast.raised(town, town.west_branch, title="西川的问题")

    html = text_of(officer_page, f"/loops/?under={town.west.path}")

    assert "西川的问题" in html
    assert "东川的问题" not in html
    assert f"state=opened&amp;under={town.west.path}" in html


def test_a_search_for_text_or_state_is_answered_by_the_register(officer_page: Client) -> None:
    response = officer_page.get("/loops/?text=党课&under=&state=")

    assert response.status_code == 303
    assert response["Location"].startswith("/loops/register/?text=")


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
@pytest.mark.parametrize("address", ["/loops/", "/loops/register/", "/loops/1/", "/loops/new/"])
def test_the_separated_roles_see_no_findings(
    signed_in: SignIn, town: District, role: str, address: str
) -> None:
    cast.raised(town, title="不给看的问题")

    html = text_of(signed_in(role), address, status=409)

    assert "请由有权限的同志办理。" in html
    assert "不给看的问题" not in html


@pytest.mark.parametrize("rows", [1, 20])
def test_the_board_costs_the_same_for_many(
    town: District, officer_page: Client, rows: int
) -> None:
    for number in range(rows):
        cast.raised(town, title=f"第{number}个问题")
    officer_page.get("/styleguide")

    with query_budget("loops.board"):
        officer_page.get("/loops/")
