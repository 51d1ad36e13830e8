"""A finding's page: what it is, and the forms of exactly what this person may do now."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import NOW, District
from tests.loops import cast
from tests.web.findings_cast import client_of, text_of
from wuju.kit.actors import Actor
from wuju.loops import actions
from wuju.loops.models import Evidence, Loop, Measure

type Made = Callable[[District], Loop]


def offices(html: str) -> list[str]:
    """List the addresses the forms of the page post to."""
    return re.findall(r'<form method="post" action="/loops/\d+/([\w-]+)/"', html)


def page_of(loop: Loop, actor: Actor, town: District) -> str:
    return text_of(client_of(actor, town), f"/loops/{loop.pk}/")


@pytest.mark.parametrize(
    ("made", "who", "expected"),
    [
        (cast.raised, "officer", ["notice", "withdrawal"]),
        (cast.raised, "inspector", []),
        (cast.raised, "east_secretary", []),
        (cast.notified, "east_secretary", ["measures"]),
        (cast.planned, "east_secretary", ["completion"]),
        (cast.rectified, "east_secretary", ["evidence", "measures"]),
        (cast.submitted, "inspector", ["verification"]),
        (cast.submitted, "officer", ["verification", "evidence"]),
        (cast.verified, "officer", ["closure", "verification"]),
        (cast.closed, "inspector", ["revisit"]),
    ],
)
def test_the_forms_are_those_of_the_state_and_the_person(
    town: District, made: Made, who: str, expected: list[str]
) -> None:
    html = page_of(made(town), getattr(town, who), town)

    assert offices(html) == expected


def test_what_others_do_is_told_with_the_reason(town: District) -> None:
    html = page_of(cast.raised(town), town.inspector, town)

    assert "您的角色不能办理“下发整改通知”，请由有权限的同志办理。" in html


def test_what_is_not_yet_due_is_told_with_the_step_before(town: District) -> None:
    html = page_of(cast.submitted(town), town.officer, town)

    assert "未经核实不得销号，请先由没有参与整改的同志核实" in html


def test_no_form_asks_more_than_five_fields(town: District) -> None:
    from wuju.web.loop_offices import OFFICES

    assert {slug: len(office.form.base_fields) for slug, office in OFFICES.items()
            if len(office.form.base_fields) > 5} == {}  # fmt: skip


def test_the_page_tells_the_whole_of_a_finding(town: District) -> None:
    loop = cast.closed(town)
    html = page_of(loop, town.officer, town)

    for word in (
        loop.title, loop.number, loop.fact, loop.basis, "已销号", "补开支部党员大会", "长久立",
        "补开的支部党员大会讨论了发展党员", "看得出成效", "试点区委组织部，督查乙", "没有落到人",
        "这个组织第一次出现这类问题", "没有提出异议", "补录", "2026年10月28日",
    ):  # fmt: skip
        assert word in html, word


def test_the_third_of_a_kind_says_so_and_links_the_others(town: District) -> None:
    first, _, third = (cast.raised(town) for _ in range(3))

    html = page_of(third, town.officer, town)

    assert "同类问题第 3 次出现" in html
    assert f'href="/loops/{first.pk}/"' in html
    assert "同类问题第 1 次出现" in page_of(first, town.inspector, town)


def test_a_deferral_leaves_the_original_deadline_in_sight(town: District) -> None:
    loop = cast.planned(town)
    original = loop.due_on
    assert original is not None
    until = dt.date(2026, 12, 25)
    client = client_of(town.officer, town)

    response = client.post(
        f"/loops/{loop.pk}/deferral/", {"until": until.isoformat(), "reason": "汛期道路中断"}
    )

    assert (response.status_code, response["Location"]) == (
        303,
        f"/loops/{loop.pk}/?done=deferral",
    )
    html = text_of(client, response["Location"])
    assert "期限已调整，原期限保留。" in html
    assert f"{original.year}年{original.month}月{original.day}日" in html
    assert "2026年12月25日" in html
    assert "延期 1 次" in html


def test_a_finding_lives_through_its_pages(town: District) -> None:
    """From the notice to the revisit with nothing but forms."""
    loop = cast.raised(town)
    measure = "补开支部党员大会"
    office, village, verifier = (
        client_of(actor, town) for actor in (town.officer, town.east_secretary, town.inspector)
    )

    def does(client: Client, slug: str, **given: str) -> None:
        response = client.post(f"/loops/{loop.pk}/{slug}/", given)
        assert response.status_code == 303, text(response.content)
        assert text_of(client, response["Location"])

    def text(content: bytes) -> str:
        return re.sub(r"<[^>]+>|\s+", " ", content.decode())[-3000:]

    does(office, "notice", on="2026-09-03")
    does(
        village,
        "measures",
        measures=f"{measure}\n每季核对一次",
        kind="immediate",
        responsible="责任甲",
        cause="ability",
    )
    does(office, "plan-verdict", verdict="accept_plan", on=today())
    for row in Measure.objects.filter(loop=loop):
        does(village, "completion", measure=str(row.pk), on=today())
    does(village, "evidence", text="会议研究了发展党员", happened_on=today(), kind="effect")
    does(verifier, "verification", verdict="verify", on=today())
    does(office, "closure", on=today())
    does(verifier, "revisit", verdict="confirm_revisit", note="按季召开")

    loop.refresh_from_db()
    assert loop.state == "closed_final"
    assert list(Measure.objects.filter(loop=loop).values_list("text", flat=True)) == [
        measure, "每季核对一次",
    ]  # fmt: skip


def today() -> str:
    from django.utils import timezone

    return timezone.localdate().isoformat()


def test_who_did_the_work_cannot_verify_it(town: District) -> None:
    loop = cast.submitted(town)
    Evidence.objects.filter(loop=loop).update(entered_by=town.inspector.name)
    client = client_of(town.inspector, town)
    before = cast.trace()

    html = text_of(client, f"/loops/{loop.pk}/")
    response = client.post(
        f"/loops/{loop.pk}/verification/",
        {"verdict": "verify", "note": "我看过了，可以", "on": today()},
    )

    assert "现在还不能办理的：" in html
    assert "核实通过：核实人督查乙参与了" in html
    assert "退回继续整改：参与整改的人和责任组织不能自己退回整改结果" in html
    refused = response.content.decode()
    assert response.status_code == 409
    assert "核实人督查乙参与了这条问题的整改，请换一名没有参与整改的同志核实" in refused
    assert "我看过了，可以" in refused
    assert cast.trace() == before


def test_a_form_left_empty_says_which_field(town: District) -> None:
    loop = cast.notified(town)
    client = client_of(town.east_secretary, town)

    response = client.post(f"/loops/{loop.pk}/measures/", {"responsible": "责任甲"})

    html = response.content.decode()
    assert response.status_code == 422
    assert "请填写整改措施。" in html
    assert "请选择类型。" in html
    assert 'value="责任甲"' in html


def test_a_page_gone_stale_keeps_the_words_and_says_why(town: District) -> None:
    loop = cast.closed(town)
    client = client_of(town.east_secretary, town)
    words = {"text": "又补了一次会", "happened_on": "2026-09-30", "kind": "effect"}

    response = client.post(f"/loops/{loop.pk}/evidence/", words)

    html = response.content.decode()
    assert response.status_code == 409
    assert "这条问题现在是“已销号”，不能办理“报送整改结果”" in html
    assert "又补了一次会" in html


def test_an_objection_is_shown_with_its_ruling(town: District) -> None:
    loop = cast.notified(town)
    actions.object_to(
        loop_id=loop.pk,
        text="记录在镇上，已补交",
        on=dt.date(2026, 9, 4),
        actor=town.east_secretary,
        at=NOW,
    )
    ruler = client_of(town.officer, town)

    response = ruler.post(
        f"/loops/{loop.pk}/ruling/",
        {"verdict": "reject_objection", "reason": "补交的记录不是原始记录", "on": "2026-09-07"},
    )

    assert response.status_code == 303
    html = text_of(ruler, f"/loops/{loop.pk}/")
    section = html.partition("<h2>异议</h2>")[2]
    assert "记录在镇上，已补交" in section
    assert "补交的记录不是原始记录" in section


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_township_finds_nothing(town: District, method: str) -> None:
    loop = cast.notified(town, title="东川的问题")
    client = client_of(town.west_officer, town)

    response = getattr(client, method)(
        f"/loops/{loop.pk}/{'measures/' if method == 'post' else ''}"
    )

    assert response.status_code == 409
    assert "该组织不在您的管理范围内" in response.content.decode()
    assert "东川的问题" not in response.content.decode()


def test_an_unknown_office_is_no_page(town: District) -> None:
    loop = cast.raised(town)
    client = client_of(town.officer, town)

    assert client.post(f"/loops/{loop.pk}/nonsense/").status_code == 404
    assert client.get(f"/loops/{loop.pk}/notice/")["Location"] == f"/loops/{loop.pk}/"
    assert client.get("/loops/999999/").status_code == 409


# ------------------------------------------------------------------ raising


def test_the_organization_is_searched_for_first(town: District) -> None:
    client = client_of(town.inspector, town)

    several = text_of(client, "/loops/new/?q=一村")
    one = client.get("/loops/new/?q=西川一村")

    assert ["东川一村党支部" in several, "西川一村党支部" in several] == [True, True]
    assert 'href="/loops/new/?org=SD-E1"' in several
    assert (one.status_code, one["Location"]) == (303, "/loops/new/?org=SD-W1")
    assert "没有找到“不存在的村”。" in text_of(client, "/loops/new/?q=不存在的村")
    assert "没有找到这个组织" in text_of(client, "/loops/new/?org=SD-X")


FINDING = {
    "category": "org_life", "title": "少开一次会", "fact": "二季度只有一次记录。", "origin": "inspection",
    "basis": "《中国共产党支部工作条例（试行）》第十一条", "nature": "by_date", "on": "2026-09-01",
}  # fmt: skip


def test_a_finding_is_raised_and_shown(town: District) -> None:
    client = client_of(town.inspector, town)

    response = client.post("/loops/new/?org=SD-E1", FINDING)

    loop = Loop.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/loops/{loop.pk}/?done=raised")
    assert (loop.organization_id, loop.raised_by, loop.opened_on) == (
        town.east_branch.pk, "督查乙", dt.date(2026, 9, 1),
    )  # fmt: skip
    assert "问题已立项。" in text_of(client, response["Location"])


def test_a_finding_without_an_article_is_not_raised(town: District) -> None:
    client = client_of(town.inspector, town)

    response = client.post("/loops/new/?org=SD-E1", FINDING | {"basis": " ", "category": "other"})

    html = response.content.decode()
    assert response.status_code == 422
    assert "请填写依据条款。" in html
    assert "请写明是哪一类问题。" in html
    assert "二季度只有一次记录。" in html
    assert not Loop.objects.exists()


def test_a_finding_of_tomorrow_is_refused_beside_the_form(town: District) -> None:
    client = client_of(town.inspector, town)

    response = client.post("/loops/new/?org=SD-E1", FINDING | {"on": "2099-01-01"})

    html = response.content.decode()
    assert response.status_code == 409
    assert "日期不能晚于今天" in html
    assert "二季度只有一次记录。" in html


def test_a_secretary_raises_no_findings(town: District) -> None:
    html = text_of(client_of(town.east_secretary, town), "/loops/new/", status=409)

    assert "您的角色不能办理“提出问题”" in html


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_costs_the_same_for_many_of_a_kind(town: District, rows: int) -> None:
    for _ in range(rows - 1):
        cast.raised(town)
    loop = cast.closed(town)
    client = client_of(town.officer, town)
    client.get("/styleguide")

    with query_budget("loops.page"):
        client.get(f"/loops/{loop.pk}/")
