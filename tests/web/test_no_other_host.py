"""A page loads nothing from anywhere else, and the browser is told so."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.web.conftest import SignIn


@pytest.mark.parametrize("page", ["/", "/styleguide", "/password", "/nowhere"])
def test_every_page_carries_the_strict_policy(signed_in: SignIn, page: str) -> None:
    response = signed_in("county_officer").get(page)
    policy = dict(
        part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("page", ["/", "/styleguide"])
def test_pages_name_no_host(signed_in: SignIn, page: str) -> None:
    html = signed_in("county_officer").get(page).content.decode()

    assert re.findall(r"(?:href|src|action)=\"(?:https?:)?//[^\"]+", html) == []


def test_what_pages_load_is_there(db: None) -> None:
    html = Client().get("/login").content.decode()
    loaded = re.findall(r"(?:href|src)=\"(/static/[^\"]+)\"", html)

    assert len(loaded) == 5
    for address in loaded:
        assert finders.find(address.removeprefix("/static/")), address
