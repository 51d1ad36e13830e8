"""Cells and lines as one number each, so that every way of judging can be held to the same answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wuju.engine.prelude import CELL_COLUMNS
from wuju.engine.results import ADDED

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LINE_COLUMNS = ("org_id", "item_no", "period", *ADDED)


def digest(rows: "pa.Table", columns: Iterable[str] = CELL_COLUMNS) -> tuple[int, int]:
    """Return how many rows there are and a hash that does not depend on their order."""
    import duckdb

    with duckdb.connect(":memory:", config={"threads": 1}) as db:
        db.register("rows", rows)
        return digest_of(db, "SELECT * FROM rows", columns)


def digest_of(
    db: "duckdb.DuckDBPyConnection", select: str, columns: Iterable[str] = CELL_COLUMNS
) -> tuple[int, int]:
    every = ", ".join(f'CAST("{name}" AS BIGINT)' for name in columns)
    found = db.execute(f"SELECT count(*), bit_xor(hash({every})) FROM ({select}) AS r").fetchone()
    return (int(found[0]), int(found[1] or 0)) if found else (0, 0)
