"""The shell shows a person only the places they may use, and costs no query of its own."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import District
from tests.web.conftest import SignIn
from wuju.kit.actors import Actor
from wuju.web import places


def text_of(client: Client, page: str = "/") -> str:
    return client.get(page).content.decode()


def shown(html: str) -> list[str]:
    nav = html.partition('id="places"')[2].partition("</nav>")[0]
    return re.findall(r"<li><a [^>]*>([^<]+)</a>", nav)


def titles_for(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the places a role may use, as if every page existed."""
    monkeypatch.setattr(places, "href_of", lambda name: f"/{name}/")
    return [link.title for link in places.places_for(actor, "today/")]


def test_an_officer_sees_the_places_of_work(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = titles_for(town.officer, monkeypatch)

    assert titles[:4] == ["今日", "组织", "五大工程", "台账"]
    assert "管理" not in titles


def test_an_auditor_sees_the_trail_and_no_business(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert titles_for(town.auditor, monkeypatch) == ["今日", "留痕"]


def test_a_secretary_is_not_offered_inspections(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "督查" not in titles_for(town.east_secretary, monkeypatch)
    assert "督查" in titles_for(town.inspector, monkeypatch)


def test_a_place_without_a_page_is_not_shown(town: District) -> None:
    assert places.href_of("no-such-page") == ""
    assert all(link.href for link in places.places_for(town.officer, ""))


def test_the_present_place_is_marked(town: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "href_of", lambda name: f"/{name}/")

    def current(route: str) -> list[str]:
        return [p.title for p in places.places_for(town.officer, route) if p.is_current]

    assert current("orgs/<str:code>") == ["组织"]
    assert current("meetings/new") == ["台账"]
    assert current("styleguide") == []


def test_today_is_current_on_the_first_page(signed_in: SignIn) -> None:
    html = text_of(signed_in("county_officer"))

    assert shown(html)[0] == "今日"
    assert '<a href="/" aria-current="page">今日</a>' in html


def test_every_page_says_it_is_not_for_secrets(signed_in: SignIn) -> None:
    line = "本系统为非涉密系统，严禁处理、传输、存储国家秘密"

    assert line in text_of(signed_in("county_officer"))
    assert line in text_of(Client(), "/login")


@pytest.mark.parametrize("demo", [True, False])
def test_a_demo_says_so_on_every_page(
    signed_in: SignIn, settings: pytest.FixtureRequest, demo: bool
) -> None:
    settings.WUJU_DEMO = demo  # type: ignore[attr-defined]
    client = signed_in("county_officer")

    for page in ("/", "/styleguide", "/nowhere"):
        assert ("演示数据 · 均为虚构" in text_of(client, page)) is demo
    assert ("演示数据 · 均为虚构" in text_of(Client(), "/login")) is demo


def test_a_link_to_a_page_that_is_not_there_is_not_drawn(signed_in: SignIn) -> None:
    html = text_of(signed_in("county_officer"))

    assert 'href=""' not in html


def test_the_frame_asks_for_no_more_than_the_actor(
    signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in("county_officer")
    client.get("/styleguide")

    # session, user, grants, path of the unit
    with django_assert_num_queries(4):
        client.get("/styleguide")


def test_the_style_guide_shows_every_component(signed_in: SignIn) -> None:
    html = text_of(signed_in("county_officer"), "/styleguide")

    for word in (
        "期满待录",
        "不适用",
        "没有保存。",
        "不完整",
        "没有来源",
        "补录还剩 10 天",
        "下一页",
    ):
        assert word in html
    assert "{{" not in html
