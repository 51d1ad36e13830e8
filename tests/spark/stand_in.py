"""A stand-in for a Spark session: it runs Spark's SQL in DuckDB, said back by SQLGlot."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import duckdb
import sqlglot

from tests.engine.test_executors_agree import arrow_of
from wuju.engine.spark import Spark
from wuju.engine.world import World

if TYPE_CHECKING:
    import pyarrow as pa


class Frame:
    """What the executor asks of a Spark frame."""

    def __init__(self, db: duckdb.DuckDBPyConnection, sql: str) -> None:
        self.db, self.made = db, sql

    @property
    def columns(self) -> list[str]:
        return self.db.sql(self.made).columns

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802 - Spark's name
        self.db.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {self.made}')

    def localCheckpoint(self) -> "Frame":  # noqa: N802
        return self

    def toArrow(self) -> "pa.Table":  # noqa: N802
        return self.db.sql(self.made).to_arrow_table()


class Session:
    """What the executor asks of a Spark session.

    Args:
        tables: what stands in for folders of Parquet, by the folder's name; others are read.
    """

    def __init__(self, tables: "Mapping[str, pa.Table] | None" = None) -> None:
        self.db = duckdb.connect()
        self.tables = tables or {}
        for name, table in self.tables.items():
            self.db.register(f"kept_{name}", table)
        self.read = SimpleNamespace(parquet=self.parquet)

    def parquet(self, where: str) -> Frame:
        name = Path(where).name
        if name in self.tables:
            return self.table(f"kept_{name}")
        folder = where.removeprefix("file://")
        return Frame(self.db, f"SELECT * FROM read_parquet('{folder}/*.parquet')")

    def sql(self, text: str) -> Frame:
        (said,) = sqlglot.transpile(text, read="spark", write="duckdb")
        return Frame(self.db, said)

    def table(self, name: str) -> Frame:
        return Frame(self.db, f'SELECT * FROM "{name}"')

    def stop(self) -> None:
        self.db.close()


@contextmanager
def stand_in(world: World) -> Iterator[Spark]:
    """Open a world without writing a file."""
    tables = arrow_of(world)
    folders = {name: Path("/nowhere") / name for name in tables}
    with Spark(cast("Any", Session(tables)), folders) as made:
        yield made
