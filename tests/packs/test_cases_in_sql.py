"""Every worked case of every pack in SQL: SQLite and DuckDB give the oracle's cells, those of awaited facts too."""

import datetime as dt
from collections import defaultdict

import pytest

from tests.engine.small import Sqlite, tables
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.results import Cell
from wuju.engine.wide import Wide, arrow_table
from wuju.engine.world import Row, World
from wuju.kit.periods import Period
from wuju.rulepacks.cases import WorkedCase, build_world, read_cases
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.loader import Pack, load_packs

APART = 1000  # between the numbers of one case and the next
PACKS = load_packs()
type Group = list[WorkedCase]


def groups() -> list[tuple[Pack, dt.date, Group]]:
    """Return the cases of each pack by the day they are asked for: one evaluation serves them all."""
    found: defaultdict[tuple[str, dt.date], Group] = defaultdict(list)
    for code, pack in PACKS.items():
        for worked in read_cases(pack)[0]:
            found[code, worked.case.as_of].append(worked)
    return [(PACKS[code], day, group) for (code, day), group in sorted(found.items())]


def since(worked: WorkedCase) -> dt.date:
    return worked.case.since or min(
        Period.parse(each.period).starts_on for each in worked.case.expect
    )


def moved(world: World, by: int) -> World:
    """Return the world with every organization and key `by` further on."""
    facts = {}
    for name, rows in world.facts.items():
        spec = catalog()[name]
        refs = {column.name for column in spec.columns.values() if column.type == "ref"}
        numbers = {spec.key, spec.org, *refs}
        facts[name] = [
            {c: v + by if c in numbers and v is not None else v for c, v in row.items()}
            for row in rows
        ]
    return World(
        facts=facts,
        life=[(org + by, born, gone) for org, born, gone in world.life],
        lineage=[(org + by, owner + by) for org, owner in world.lineage],
        feeds=[(org + by, fact, day) for org, fact, day in world.feeds],
        waivers=[(org + by, item, start, until) for org, item, start, until in world.waivers],
        closure=[(a + by, d + by, start, until) for a, d, start, until in world.closure],
    )


def joined(worlds: list[World]) -> World:
    facts: defaultdict[str, list[Row]] = defaultdict(list)
    for world in worlds:
        for name, rows in world.facts.items():
            facts[name] += rows
    parts = ("life", "lineage", "feeds", "waivers", "closure")
    return World(
        facts=dict(facts),
        **{part: [row for world in worlds for row in getattr(world, part)] for part in parts},
    )


def wide_of(world: World) -> Wide:
    found = {}
    for name, (columns, rows) in tables(world, catalog()).items():
        spec = catalog().get(name)
        kinds = [
            (spec.type_of(c) if spec and name != "waiver" else None) or _structure(c)
            for c in columns
        ]
        found[name] = arrow_table(zip(columns, kinds, strict=True), rows)
    return Wide(found, threads=1)


def _structure(column: str) -> str:
    return "date" if column.endswith("_on") else "text" if column in {"fact", "item"} else "int"


@pytest.mark.parametrize(
    ("pack", "as_of", "group"),
    groups(),
    ids=[f"{pack.code} {day}" for pack, day, _ in groups()],
)
def test_sqlite_and_duckdb_answer_a_case_as_the_oracle_does(
    pack: Pack, as_of: dt.date, group: Group
) -> None:
    rules = pack.rules(catalog())
    worlds = [moved(build_world(each, catalog()), APART * i) for i, each in enumerate(group)]
    first, items = min(map(since, group)), {each.item for each in group}

    with Sqlite(joined(worlds), catalog()) as database:
        program = compile_rules(rules, catalog(), "sqlite")
        in_sqlite = database.evaluate(program, as_of, since=first, items=items)
    with wide_of(joined(worlds)) as wide:
        program = compile_rules(rules, catalog(), "duckdb")
        in_duckdb = wide.evaluate(program, as_of=as_of, since=first, items=items)

    for worked, world in zip(group, worlds, strict=True):
        narrow = rules.subset([worked.item])
        every = oracle.evaluate(narrow, catalog(), world, as_of, first)
        truth = [cell for cell in every if cell.item == worked.item]
        assert of(in_sqlite, world, worked.item) == truth, worked.title
        assert of(in_duckdb, world, worked.item) == truth, worked.title


def of(cells: list[Cell], world: World, item: str) -> list[Cell]:
    orgs = {line[0] for line in world.life}
    return [cell for cell in cells if cell.org_id in orgs and cell.item == item]
