"""Addresses understand the words people use: /why/…/上季度/, ?org=本级, ?on=上季度."""

import re

import pytest
from django.test import Client

from tests.conftest import District
from tests.web.conftest import SignIn
from tests.web.judged import judged, on_the_day

__all__ = ["judged", "on_the_day"]


def main(client: Client, page: str) -> str:
    response = client.get(page)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("word", ["上季度", "上期"])
def test_why_takes_a_word_for_a_period(judged: District, signed_in: SignIn, word: str) -> None:
    branch = judged.east_branch
    page = main(
        signed_in("secretary", branch), f"/why/{branch.pk}/meetings.members_meeting/{word}/"
    )

    assert "东川一村党支部：三季度支部党员大会" in page


def test_a_word_nobody_knows_is_refused(judged: District, signed_in: SignIn) -> None:
    client = signed_in("county_officer")
    for item, word in (("meetings.members_meeting", "下期"), ("nope", "本期")):
        assert client.get(f"/why/{judged.county.pk}/{item}/{word}/").status_code == 409


def test_a_project_takes_words_and_codes(judged: District, signed_in: SignIn) -> None:
    client = signed_in("county_officer")
    by_id = main(client, f"/projects/guidance/?org={judged.county.pk}&on=2026-09-30")

    assert main(client, "/projects/guidance/?org=本级&on=上季度") == by_id
    assert main(client, "/projects/guidance/?org=下一级&on=2026Q3") == by_id
    assert main(client, "/projects/guidance/?org=SD&on=2026-09") == by_id
    assert client.get("/projects/guidance/?org=NOPE").status_code == 409


def test_a_code_outside_the_scope_is_refused(judged: District, signed_in: SignIn) -> None:
    client = signed_in("township_officer", judged.west)

    assert client.get("/projects/guidance/?org=SD-E").status_code == 409


# ------------------------------------------------------------------ registers and choosers


def shown(client: Client, page: str) -> set[str]:
    """Return which of the three branches a page names."""
    text = main(client, page)
    return {name for name in ("东川一村", "东川二村", "西川一村") if name in text}


@pytest.mark.parametrize("register", ["meetings", "trainings"])
def test_a_register_takes_a_word_for_a_period(
    judged: District, signed_in: SignIn, register: str
) -> None:
    client = signed_in("county_officer")

    said = {
        word: re.sub(r'href="[^"]*"', "", main(client, f"/{register}/?period={word}"))
        for word in ("2026Q3", "上季度", "本季度")
    }

    assert said["上季度"] == said["2026Q3"] != said["本季度"]
    assert client.get(f"/{register}/?period=本期").status_code == 409


@pytest.mark.parametrize(
    ("word", "said", "names"),
    [
        ("本级", "只看试点区委员会及其下级", {"东川一村", "东川二村", "西川一村"}),
        ("下一级", "只看下一级的组织，含它们的下级", {"东川一村", "东川二村", "西川一村"}),
        ("SD-E", "只看东川镇党委及其下级", {"东川一村", "东川二村"}),
    ],
)
def test_a_register_takes_a_word_for_organizations(
    judged: District, signed_in: SignIn, word: str, said: str, names: set[str]
) -> None:
    client = signed_in("county_officer")
    page = f"/members/?unit={word}"

    html = main(client, page)

    assert (
        said.replace("试点区委员会", judged.county.name).replace("东川镇党委", judged.east.name)
        in html
    )
    assert shown(client, page) == names


def test_the_export_of_a_narrowed_register_is_as_narrow(
    judged: District, signed_in: SignIn
) -> None:
    client = signed_in("county_officer")

    html = main(client, "/members/?unit=下一级")

    assert "/exports/members/?unit=%E4%B8%8B%E4%B8%80%E7%BA%A7" in html
    answer = client.get("/exports/members/?unit=下一级")
    assert "%E4%B8%8B%E4%B8%80%E7%BA%A7" in answer["Content-Disposition"]


def test_below_a_branch_there_is_nothing(judged: District, signed_in: SignIn) -> None:
    client = signed_in("secretary", judged.east_branch)

    assert "没有名称含“下一级”的组织" in main(client, "/members/?unit=下一级")


def test_choosers_and_searches_take_words(judged: District, signed_in: SignIn) -> None:
    client = signed_in("township_officer", judged.east)

    for page in ("/orgs/?q=下一级", "/search?q=下一级", "/meetings/new/?q=下一级"):
        assert shown(client, page) == {"东川一村", "东川二村"}, page


def test_a_finding_is_raised_against_ones_own_level_by_word(
    judged: District, signed_in: SignIn
) -> None:
    client = signed_in("county_officer")

    answer = client.get("/loops/new/?org=本级")
    below = main(client, "/loops/new/?org=下一级")

    assert (answer.status_code, answer["Location"]) == (303, "/loops/new/?org=SD")
    for town in (judged.office, judged.east, judged.west):
        assert f"?org={town.code}" in below
    assert "没有找到这个组织" in main(client, "/loops/new/?org=NOPE")
