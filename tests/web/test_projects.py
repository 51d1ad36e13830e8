"""五大工程 lays organizations against items: the total first, official order, nothing sorted or ranked."""

import re

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import District
from tests.web.conftest import SignIn
from tests.web.judged import judged, on_the_day
from wuju.standings.queries import LineRow
from wuju.web.matrices import heat_of

__all__ = ["judged", "on_the_day"]
LAST_QUARTER = "/projects/guidance/?org={}&on=2026-09-30"


def main(client: Client, page: str) -> str:
    response = client.get(page)
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_five_projects_are_listed_in_order(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("county_officer"), "/projects/")

    places = [
        page.index(title) for title in ("学习聚魂", "骨干聚能", "支部聚力", "保障聚强", "责任聚焦")
    ]
    assert places == sorted(places)


def test_the_total_stands_first_and_the_order_is_official(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("county_officer"), LAST_QUARTER.format(judged.county.pk))

    assert page.index("合计：") < page.index("东川镇") < page.index("西川镇")
    assert 'class="sort"' not in page


def test_a_cell_says_met_of_owed_with_a_word_and_opens_the_reason(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("county_officer"), LAST_QUARTER.format(judged.county.pk))
    cell = page.partition(f'href="/why/{judged.east.pk}/meetings.members_meeting/2026Q3/"')[2]

    assert "1/2" in cell.partition("</a>")[0]
    assert "未达到" in cell.partition("</a>")[0]
    assert "三季度“支部党员大会”有 1 个组织待补" in page


def test_a_row_leads_one_level_down_in_the_same_period(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("county_officer"), LAST_QUARTER.format(judged.county.pk))
    down = f"/projects/guidance/?org={judged.east.pk}&on=2026-09-30"

    assert down.replace("&", "&amp;") in page


def test_the_next_level_shows_the_branches(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("township_officer", judged.east), LAST_QUARTER.format(judged.east.pk))

    assert "东川一村党支部" in page
    assert "西川" not in page


def test_items_without_a_source_stand_apart_and_fail_nobody(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("county_officer"), "/projects/guidance/")
    apart = page.partition("项未核实，不算没做")[2]

    assert "没有数据来源" in apart
    assert "依据待核" in apart
    assert "未达到" not in apart


def test_a_branch_sees_its_own_items(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("secretary", judged.east_branch), "/projects/guidance/")

    assert "支部党员大会" in page
    assert "合计：" not in page


def test_another_township_is_refused(judged: District, signed_in: SignIn) -> None:
    client = signed_in("township_officer", judged.west)

    assert client.get(LAST_QUARTER.format(judged.east.pk)).status_code == 409


def test_an_auditor_sees_no_business(judged: District, signed_in: SignIn) -> None:
    client = signed_in("auditor")

    assert client.get("/projects/").status_code == 409
    assert client.get("/projects/guidance/").status_code == 409


def test_an_unknown_project_is_not_found(judged: District, signed_in: SignIn) -> None:
    assert signed_in("county_officer").get("/projects/nothing/").status_code == 404


@pytest.mark.parametrize("on", ["", "yesterday", "2999-01-01"])
def test_a_day_that_cannot_be_means_today(judged: District, signed_in: SignIn, on: str) -> None:
    page = main(signed_in("county_officer"), f"/projects/guidance/?on={on}")

    assert re.search(r"●[^<]*本期", page)


def test_without_a_pack_the_page_says_where_items_come_from(
    town: District, signed_in: SignIn
) -> None:
    assert "还没有采用规则包。" in main(signed_in("county_officer"), "/projects/")


@pytest.mark.parametrize(
    ("met", "missed", "heat"), [(10, 0, "h0"), (95, 5, "h1"), (9, 1, "h2"), (8, 2, "h3"), (2, 8, "h4")]
)  # fmt: skip
def test_the_deeper_the_more_is_missing(met: int, missed: int, heat: str) -> None:
    line = LineRow(
        org_id=1, item="x", period=2026103, n=met + missed, met=met, open=0, due_soon=0,
        overdue=0, missed=missed, exempt=0, unverified=0, numerator=0, denominator=0, score=None,
    )  # fmt: skip

    assert heat_of(line) == heat


def test_the_matrix_costs_the_same_however_large(judged: District, signed_in: SignIn) -> None:
    client = signed_in("county_officer")
    client.get("/projects/guidance/")

    with query_budget("web.project"):
        client.get("/projects/guidance/")
