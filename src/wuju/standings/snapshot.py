"""Every fact and the structure of the tree as folders of Parquet partitions: what DuckDB and Spark both read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from .sources import STRUCTURE, fact_selects, structure_rows

ROWS = 250_000
"""Rows a partition: a few megabytes, and no more of a table is in memory at once."""


def write_snapshot(folder: Path, *, rows: int = ROWS) -> dict[str, Path]:
    """Write every table as `folder/<table>/part-00000.parquet` and so on; return the folders by table.

    No personal value is written, for no fact may be one. Without rows a table has one empty partition.

    Args:
        folder: an empty folder; for a cluster one that every machine sees under this path.
        rows: at most so many rows a partition.
    """
    found = {}
    with transaction.atomic():  # in which a cursor kept on the server lives
        for name, (types, sql, params) in fact_selects().items():
            found[name] = _write(folder / name, types, _stream(sql, params, rows), rows)
        for name, listed in structure_rows().items():
            found[name] = _write(folder / name, STRUCTURE[name], listed, rows)
    return found


def _stream(sql: str, params: tuple[Any, ...], rows: int) -> Iterator[Sequence[Any]]:
    """Fetch raw rows piece by piece, on PostgreSQL from a cursor kept on the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params or None)
        while found := cursor.fetchmany(rows):
            yield from found


def _write(
    folder: Path,
    types: Sequence[tuple[str, str]],
    listed: Iterable[Sequence[Any]],
    rows: int,
) -> Path:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only a snapshot needs Arrow

    from wuju.engine.wide import arrow_table  # noqa: PLC0415

    folder.mkdir(parents=True)
    empty = True
    for number, piece in enumerate(batched(listed, rows)):
        pq.write_table(arrow_table(types, piece), folder / f"part-{number:05}.parquet")
        empty = False
    if empty:
        pq.write_table(arrow_table(types, ()), folder / "part-00000.parquet")
    return folder
