"""留痕: the auditor and the county office read it, the auditor has it verified."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

import wuju
from tests.budgets import query_budget
from tests.conftest import NOW, SYSTEM, District
from tests.loops import cast
from tests.web.conftest import SignIn
from tests.web.findings_cast import client_of, text_of
from wuju.access import actions
from wuju.ledger.models import Event
from wuju.loops.actions.step import EVENTS
from wuju.loops.models import Loop
from wuju.web import trail, trail_words


@pytest.fixture
def auditor_page(town: District) -> Client:
    return client_of(town.auditor, town)


def test_the_auditor_reads_who_did_what(town: District, auditor_page: Client) -> None:
    loop = cast.notified(town)

    html = text_of(auditor_page, "/trail/")

    for word in ("问题 · 立项", "问题 · 下发整改通知", "督查乙", "区委甲", f"问题 {loop.pk}"):
        assert word in html, word
    assert "finding." not in html


def test_no_business_word_reaches_the_auditor(town: District, auditor_page: Client) -> None:
    loop = cast.notified(town)

    html = text_of(auditor_page, "/trail/")

    assert loop.title not in html
    assert f"/loops/{loop.pk}/" not in html


def test_the_trail_of_one_object(town: District, auditor_page: Client) -> None:
    cast.raised(town)
    loop = cast.raised(town)

    html = text_of(auditor_page, f"/trail/?kind=loop&number={loop.pk}")

    assert html.count("问题 · 立项") == 1
    assert 'value="loop" selected' in html
    half = text_of(auditor_page, "/trail/?kind=loop&number=")
    assert half.count("问题 · 立项") == 2
    assert "对象和序号要一起选" in half
    assert "没有这个对象的操作记录。" in text_of(auditor_page, "/trail/?kind=loop&number=99999")


def test_pages_lead_on_and_back(
    town: District, auditor_page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        cast.raised(town)
    monkeypatch.setattr(trail, "PAGE", 2)

    first = text_of(auditor_page, "/trail/")
    onward = link(first, "next")
    second = text_of(auditor_page, onward)

    newest = Event.objects.order_by("-id").values_list("id", flat=True)[:4]
    assert f">{newest[0]}<" in first
    assert f">{newest[2]}<" not in first
    assert [f">{number}<" in second for number in newest] == [False, False, True, True]
    assert link(second, "prev") == "/trail/?"


def link(html: str, rel: str) -> str:
    before = html.partition(f'" rel="{rel}"')[0]
    return before.rpartition('href="')[2].replace("&amp;", "&")


def test_accounts_are_in_the_trail_of_the_whole_district_only(
    town: District, auditor_page: Client
) -> None:
    user = actions.open_account(
        username="li", name="李丁", unit=None, password="chunfeng-2026-huayu", actor=SYSTEM, at=NOW
    )  # fmt: skip

    assert f"账号 {user.pk}" in text_of(auditor_page, "/trail/")
    east = client_of(cast.as_person(town.auditor, scope=town.east_officer.scope, user_id=9), town)
    assert f"账号 {user.pk}" not in text_of(east, "/trail/")


def test_an_untouched_chain_verifies(town: District, auditor_page: Client) -> None:
    cast.closed(town)

    response = auditor_page.post("/trail/verify/")

    assert response.status_code == 200
    assert "链和记录都对得上。" in response.content.decode()
    assert "链尾若被整段截去" in response.content.decode()


def test_signing_in_breaks_nothing(town: District, auditor_page: Client) -> None:
    user = actions.open_account(
        username="li",
        name="李丁",
        unit=None,
        password="chunfeng-2026-huayu",
        actor=SYSTEM,
        at=NOW,
    )
    Client().post("/login", {"username": "li", "password": "chunfeng-2026-huayu"})

    user.refresh_from_db()
    assert user.last_login is not None
    html = auditor_page.post("/trail/verify/").content.decode()
    assert f"账号第 {user.pk} 行" not in html
    assert (
        "没有操作记录，来历不明。" in html
    )  # the tests' own accounts, made behind the ledger's back


def test_a_row_changed_behind_our_back_is_named(town: District, auditor_page: Client) -> None:
    loop = cast.raised(town)
    Loop.objects.filter(pk=loop.pk).update(title="换成了别的")
    Event.objects.filter(action="finding.raised").update(reason="事后加的")

    html = auditor_page.post("/trail/verify/").content.decode()

    assert "有 2 处对不上" in html
    assert "“标题”被改动，与操作记录不符。" in html
    assert "的内容被改动，与链上摘要不符。" in html


def test_only_the_auditor_has_the_chain_verified(town: District) -> None:
    client = client_of(town.officer, town)

    assert "验链" not in text_of(client, "/trail/")
    response = client.post("/trail/verify/")
    assert response.status_code == 409
    assert "您的角色不能办理“验链”" in response.content.decode()


def test_reloading_the_result_goes_back_to_the_trail(auditor_page: Client) -> None:
    assert auditor_page.get("/trail/verify/")["Location"] == "/trail/"


@pytest.mark.parametrize(
    "role", ["system_admin", "security_admin", "township_officer", "secretary"]
)
def test_others_read_no_trail(signed_in: SignIn, role: str) -> None:
    assert "您的角色不能办理“查看留痕”" in text_of(signed_in(role), "/trail/", status=409)


@pytest.mark.parametrize("rows", [1, 20])
def test_the_trail_costs_the_same_for_many(
    town: District, auditor_page: Client, rows: int
) -> None:
    for _ in range(rows):
        cast.raised(town)
    auditor_page.get("/styleguide")

    with query_budget("trail"):
        auditor_page.get("/trail/")


# ------------------------------------------------------------------ words


def recorded() -> Iterator[str]:
    """Yield the name of every event the source records."""
    yield from EVENTS.values()
    for path in sorted(Path(wuju.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute | ast.Name)
                and ast.unparse(node.func).split(".")[-1] == "record"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


def test_every_event_has_its_words() -> None:
    names = sorted(set(recorded()))

    assert "finding.closed" in names
    assert "meeting.recorded" in names
    assert [name for name in names if "其他" in trail_words.said(name)] == []
    assert [name for name in names if trail_words.said(name).endswith("变更")] == []
    assert trail_words.said("dog.barked") == "其他 · 变更"
