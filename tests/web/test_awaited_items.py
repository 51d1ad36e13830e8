"""Pages that list items say in one line which are not judged yet, and for want of what."""

import re
from collections.abc import Callable

import pytest

from tests.conftest import District
from tests.web.conftest import SignIn
from tests.web.judged import judged, on_the_day
from wuju.kit.facts import fact_sources

__all__ = ["judged", "on_the_day"]
LINE = re.compile(r"<summary>数据尚未接入的清单项（\d+ 项），接入以后才开始评判</summary>")
LISTED = "基层党委每年集中轮训党员 <span"
type Read = Callable[[str], str]


@pytest.fixture
def read(judged: District, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read pages as the county's officer while nobody publishes courses."""
    rest = {name: source for name, source in fact_sources.items() if name != "course"}
    monkeypatch.setattr(fact_sources, "_items", rest)
    client = signed_in("county_officer")
    return lambda address: client.get(address).content.decode()


def test_a_project_opens_to_the_list_with_article_and_fact(read: Read) -> None:
    page = read("/projects/guidance/")

    assert LINE.search(page)
    said = page.partition(LISTED)[2].partition("</li>")[0]
    assert "《中国共产党党员教育管理工作条例》第二十条" in said
    assert "等“集中学习培训班次”的数据" in said


def test_the_list_of_projects_says_how_many(read: Read) -> None:
    guidance = read("/projects/").partition("学习聚魂")[2].partition("骨干聚能")[0]

    assert re.search(r"另有 \d+ 项数据尚未接入，接入以后才开始评判。", guidance)


def test_an_organization_sees_those_that_are_about_it(read: Read, judged: District) -> None:
    assert LISTED in read(f"/orgs/{judged.east.pk}/")
    assert LISTED not in read(f"/orgs/{judged.east_branch.pk}/")


def test_a_number_nobody_decided_and_a_basis_to_confirm_are_said_there_too(read: Read) -> None:
    said = (
        read("/projects/workforce/")
        .partition("村党组织书记后备力量储备 ")[2]
        .partition("</li>")[0]
    )

    assert '<span class="tag">依据待核</span>' in said
    assert "每半年不少于（待定）" in said
    assert "数字待定，没有读到写明它的文件（U）：各地常见每村不少于两名" in said
