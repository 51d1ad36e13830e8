"""Judge everything without storing anything: in DuckDB, in this database, or by the oracle.

The three must agree to the last bit; a test and the nightly run hold them to it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.db import connection

from wuju.kit.periods import horizon, period_from_number
from wuju.rulepacks.queries import ActivePack, active_packs, program

from .sources import WHOLE, arrow_tables, execute, live_sources

if TYPE_CHECKING:
    import pyarrow as pa

    from wuju.engine.columnar import Columnar
    from wuju.engine.program import Program
    from wuju.engine.results import Cell, RollUp
    from wuju.engine.world import World

DIALECT = {"sqlite": "sqlite", "postgresql": "postgres"}
type Outcome = tuple[list[Cell], list[RollUp]]


def evaluate_all(
    *, as_of: dt.date, since: dt.date | None = None, engine: str = "duckdb", pack: str = ""
) -> "Outcome":
    """Return (cells, roll-up lines) of every organization on a day.

    Each period is judged by the pack version in force on its first day.

    Args:
        engine: `duckdb` (wide), `database` (the same SQL in SQLite or PostgreSQL) or `oracle`.
        pack: code of the pack; empty for the one in use.
    """
    runs: dict[str, Callable[[list[ActivePack], dt.date, dt.date], Outcome]] = {
        "duckdb": _wide,
        "database": _in_database,
        "oracle": _by_oracle,
    }
    packs = active_packs(scope=WHOLE, code=pack)
    return runs[engine](packs, as_of, since or horizon(as_of))


@dataclass(frozen=True, slots=True)
class Ruling:
    """A compiled version of the rules, and which periods (by number) it judges."""

    program: "Program"
    judges: Callable[[int], bool]


def _wide(packs: list[ActivePack], as_of: dt.date, since: dt.date) -> "Outcome":
    return judge_tables(arrow_tables(), rulings(packs), as_of, since)


def rulings(packs: Sequence[ActivePack]) -> list[Ruling]:
    """Return the compiled versions for DuckDB."""
    return [
        Ruling(program(scope=WHOLE, pack=pack, dialect="duckdb"), judges_of(pack))
        for pack in packs
    ]


def judge_tables(
    tables: "Mapping[str, pa.Table]", rulings: Sequence[Ruling], as_of: dt.date, since: dt.date
) -> "Outcome":
    """Judge fact and structure tables in DuckDB; nothing of the database is read."""
    from wuju.engine.wide import Wide  # noqa: PLC0415 - a web worker never needs DuckDB

    with Wide(tables) as wide:
        return judge_with(wide, rulings, as_of, since)


def judge_with(
    executor: "Columnar", rulings: Sequence[Ruling], as_of: dt.date, since: dt.date
) -> "Outcome":
    """Judge each period by its own version of the rules, in DuckDB (`Wide`) or on a cluster (`Spark`)."""
    cells: list[Cell] = []
    lines: list[RollUp] = []
    for ruling in rulings:
        found = executor.evaluate(ruling.program, as_of=as_of, since=since)
        sums = executor.roll_up(ruling.program, as_of=as_of)
        cells += [cell for cell in found if ruling.judges(cell.period)]
        lines += [line for line in sums if ruling.judges(line.period)]
    return cells, lines


def _in_database(packs: list[ActivePack], as_of: dt.date, since: dt.date) -> "Outcome":
    from wuju.engine.live import evaluate  # noqa: PLC0415
    from wuju.engine.oracle import roll_up  # noqa: PLC0415

    cells: list[Cell] = []
    lines: list[RollUp] = []
    sources = live_sources(None)
    world = _world()
    for pack in packs:
        compiled = program(scope=WHOLE, pack=pack, dialect=DIALECT[connection.vendor])
        judges = judges_of(pack)
        every = evaluate(compiled, execute, sources, as_of=as_of, since=since)
        found = [cell for cell in every if judges(cell.period)]
        cells += found
        lines += roll_up(pack.stored.rules, found, world, as_of)
    return cells, lines


def _by_oracle(packs: list[ActivePack], as_of: dt.date, since: dt.date) -> "Outcome":
    from wuju.engine import oracle  # noqa: PLC0415
    from wuju.rulepacks.catalog import catalog  # noqa: PLC0415

    cells: list[Cell] = []
    lines: list[RollUp] = []
    world = _world()
    for pack in packs:
        judges = judges_of(pack)
        every = oracle.evaluate(pack.stored.rules, catalog(), world, as_of, since)
        found = [cell for cell in every if judges(cell.period)]
        cells += found
        lines += oracle.roll_up(pack.stored.rules, found, world, as_of)
    return cells, lines


def judges_of(pack: ActivePack) -> Callable[[int], bool]:
    """Return whether the pack judges a period, asked by number for every cell and answered once."""
    return cache(lambda number: pack.judges(period_from_number(number)))


def _world() -> "World":
    """Return every fact and structure row as plain Python, for the oracle."""
    from wuju.engine.world import World  # noqa: PLC0415

    tables = {name: table.to_pylist() for name, table in arrow_tables().items()}
    return World(
        facts={name: rows for name, rows in tables.items() if name not in _STRUCTURE},
        life=[tuple(row.values()) for row in tables["life"]],
        lineage=[tuple(row.values()) for row in tables["lineage"]],
        feeds=[tuple(row.values()) for row in tables["feed"]],
        waivers=[tuple(row.values()) for row in tables["waiver"]],
        closure=[tuple(row.values()) for row in tables["closure"]],
    )


_STRUCTURE = frozenset({"life", "lineage", "feed", "waiver", "closure"})
