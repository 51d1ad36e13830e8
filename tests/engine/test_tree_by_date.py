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
