"""整改台账: filtered where the rows are, a hundred a page, closed to other townships."""

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import District
from tests.loops import cast
from tests.web.findings_cast import client_of, text_of
from wuju.loops.queries import lists


@pytest.fixture
def officer_page(town: District) -> Client:
    return client_of(town.officer, town)


def test_rows_open_their_finding(town: District, officer_page: Client) -> None:
    loop = cast.raised(town)

    html = text_of(officer_page, "/loops/register/")

    assert f'href="/loops/{loop.pk}/"' in html
    assert loop.number in html


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("text=公开栏", {"公开栏没有更新"}),
        ("text=2026-0001", {"会议少开一次"}),
        ("state=notified", {"公开栏没有更新"}),
        ("state=opened.notified", {"会议少开一次", "公开栏没有更新"}),
        ("state=opened&state=notified", {"会议少开一次", "公开栏没有更新"}),
        ("state=nonsense", {"会议少开一次", "公开栏没有更新"}),
        ("category=disclosure", {"公开栏没有更新"}),
        ("origin=self_check", set()),
        ("under=0001'--", {"会议少开一次", "公开栏没有更新"}),
        ("after=x&back=y", {"会议少开一次", "公开栏没有更新"}),
    ],
)
def test_filters_narrow_and_nonsense_does_not(
    town: District, officer_page: Client, query: str, shown: set[str]
) -> None:
    cast.raised(town, title="会议少开一次")
    cast.notified(town, town.west_branch, title="公开栏没有更新", category="disclosure")

    html = text_of(officer_page, f"/loops/register/?{query}")

    assert {title for title in ("会议少开一次", "公开栏没有更新") if title in html} == shown


def test_a_township_is_a_filter(town: District, officer_page: Client) -> None:
    cast.raised(town, title="东川的问题")
    cast.raised(town, town.west_branch, title="西川的问题")

    html = text_of(officer_page, f"/loops/register/?under={town.east.path}")

    assert "东川的问题" in html
    assert "西川的问题" not in html


def test_nothing_found_offers_to_clear_the_filters(officer_page: Client) -> None:
    html = text_of(officer_page, "/loops/register/?text=没有这样的")

    assert "没有符合条件的问题。" in html
    assert "清除筛选" in html


def test_other_townships_stay_closed(town: District) -> None:
    cast.raised(town, town.west_branch, title="西川的问题")

    html = text_of(client_of(town.east_officer, town), f"/loops/register/?under={town.west.path}")

    assert "西川的问题" not in html


def test_pages_lead_on_and_back(
    town: District, officer_page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        cast.raised(town, title=f"问题{number}号")
    monkeypatch.setitem(lists.register.__kwdefaults__ or {}, "size", 2)

    first = text_of(officer_page, "/loops/register/?category=org_life")
    second = text_of(officer_page, next_of(first))
    third = text_of(officer_page, next_of(second))

    assert ["问题4号" in first, "问题2号" in second, "问题0号" in third] == [True] * 3
    assert "rel=&quot;next" not in third
    assert 'rel="next"' not in third
    assert "问题2号" in text_of(officer_page, link(third, "prev"))
    assert link(second, "prev") == "/loops/register/?category=org_life"


def next_of(html: str) -> str:
    return link(html, "next")


def link(html: str, rel: str) -> str:
    before = html.partition(f'" rel="{rel}"')[0]
    return before.rpartition('href="')[2].replace("&amp;", "&")


@pytest.mark.parametrize("rows", [1, 20])
def test_the_register_costs_the_same_for_many(
    town: District, officer_page: Client, rows: int
) -> None:
    for number in range(rows):
        cast.raised(town, title=f"第{number}个问题")
    officer_page.get("/styleguide")

    with query_budget("loops.register"):
        officer_page.get("/loops/register/")
