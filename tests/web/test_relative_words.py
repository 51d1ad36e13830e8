"""Addresses understand the words people use: /why/…/上季度/, ?org=本级, ?on=上季度."""

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
