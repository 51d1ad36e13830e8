"""搜索 finds organizations, findings and meetings, inside the reader's scope only."""

import pytest

from tests.conftest import District
from tests.loops.cast import raised
from tests.web.conftest import SignIn
from tests.web.judged import spell


@pytest.mark.parametrize("text", ["东川一", "dcyc", "SD-E1"])
def test_an_organization_is_found(town: District, signed_in: SignIn, text: str) -> None:
    spell(town.east_branch)

    html = signed_in("county_officer").get("/search", {"q": text}).content.decode()

    assert f'<a href="/orgs/{town.east_branch.pk}/">东川一村党支部</a>' in html


def test_a_finding_is_found_by_its_title(town: District, signed_in: SignIn) -> None:
    loop = raised(town)

    html = signed_in("county_officer").get("/search", {"q": "少开一次"}).content.decode()

    assert f'<a href="/loops/{loop.pk}/">{loop.title}</a>' in html


def test_another_township_is_not_found(town: District, signed_in: SignIn) -> None:
    raised(town)

    html = signed_in("township_officer", town.west).get("/search", {"q": "东川"}).content.decode()

    assert "您的管理范围内没有与“东川”相符的组织。" in html
    assert "东川一村" not in html


def test_an_empty_search_says_how_to_search(town: District, signed_in: SignIn) -> None:
    assert (
        "请写要找的组织、问题或记录。"
        in signed_in("county_officer").get("/search").content.decode()
    )


def test_an_auditor_finds_no_business(town: District, signed_in: SignIn) -> None:
    response = signed_in("auditor").get("/search", {"q": "东川"})

    assert response.status_code == 409
