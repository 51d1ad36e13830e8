"""为什么 goes from a number to its rule and its rows, and never beyond the reader's scope."""

import datetime as dt

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import District
from tests.loops import cast
from tests.web.conftest import SignIn
from tests.web.judged import judged, on_the_day

__all__ = ["judged", "on_the_day"]
MEETINGS = "/why/{}/meetings.members_meeting/{}/"


def main(client: Client, page: str) -> str:
    response = client.get(page)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_a_met_item_lists_the_record_that_counted(judged: District, signed_in: SignIn) -> None:
    branch = judged.east_branch
    page = main(signed_in("secretary", branch), MEETINGS.format(branch.pk, "2026Q4"))

    assert "东川一村党支部：四季度支部党员大会" in page
    assert "算进来 1 条" in page
    assert "/meetings/" in page


def test_a_missed_item_says_what_is_short(judged: District, signed_in: SignIn) -> None:
    branch = judged.east_branch
    page = main(signed_in("secretary", branch), MEETINGS.format(branch.pk, "2026Q3"))

    assert "未达到，已有 0。" in page
    assert "还差次数：每季度至少 1 次，已有 0" in page
    assert "补录以后，这里会立刻更新" in page


def test_the_rule_is_cited_with_its_mark_and_version(judged: District, signed_in: SignIn) -> None:
    page = main(signed_in("county_officer"), MEETINGS.format(judged.east_branch.pk, "2026Q3"))

    assert "《中国共产党支部工作条例（试行）》第十一条" in page
    assert "试点〔2026〕1号" in page
    assert "规则指纹" in page
    assert "数据截至" in page


def test_a_number_nobody_read_in_a_text_carries_its_mark(
    judged: District, signed_in: SignIn
) -> None:
    lectures = f"/why/{judged.east_branch.pk}/meetings.party_lecture/2026/"

    page = main(signed_in("secretary", judged.east_branch), lectures)

    assert "4 次/年见于二手、外地或旧文本，未见原文（V2）" in page


def test_a_township_shows_the_branches_below_and_the_way_up(
    judged: District, signed_in: SignIn
) -> None:
    page = main(signed_in("county_officer"), MEETINGS.format(judged.east.pk, "2026Q3"))

    assert "2 个下级中 1 个有待补的" in page
    assert MEETINGS.format(judged.east_branch.pk, "2026Q3") in page
    assert MEETINGS.format(judged.county.pk, "2026Q3") in page
    assert "组织数逐级相加，不是平均。" in page


def test_the_way_up_ends_where_the_scope_ends(judged: District, signed_in: SignIn) -> None:
    page = main(
        signed_in("township_officer", judged.east),
        MEETINGS.format(judged.east_branch.pk, "2026Q3"),
    )

    assert MEETINGS.format(judged.east.pk, "2026Q3") in page
    assert MEETINGS.format(judged.county.pk, "2026Q3") not in page


def test_a_source_to_be_confirmed_is_marked_and_judges_nobody(
    judged: District, signed_in: SignIn
) -> None:
    page = main(
        signed_in("county_officer"), f"/why/{judged.east.pk}/study.theory_learning/2026Q3/"
    )

    assert "依据待核" in page
    assert "不作评判" in page


def test_another_township_is_refused(judged: District, signed_in: SignIn) -> None:
    client = signed_in("township_officer", judged.west)

    assert client.get(MEETINGS.format(judged.east_branch.pk, "2026Q3")).status_code == 409


def test_an_auditor_sees_no_business(judged: District, signed_in: SignIn) -> None:
    assert signed_in("auditor").get(MEETINGS.format(judged.east.pk, "2026Q3")).status_code == 409


@pytest.mark.parametrize(
    ("item", "period"),
    [("meetings.nothing", "2026Q3"), ("meetings.members_meeting", "2026-09"), ("meetings.members_meeting", "Q3")],
)  # fmt: skip
def test_what_was_never_judged_is_refused_with_a_sentence(
    judged: District, signed_in: SignIn, item: str, period: str
) -> None:
    response = signed_in("county_officer").get(f"/why/{judged.east.pk}/{item}/{period}/")

    assert response.status_code == 409
    assert "。" in response.content.decode()


def test_a_reason_costs_the_same_however_many_rows(judged: District, signed_in: SignIn) -> None:
    client = signed_in("county_officer")
    address = MEETINGS.format(judged.east.pk, "2026Q3")
    client.get(address)

    with query_budget("web.why"):
        client.get(address)


def test_a_composite_opens_the_pages_of_its_parts(
    judged: District, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, day in (("RAISED", 2), ("NOTIFIED", 4), ("PLANNED", 9)):
        monkeypatch.setattr(cast, name, dt.date(2026, 3, day))
    cast.planned(judged)  # due in the second quarter, and never closed
    branch = judged.east_branch

    page = main(signed_in("county_officer"), f"/why/{branch.pk}/accountability.closed_loop/2026/")

    assert "算进来 1 项" in page
    assert f'href="/why/{branch.pk}/findings.closed_on_time/2026Q2/"' in page
