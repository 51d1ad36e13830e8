"""今日 shows each reader what is due for them, and nothing of anybody else's."""

import datetime as dt
import re

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import NOW, TODAY, District
from tests.loops.cast import planned, raised
from tests.web.conftest import SignIn
from tests.web.judged import judged, on_the_day
from wuju.standings.models import Freshness, Standing

__all__ = ["judged", "on_the_day"]
MISSING = "三季度支部党员大会没有记录"


def html(client: Client, page: str = "/") -> str:
    response = client.get(page)
    assert response.status_code == 200
    return response.content.decode()


def main(client: Client) -> str:
    return html(client).partition("<main")[2].partition("</main>")[0]


def test_a_township_sees_which_branch_lacks_a_meeting(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("township_officer", judged.east))

    assert f"东川一村党支部{MISSING}" in page
    assert f"/meetings/new/?kind=members_meeting&amp;org={judged.east_branch.pk}" in page
    assert "西川" not in page


def test_several_branches_that_lack_the_same_are_one_line(
    judged: District, signed_in: SignIn
) -> None:
    Standing.objects.filter(
        item="meetings.members_meeting", period=2026103, organization=judged.east_small
    ).update(status=7, numerator=0)

    page = main(signed_in("township_officer", judged.east))

    assert f"2 个支部{MISSING}" in page
    assert "东川一村党支部、东川二村党支部" in page
    assert f"/why/{judged.east.pk}/meetings.members_meeting/2026Q3/" in page


def test_another_township_is_not_told(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("township_officer", judged.west))

    assert MISSING not in page
    assert "东川" not in page


def test_a_secretary_has_two_large_buttons_and_the_next_thing(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("secretary", judged.east_branch))

    assert "记录主题党日" in page
    assert "登记其他会议" in page
    assert re.search(r"东川一村党支部：还有 \d+ 项待办。", page)
    assert MISSING in page


def test_a_county_officer_sees_townships_to_help_in_official_order(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("county_officer"))

    assert "三季度支部党员大会，1 个组织" in page
    assert page.index("东川镇") < page.index("西川镇") if "西川镇" in page else True
    assert "记录主题党日" not in page


def test_an_inspector_sees_what_they_raised(judged: District, signed_in: SignIn) -> None:
    client = signed_in("inspector")
    loop = raised(judged)
    loop.raised_user_id = int(client.session["_auth_user_id"])
    loop.save(update_fields=["raised_user_id"])

    page = main(client)

    assert "我提出的问题" in page
    assert loop.title in page
    assert f"/loops/{loop.pk}/" in page


def test_findings_that_wait_are_counted(judged: District, signed_in: SignIn) -> None:
    raised(judged)
    raised(judged, judged.west_branch)

    assert "2 个问题待下发整改通知" in main(signed_in("county_officer"))


def test_one_finding_that_waits_is_opened_at_once(judged: District, signed_in: SignIn) -> None:
    loop = planned(judged)

    assert f"/loops/{loop.pk}/" in main(signed_in("township_officer", judged.east))


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_the_separated_roles_see_their_duties_and_no_business(
    judged: District, signed_in: SignIn, role: str
) -> None:
    page = main(signed_in(role))

    assert "不查看业务数据" in page
    assert "东川" not in page


def test_an_account_without_a_grant_learns_whom_to_ask(
    judged: District, signed_in: SignIn
) -> None:
    from wuju.access.models import Grant

    client = signed_in("county_officer")
    Grant.objects.all().delete()

    assert "您的账号还没有授权。" in main(client)


def test_numbers_being_computed_are_announced(judged: District, signed_in: SignIn) -> None:
    client = signed_in("county_officer")
    client.get("/")
    Freshness.objects.update(computing_since=NOW, why="批量变更")

    page = main(client)

    assert "正在重新计算" in page or Freshness.objects.get().computing_since is None


def test_what_nobody_looked_at_stands_apart(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("township_officer", judged.east))

    assert "项未核实：没有数据来源或依据待核，不算没做" in page


def test_finished_work_is_folded_away(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("secretary", judged.east_branch))
    folded = page.partition("本月已办结")[2]

    assert "<details" in page
    assert "主题党日：11月主题" in folded


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("county_officer", "county"),
        ("township_officer", "east"),
        ("secretary", "east_branch"),
        ("inspector", "county"),
    ],
)
def test_the_day_costs_the_same_however_much_there_is(
    judged: District, signed_in: SignIn, role: str, place: str
) -> None:
    client = signed_in(role, getattr(judged, place))
    raised(judged)
    client.get("/")

    with query_budget(f"web.today.{role}"):
        client.get("/")


def test_the_date_is_said_in_words(judged: District, signed_in: SignIn) -> None:
    assert dt.date(2026, 11, 24) == TODAY
    assert "11月24日，星期二。" in main(signed_in("county_officer"))
