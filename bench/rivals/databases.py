"""SQLite and PostgreSQL: the compiler's own SQL for them, over the same records in their own tables.

The text is what a write runs for one branch, here for all organizations at once. The tables
have the indexes that joins and days want, and are analysed before anything is timed. Cells
are kept in a temporary table; the roll-up is not part of it. PostgreSQL is told not to join by
nested loops: it knows nothing of the size of common tables, and left to itself it had not
finished a district after six minutes.
"""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import generator, twelve
from wuju.engine.compiler import compile_rules
from wuju.engine.live import short_lives
from wuju.engine.prelude import CELL_COLUMNS, Prelude, periods_of
from wuju.engine.program import Program, Source

POSTGRES = os.environ.get("WUJU_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
DATABASE = "wuju_bench_rival"
INDEXES = {
    "activity": ("org_id, held_on", "activity_id"),
    "attendance": ("activity_id",),
    "member": ("member_id", "org_id"),
    "training": ("member_id, held_on",),
    "dues": ("member_id, month",),
    "finding": ("org_id, due_on",),
    "income": ("org_id, reported_on",),
    "cadre": ("org_id",),
    "doc": ("org_id, submitted_on",),
    "attest": ("org_id, item, graded_on",),
    "org": ("org_id",),
    "lineage": ("org_id", "owner_id"),
}
TABLES = (*generator.FACTS, *generator.STRUCTURE)


def shapes(where: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every table with the types of its columns in DuckDB's words."""
    import duckdb

    for name in TABLES:
        rows = duckdb.execute(f"DESCRIBE SELECT * FROM '{where / name}/*.parquet'").fetchall()
        yield name, {row[0]: row[1] for row in rows}


def sources(where: Path) -> dict[str, Source]:
    """Return the facts as the compiled SQL reads them: the joins of `twelve.VIEWS`, over these tables."""
    found = {
        name: Source(f"SELECT {', '.join(columns)} FROM t_{name}", (), tuple(columns))
        for name, columns in shapes(where)
    }
    words = {"NULL::DATE": "CAST(NULL AS DATE)"}
    for name, select in twelve.VIEWS.items():
        text = select
        for word, other in words.items():
            text = text.replace(word, other)
        found[name] = Source(text, (), _columns(text))
    return found


def _columns(select: str) -> tuple[str, ...]:
    listed = select.removeprefix("SELECT ").split(" FROM ")[0].split(", ")
    return tuple(each.split(" AS ")[-1].split(".")[-1] for each in listed)


# ---------------------------------------------------------------- filling
def fill_sqlite(where: Path, file: Path) -> None:
    import duckdb

    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        for name, columns in shapes(where):
            types = {"VARCHAR": "TEXT", "DATE": "TEXT"}
            listed = ", ".join(f"{c} {types.get(kind, 'INTEGER')}" for c, kind in columns.items())
            db.execute(f"CREATE TABLE t_{name} ({listed})")
            picked = ", ".join(
                {"DATE": f"CAST({c} AS VARCHAR)", "BOOLEAN": f"CAST({c} AS INTEGER)"}.get(kind, c)
                for c, kind in columns.items()
            )
            marks = ", ".join("?" * len(columns))
            rows = duckdb.execute(f"SELECT {picked} FROM '{where / name}/*.parquet'")
            while batch := rows.fetchmany(100_000):
                db.executemany(f"INSERT INTO t_{name} VALUES ({marks})", batch)
        for name, index in indexes():
            db.execute(f"CREATE INDEX i_{name}_{abs(hash(index)) % 10**6} ON t_{name} ({index})")
        db.execute("ANALYZE")


def indexes() -> Iterator[tuple[str, str]]:
    for name, found in INDEXES.items():
        for columns in found:
            yield name, columns


@contextmanager
def database() -> Iterator[str]:
    """Make a database of our own and drop it afterwards; yields how to reach it."""
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        admin.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield f"{POSTGRES.rsplit('/', 1)[0]}/{DATABASE}"
        finally:
            admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def fill_postgres(where: Path, dsn: str, scratch: Path) -> None:
    import duckdb
    import psycopg

    types = {"VARCHAR": "text", "DATE": "date", "BOOLEAN": "boolean", "SMALLINT": "smallint"}
    with psycopg.connect(dsn, autocommit=True) as db:
        for name, columns in shapes(where):
            listed = ", ".join(f"{c} {types.get(kind, 'bigint')}" for c, kind in columns.items())
            db.execute(f"CREATE UNLOGGED TABLE t_{name} ({listed})")
            file = scratch / f"{name}.csv"
            duckdb.execute(f"COPY (FROM '{where / name}/*.parquet') TO '{file}' (HEADER false)")
            with (
                file.open("rb") as text,
                db.cursor().copy(f"COPY t_{name} FROM STDIN (FORMAT csv)") as copy,
            ):
                while block := text.read(1 << 20):
                    copy.write(block)
            file.unlink()
        for name, index in indexes():
            db.execute(f"CREATE INDEX ON t_{name} ({index})")
        db.execute("VACUUM ANALYZE")


# ---------------------------------------------------------------- judging
@dataclass
class Judge:
    """Runs the compiled statements in a database. `spent` is processor time, the server's included."""

    program: Program
    sources: dict[str, Source]
    db: Any
    server: int = 0

    def cells(self) -> None:
        """Judge every item and keep the cells as `cells`."""
        columns = ", ".join(f"{name} BIGINT" for name in CELL_COLUMNS)
        self.run("DROP TABLE IF EXISTS cells")
        self.run(f"CREATE TEMP TABLE cells ({columns})")
        items, listed = self.program.items, ", ".join(CELL_COLUMNS)
        periods = periods_of(self.program, items, twelve.AS_OF, None)
        halves = short_lives(self.prelude(periods, None), self.ask)
        for level in sorted({item.level for item in items}):
            same = [item for item in items if item.level == level]
            made = self.prelude(periods, halves)
            made.common(same)
            made.relations(relation for item in same for relation in item.relations)
            if level:
                scored = "SELECT org_id, item_no, period, score FROM cells WHERE score IS NOT NULL"
                made.add("scored", scored)
            body = " UNION ALL ".join(f"SELECT {listed} FROM ({item.sql}) AS u" for item in same)
            self.run(f"INSERT INTO cells {made.text()} {body}")

    def prelude(self, periods: Sequence[Any], halves: Any) -> Prelude:
        return Prelude(self.program, self.sources, twelve.AS_OF, periods, None, halves)

    def ask(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        del params
        found: list[tuple[Any, ...]] = self.db.execute(sql).fetchall()
        return found

    def run(self, sql: str) -> None:
        self.db.execute(sql)

    def spent(self) -> float:
        """Return processor seconds used until now by this process and by the server's for this connection."""
        return time.process_time() + (_of_process(self.server) if self.server else 0.0)

    def kept(self) -> list[tuple[Any, ...]]:
        return self.ask(f"SELECT {', '.join(CELL_COLUMNS)} FROM cells")


def _of_process(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sqlite_judge(where: Path, file: Path) -> Judge:
    db = sqlite3.connect(file, autocommit=True)
    for pragma in ("cache_size = -1000000", "temp_store = MEMORY", "mmap_size = 8000000000"):
        db.execute(f"PRAGMA {pragma}")
    return Judge(compile_rules(twelve.rules(), twelve.catalog(), "sqlite"), sources(where), db)


def postgres_judge(where: Path, dsn: str) -> Judge:
    import psycopg

    db = psycopg.connect(dsn, autocommit=True)
    for setting in (
        "max_parallel_workers_per_gather = 0", "work_mem = '512MB'", "temp_buffers = '512MB'", "jit = off", "enable_nestloop = off",
    ):  # fmt: skip
        db.execute(f"SET {setting}")
    program = compile_rules(twelve.rules(), twelve.catalog(), "postgres")
    return Judge(program, sources(where), db, db.info.backend_pid)
