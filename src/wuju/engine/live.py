"""Evaluates a stored program inside the database that holds the records. Pure: it is handed `execute`."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from wuju.engine.items import Status
from wuju.engine.prelude import Prelude, Scope, cell_statement, periods_of
from wuju.engine.program import CompiledItem, Program, Source
from wuju.engine.results import Cell

type Execute = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]

AT_ONCE = 60
"""Items in one statement: keeps a database's planner and SQLite's limits out of trouble."""


def evaluate(
    program: Program,
    execute: Execute,
    sources: Mapping[str, Source],
    *,
    as_of: dt.date,
    since: dt.date | None = None,
    orgs: Sequence[int] | None = None,
    items: Collection[str] | None = None,
) -> list[Cell]:
    """Return the cells of the chosen organizations and items, in order.

    Args:
        execute: runs one SELECT with %s parameters and returns all its rows.
        sources: fact or structure table → its rows in the database.
        since: first day looked at; by default `kit.periods.horizon(as_of)`.
        orgs: None for every organization; what others inherit from them is not followed.
        items: None for every item of the program.
    """
    scope = None if orgs is None else scope_of(execute, sources["lineage"], orgs)
    if scope is not None and not scope.orgs:
        return []
    found: list[Cell] = []
    for chosen in batches(program, items):
        periods = periods_of(program, program.with_parts(chosen), as_of, since)
        if periods:
            statement = cell_statement(Prelude(program, sources, as_of, periods, scope), chosen)
            found += read_cells(program, execute(statement.sql, statement.params))
    return sorted(found)


def batches(
    program: Program, codes: Collection[str] | None, at_once: int = AT_ONCE
) -> Iterable[list[CompiledItem]]:
    """Split the chosen items into statements of a bearable size."""
    chosen = program.chosen(codes)
    for start in range(0, len(chosen), at_once):
        yield chosen[start : start + at_once]


def scope_of(execute: Execute, lineage: Source, orgs: Sequence[int]) -> Scope:
    """Return the organizations and the predecessors whose rows count for them."""
    owners = tuple(sorted({int(org) for org in orgs}))
    names = ", ".join(str(org) for org in owners) or "NULL"
    org, owner = (f"x.{column}" for column in ("org_id", "owner_id"))
    sql = (
        f"WITH x({', '.join(lineage.columns)}) AS ({lineage.sql})"
        f" SELECT DISTINCT {org} FROM x WHERE {owner} IN ({names})"
    )
    origins = (int(row[0]) for row in execute(sql, lineage.params))
    return Scope(owners, tuple(sorted({*owners, *origins})))


def read_cells(program: Program, rows: Iterable[tuple[Any, ...]]) -> list[Cell]:
    """Turn the rows of a cell statement into cells."""
    codes = {item.no: item.code for item in program.items}
    return [
        Cell(org, codes[no], period, num, den, Status(status), score, evidence, key)
        for org, no, period, num, den, status, score, evidence, key in rows
    ]
