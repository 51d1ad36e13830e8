"""Official documents through pages: chosen, previewed, issued, read and downloaded."""

import datetime as dt
import io
from urllib.parse import unquote

import docx
import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import NOW, District
from tests.loops import cast
from tests.web.conftest import SignIn
from tests.web.findings_cast import client_of, text_of
from wuju.accountability.bulletins.actions import NoticeDraft, issue_notice
from wuju.accountability.bulletins.models import Bulletin
from wuju.loops import actions
from wuju.loops.models import Loop

CIRCULAR = {
    "kind": "inform", "title": "关于三季度督查整改情况的通报", "first": "2026-07-01",
    "last": "2026-09-30", "good_practices": "镇上每月抽查两个村", "demands": "", "naming_approved": "",
}  # fmt: skip


@pytest.fixture
def officer_page(town: District) -> Client:
    return client_of(town.officer, town)


def test_nothing_issued_yet_says_what_is_for_what(officer_page: Client) -> None:
    html = text_of(officer_page, "/bulletins/")

    assert "还没有印发过。" in html
    assert 'href="/bulletins/notice/"' in html


# ------------------------------------------------------------------ 整改通知书


def test_a_finding_leads_to_its_notice(town: District, officer_page: Client) -> None:
    loop = cast.raised(town)
    address = f"/bulletins/notice/?finding={loop.pk}"

    assert f'href="{address}"' in text_of(officer_page, f"/loops/{loop.pk}/")
    assert f'href="?finding={loop.pk}"' in text_of(officer_page, "/bulletins/notice/")


def test_one_notice_tells_an_organization_of_what_was_chosen(
    town: District, officer_page: Client
) -> None:
    first, second, third = (cast.raised(town, title=f"问题之{n}") for n in "甲乙丙")
    other = cast.raised(town, town.west_branch, title="别处的问题")
    address = f"/bulletins/notice/?finding={first.pk}"

    form = text_of(officer_page, address)
    response = officer_page.post(
        address,
        {"findings": [first.pk, third.pk], "title": "关于限期整改有关问题的通知", "due_on": ""},
    )

    paper = Bulletin.objects.get()
    assert "问题之乙" in form
    assert "别处的问题" not in form
    assert 'value="关于限期整改有关问题的通知"' in form
    assert (response.status_code, response["Location"]) == (303, f"/bulletins/{paper.pk}/?done=1")
    states = dict(Loop.objects.order_by("id").values_list("id", "state"))
    assert states == {
        first.pk: "notified", second.pk: "opened", third.pk: "notified", other.pk: "opened",
    }  # fmt: skip
    html = text_of(officer_page, response["Location"])
    for word in (
        "已印发。",
        paper.number,
        "一、问题和依据",
        first.number,
        third.number,
        "整改期限表",
    ):
        assert word in html, word
    assert f'href="/bulletins/{paper.pk}/"' in text_of(officer_page, f"/loops/{first.pk}/")


def test_a_notice_of_nothing_is_not_issued(town: District, officer_page: Client) -> None:
    loop = cast.raised(town)

    response = officer_page.post(f"/bulletins/notice/?finding={loop.pk}", {"title": "通知"})

    assert response.status_code == 422
    assert "请选择问题。" in response.content.decode()
    assert not Bulletin.objects.exists()


def test_a_deadline_in_the_past_is_refused_with_its_sentence(
    town: District, officer_page: Client
) -> None:
    loop = cast.raised(town)

    response = officer_page.post(
        f"/bulletins/notice/?finding={loop.pk}",
        {"findings": [loop.pk], "title": "通知", "due_on": "2026-09-02"},
    )

    html = response.content.decode()
    assert response.status_code == 409
    assert "整改期限应晚于通知日期" in html
    assert 'value="2026-09-02"' in html
    assert not Bulletin.objects.exists()


def test_a_finding_told_once_is_not_told_again(town: District, officer_page: Client) -> None:
    loop = cast.notified(town)

    html = text_of(officer_page, f"/bulletins/notice/?finding={loop.pk}")

    assert "没有等待通知的问题。" in html
    assert "/bulletins/notice/" not in text_of(officer_page, f"/loops/{loop.pk}/")


# ------------------------------------------------------------------ 督办单


def late(town: District) -> Loop:
    loop = actions.raise_finding(
        draft=cast.draft(town.east_branch, title="拖了两年的问题"),
        on=dt.date(2024, 3, 4),
        actor=town.inspector,
        at=NOW,
    )
    return actions.send_notice(loop_id=loop.pk, on=dt.date(2024, 3, 5), actor=town.officer, at=NOW)


def test_a_person_presses_what_is_late_and_says_why(town: District, officer_page: Client) -> None:
    loop = late(town)
    in_time = cast.raised(town, title="没有逾期的问题")
    address = f"/bulletins/supervision/?finding={loop.pk}"

    assert f'href="{address}"' in text_of(officer_page, f"/loops/{loop.pk}/")
    assert "/supervision/" not in text_of(officer_page, f"/loops/{in_time.pk}/")
    assert f'href="?finding={loop.pk}"' in text_of(officer_page, "/bulletins/supervision/")
    assert "没有逾期的问题" not in text_of(officer_page, address)
    without = officer_page.post(address, {"findings": [loop.pk], "reason": ""})
    assert (without.status_code, Bulletin.objects.count()) == (422, 0)

    response = officer_page.post(
        address, {"findings": [loop.pk], "reason": "两次说明进展后仍未办理"}
    )

    paper = Bulletin.objects.get()
    assert (response.status_code, paper.kind) == (303, "supervise")
    assert "两次说明进展后仍未办理" in text_of(officer_page, f"/bulletins/{paper.pk}/")


