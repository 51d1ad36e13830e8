"""管理 and 我的账号 through their pages: asked for by one, approved by another, seen by its owner."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from tests.access.cast import PASSWORD, Staff, account, staff
from tests.budgets import query_budget
from tests.conftest import NOW, TODAY, District
from tests.web.findings_cast import text_of
from wuju.access import actions, queries
from wuju.access.models import Grant, Token, User
from wuju.ledger.models import Event

NEW = "qiutian-de-maizi-88"


@pytest.fixture
def people(town: District, the_clock_stands: None) -> Staff:
    return staff(town)


@pytest.fixture
def the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    from wuju.web import account, accounts, requests

    for module in (account, accounts, requests):
        monkeypatch.setattr(module.timezone, "localdate", lambda: TODAY)
        monkeypatch.setattr(module.timezone, "localtime", lambda *_: NOW)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# ------------------------------------------------------------------------- 管理


def test_from_opening_an_account_to_its_first_page(people: Staff) -> None:
    """The whole way: opened, asked for, approved, signed in, ended."""
    system, security = client_of(people.system), client_of(people.security)
    opened = system.post(
        "/accounts/new/",
        {
            "username": "sunbing",
            "name": "孙丙",
            "unit": "SD-E1",
            "duty": "书记",
            "password": PASSWORD,
        },
    )
    user = User.objects.get(username="sunbing")
    assert (opened.status_code, opened["Location"]) == (303, f"/accounts/{user.pk}/?done=opened")
    assert "还没有任何权限" in text_of(system, opened["Location"])

    person = Client()
    assert person.post("/login", {"username": "sunbing", "password": PASSWORD}).status_code == 303
    assert "您的账号还没有授权。" in text_of(person, "/")

    asked = system.post(
        f"/accounts/{user.pk}/grant/",
        {"role": "secretary", "organization": "东川一村党支部", "whole_subtree": "on",
         "from_on": TODAY.isoformat(), "until_on": ""},
    )  # fmt: skip
    assert asked.status_code == 303
    assert "您的账号还没有授权。" in text_of(person, "/")
    assert person.get(f"/orgs/{people.town.east_branch.pk}/").status_code == 409
    assert "孙丙：党组织书记，东川一村" in text_of(security, "/accounts/")

    grant = Grant.objects.get(user=user)
    approved = security.post(f"/accounts/grants/{grant.pk}/approve/")
    assert approved["Location"] == f"/accounts/{user.pk}/?done=approved"
    assert "郑庚 申请，王辛 批准" in text_of(security, f"/accounts/{user.pk}/")
    assert person.get(f"/orgs/{people.town.east_branch.pk}/").status_code == 200

    assert (
        security.post(f"/accounts/grants/{grant.pk}/end/", {"reason": "离任"}).status_code == 303
    )
    assert person.get(f"/orgs/{people.town.east_branch.pk}/").status_code == 409
    assert Event.objects.get(action="grant.ended").reason == "离任"


def test_nobody_approves_their_own_through_the_page(people: Staff) -> None:
    grant = people.request(people.security, role="security_admin", organization=people.town.east)
    client = client_of(people.security)

    assert "/approve/" not in text_of(client, f"/accounts/{people.security.pk}/")
    html = client.post(f"/accounts/grants/{grant.pk}/approve/")

    assert html.status_code == 409
    assert "请换一名安全管理员办理。" in html.content.decode()
    grant.refresh_from_db()
    assert grant.state == "requested"


def test_a_request_is_refused_with_its_reason(people: Staff) -> None:
    grant = people.request()
    client = client_of(people.security)

    silent = client.post(f"/accounts/grants/{grant.pk}/refuse/", {"reason": " "})
    assert silent.status_code == 409
    assert "请写明原因" in silent.content.decode()
    assert (
        client.post(f"/accounts/grants/{grant.pk}/refuse/", {"reason": "过大"}).status_code == 303
    )
    assert "王辛 退回：过大" in text_of(client, f"/accounts/{people.person.pk}/")


def test_a_refused_request_says_so_above_the_form(people: Staff) -> None:
    people.granted()
    filled = {"role": "auditor", "organization": "SD", "from_on": TODAY.isoformat()}

    response = client_of(people.system).post(f"/accounts/{people.person.pk}/grant/", filled)

    assert response.status_code == 409
    assert "必须由不同的人担任" in response.content.decode()
    assert 'value="auditor" selected' in response.content.decode()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [("", "请填写范围。"), ("乌有镇", "没有“乌有镇”"), ("川", "请写组织代码。")],
)
def test_a_place_is_one_organization_in_scope(place: str, sentence: str, people: Staff) -> None:
    filled = {"role": "clerk", "organization": place, "from_on": TODAY.isoformat()}

    response = client_of(people.system).post(f"/accounts/{people.person.pk}/grant/", filled)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Grant.objects.filter(user=people.person).exists()


def test_a_password_is_reset_and_the_person_is_signed_out(people: Staff) -> None:
    person = client_of(people.person)
    place = f"/accounts/{people.person.pk}/password/"
    system = client_of(people.system)

    weak = system.post(place, {"password": "qianyi-2026"})
    assert weak.status_code == 409
    assert "姓名拼音" in weak.content.decode()
    assert system.post(place, {"password": NEW}).status_code == 303

    assert person.get("/").status_code == 302
    assert SESSION_KEY not in person.session
    assert Client().post("/login", {"username": "qianyi", "password": NEW}).status_code == 303


def test_an_administrators_password_is_not(people: Staff) -> None:
    client = client_of(people.system)

    response = client.post(f"/accounts/{people.security.pk}/password/", {"password": NEW})

    assert response.status_code == 409
    assert "wuju resetpassword" in response.content.decode()
    assert User.objects.get(pk=people.security.pk).check_password(PASSWORD)


def test_one_finds_an_account_by_name(people: Staff) -> None:
    client = client_of(people.system)

    html = text_of(client, "/accounts/?text=钱乙")
    assert "qianyi" in html
    assert "anquan" not in html
    assert "没有符合条件的账号。" in text_of(client, "/accounts/?text=乌有")


def test_an_administrator_of_east_sees_only_its_accounts(people: Staff) -> None:
    west = account(people.town, "liding", "李丁", people.town.west)
    grant = people.request(west, organization=people.town.west)
    actions.end_grant(
        grant_id=people.granted(role="clerk").pk, reason="x", actor=people.approver, at=NOW
    )
    east = people.granted(
        account(people.town, "eastadmin", "周戊", people.town.east), role="system_admin"
    ).user
    client = client_of(east)

    html = text_of(client, "/accounts/")
    assert "钱乙" in html
    assert "李丁" not in html
    assert client.get(f"/accounts/{west.pk}/").status_code == 409
    assert client.post(f"/accounts/grants/{grant.pk}/refuse/", {"reason": "x"}).status_code == 409
    filled = {"role": "clerk", "organization": "SD-W", "from_on": TODAY.isoformat()}
    assert client.post(f"/accounts/{people.person.pk}/grant/", filled).status_code == 422


def test_administrators_see_the_separation_and_no_business(people: Staff) -> None:
    for user in (people.system, people.security):
        client = client_of(user)
        html = text_of(client, "/accounts/")
        assert "三人分设，不兼业务，谁也不能给自己授权。" in html
        assert client.get("/members/").status_code == 409
        assert 'href="/accounts/"' in text_of(client, "/")
    assert client_of(people.auditor).get("/accounts/").status_code == 409


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_lists_ask_the_database_the_same_however_many(how_many: int, people: Staff) -> None:
    for n in range(how_many):
        user = account(people.town, f"person{n}", f"丙{n}", people.town.east)
        people.granted(user)
        people.request(user, role="clerk")
    client = client_of(people.system)

    with query_budget("accounts"):
        assert client.get("/accounts/").status_code == 200


@pytest.mark.parametrize("how_many", [1, 20])
def test_so_does_the_page_of_an_account(how_many: int, people: Staff) -> None:
    fill(people, how_many)
    client = client_of(people.system)

    with query_budget("accounts.page"):
        assert client.get(f"/accounts/{people.person.pk}/").status_code == 200


# --------------------------------------------------------------------- 我的账号


def fill(people: Staff, how_many: int) -> None:
    """Give the person as many past grants and tokens."""
    for n in range(how_many):
        grant = people.granted()
        actions.end_grant(grant_id=grant.pk, reason="换", actor=people.approver, at=NOW)
        actions.issue_token(
            title=f"电脑{n}",
            until_on=TODAY,
            actor=queries.actor_for(user=people.person, today=TODAY),
            at=NOW,
        )


@pytest.mark.parametrize("how_many", [1, 20])
def test_my_page_asks_the_database_the_same(how_many: int, people: Staff) -> None:
    fill(people, how_many)
    client = client_of(people.person)

    with query_budget("account"):
        assert client.get("/account/").status_code == 200


def test_my_grants_stand_with_scope_days_and_hands(people: Staff) -> None:
    people.granted()
    people.request(role="clerk", organization=people.town.east_branch, whole_subtree=False)

    html = text_of(client_of(people.person), "/account/")

    assert "乡镇（街道）组织委员" in html
    assert f"{TODAY.isoformat()} 起，长期" in html
    assert "郑庚 申请，王辛 批准" in html
    assert html.index("待批准") < html.index("在用")


def test_a_token_is_shown_once_to_its_owner(people: Staff) -> None:
    client = client_of(people.person)
    response = client.post("/account/tokens/", {"title": "办公室台式机", "until_on": "2027-01-31"})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    [secret] = re.findall(r'class="secret">([\w-]{43})<', response.content.decode())
    found = queries.user_for_token(username="qianyi", secret=secret, today=TODAY)
    assert found == people.person
    again = text_of(client, "/account/")
    assert "办公室台式机" in again
    assert secret not in again
    administrator = text_of(client_of(people.system), f"/accounts/{people.person.pk}/")
    assert "办公室台式机" in administrator
    assert secret not in administrator


def test_a_token_for_ever_is_refused(people: Staff) -> None:
    client = client_of(people.person)

    assert (
        client.post("/account/tokens/", {"title": "x", "until_on": "2099-01-01"}).status_code
        == 409
    )
    assert client.post("/account/tokens/", {"title": "x", "until_on": ""}).status_code == 422
    assert client.get("/account/tokens/").status_code == 303
    assert not Token.objects.exists()


def test_the_owner_and_an_administrator_revoke_nobody_else(people: Staff) -> None:
    fill(people, 2)
    first, second = Token.objects.order_by("id")
    for stranger in (people.auditor, people.security):
        assert client_of(stranger).post(f"/account/tokens/{first.pk}/revoke/").status_code == 409
    place = f"/accounts/{people.person.pk}/tokens/{{}}/revoke/"
    assert client_of(people.auditor).post(place.format(second.pk)).status_code == 409
    wrong = f"/accounts/{people.auditor.pk}/tokens/{second.pk}/revoke/"
    assert client_of(people.system).post(wrong).status_code == 409
    assert not Token.objects.exclude(revoked_on=None).exists()

    own = client_of(people.person)
    done = own.post(f"/account/tokens/{first.pk}/revoke/")
    assert "令牌已撤销" in text_of(own, done["Location"])
    assert client_of(people.system).post(place.format(second.pk)).status_code == 303
    assert Token.objects.filter(revoked_on=TODAY).count() == 2
