"""An inspection is in the year's plan or approved on its own; what it finds enters the one loop."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.conftest import NOW, TODAY, District
from tests.loops import cast
from wuju.accountability.inspections import actions, queries
from wuju.accountability.inspections.models import Inspection, Visit
from wuju.kit.actors import NotGranted, OutsideScope
from wuju.kit.errors import DomainError
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records

STARTED = dt.date(2026, 9, 1)


def draft(town: District, **more: object) -> actions.InspectionDraft:
    planned = actions.InspectionDraft(
        title="三季度基层党建督查",
        kind="comprehensive",
        started_on=STARTED,
        ended_on=dt.date(2026, 9, 4),
        plan_number="试组督备〔2026〕1号",
        team="督查乙、督查辛",
        organization_ids=[town.east_branch.pk],
    )
    return replace(planned, **more)  # type: ignore[arg-type]


def plan(town: District, **more: object) -> Inspection:
    return actions.plan_inspection(draft=draft(town, **more), actor=town.officer, at=NOW)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"plan_number": " "}, "须写明计划备案号"),
        ({"planned": False, "plan_number": ""}, "计划外的督查须一事一报"),
        ({"ended_on": STARTED - dt.timedelta(days=1)}, "结束日期不能早于开始日期"),
    ],
)
def test_an_inspection_outside_the_plan_needs_an_approval(
    town: District, wrong: dict[str, object], sentence: str
) -> None:
    before = Event.objects.count()
    with pytest.raises(DomainError, match=sentence):
        plan(town, **wrong)
    assert (Inspection.objects.count(), Event.objects.count()) == (0, before)

    assert plan(town).unit_id == town.office.pk


def test_an_approved_one_may_stand_outside_the_plan(town: District) -> None:
    row = plan(town, planned=False, plan_number="", approval_number="试办批〔2026〕7号")

    assert queries.inspections(scope=town.officer.scope)[0].basis == row.approval_number


def test_a_second_comprehensive_inspection_in_a_year_is_refused(town: District) -> None:
    plan(town)
    later = {"title": "四季度督查", "started_on": TODAY, "ended_on": TODAY}

    with pytest.raises(actions.OneComprehensiveAYear, match="三季度基层党建督查"):
        plan(town, **later)
    plan(town, **later, kind="special")
    plan(town, **later, approval_number="试办批〔2026〕8号")
    next_year = dt.date(2027, 3, 1)
    plan(town, started_on=next_year, ended_on=next_year)
    assert Inspection.objects.count() == 4


def test_only_inspectors_plan_and_only_inside_their_scope(town: District) -> None:
    with pytest.raises(NotGranted):
        actions.plan_inspection(draft=draft(town), actor=town.east_officer, at=NOW)
    narrow = replace(town.inspector, scope=town.east_officer.scope, unit_path=town.east.path)
    with pytest.raises(OutsideScope):
        actions.plan_inspection(
            draft=draft(town, organization_ids=[town.west_branch.pk]), actor=narrow, at=NOW
        )
    row = actions.plan_inspection(draft=draft(town), actor=narrow, at=NOW)
    assert row.unit_id == town.east.pk


def test_what_it_finds_enters_the_loop_with_its_origin(town: District) -> None:
    row = plan(town)
    loop = actions.raise_from_inspection(
        inspection_id=row.pk,
        draft=cast.draft(town.west_branch, origin="complaint"),
        actor=town.inspector,
        at=NOW,
    )

    assert (loop.origin, loop.opened_on) == ("inspection", row.ended_on)
    page = queries.inspection(scope=town.officer.scope, inspection_id=row.pk, today=TODAY)
    assert [found.id for found in page.findings] == [loop.pk]
    assert [name for _, name in page.visited] == ["东川一村党支部", "西川一村党支部"]
    assert verify_records(scope=town.officer.scope) == []


@pytest.mark.parametrize("day", [STARTED - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)])
def test_a_finding_is_made_during_the_inspection(town: District, day: dt.date) -> None:
    row = plan(town)
    before = cast.trace()

    def found(on: dt.date) -> object:
        return actions.raise_from_inspection(
            inspection_id=row.pk,
            draft=cast.draft(town.east_branch),
            on=on,
            actor=town.inspector,
            at=NOW,
        )

    with pytest.raises(actions.NotDuringTheInspection):
        found(day)
    assert cast.trace() == before
    assert found(STARTED)


def test_a_refused_finding_leaves_the_inspection_as_it_was(town: District) -> None:
    row = plan(town)
    before = (cast.trace(), Visit.objects.count())

    with pytest.raises(DomainError, match="没有依据的不立项"):
        actions.raise_from_inspection(
            inspection_id=row.pk,
            draft=cast.draft(town.west_branch, basis=""),
            actor=town.inspector,
            at=NOW,
        )
    assert (cast.trace(), Visit.objects.count()) == before


def test_a_township_sees_the_inspections_that_came_to_it_and_its_own_findings(
    town: District,
) -> None:
    row = plan(town)
    for organization in (town.east_branch, town.west_branch):
        actions.raise_from_inspection(
            inspection_id=row.pk, draft=cast.draft(organization), actor=town.inspector, at=NOW
        )

    (east,) = queries.inspections(scope=town.east_officer.scope)
    assert east.findings == 1
    page = queries.inspection(scope=town.east_officer.scope, inspection_id=row.pk, today=TODAY)
    assert {found.path for found in page.findings} == {town.east_branch.path}
    other = plan(town, title="专项督查", kind="special")
    with pytest.raises(OutsideScope):
        queries.inspection(scope=town.west_officer.scope, inspection_id=other.pk, today=TODAY)


def test_branches_nobody_came_to_are_listed_first(town: District) -> None:
    plan(town)

    rows = queries.coverage(scope=town.officer.scope)

    assert [(row.name, row.last_on) for row in rows] == [
        ("东川二村党支部", None),
        ("西川一村党支部", None),
        ("东川一村党支部", STARTED),
    ]
