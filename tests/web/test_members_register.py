"""The register of members: masked, inside the scope, paged by organization."""

import re

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import NOW, SYSTEM, District, add_members
from tests.desk.makers import id_number
from tests.web.conftest import SignIn
from wuju.people import actions
from wuju.web import registers

NUMBER = id_number("19700101", 11)
PHONE = "13800001234"


def names(client: Client, query: str = "") -> list[str]:
    html = client.get(f"/members/{query}").content.decode()
    return re.findall(r'<th scope="row" class="nowrap">([^<]+)', html)


def add_one(town: District, name: str = "周丙丁") -> None:
    import datetime as dt

    actions.land_members(
        drafts=[
            actions.MemberDraft(
                row_key=name,
                organization_id=town.east_branch.pk,
                name=name,
                sex="male",
                category="full",
                from_on=dt.date(2024, 1, 1),
                id_number=NUMBER,
                phone=PHONE,
            )
        ],
        as_of=dt.date(2024, 1, 1),
        actor=SYSTEM,
        at=NOW,
    )


def test_identifiers_are_masked(town: District, signed_in: SignIn) -> None:
    add_one(town)

    html = signed_in("township_officer", town.east).get("/members/").content.decode()

    assert "周丙丁" in html
    assert NUMBER not in html
    assert PHONE not in html
    assert "****" in html


def test_only_the_members_of_the_scope(town: District, signed_in: SignIn) -> None:
    add_members(town.east_branch, 2)
    add_members(town.west_branch, 3)

    assert len(names(signed_in("township_officer", town.east))) == 2
    assert len(names(signed_in("county_officer"))) == 5


def test_found_by_name_and_by_organization(town: District, signed_in: SignIn) -> None:
    add_one(town)
    add_members(town.east_small, 2)
    client = signed_in("county_officer")

    assert names(client, "?text=丙丁") == ["周丙丁"]
    assert len(names(client, "?unit=二村")) == 2
    assert names(client, "?unit=没有这里") == []


def test_pages_tile_the_roster(
    town: District, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PAGE", 4)
    for branch in (town.east_branch, town.east_small, town.west_branch):
        add_members(branch, 3)
    client = signed_in("county_officer")

    seen, query = [], ""
    for _ in range(3):
        seen += names(client, query)
        html = client.get(f"/members/{query}").content.decode()
        found = re.search(r'href="([^"]*)" rel="next"', html)
        query = found.group(1).replace("&amp;", "&") if found else ""

    assert query == ""
    assert len(seen) == len(set(seen)) == 9


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_roster_costs_the_same_for_one_row_and_twenty(
    town: District, signed_in: SignIn, how_many: int
) -> None:
    add_members(town.east_branch, how_many)
    client = signed_in("secretary", town.east_branch)
    client.get("/password")

    with query_budget("registers.members"):
        assert len(names(client)) == how_many


def test_an_empty_roster_teaches(town: District, signed_in: SignIn) -> None:
    html = signed_in("township_officer", town.east).get("/members/").content.decode()

    assert "还没有党员名册" in html
    assert 'href="/desk/?kind=members"' in html
