"""督查 through its pages: a number first, then findings raised from it."""

import pytest
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import NOW, District
from tests.loops import cast
from tests.web.conftest import SignIn
from tests.web.findings_cast import client_of, text_of
from wuju.accountability.inspections.actions import (
    InspectionDraft,
    plan_inspection,
    raise_from_inspection,
)
from wuju.accountability.inspections.models import Inspection
from wuju.loops.models import Loop

FILLED = {
    "title": "三季度组织生活专项督查", "kind": "special", "planned": "yes", "plan_number": "备2026-3",
    "approval_number": "", "started_on": "2026-09-01", "ended_on": "2026-09-05", "team": "督查一组",
}  # fmt: skip


@pytest.fixture
def inspector_page(town: District) -> Client:
    return client_of(town.inspector, town)


def planned(town: District, title: str = "三季度专项督查") -> Inspection:
    return plan_inspection(
        draft=InspectionDraft(
            title=title,
            kind="special",
            started_on=cast.RAISED,
            ended_on=cast.NOTIFIED,
            plan_number="备2026-3",
            organization_ids=[town.east.pk],
        ),
        actor=town.inspector,
        at=NOW,
    )


def test_no_inspection_yet_says_what_one_needs(inspector_page: Client) -> None:
    html = text_of(inspector_page, "/inspections/")

    assert "还没有督查。" in html
    assert "计划外的凭批准文号" in html


def test_an_inspection_is_entered_with_its_number(town: District, inspector_page: Client) -> None:
    response = inspector_page.post("/inspections/new/", FILLED | {"towns": [str(town.east.pk)]})

    row = Inspection.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/inspections/{row.pk}/?done=1")
    html = text_of(inspector_page, response["Location"])
    for word in (
        "督查已登记。",
        "备2026-3",
        "专项督查",
        "督查一组",
        "中共东川镇委员会",
        "试点区委组织部",
    ):
        assert word in html, word
    assert "三季度组织生活专项督查" in text_of(inspector_page, "/inspections/")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"plan_number": ""}, "列入年度计划的督查须写明计划备案号"),
        ({"planned": "no"}, "计划外的督查须一事一报、经批准后开展"),
        ({"ended_on": "2026-08-01"}, "结束日期不能早于开始日期"),
    ],
)
def test_without_a_basis_nothing_is_entered(
    inspector_page: Client, changed: dict[str, str], sentence: str
) -> None:
    response = inspector_page.post("/inspections/new/", FILLED | changed)

    html = response.content.decode()
    assert response.status_code == 409
    assert sentence in html
    assert 'value="三季度组织生活专项督查"' in html
    assert not Inspection.objects.exists()


def test_empty_fields_are_named(inspector_page: Client) -> None:
    response = inspector_page.post("/inspections/new/", FILLED | {"title": "", "ended_on": "明天"})

    html = response.content.decode()
    assert response.status_code == 422
    assert "请填写名称。" in html
    assert "请按 2026-10-15 这样的格式填写日期。" in html


def test_a_finding_is_raised_from_an_inspection(town: District, inspector_page: Client) -> None:
    visit = planned(town)
    address = f"/inspections/{visit.pk}/findings/new/"

    chosen = inspector_page.get(f"{address}?q=东川一村")
    form = text_of(inspector_page, chosen["Location"])
    response = inspector_page.post(
        chosen["Location"],
        {
            "category": "org_life", "title": "少开一次会", "fact": "二季度只有一次记录。",
            "basis": "工作条例第十一条", "nature": "by_date", "on": "2026-09-02",
        },
    )  # fmt: skip

    loop = Loop.objects.get()
    assert chosen["Location"] == f"{address}?org=SD-E1"
    assert "问题来源" not in form
    assert (response.status_code, loop.origin) == (303, "inspection")
    html = text_of(inspector_page, f"/inspections/{visit.pk}/")
    assert f'href="/loops/{loop.pk}/"' in html
    assert "东川一村党支部" in html


def test_a_day_outside_the_inspection_is_refused(town: District, inspector_page: Client) -> None:
    visit = planned(town)

    response = inspector_page.post(
        f"/inspections/{visit.pk}/findings/new/?org=SD-E1",
        {
            "category": "org_life", "title": "少开一次会", "fact": "二季度只有一次记录。",
            "basis": "工作条例第十一条", "nature": "by_date", "on": "2026-08-02",
        },
    )  # fmt: skip

    assert response.status_code == 409
    assert "发现问题的日期应在督查开始以后" in response.content.decode()
    assert not Loop.objects.exists()


def test_a_township_not_visited_sees_nothing_of_it(town: District) -> None:
    visit = planned(town)
    east, west = (client_of(actor, town) for actor in (town.east_officer, town.west_officer))

    assert "三季度专项督查" in text_of(east, f"/inspections/{visit.pk}/")
    assert "三季度专项督查" not in text_of(west, "/inspections/")
    assert "三季度专项督查" not in text_of(west, f"/inspections/{visit.pk}/", status=409)


def test_a_township_enters_no_inspections(town: District) -> None:
    client = client_of(town.east_officer, town)

    assert "登记督查" not in text_of(client, "/inspections/")
    assert "您的角色不能办理" in text_of(client, "/inspections/new/", status=409)


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_the_separated_roles_see_no_inspections(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)

    for address in ("/inspections/", "/inspections/new/", "/inspections/1/"):
        assert "请由有权限的同志办理。" in text_of(client, address, status=409)


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_cost_the_same_for_many(town: District, inspector_page: Client, rows: int) -> None:
    visits = [planned(town, f"第{number}次督查") for number in range(rows)]
    for _ in range(rows):
        raise_from_inspection(
            inspection_id=visits[0].pk,
            draft=cast.draft(town.east_branch),
            actor=town.inspector,
            at=NOW,
        )
    inspector_page.get("/styleguide")

    with query_budget("inspections.list"):
        inspector_page.get("/inspections/")
    with query_budget("inspections.page"):
        inspector_page.get(f"/inspections/{visits[0].pk}/")
