"""组织 shows the tree of the scope level by level, and everything about one organization."""

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import District, add_members
from tests.loops.cast import raised
from tests.web.conftest import SignIn
from tests.web.judged import judged, on_the_day, spell

__all__ = ["judged", "on_the_day"]


def main(client: Client, page: str) -> str:
    response = client.get(page)
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_tree_shows_one_level_in_official_order(town: District, signed_in: SignIn) -> None:
    page = main(signed_in("county_officer"), "/orgs/")

    assert page.index("东川镇") < page.index("西川镇")
    assert "东川一村党支部" not in page
    assert "看 2 个下级" in page


def test_a_township_is_opened_in_place(town: District, signed_in: SignIn) -> None:
    page = main(signed_in("county_officer"), f"/orgs/?open={town.east.pk}")

    assert "东川一村党支部" in page
    assert "西川一村党支部" not in page
    assert "收起" in page


def test_what_is_lacking_is_summed_below(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("county_officer"), f"/orgs/?open={judged.east.pk}")

    assert f'<a href="/orgs/{judged.east_branch.pk}/#items">' in page
    assert f'<a href="/orgs/{judged.east.pk}/#items">' in page


@pytest.mark.parametrize("text", ["东川一", "dcyc", "dongchuanyi", "SD-E1"])
def test_an_organization_is_found_by_name_pinyin_or_code(
    town: District, signed_in: SignIn, text: str
) -> None:
    spell(town.east_branch)

    assert "东川一村党支部" in main(signed_in("county_officer"), f"/orgs/?q={text}")


def test_nothing_outside_the_scope_is_found(town: District, signed_in: SignIn) -> None:
    page = main(signed_in("township_officer", town.west), "/orgs/?q=东川")

    assert "您的管理范围内没有与“东川”相符的组织。" in page


def test_a_township_starts_at_its_own_branches(town: District, signed_in: SignIn) -> None:
    page = main(signed_in("township_officer", town.east), "/orgs/")

    assert "东川一村党支部" in page
    assert "西川" not in page


@pytest.mark.parametrize("page", ["/orgs/{}/", "/orgs/{}/members/", "/orgs/?open={}"])
def test_another_township_is_refused(town: District, signed_in: SignIn, page: str) -> None:
    response = signed_in("township_officer", town.west).get(page.format(town.east_branch.pk))

    assert response.status_code == 409
    assert "该组织不在您的管理范围内" in response.content.decode()


@pytest.mark.parametrize("page", ["/orgs/", "/orgs/{}/", "/orgs/{}/members/"])
def test_an_auditor_sees_no_business(town: District, signed_in: SignIn, page: str) -> None:
    response = signed_in("auditor").get(page.format(town.east_branch.pk))

    assert response.status_code == 409
    assert "东川" not in response.content.decode()


def test_a_branch_shows_its_items_with_the_way_to_the_rule(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("secretary", judged.east_branch), f"/orgs/{judged.east_branch.pk}/")

    assert f"/why/{judged.east_branch.pk}/meetings.members_meeting/2026Q3/" in page
    assert "未达到" in page
    assert "已完成" in page
    assert "项未核实：没有数据来源或依据待核，不算没做" in page


def test_a_township_shows_what_its_branches_need(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("county_officer"), f"/orgs/{judged.east.pk}/")

    assert "东川一村党支部三季度支部党员大会没有记录" in page
    assert "2 个下级" in page


def test_the_records_stand_on_one_line_of_time(judged: District, signed_in: SignIn) -> None:
    loop = raised(judged)

    page = main(signed_in("county_officer"), f"/orgs/{judged.east_branch.pk}/")

    assert f"提出问题：{loop.title}" in page
    assert "主题党日：11月主题" in page


def test_members_are_listed_masked(town: District, signed_in: SignIn) -> None:
    add_members(town.east_branch, 3)

    page = main(signed_in("secretary", town.east_branch), f"/orgs/{town.east_branch.pk}/members/")

    assert "东川一村党支部有党员 3 人" in page
    assert "证件号码和电话已遮盖" in page


def test_an_empty_roster_says_where_it_comes_from(town: District, signed_in: SignIn) -> None:
    page = main(signed_in("secretary", town.east_branch), f"/orgs/{town.east_branch.pk}/members/")

    assert "党员名册从全国党员管理信息系统导出后导入，不用手工录入。" in page


@pytest.mark.parametrize(
    ("name", "page"),
    [("web.orgs", "/orgs/?open={east}"), ("web.org", "/orgs/{east}/"), ("web.branch", "/orgs/{branch}/")],
)  # fmt: skip
def test_the_tree_costs_the_same_however_large(
    judged: District, signed_in: SignIn, name: str, page: str
) -> None:
    client = signed_in("county_officer")
    address = page.format(east=judged.east.pk, branch=judged.east_branch.pk)
    client.get(address)

    with query_budget(name):
        client.get(address)
