"""Strangers reach the login page and the health checks, and nothing else."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {"login", "healthz", "readyz", "suggestions", "suggestion-sent", "suggestion-follow"}
SAMPLES = {"int": "1", "str": "SD", "slug": "sd", "path": "a/b"}


def patterns(resolver: URLResolver, before: str = "") -> list[tuple[str, str]]:
    """List (name, route) of every page of the web face."""
    found = []
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append((entry.name or route, route))
        elif entry.app_name != "ninja":
            found.extend(patterns(entry, route))
    return found


def address(route: str) -> str:
    def sample(match: re.Match[str]) -> str:
        return SAMPLES.get(match[1], "2026Q3")

    return "/" + re.sub(r"<(?:(\w+):)?\w+>", sample, route)


PAGES = patterns(get_resolver())
PRIVATE = [(name, route) for name, route in PAGES if name not in PUBLIC]


def test_the_walk_finds_the_pages() -> None:
    assert {"today", "styleguide", "password-change", "logout"} <= {name for name, _ in PRIVATE}


@pytest.mark.parametrize(("name", "route"), PRIVATE, ids=[name for name, _ in PRIVATE])
def test_a_stranger_is_sent_to_the_login(db: None, name: str, route: str) -> None:
    response = Client().get(address(route))

    assert response.status_code == 302
    assert response["Location"].startswith("/login?next=")


def test_htmx_is_told_to_leave_the_page(db: None) -> None:
    response = Client().get("/styleguide", headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response["HX-Redirect"].startswith("/login?next=")
    assert response.content == b""


@pytest.mark.parametrize(
    "page", ["/login", "/healthz", "/readyz", "/suggestions/", "/suggestions/follow/"]
)
def test_public_pages_answer(db: None, page: str) -> None:
    assert Client().get(page).status_code == 200
