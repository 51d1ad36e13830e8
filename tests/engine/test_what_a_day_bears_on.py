"""A dated item: a row bears on no period but that of its day, so a write judges only that one."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG, item
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.items import Item
from wuju.engine.rules import Rules
from wuju.kit.periods import period_from_number

EVENTS = tuple(name for name, spec in CATALOG.items() if spec.date)
HOURS = {"of": "course_hours", "at_least": 1}


@pytest.mark.parametrize(
    ("rule", "dated"),
    [
        (item("a", of="meeting"), True),
        (item("a", of="topic", where="meeting.status = 'held'"), True),
        (item("a", kind="latest", of="income", value="amount_cents"), True),
        (item("a", kind="latest", of="income", value="amount_cents", carry=True), False),
        (item("a", kind="coverage", population="member", each=HOURS), True),
        (item("a", kind="deadline", of="loop_due", due="due_on", done="done_on"), False),
        (item("a", kind="stock", of="seat"), False),
        (item("a", kind="stock", of="org"), False),
    ],
)
def test_which_items_are_dated(rule: Item, *, dated: bool) -> None:
    program = compile_rules(Rules((rule,), digest="d"), CATALOG, "sqlite")
    assert program.by_code["a"].dated is dated


def test_a_composite_is_not_dated_for_it_needs_its_other_sub_periods() -> None:
    whole = item("b", kind="composite", parts={"a": 1}, per="year")
    rules = Rules((item("a", of="meeting", score="pass", weight=1), whole), digest="d")
    assert not compile_rules(rules, CATALOG, "sqlite").by_code["b"].dated


@given(seed=st.integers(0, 2**40))
@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_without_a_row_only_the_period_of_its_day_differs(seed: int) -> None:
    rng = random.Random(seed)
    rules, world = randomly.pack(rng, 8), randomly.district(rng, 4, 25)
    fact = rng.choice([name for name in EVENTS if world.facts.get(name)])
    rows = list(world.facts[fact])
    gone = rows.pop(rng.randrange(len(rows)))
    day = gone[CATALOG[fact].date or ""]
    as_of = rng.choice(randomly.AS_OF)
    program = compile_rules(rules, CATALOG, "sqlite")
    # A child lies on its parent's day by contract (kit.action.touch), not in this random world.
    read = {each.code: each.each.of if each.each else each.fact for each in rules.items}
    asked = {code for code, of in read.items() if of == fact and program.by_code[code].dated}

    before = set(oracle.evaluate(rules, CATALOG, world, as_of))
    after = set(
        oracle.evaluate(rules, CATALOG, replace(world, facts={**world.facts, fact: rows}), as_of)
    )

    differing = {c for c in before ^ after if c.item in asked}
    assert all(day in period_from_number(cell.period) for cell in differing)
