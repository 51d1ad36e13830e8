"""Roll-ups follow the tree valid on min(period end, as of)."""

import pytest

from tests.engine.small import CATALOG, D
from tests.engine.test_executors_agree import wide_of
from tests.engine.worlds import AS_OF, COUNT, OLD, world
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.rules import Rules


@pytest.mark.parametrize(
    ("moved_on", "new_home"),
    [
        ("2026-06-30", {2026102, 2026103}),
        ("2026-07-01", {2026103}),
        ("2026-08-20", {2026103}),
        ("2026-08-21", set()),
    ],
)
def test_a_moved_branch_counts_above_from_the_snapshot_day_on(
    moved_on: str, new_home: set[int]
) -> None:
    day = D(moved_on)
    place = world(closure=[(1, 1, OLD, None), (8, 1, OLD, day), (9, 1, day, None)])
    rules = Rules((COUNT,))
    lines = oracle.roll_up(rules, oracle.evaluate(rules, CATALOG, place, AS_OF), place, AS_OF)
    assert {line.period for line in lines if line.org_id == 9} == new_home
    assert {line.period for line in lines if line.org_id == 8} == {
        2026101,
        2026102,
        2026103,
    } - new_home
    program = compile_rules(rules, CATALOG, "duckdb")
    with wide_of(place) as wide:
        wide.cells(program, as_of=AS_OF)
        assert wide.roll_up(program, as_of=AS_OF) == lines


def test_branches_that_stood_under_the_same_two_at_other_times_are_no_siblings() -> None:
    """Alike but for the dates: added up together, one would be carried to the other's committee."""
    day = D("2026-07-15")
    place = world(
        {"org": [{"org_id": org, "kind": "branch", "from_on": OLD} for org in (1, 2)]},
        life=[(1, OLD, None), (2, OLD, None)],
        lineage=[(1, 1), (2, 2)],
        closure=[
            *((1, 1, OLD, None), (8, 1, OLD, day), (9, 1, day, None)),
            *((2, 2, OLD, None), (9, 2, OLD, day), (8, 2, day, None), (8, 8, OLD, None)),
        ],
        feeds=[(2, "meeting", OLD)],
    )
    rules = Rules((COUNT,))
    cells = oracle.evaluate(rules, CATALOG, place, AS_OF)
    with wide_of(place) as wide:
        wide.cells(compile_rules(rules, CATALOG, "duckdb"), as_of=AS_OF)
        lines = wide.roll_up(compile_rules(rules, CATALOG, "duckdb"), as_of=AS_OF)
    assert lines == oracle.roll_up(rules, cells, place, AS_OF)
    by_place = {(line.org_id, line.period): line.unverified for line in lines}
    assert (by_place[8, 2026102], by_place[9, 2026102]) == (1, 0)
    assert (by_place[8, 2026103], by_place[9, 2026103]) == (0, 1)
