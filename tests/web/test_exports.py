"""Workbooks leave masked, inside the scope, and say what they are."""

from urllib.parse import unquote

import pytest
from django.test import Client

from tests.conftest import District, add_members
from tests.web.conftest import SignIn
from tests.web.test_members_register import NUMBER, PHONE, add_one
from wuju.kit.sheets.reader import read_book


def text_of(client: Client, address: str = "/exports/members/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    book = read_book(answer.content, "export.xlsx")
    return repr([row for sheet in book.sheets for row in sheet.rows])


def test_a_roster_leaves_masked_and_inside_the_scope(town: District, signed_in: SignIn) -> None:
    add_one(town)
    add_members(town.west_branch, 1)

    text = text_of(signed_in("township_officer", town.east))

    assert "周丙丁" in text
    assert NUMBER not in text
    assert PHONE not in text
    assert "SD-W1" not in text


def test_an_export_can_be_narrowed_but_never_widened(town: District, signed_in: SignIn) -> None:
    add_one(town)
    add_members(town.east_small, 1)
    client = signed_in("township_officer", town.east)

    assert "周丙丁" not in text_of(client, f"/exports/members/?org={town.east_small.pk}")
    assert client.get(f"/exports/members/?org={town.west.pk}").status_code == 409


def test_the_file_says_what_it_is(town: District, signed_in: SignIn) -> None:
    answer = signed_in("township_officer", town.east).get("/exports/members/")

    assert "党员名册" in unquote(answer["Content-Disposition"])
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("demo", [True, False])
def test_a_demo_export_says_that_it_is_invented(
    town: District, signed_in: SignIn, settings: pytest.FixtureRequest, demo: bool
) -> None:
    settings.WUJU_DEMO = demo  # type: ignore[attr-defined]

    text = text_of(signed_in("township_officer", town.east))

    assert ("演示数据 · 均为虚构" in text) is demo


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_administrators_export_no_records(town: District, signed_in: SignIn, role: str) -> None:
    assert signed_in(role).get("/exports/members/").status_code == 409


def test_an_unknown_kind_is_refused(town: District, signed_in: SignIn) -> None:
    assert signed_in("county_officer").get("/exports/nothing/").status_code == 409
