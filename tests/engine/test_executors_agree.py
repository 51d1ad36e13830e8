"""Oracle, SQLite and DuckDB give the same cells, to the last bit, on random districts and packs."""

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG, Sqlite, tables
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.deltas import Delta, deltas
from wuju.engine.explain import explain_sql
from wuju.engine.program import Program
from wuju.engine.results import Cell, RollUp
from wuju.engine.wide import Wide, arrow_table
from wuju.engine.world import World, valid
from wuju.kit.facts import Catalog
from wuju.kit.periods import period_from_number

if TYPE_CHECKING:
    import pyarrow as pa

SEEDS = st.integers(0, 2**40)
QUICK = settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
LONG = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))


def wide_of(world: World) -> Wide:
    return Wide(arrow_of(world), threads=1)


def arrow_of(world: World, catalog: Catalog = CATALOG) -> dict[str, "pa.Table"]:
    """Return every table of a world as Arrow."""
    found = {}
    for name, (columns, rows) in tables(world, catalog).items():
        spec = catalog.get(name)
        types = [(c, (spec.type_of(c) if spec else _structure_type(c)) or "int") for c in columns]
        found[name] = arrow_table(types, rows)
    return found


def _structure_type(column: str) -> str:
    return "date" if column.endswith("_on") else "text" if column in {"fact", "item"} else "int"


def agree(seed: int, orgs: int, rows: int, size: int) -> None:
    rules, world, as_of = randomly.example(seed, orgs, rows, size)
    rng = random.Random(seed + 1)
    truth = oracle.evaluate(rules, CATALOG, world, as_of)
    lines = oracle.roll_up(rules, truth, world, as_of)
    program = Program.from_json(compile_rules(rules, CATALOG, "sqlite").to_json())
    with Sqlite(world) as database:
        same(database.evaluate(program, as_of), truth)
        chosen = rng.sample(range(1, orgs + 1), k=min(orgs, 2))
        codes = {each.code for each in rng.sample(rules.items, k=min(3, len(rules.items)))}
        scoped = [cell for cell in truth if cell.org_id in chosen and cell.item in codes]
        same(database.evaluate(program, as_of, orgs=chosen, items=codes), scoped)
        days = [dt.date(as_of.year, rng.randint(1, 12), rng.randint(1, 28)) for _ in range(2)]
        some = [c for c in scoped if any(d in period_from_number(c.period) for d in days)]
        by_days = {code for code in codes if not program.by_code[code].parts}
        same(
            database.evaluate(program, as_of, orgs=chosen, items=by_days, days=days),
            [cell for cell in some if cell.item in by_days],
        )
        explained(rng, program, database, truth, as_of)
    with wide_of(world) as wide:
        program = compile_rules(rules, CATALOG, "duckdb")
        same(wide.evaluate(program, as_of=as_of), truth)
        assert wide.roll_up(program, as_of=as_of) == lines


def same(found: list[Cell], truth: list[Cell]) -> None:
    assert [a for a, b in zip(found, truth, strict=False) if a != b][:3] == [
        b for a, b in zip(found, truth, strict=False) if a != b
    ][:3]
    assert len(found) == len(truth)


def explained(
    rng: random.Random, program: Program, database: Sqlite, truth: list[Cell], as_of: dt.date
) -> None:
    """The counted rows of a cell are as many as its evidence, and the largest key is its evidence key."""
    for cell in rng.sample(truth, k=min(5, len(truth))):
        place = (cell.item, cell.org_id, cell.period)
        found = explain_sql(program, *place, as_of=as_of, sources=database.sources)
        rows = database.execute(found.counted.sql, found.counted.params)
        assert len(rows) == cell.evidence
        if not found.parts:  # the rows of a composite are items, which have no keys
            assert max((row[0] for row in rows), default=0) == cell.evidence_key


@given(seed=SEEDS, orgs=st.integers(1, 5), rows=st.integers(0, 24), size=st.integers(8, 16))
@QUICK
def test_every_executor_says_what_the_oracle_says(
    seed: int, orgs: int, rows: int, size: int
) -> None:
    agree(seed, orgs, rows, size)


@pytest.mark.slow
@given(seed=SEEDS, orgs=st.integers(1, 9), rows=st.integers(0, 40), size=st.integers(1, 24))
@LONG
def test_every_executor_says_what_the_oracle_says_for_long(
    seed: int, orgs: int, rows: int, size: int
) -> None:
    agree(seed, orgs, rows, size)


@given(seed=SEEDS)
@QUICK
def test_increments_lead_to_the_full_roll_up(seed: int) -> None:
    rng = random.Random(seed)
    rules, world = randomly.pack(rng, 8), randomly.district(rng, 6, 8)
    as_of = rng.choice(randomly.AS_OF)
    after = oracle.evaluate(rules, CATALOG, world, as_of)
    before = list(oracle.evaluate(rules, CATALOG, randomly.district(rng, 6, 8), as_of))

    def ancestors(org: int, period: int) -> list[int]:
        day = period_from_number(period).snapshot(as_of)
        return [a for a, d, start, until in world.closure if d == org and valid(start, until, day)]

    stored = {
        (line.org_id, line.item, line.period): line
        for line in oracle.roll_up(rules, before, world, as_of)
    }
    changes = deltas(before, after, rules, ancestors)
    wanted = {
        (line.org_id, line.item, line.period): line
        for line in oracle.roll_up(rules, after, world, as_of)
    }
    for place in stored.keys() | wanted.keys():
        for name in Delta.__dataclass_fields__:
            now = _number(stored.get(place), name) + getattr(changes.get(place, Delta()), name)
            assert now == _number(wanted.get(place), name), (place, name)
    assert changes.keys() <= stored.keys() | wanted.keys()


def _number(line: RollUp | None, name: str) -> int:
    return (getattr(line, name) if line else 0) or 0
