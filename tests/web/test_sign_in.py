"""Signing in, being locked out, signing out, changing a password."""

import pytest
from django.test import Client

from tests.web.conftest import PASSWORD, SignIn
from wuju.access.models import User
from wuju.ledger.models import Event


def test_the_right_password_leads_to_today(officer: User) -> None:
    client = Client()

    response = client.post("/login", {"username": officer.username, "password": PASSWORD})

    assert response.status_code == 303
    assert response["Location"] == "/"
    assert "赵甲 · " in client.get("/").content.decode()


def test_signing_in_returns_to_the_page_asked_for(officer: User) -> None:
    response = Client().post(
        "/login", {"username": officer.username, "password": PASSWORD, "next": "/styleguide"}
    )

    assert response["Location"] == "/styleguide"


def test_nobody_is_sent_to_another_site(officer: User) -> None:
    response = Client().post(
        "/login", {"username": officer.username, "password": PASSWORD, "next": "//evil.test/"}
    )

    assert response["Location"] == "/"


def test_a_wrong_password_gets_a_sentence_and_no_session(officer: User) -> None:
    client = Client()

    response = client.post("/login", {"username": officer.username, "password": "bu-dui-de"})

    assert response.status_code == 422
    assert "账号或密码不对" in response.content.decode()
    assert client.get("/").status_code == 302


def test_empty_fields_are_named(db: None) -> None:
    text = Client().post("/login", {}).content.decode()

    assert "请填写账号。" in text
    assert "请填写密码。" in text


def test_five_wrong_passwords_lock_the_account(officer: User) -> None:
    client = Client()
    wrong = {"username": officer.username, "password": "bu-dui-de"}
    answers = [client.post("/login", wrong) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert "半小时" in answers[-1].content.decode()

    even_with_the_right_one = client.post(
        "/login", {"username": officer.username, "password": PASSWORD}
    )
    assert even_with_the_right_one.status_code == 429


def test_signing_out_is_a_post(signed_in: SignIn) -> None:
    client = signed_in("county_officer")

    assert client.get("/logout").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/logout").status_code == 302
    assert client.get("/").status_code == 302


def test_a_changed_password_is_on_the_ledger_without_its_value(signed_in: SignIn) -> None:
    client = signed_in("county_officer")
    new = "qiutian-de-maizi-88"

    response = client.post(
        "/password", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )

    assert response.status_code == 303
    assert "密码已经修改。" in client.get(response["Location"]).content.decode()
    assert User.objects.get(username="county_officer").check_password(new)
    assert Event.objects.filter(action="password.changed").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("bu-dui-de", "qiutian-maizi-88", "qiutian-maizi-88", "现在的密码不对"),
        (PASSWORD, "qiutian-maizi-88", "qiutian-maizi-89", "两次填的新密码不一样"),
        (PASSWORD, "duan", "duan", "密码"),
    ],
)
def test_a_bad_new_password_changes_nothing(
    signed_in: SignIn, old: str, new: str, again: str, sentence: str
) -> None:
    client = signed_in("county_officer")

    response = client.post(
        "/password", {"old_password": old, "new_password1": new, "new_password2": again}
    )

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert User.objects.get(username="county_officer").check_password(PASSWORD)
    assert not Event.objects.filter(action="password.changed").exists()