# ------------------------------------------------------------------ 通报


def test_a_circular_is_seen_before_it_is_issued(town: District, officer_page: Client) -> None:
    cast.raised(town, title="东川一村会议少开一次")

    seen = officer_page.post("/bulletins/new/", CIRCULAR)

    html = seen.content.decode()
    assert seen.status_code == 200
    assert "共立项问题1个" in html
    assert "有的村会议少开一次" in html
    assert "东川" not in html
    assert 'name="issue"' in html
    assert "镇上每月抽查两个村" in html
    assert not Bulletin.objects.exists()


def test_a_circular_is_issued_and_everyone_reads_it(town: District, officer_page: Client) -> None:
    response = officer_page.post("/bulletins/new/", CIRCULAR | {"issue": "1"})

    paper = Bulletin.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/bulletins/{paper.pk}/?done=1")
    village = client_of(town.east_secretary, town)
    assert CIRCULAR["title"] in text_of(village, "/bulletins/")
    assert "一、做得好的方面" in text_of(village, f"/bulletins/{paper.pk}/")
    assert "写通报" not in text_of(village, "/bulletins/")


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"names_organizations": "on", "issue": "1"}, 409, "点名通报须经批准，请填写批准文号"),
        ({"good_practices": "抓早抓小。" * 810, "issue": "1"}, 422, "4000"),
        (
            {"good_practices": "抓早" * 1000, "demands": "抓小" * 1100, "issue": "1"},
            409,
            "超过专项文件 4000 字的上限",
        ),
        ({"last": "2026-06-01"}, 422, "结束日期不能早于开始日期。"),
    ],
)
def test_what_may_not_be_issued_is_refused_with_its_sentence(
    officer_page: Client, changed: dict[str, str], status: int, sentence: str
) -> None:
    response = officer_page.post("/bulletins/new/", CIRCULAR | changed)

    html = response.content.decode()
    assert response.status_code == status
    assert sentence in html
    assert CIRCULAR["title"] in html
    assert not Bulletin.objects.exists()


def test_a_long_circular_says_so_while_it_is_previewed(officer_page: Client) -> None:
    long = {"good_practices": "抓早" * 1000, "demands": "抓小" * 1100}

    response = officer_page.post("/bulletins/new/", CIRCULAR | long)

    assert response.status_code == 200
    assert "超过专项文件 4000 字的上限" in response.content.decode()


# ------------------------------------------------------------------ reading


def issued(town: District, title: str = "关于限期整改有关问题的通知") -> Bulletin:
    loop = cast.raised(town)
    draft = NoticeDraft(loop_ids=[loop.pk], title=title)
    return issue_notice(draft=draft, actor=town.officer, at=NOW)


def test_the_document_downloads_under_its_number(town: District, officer_page: Client) -> None:
    paper = issued(town)

    response = officer_page.get(f"/bulletins/{paper.pk}.docx")

    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''")
    assert unquote(disposition.partition("''")[2]) == f"{paper.number} {paper.title}.docx"
    assert disposition.isascii()
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(response.content)).paragraphs)
    assert paper.title in text
    assert "二季度只有一次支部党员大会记录" in text


def test_a_notice_is_read_by_those_it_concerns(town: District) -> None:
    paper = issued(town)
    east, west = (client_of(actor, town) for actor in (town.east_officer, town.west_officer))

    assert paper.number in text_of(east, f"/bulletins/{paper.pk}/")
    for address in (f"/bulletins/{paper.pk}/", f"/bulletins/{paper.pk}.docx"):
        assert paper.number not in text_of(west, address, status=409)
    assert paper.number not in text_of(west, "/bulletins/")


def test_kinds_are_a_filter(town: District, officer_page: Client) -> None:
    paper = issued(town)

    assert paper.number in text_of(officer_page, "/bulletins/?kind=notice")
    assert paper.number not in text_of(officer_page, "/bulletins/?kind=inform")
    assert paper.number in text_of(officer_page, "/bulletins/?kind=nonsense")


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
@pytest.mark.parametrize("address", ["", "1/", "1.docx", "new/", "notice/", "supervision/"])
def test_the_separated_roles_read_no_documents(signed_in: SignIn, role: str, address: str) -> None:
    html = text_of(signed_in(role), f"/bulletins/{address}", status=409)

    assert "请由有权限的同志办理。" in html


@pytest.mark.parametrize("address", ["new/", "notice/", "supervision/"])
def test_a_township_issues_nothing(town: District, address: str) -> None:
    html = text_of(client_of(town.east_officer, town), f"/bulletins/{address}", status=409)

    assert "您的角色不能办理" in html


@pytest.mark.parametrize("rows", [1, 20])
def test_documents_cost_the_same_for_many(town: District, officer_page: Client, rows: int) -> None:
    papers = [issued(town, f"第{number}份通知") for number in range(rows)]
    officer_page.get("/styleguide")

    with query_budget("bulletins.list"):
        officer_page.get("/bulletins/")
    with query_budget("bulletins.page"):
        officer_page.get(f"/bulletins/{papers[0].pk}/")
