"""What is entered afterwards, for a period that is over, leads to what a full run says — cells and sums.

Only the items that read the fact are judged again, the dated ones only for the days of the rows.
"""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG, Sqlite
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.deltas import deltas
from wuju.engine.program import Program
from wuju.engine.results import Cell
from wuju.engine.world import World, valid
from wuju.kit.periods import period_from_number

SEEDS = st.integers(0, 2**40)
type Entry = tuple[str, list[dict[str, Any]], list[dt.date] | None]
type Entering = Callable[[random.Random, World, dt.date], Entry]


def late_events(rng: random.Random, world: World, as_of: dt.date) -> Entry:
    """Some rows of an event, dated before the day that is asked about."""
    name = rng.choice([fact for fact, spec in CATALOG.items() if spec.date])
    spec, rows = CATALOG[name], [dict(row) for row in world.facts[name]]
    past = [day for day in randomly.EDGES if day < as_of]
    key = max((row[spec.key] for row in rows), default=0)
    days = [rng.choice(past) for _ in range(rng.randint(1, 9))]
    added: list[dict[str, Any]] = []
    for number, day in enumerate(days, 1):
        row: dict[str, Any] = {
            spec.key: key + number,
            "org_id": rng.randint(1, 4),
            spec.date or "": day,
        }
        for column, of in spec.columns.items():
            row.setdefault(column, randomly.value(rng, column, of.type, of.values))
        added.append(row)
    return name, [*rows, *added], days


def late_transfer(rng: random.Random, world: World, as_of: dt.date) -> Entry:
    """A member turns out to have moved some time ago: its last span ends and one begins elsewhere."""
    rows = [dict(row) for row in world.facts["member"]]
    if not rows:
        return "member", rows, None
    row = rng.choice(rows)
    day = rng.choice([day for day in randomly.EDGES if day < as_of])
    until = row["until_on"]
    if row["from_on"] < day and (until is None or until > day):
        row["until_on"] = day
        rows.append({**row, "org_id": row["org_id"] % 4 + 1, "from_on": day, "until_on": until})
    return "member", rows, None


def late_exemption(rng: random.Random, world: World, as_of: dt.date) -> Entry:
    """Exemptions approved afterwards, each for the whole span of a member."""
    exempt = rng.sample(range(1, 25), k=8)
    rows = world.facts["member"]
    return (
        "member",
        [{**row, "exempt": row["exempt"] or row["member_id"] in exempt} for row in rows],
        None,
    )


def enter(seed: int, entering: Entering) -> set[Cell]:
    """Enter something late, judge only what it bears on, and return the cells that changed."""
    rules, world, as_of = randomly.example(seed, orgs=4, rows=24, size=12)
    rng = random.Random(seed + 1)
    fact, rows, days = entering(rng, world, as_of)
    later = replace(world, facts={**world.facts, fact: rows})
    program = Program.from_json(compile_rules(rules, CATALOG, "sqlite").to_json())
    before = oracle.evaluate(rules, CATALOG, world, as_of)
    after = oracle.evaluate(rules, CATALOG, later, as_of)
    read = set(program.items_reading(fact))
    # A child lies on its parent's day by contract (kit.action.touch), not in this random world.
    dated = {
        code
        for code in read
        if days and program.by_code[code].dated and _reads(program, code, fact)
    }
    with Sqlite(later) as database:
        fresh = database.evaluate(program, as_of, items=read - dated)
        if dated and days:
            fresh += database.evaluate(program, as_of, items=dated, days=days)
    now = {_place(cell): cell for cell in before} | {_place(cell): cell for cell in fresh}
    assert now == {_place(cell): cell for cell in after}
    sums(rules, world, as_of, before, after)
    return set(after) ^ set(before)


def _reads(program: Program, code: str, fact: str) -> bool:
    return program.by_code[code].fact == fact


def _place(cell: Cell) -> tuple[int, str, int]:
    return cell.org_id, cell.item, cell.period


def sums(rules: Any, world: World, as_of: dt.date, before: list[Cell], after: list[Cell]) -> None:
    """What changed, added to the old sums of every ancestor, is the sums of a full roll-up."""

    def ancestors(org: int, period: int) -> list[int]:
        day = period_from_number(period).snapshot(as_of)
        return [a for a, d, start, until in world.closure if d == org and valid(start, until, day)]

    was, now = (
        {
            (line.org_id, line.item, line.period): line
            for line in oracle.roll_up(rules, cells, world, as_of)
        }
        for cells in (before, after)
    )
    for place, delta in deltas(before, after, rules, ancestors).items():
        for name in delta.__dataclass_fields__:
            old, new = (
                getattr(lines[place], name) or 0 if place in lines else 0 for lines in (was, now)
            )
            assert old + getattr(delta, name) == new, (place, name)


@pytest.mark.parametrize("entering", [late_events, late_transfer, late_exemption])
@given(seed=SEEDS)
@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_a_late_entry_leads_to_the_full_run(entering: Entering, seed: int) -> None:
    enter(seed, entering)


@pytest.mark.slow
@pytest.mark.parametrize("entering", [late_events, late_transfer, late_exemption])
@given(seed=SEEDS)
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_late_entry_leads_to_the_full_run_for_long(entering: Entering, seed: int) -> None:
    enter(seed, entering)


@pytest.mark.parametrize("entering", [late_events, late_transfer, late_exemption])
def test_late_entries_change_something(entering: Entering) -> None:
    """A property about entries that never matter would say nothing."""
    assert sum(bool(enter(seed, entering)) for seed in range(20)) >= 3
