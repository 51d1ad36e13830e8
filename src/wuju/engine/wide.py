"""Evaluates a program in DuckDB over Arrow tables, sealed off from files and network. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wuju.engine.columnar import Columnar
from wuju.engine.dialects import quoted
from wuju.engine.fusing import cell_statements
from wuju.engine.live import short_lives
from wuju.engine.prelude import CELL_COLUMNS, Part, Prelude, periods_of
from wuju.engine.program import CompiledItem, Params, Program, Source
from wuju.engine.summing import lines_sql
from wuju.engine.wide_prelude import WidePrelude

if TYPE_CHECKING:
    import pyarrow as pa

_SEAL = (
    "SET enable_external_access = false",
    "SET allow_community_extensions = false",
    "SET lock_configuration = true",
)
_PLANNER = "SET disabled_optimizers = 'partial_aggregate_pushdown'"
"""Rows are added up before a join where that pays; doing it once more by day costs more than it saves."""
_BATCH = 1 << 17
"""Lines handed over at once."""
_KINDS = {"BIGINT": "int", "VARCHAR": "text", "DATE": "date", "BOOLEAN": "bool"}
_NARROW = {"item_no": "INTEGER", "period": "INTEGER", "status": "TINYINT", "score": "SMALLINT"}
"""Columns that never need 64 bits; millions of cells are kept at once."""


class Wide(Columnar):
    """Facts and structure in memory; answers for all organizations at once.

    Args:
        tables: Arrow tables by source name (facts and `life`, `lineage`, `feed`,
            `waiver`, `closure`), made by `arrow_table`.
        threads: processor threads, or None for all.
        parquet: further tables as folders of Parquet files, read where they lie and as far
            as they are needed.
        views: source name → SELECT over `t_<table>` for facts that are no table of their own;
            written by code, never by a pack.
    """

    def __init__(
        self,
        tables: "Mapping[str, pa.Table]",
        *,
        threads: int | None = None,
        parquet: Mapping[str, Path] | None = None,
        views: Mapping[str, str] | None = None,
    ) -> None:
        import duckdb  # noqa: PLC0415 - 0.15 s and 36 MB that only wide runs pay

        self.db = duckdb.connect(":memory:")
        if threads:
            self.db.execute(f"SET threads = {int(threads)}")
        self.db.execute(_PLANNER)
        self.sources: dict[str, Source] = {}
        self.kinds: dict[str, dict[str, str]] = {}
        for name, table in tables.items():
            self.db.register(f"t_{name}", table)
            self._describe(name, f"SELECT * FROM {quoted(f't_{name}')}")
        self.streamed = bool(parquet)
        self._open(parquet or {}, views or {})
        for statement in _SEAL:
            self.db.execute(statement)
        self._empty_cells()

    def _open(self, parquet: Mapping[str, Path], views: Mapping[str, str]) -> None:
        """Lay views over the files and allow their folders, and nothing else, to be read."""
        for name, folder in parquet.items():
            self.db.execute(
                f"CREATE VIEW {quoted(f't_{name}')} AS SELECT * FROM read_parquet({_literal(folder)} || '/*.parquet')"
            )
        selects = {name: f"SELECT * FROM {quoted(f't_{name}')}" for name in parquet} | dict(views)
        for name, select in selects.items():
            self._describe(name, select)
        if parquet:
            folders = ", ".join(_literal(folder) for folder in parquet.values())
            self.db.execute(f"SET allowed_directories = [{folders}]")

    def _describe(self, name: str, select: str) -> None:
        columns = {row[0]: row[1] for row in self.db.execute(f"DESCRIBE {select}").fetchall()}
        self.sources[name] = Source(select, (), tuple(columns))
        self.kinds[name] = {column: _KINDS.get(kind, kind) for column, kind in columns.items()}

    def close(self) -> None:
        self.db.close()

    def cells(
        self,
        program: Program,
        *,
        as_of: dt.date,
        since: dt.date | None = None,
        items: Collection[str] | None = None,
    ) -> "pa.Table":
        """Judge, keep the cells for `roll_up`, and return them as Arrow (`item_no` for the item)."""
        self.judge(program, as_of=as_of, since=since, items=items)
        columns = ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in CELL_COLUMNS)
        return self.db.sql(
            f"SELECT {columns} FROM cells ORDER BY org_id, item_no, period"
        ).to_arrow_table()

    def judge(
        self,
        program: Program,
        *,
        as_of: dt.date,
        since: dt.date | None = None,
        items: Collection[str] | None = None,
    ) -> None:
        """Judge and keep the cells inside, for whoever needs sums alone."""
        self._empty_cells()
        chosen = program.chosen(items)
        ordered = program.with_parts(chosen)
        if periods := periods_of(program, ordered, as_of, since):
            lives = short_lives(Prelude(program, self.sources, as_of, periods), self._execute)
            prelude = WidePrelude(
                program, self.sources, as_of, periods, None, lives, self.streamed, kinds=self.kinds
            )
            self._prepare(prelude, ordered)
            for level in sorted({item.level for item in ordered}):
                same = [item for item in ordered if item.level == level]
                for statement in cell_statements(prelude, same):
                    self.db.execute(f"INSERT INTO cells {statement}")
        wanted = ", ".join(str(item.no) for item in chosen) or "0"
        self.db.execute(f"DELETE FROM cells WHERE item_no NOT IN ({wanted})")

    def _empty_cells(self) -> None:
        columns = ", ".join(f"{name} {_NARROW.get(name, 'BIGINT')}" for name in CELL_COLUMNS)
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE cells ({columns})")

    def _execute(self, sql: str, params: Params) -> list[tuple[Any, ...]]:
        return self.db.execute(sql, params).fetchall()

    def _prepare(self, prelude: WidePrelude, items: Sequence[CompiledItem]) -> None:
        """Compute the common tables once for all items."""
        prelude.learn(self._rows, items)
        prelude.common(items)
        once: list[str] = []
        for part in prelude.parts:
            if part.kept:
                self._keep(part, once)
            else:
                once.append(part.text())
        done = len(prelude.parts)
        prelude.relations(relation for item in items for relation in item.relations)
        for part in prelude.parts[done:]:
            if part.kept:
                self._keep(part, [])

    def _keep(self, part: Part, read: Sequence[str]) -> None:
        columns = f"({part.columns})" if part.columns else ""
        given = f"WITH {', '.join(read)} " if read else ""
        self.db.execute(
            f"CREATE OR REPLACE TEMP TABLE {part.name} AS {given}SELECT * FROM ({part.sql}) AS made{columns}"
        )

    def lines(self, program: Program, *, as_of: dt.date) -> "pa.RecordBatchReader":
        """Return the lines of the cells judged last: the columns of `RollUp` with `item_no` for the item.

        They are made as they are read, batch by batch: a province has millions of them,
        and nobody needs all at once. Read them before judging again.
        """
        rows = self.db.execute("SELECT DISTINCT period FROM cells").fetchall()
        sql = lines_sql(program, self._rows, [row[0] for row in rows], as_of)
        return self.db.sql(sql).to_arrow_reader(_BATCH)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.db.execute(sql).fetchall()


def _literal(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"


def arrow_table(types: Iterable[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> "pa.Table":
    """Build a source table: columns of the catalogue's types from rows of plain values.

    Dates may be ISO text and booleans 0 or 1, as SQLite gives them.
    """
    import pyarrow as pa  # noqa: PLC0415 - 0.2 s that only wide runs pay

    arrow = {
        "date": pa.date32(),
        "bool": pa.bool_(),
        "code": pa.string(),
        "item": pa.string(),
        "text": pa.string(),
    }
    columns = list(types)
    data = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [
        pa.array(_values(values, kind), type=arrow.get(kind, pa.int64()))
        for (_, kind), values in zip(columns, data, strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=[name for name, _ in columns])


def _values(values: Sequence[Any], kind: str) -> Sequence[Any]:
    if kind == "date":
        return [dt.date.fromisoformat(v) if isinstance(v, str) else v for v in values]
    if kind == "bool":
        return [None if v is None else bool(v) for v in values]
    return values
