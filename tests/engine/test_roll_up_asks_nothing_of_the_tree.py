"""The roll-up is right over any rows of `closure`: no tree at all, moves, twice the same row, lives inside a period."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG, D
from tests.engine.test_executors_agree import QUICK, wide_of
from tests.engine.worlds import AS_OF, COUNT, OLD, RATIO, world
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.rules import Rules
from wuju.engine.world import World

ORGS = range(1, 8)
RULES = Rules((COUNT, RATIO))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(ORGS),
        st.sampled_from(ORGS),
        st.sampled_from([OLD, OLD, OLD, *randomly.EDGES]),
        st.sampled_from([None, None, None, *randomly.EDGES]),
    ),
    max_size=20,
)


def place(closure: list[tuple]) -> World:  # type: ignore[type-arg]
    held = [
        {
            "org_id": org,
            "held_on": D(f"2026-0{month}-05"),
            "status": "held",
            "due": 9,
            "present": org + month,
        }
        for org in ORGS
        for month in range(1, 8, 1 + org % 2)
    ]
    return world(
        {
            "org": [{"org_id": org, "kind": "branch", "from_on": OLD} for org in ORGS],
            "meeting": [{"kind": "members", **row} for row in held],
        },
        life=[(org, OLD, None) for org in ORGS],
        lineage=[(org, org) for org in ORGS],
        feeds=[(org, "meeting", OLD) for org in ORGS if org % 3],
        closure=closure,
    )


def agree(closure: list[tuple]) -> None:  # type: ignore[type-arg]
    there = place(closure)
    with wide_of(there) as wide:
        program = compile_rules(RULES, CATALOG, "duckdb")
        cells = wide.evaluate(program, as_of=AS_OF)
        assert cells
        assert wide.roll_up(program, as_of=AS_OF) == oracle.roll_up(RULES, cells, there, AS_OF)


@given(closure=ROWS)
@QUICK
def test_any_rows_are_summed_as_the_oracle_says(closure: list[tuple]) -> None:  # type: ignore[type-arg]
    agree(closure)


@given(seed=st.integers(0, 2**40))
@QUICK
def test_a_tree_with_moved_subtrees_and_one_row_twice(seed: int) -> None:
    rng = random.Random(seed)
    rows = randomly.closure(rng, list(ORGS))
    agree([*rows, *rng.choices(rows, k=rng.randint(0, 2))])


def test_what_a_moved_village_passes_on_goes_where_it_stood_on_the_day() -> None:
    day = D("2026-07-15")
    moved = [(8, 3, OLD, day), (9, 3, day, None), (3, 3, OLD, None)]
    below = [
        row
        for org in (1, 2)
        for row in (
            (org, org, OLD, None),
            (3, org, OLD, None),
            (8, org, OLD, day),
            (9, org, day, None),
        )
    ]
    agree([*moved, *below, (8, 8, OLD, None), (9, 9, OLD, None)])


def test_a_row_written_twice_is_not_taken_for_another_ancestor() -> None:
    """1 stands under 2 and twice under 6, 2 under 6 and 7: as many rows, yet 1 is not below 7."""
    twice = [(2, 1, OLD, None), *[(6, 1, OLD, None)] * 2, (6, 2, OLD, None), (7, 2, OLD, None)]
    agree([*twice, (1, 1, OLD, None), (2, 2, OLD, None)])
