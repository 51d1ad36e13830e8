"""投诉建议 in the pages: reachable from everywhere without an account, sent once, answered, followed by a code."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.conftest import District
from tests.web.conftest import SignIn
from wuju.loops.models import Suggestion
from wuju.web.suggestions import PER_HOUR, SuggestionForm

GIVEN = {"kind": "burden", "text": "月报和季报要的是同样的数。", "contact": "", "form_key": "k1"}


@pytest.fixture(autouse=True)
def nobody_has_sent_yet() -> None:
    cache.clear()


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def hand_in(client: Client, **given: str) -> tuple[str, str]:
    response = client.post("/suggestions/", GIVEN | given)
    assert response.status_code == 303, response.content.decode()
    shown = re.findall(r'figure-value">([^<]+)<', text(client, response["Location"]))
    return shown[0], shown[1]


@pytest.mark.parametrize("address", ["/login", "/suggestions/", "/suggestions/follow/"])
def test_strangers_find_the_way_from_every_open_page(db: None, address: str) -> None:
    assert 'href="/suggestions/"' in text(Client(), address)


@pytest.mark.parametrize("role", ["county_officer", "secretary", "system_admin", "auditor"])
def test_everybody_finds_it_at_the_foot_of_every_page(
    town: District, signed_in: SignIn, role: str
) -> None:
    client = signed_in(role)

    for address in ("/", "/styleguide", "/account/", "/password"):
        foot = text(client, address).partition("<footer")[2]
        assert '<a href="/suggestions/">投诉建议</a>' in foot


def test_from_handing_in_to_reading_the_answer(town: District, signed_in: SignIn) -> None:
    stranger, officer = Client(), signed_in("county_officer")
    number, code = hand_in(stranger, contact="13900000000")

    assert number in text(officer, "/suggestions/inbox/")
    assert "月报和季报" in text(officer, "/")
    row = Suggestion.objects.get(number=number)
    assert "13900000000" in text(officer, f"/suggestions/{row.pk}/")
    response = officer.post(
        f"/suggestions/{row.pk}/answer/", {"answer": "从下季度起只报一次。", "version": 1}
    )
    assert response.status_code == 303
    shown = Client().post("/suggestions/follow/", {"number": number, "code": code})

    page = shown.content.decode()
    assert "从下季度起只报一次。" in page
    assert "赵甲" in page
    assert "13900000000" not in page
    assert "没有待答复的意见" in text(officer, "/suggestions/inbox/")


def test_a_form_sent_twice_is_one_with_the_same_code(town: District) -> None:
    client = Client()

    assert hand_in(client) == hand_in(client)
    assert hand_in(client, form_key="k2") != hand_in(client, form_key="k1")
    assert Suggestion.objects.count() == 2


def test_no_address_holds_the_code_and_another_browser_does_not_see_it(town: District) -> None:
    client = Client()
    response = client.post("/suggestions/", GIVEN)

    assert response["Location"] == "/suggestions/sent/"
    assert Client().get("/suggestions/sent/")["Location"] == "/suggestions/"


def test_who_is_signed_in_is_not_kept(town: District, signed_in: SignIn) -> None:
    hand_in(signed_in("secretary"))

    row = Suggestion.objects.get()
    assert "赵甲" not in "".join(str(value) for value in vars(row).values())


def test_a_wrong_code_is_a_sentence_beside_the_field(town: District) -> None:
    number, _ = hand_in(Client())

    response = Client().post("/suggestions/follow/", {"number": number, "code": "ABCD-EFGH-JKLM"})

    assert response.status_code == 422
    assert "编号和查询码对不上" in response.content.decode()


def test_a_secrecy_marking_or_an_empty_form_is_refused_and_nothing_is_lost(town: District) -> None:
    marked = Client().post("/suggestions/", GIVEN | {"text": "机密★10年 某文件"})
    empty = Client().post("/suggestions/", {"form_key": "k"})

    assert (marked.status_code, empty.status_code) == (409, 422)
    assert "机密★10年 某文件" in marked.content.decode()
    assert "请填写内容。" in empty.content.decode()
    assert not Suggestion.objects.exists()


def test_a_program_cannot_fill_the_list(town: District) -> None:
    client = Client()
    for n in range(PER_HOUR):
        hand_in(client, form_key=f"k{n}")

    response = client.post("/suggestions/", GIVEN | {"form_key": "one more"})

    assert response.status_code == 429
    assert "请过一小时再提" in response.content.decode()
    assert Suggestion.objects.count() == PER_HOUR


def test_a_stale_answer_is_refused_and_what_was_typed_is_kept(
    town: District, signed_in: SignIn
) -> None:
    officer = signed_in("county_officer")
    hand_in(Client())
    row = Suggestion.objects.get()
    address = f"/suggestions/{row.pk}/answer/"
    officer.post(address, {"answer": "第一次。", "version": 1})

    response = officer.post(address, {"answer": "第二次。", "version": 1})

    assert response.status_code == 409
    assert "刚才已有人答复" in response.content.decode()
    assert "第二次。" in response.content.decode()


def test_the_form_asks_for_two_things_and_one_more_if_wished() -> None:
    form = SuggestionForm()

    assert [name for name, field in form.fields.items() if field.required] == ["kind", "text"]
    assert len(form.fields) == 3
