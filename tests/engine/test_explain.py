"""Explain: which rows were counted, which fall short, and why the others were left out."""

import datetime as dt
from typing import Any

import pytest

from tests.engine.small import CATALOG, D, Sqlite, item
from tests.engine.worlds import (
    AS_OF,
    COUNT,
    DEADLINE,
    HOURS,
    LATEST,
    RATIO,
    held,
    loops,
    meetings,
    people,
    reported,
    seats,
    world,
)
from wuju.engine.compiler import compile_rules
from wuju.engine.explain import REASONS, explain_sql
from wuju.engine.items import Item
from wuju.engine.program import Statement
from wuju.engine.rules import Rules
from wuju.engine.world import World

SCORED: dict[str, Any] = {
    "of": "meeting",
    "score": "pass",
    "target": {"at_least": 1},
    "grace_days": 0,
}
type Listed = list[tuple[int, str | None]]


def explain(
    thing: Item, place: World, period: int = 2026102, as_of: dt.date = AS_OF, **given: Any
) -> tuple[Listed, Listed, Listed]:
    """(counted, missing, excluded), each as (key, reason)."""
    program = compile_rules(Rules((thing,), **given), CATALOG, "sqlite")
    with Sqlite(place) as database:
        found = explain_sql(program, thing.code, 1, period, as_of=as_of, sources=database.sources)

        def rows(statement: Statement) -> Listed:
            listed = database.execute(statement.sql, statement.params)
            return [(key, reason) for key, _, _, reason in listed]

        return rows(found.counted), rows(found.missing), rows(found.excluded)


def test_a_count_names_its_rows_and_those_its_condition_leaves_out() -> None:
    facts = meetings("2026-05-01", "2026-05-02")
    facts["meeting"][1]["status"] = "planned"
    assert explain(COUNT, world(facts)) == ([(1, None)], [], [(2, "where")])


def test_what_is_dated_after_as_of_is_not_yet() -> None:
    found = explain(COUNT, world(meetings("2026-08-20", "2026-08-21")), 2026103)
    assert found == ([(1, None)], [], [(2, "not_yet")])


def test_a_ratio_names_the_rows_that_fall_short() -> None:
    counted, missing, _ = explain(RATIO, world(held((5, 10), (4, 10), (None, 10))))
    assert (len(counted), missing) == (3, [(2, None), (3, None)])


def test_evidence_chooses_the_failing_rows_of_a_ratio() -> None:
    chosen = RATIO.model_copy(update={"evidence": "present < 5"})
    assert explain(chosen, world(held((5, 10), (4, 10), (None, 10))))[1] == [(2, None)]


def test_a_deadline_names_late_and_open_rows_and_those_not_due() -> None:
    pairs = [
        ("2026-07-30", "2026-07-30"),
        ("2026-07-10", "2026-07-11"),
        ("2026-08-01", None),
        ("2026-09-01", None),
    ]
    counted, missing, excluded = explain(DEADLINE, world(loops(*pairs)), 2026103)
    assert {key for key, _ in counted} == {1, 2, 3}
    assert missing == [(2, None), (3, None)]
    assert excluded == [(4, "not_due")]


def test_coverage_names_the_members_not_reached_and_the_exempt() -> None:
    members = people("full", "full", "full", "full")
    members[1]["exempt"], members[2]["state"] = True, "lost"
    hours = [{"member_id": 1, "hours": 90, "level": "county", "held_on": D("2026-05-01")}]
    place = world({"member": members, "course_hours": hours})
    counted, missing, excluded = explain(HOURS, place, exempt={"member": "NOT exempt"})
    assert (counted, missing) == ([(1, None), (4, None)], [(4, None)])
    assert excluded == [(2, "exempt"), (3, "where")]


def test_latest_names_the_row_taken_and_the_older_ones() -> None:
    place = world(reported(("2026-05-01", 7), ("2026-06-01", 9), ("2026-06-02", None)))
    assert explain(LATEST, place) == ([(2, None)], [], [(1, "older"), (3, "no_value")])


def test_a_set_names_the_kinds_that_are_missing() -> None:
    bodies = item(
        "a.set", kind="set", of="seat", member="post", all_of=["secretary", "deputy"], target=None
    )
    facts = seats(("2026-01-01", None))
    facts["seat"] += seats(("2026-01-01", None), post="member")["seat"]
    assert explain(bodies, world(facts)) == ([(1, None)], [(1, "secretary")], [(2, "other_kind")])


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"waivers": [(1, "a.count", D("2020-01-01"), None)]}, "waived"),
        ({"life": [(1, D("2026-05-01"), None)]}, "not_owed"),
    ],
)
def test_a_cell_that_is_not_judged_counts_nothing(given: dict[str, Any], reason: str) -> None:
    found = explain(COUNT, world(meetings("2026-05-01"), **given))
    assert found == ([], [], [(1, reason)])
    assert reason in REASONS


def test_a_composite_names_its_parts_that_were_judged_and_those_that_were_not() -> None:
    lecture: dict[str, Any] = {**SCORED, "where": "kind = 'lecture'"}
    half, later = item("a.half", **lecture), item("a.later", **lecture, per="year")
    whole = item(
        "a.whole", kind="composite", parts={"a.half": 2, "a.count": 1, "a.later": 1}, per="year"
    )
    facts = meetings("2026-02-01", "2026-05-01")
    program = compile_rules(Rules((COUNT, half, later, whole)), CATALOG, "sqlite")
    with Sqlite(world(facts)) as database:
        found = explain_sql(program, "a.whole", 1, 2026300, as_of=AS_OF, sources=database.sources)
        said = [
            database.execute(each.sql, each.params)
            for each in (found.counted, found.missing, found.excluded)
        ]
    assert found.parts == ("a.half", "a.count", "a.later")
    ended = "2026-06-30"
    assert said == [
        [(1, 1, ended, None), (2, 1, ended, None)],
        [(2, 1, ended, None)],
        [(3, 1, None, "not_judged")],
    ]
