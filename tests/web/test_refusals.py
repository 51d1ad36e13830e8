"""A refusal is an answer with its sentence; a mistake is a page in Chinese."""

import json

from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.web.conftest import SignIn
from wuju.kit.actors import OutsideScope
from wuju.web import responses
from wuju.web.middleware import RefusalsAreAnswers

SENTENCE = "该组织不在您的管理范围内"


def unreached(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the middleware answers by itself")


def asked(*, htmx: bool = False) -> HttpRequest:
    request = RequestFactory().get("/orgs/SD-W")
    request.htmx = htmx  # type: ignore[attr-defined]
    return request


def test_a_refusal_is_a_page_with_its_sentence() -> None:
    response = RefusalsAreAnswers(unreached).process_exception(asked(), OutsideScope())

    assert response is not None
    assert response.status_code == 409
    html = response.content.decode()  # type: ignore[attr-defined]
    assert SENTENCE in html
    assert "<!doctype html>" in html


def test_htmx_gets_the_notice_alone() -> None:
    response = RefusalsAreAnswers(unreached).process_exception(asked(htmx=True), OutsideScope())

    assert response is not None
    assert response.status_code == 409
    html = response.content.decode()  # type: ignore[attr-defined]
    assert SENTENCE in html
    assert "<html" not in html


def test_a_mistake_of_ours_is_not_a_refusal() -> None:
    assert RefusalsAreAnswers(unreached).process_exception(asked(), KeyError("x")) is None


def test_htmx_is_told_to_show_refusals_and_bad_forms(signed_in: SignIn) -> None:
    html = signed_in("county_officer").get("/").content.decode()
    config = json.loads(html.partition('name="htmx-config" content=\'')[2].partition("'")[0])

    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert {"code": "409|422", "swap": True} in config["responseHandling"]


def test_a_write_is_answered_with_303() -> None:
    response = responses.see("password-change", query="done=1")

    assert (response.status_code, response["Location"]) == (303, "/password?done=1")


def test_a_page_that_is_not_there(signed_in: SignIn) -> None:
    response = signed_in("county_officer").get("/nowhere")

    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_a_stranger_too_gets_a_page_in_chinese(db: None) -> None:
    assert "没有这一页" in Client().get("/nowhere").content.decode()


def test_a_broken_page_needs_no_database(django_db_blocker: object, rf: RequestFactory) -> None:
    response = responses.broken(rf.get("/"))

    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()


def test_a_page_that_may_not_be_seen(rf: RequestFactory) -> None:
    response = responses.forbidden(rf.get("/"), exception=PermissionError())

    assert response.status_code == 403
    assert "您不能查看" in response.content.decode()


def test_a_form_from_elsewhere_is_refused_in_chinese(officer: object) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/login", {"username": "county_officer", "password": "x"})

    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()
