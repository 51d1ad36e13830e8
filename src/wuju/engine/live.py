"""Evaluates a stored program inside the database that holds the records. Pure: it is handed `execute`."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from wuju.engine.frozen import SMALL, freeze
from wuju.engine.items import STATUSES
from wuju.engine.prelude import Prelude, Scope, Scored, cell_text, periods_of
from wuju.engine.program import CompiledItem, Params, Program, Source, Statement
from wuju.engine.results import IN_ORDER, Cell
from wuju.kit.periods import read_day

type Execute = Callable[[str, Params], list[tuple[Any, ...]]]

AT_ONCE = 60
"""Items in one statement: keeps a database's planner and SQLite's limits out of trouble."""
ALONE = 1
"""The same over literals: alone, an item is planned best."""


def evaluate(
    program: Program,
    execute: Execute,
    sources: Mapping[str, Source],
    *,
    as_of: dt.date,
    since: dt.date | None = None,
    orgs: Sequence[int] | None = None,
    items: Collection[str] | None = None,
    days: Collection[dt.date] | None = None,
) -> list[Cell]:
    """Return the cells of the chosen organizations and items, in order.

    Args:
        execute: runs one SELECT with %s or %(name)s parameters and returns all its rows.
        sources: fact or structure table → its rows in the database.
        since: first day looked at; by default `kit.periods.horizon(as_of)`.
        orgs: None for every organization; what others inherit from them is not followed.
        items: None for every item of the program.
        days: only the periods with one of these days; None for every period.
    """
    scope = None if orgs is None else scope_of(execute, sources["lineage"], orgs)
    chosen = program.chosen(items)
    every = program.with_parts(chosen)
    periods = periods_of(program, every, as_of, since, days)
    if not periods or (scope is not None and not scope.orgs):
        return []

    halves: list[tuple[int, int]] = []
    if any(item.halves for item in every):
        halves = short_lives(Prelude(program, sources, as_of, periods, scope), execute)
    small = scope is not None and len(scope.orgs) <= SMALL
    bound = small and program.dialect == "sqlite"

    def blank() -> Prelude:
        return Prelude(program, sources, as_of, periods, scope, halves, bound=bound)

    frozen = freeze(blank, every, execute) if small else None
    wanted = {item.code for item in chosen}
    found: list[Cell] = []
    for every_item in batches(program, chosen, ALONE if frozen and not bound else AT_ONCE):
        batch = frozen.owing(every_item) if frozen else every_item
        if not batch:
            continue
        scored = scored_by(program, batch, found)
        statement = frozen.statement(batch, scored) if frozen else _over(blank(), batch, scored)
        found += read_cells(program, execute(statement.sql, statement.params))
    return sorted((cell for cell in found if cell.item in wanted), key=IN_ORDER)


def _over(prelude: Prelude, batch: Sequence[CompiledItem], scored: Scored) -> Statement:
    prelude.common(batch)
    return Statement(cell_text(prelude, batch, scored), tuple(prelude.params))


def scored_by(
    program: Program, batch: Sequence[CompiledItem], found: Sequence[Cell]
) -> list[tuple[int, int, int, int]]:
    """Return the judged cells of the parts of composites."""
    parts = {part: program.by_code[part].no for item in batch for part in item.parts}
    return [
        (cell.org_id, parts[cell.item], cell.period, cell.score)
        for cell in found
        if cell.item in parts and cell.score is not None
    ]


def batches(
    program: Program, chosen: Sequence[CompiledItem], at_once: int
) -> Iterator[list[CompiledItem]]:
    """Split the chosen items and their parts into statements: one level each, of a bearable size."""
    items = program.with_parts(chosen)
    for level in sorted({item.level for item in items}):
        same = [item for item in items if item.level == level]
        for start in range(0, len(same), at_once):
            yield same[start : start + at_once]


def short_lives(prelude: Prelude, execute: Execute) -> list[tuple[int, int]]:
    """Return (organization, period number) lived for more than half, though begun and ended inside.

    Such lives are rare, and counting their days is the only date arithmetic there is: it
    is done here rather than in SQL.
    """
    known = prelude.sources["life"].rows if "life" in prelude.sources else None
    return [
        (org, period.number)
        for org, *days in (_brief(prelude, execute) if known is None else known)
        if days[1] is not None
        for born, gone in [map(read_day, days)]
        for period in prelude.periods
        if period.starts_on < born < gone <= period.ends_on
        and (gone - born).days * 2 > period.days
    ]


def _brief(prelude: Prelude, execute: Execute) -> list[tuple[Any, ...]]:
    """Read (organization, established, dissolved) of those that may have lived so briefly."""
    prelude.structure("life", prelude.within("x.org_id"))
    first = prelude.words.date(prelude.bounds["first"])
    sql = (
        f"{prelude.text()} SELECT org_id, established_on, dissolved_on FROM life"
        f" WHERE established_on > {first} AND dissolved_on IS NOT NULL"
    )
    return execute(sql, tuple(prelude.params))


def scope_of(execute: Execute, lineage: Source, orgs: Sequence[int]) -> Scope:
    """Return the organizations and the predecessors whose rows count for them."""
    owners = tuple(sorted({int(org) for org in orgs}))
    if lineage.rows is not None:
        known = {int(org) for org, owner in lineage.rows if owner in owners}
        return Scope(owners, tuple(sorted({*owners, *known})))
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
    items = program.by_no
    return [
        Cell(org, items[no].code, period, num, den, STATUSES[status], score, evidence, key)
        for org, no, period, num, den, status, score, evidence, key in rows
    ]
