"""Courses and hours: recorded by the branch from real courses, never a comparison of persons."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, SYSTEM, TODAY, add_members
from tests.guidance.conftest import Village, events
from wuju.guidance.study import actions, queries
from wuju.guidance.study.actions import HoursChange
from wuju.guidance.study.drafts import CourseDraft
from wuju.guidance.study.models import Course, CourseHours
from wuju.kit import action
from wuju.kit.actors import NotGranted, OrgScope, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.facts import fact_sources
from wuju.kit.markings import MarkedSecret
from wuju.kit.names import sort_by_strokes
from wuju.ledger import queries as ledger
from wuju.people.actions import transfer_member

ALL = OrgScope.whole(because="the tests look at everything")


def course(village: Village, **more: object) -> CourseDraft:
    values: dict[str, object] = {
        "name": "党员冬训",
        "started_on": dt.date(2026, 3, 2),
        "ended_on": dt.date(2026, 3, 5),
        "hours": dict.fromkeys(village.members, 320),
    }
    return CourseDraft(organization_id=village.branch.pk, **(values | more))  # type: ignore[arg-type]


def record(village: Village, **more: object) -> Course:
    return actions.record_course(
        draft=course(village, **more), actor=village.town.east_secretary, at=NOW
    )


def gap(village: Village, **more: object) -> queries.Gap:
    values: dict[str, object] = {"scope": ALL, "year": 2026, "as_of": TODAY}
    return queries.coverage_gap(organization_id=village.branch.pk, **(values | more))  # type: ignore[arg-type]


def test_a_course_keeps_the_hours_of_its_members(village: Village) -> None:
    made = record(village)

    assert (made.level, made.hours.count()) == ("branch", 10)
    assert events() == ["course.recorded"]
    assert ledger.verify_records(scope=ALL) == []


def test_a_course_on_record_gains_members(village: Village) -> None:
    record(village, hours={village.members[0]: 80})

    record(village, name="党员冬训 ", hours={village.members[1]: 80})

    assert Course.objects.get().hours.count() == 2
    with pytest.raises(actions.SeatedTwice):
        record(village, hours={village.members[1]: 80})


def test_the_gap_names_those_below_by_strokes_and_leaves_the_exempt_out(village: Village) -> None:
    record(village, hours=dict.fromkeys(village.members[2:6], 320))
    record(village, name="半日班", hours={village.members[7]: 40})

    found = gap(village)

    assert (found.due, found.covered) == (9, 4)
    assert {row.member_id for row in found.rows} == {*village.members[6:], village.probationary}
    names = [row.name for row in found.rows]
    assert names == sort_by_strokes(names)
    assert {field.name for field in dataclasses.fields(queries.GapRow)} == {"member_id", "name"}


def test_hours_count_in_their_own_year_only(village: Village) -> None:
    record(village)

    assert gap(village).covered == 8
    assert gap(village, year=2025).covered == 0
    assert gap(village, at_least_tenths=321).covered == 0


def test_hours_follow_the_member(village: Village) -> None:
    record(village)
    transfer_member(
        member_id=village.members[4],
        to_organization_id=village.town.east_small.pk,
        on=dt.date(2026, 6, 1),
        actor=SYSTEM,
        at=NOW,
    )

    moved = queries.coverage_gap(
        scope=ALL, organization_id=village.town.east_small.pk, year=2026, as_of=TODAY
    )

    assert (moved.due, moved.covered) == (1, 1)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"ended_on": dt.date(2026, 12, 1)}, actions.NotYetOver),
        ({"started_on": dt.date(2026, 3, 6)}, actions.EndsBeforeItStarts),
        (
            {"started_on": dt.date(2014, 3, 6), "ended_on": dt.date(2014, 3, 6)},
            actions.BeforeEstablishment,
        ),
        ({"level": "moon"}, actions.NotWrittenRight),
        ({"name": " "}, actions.NotWrittenRight),
        ({"name": "机密★10年"}, MarkedSecret),
        ({"hours": {1: 0}}, actions.NotWrittenRight),
        ({"hours": {999_999: 10}}, OutsideScope),
    ],
)
def test_refuses_what_cannot_be_and_leaves_no_trace(
    village: Village, change: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        record(village, **change)

    assert not Course.objects.exists()
    assert not CourseHours.objects.exists()
    assert events() == []


def test_refuses_strangers_and_roles_that_keep_no_records(village: Village) -> None:
    for actor, refusal in (
        (village.town.west_officer, OutsideScope),
        (village.town.inspector, NotGranted),
    ):
        with pytest.raises(refusal):
            actions.record_course(draft=course(village), actor=actor, at=NOW)
    with pytest.raises(OutsideScope):
        gap(village, scope=village.town.west_officer.scope)

    outsiders = add_members(village.town.west_branch, 1)
    with pytest.raises(OutsideScope):
        record(village, hours={outsiders[0]: 10})
    assert events() == []


def test_a_landing_is_one_event_and_can_be_undone(village: Village) -> None:
    old = record(village, hours={village.members[0]: 80}).hours.get()
    landed = actions.land_courses(
        drafts=[course(village, name="夏训"), course(village, hours={village.members[1]: 80})],
        changes=[HoursChange(old.pk, 1, 160)],
        actor=SYSTEM,
        at=NOW,
        batch="b1",
    )
    assert [len(landed.hours), len(landed.changed)] == [11, 1]
    assert CourseHours.objects.get(pk=old.pk).hours_tenths == 160

    undone = actions.undo_courses(
        batch="b1",
        hours_ids=[row.pk for row in landed.hours],
        restore=[HoursChange(old.pk, 2, 80)],
        actor=SYSTEM,
        at=NOW,
    )

    assert undone == 12
    assert CourseHours.objects.get().hours_tenths == 80
    assert Course.objects.count() == 1  # the course the batch made is empty, so it went too
    assert events() == ["course.recorded", "courses.landed", "courses.undone"]
    assert ledger.verify_records(scope=ALL) == []


def test_refuses_to_undo_what_was_changed_since(village: Village) -> None:
    landed = actions.land_courses(drafts=[course(village)], actor=SYSTEM, at=NOW, batch="b1")
    first = landed.hours[0]
    actions.land_courses(drafts=[], changes=[HoursChange(first.pk, 1, 8)], actor=SYSTEM, at=NOW)

    with pytest.raises(actions.ChangedSinceTheImport):
        actions.undo_courses(
            batch="b1", hours_ids=[row.pk for row in landed.hours], actor=SYSTEM, at=NOW
        )
    with pytest.raises(actions.ChangedSinceTheImport):
        actions.land_courses(
            drafts=[], changes=[HoursChange(first.pk, 1, 9)], actor=SYSTEM, at=NOW
        )
    assert CourseHours.objects.count() == 10


def test_every_write_touches_the_facts_of_recorder_and_member(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, set[int]]] = []
    monkeypatch.setattr(action, "refreshers", [lambda work, _: seen.append(work.orgs)])
    township = dataclasses.replace(course(village), organization_id=village.town.east.pk)
    both = {village.town.east.pk, village.branch.pk}

    landed = actions.land_courses(drafts=[township], actor=SYSTEM, at=NOW)
    assert seen.pop() == {"course": {village.town.east.pk}, "course_hours": both}

    first = landed.hours[0]
    actions.land_courses(drafts=[], changes=[HoursChange(first.pk, 1, 8)], actor=SYSTEM, at=NOW)
    assert seen.pop() == {"course_hours": both}

    actions.undo_courses(
        batch="b", hours_ids=[row.pk for row in landed.hours[1:]], actor=SYSTEM, at=NOW
    )
    assert seen.pop() == {"course_hours": both}

    source = fact_sources["course_hours"]
    (row,) = [dict(zip(source.columns, line, strict=True)) for line in source.rows()]
    assert (row["org_id"], row["hours_tenths"], row["level"]) == (village.town.east.pk, 8, "base")


@pytest.mark.parametrize("how_many", [1, 20])
def test_lists_cost_a_fixed_number_of_queries(village: Village, how_many: int) -> None:
    actions.land_courses(
        drafts=[course(village, name=f"第{n}期") for n in range(how_many)], actor=SYSTEM, at=NOW
    )

    with CaptureQueriesContext(connection) as spent:
        rows = queries.courses(scope=village.town.east_officer.scope)
    assert (len(rows), len(spent)) == (how_many, 1)
    assert rows[0].members == 10

    with CaptureQueriesContext(connection) as spent:
        gap(village)
    assert len(spent) == 3
