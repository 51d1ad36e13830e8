"""Writing cells and roll-up lines quickly. Derived rows only: they carry no ledger image."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from wuju.engine.results import ADDED
from wuju.kit.strict import chunks
from wuju.standings.models import Freshness, RollUpLine, Standing, WideRun

from . import turns

REMEMBERED = 60  # days for which the page of progress shows what was done
CELL = (
    "organization_id", "item", "period", "numerator", "denominator", "status", "score", "evidence",
    "evidence_key",
)  # fmt: skip
_PLACE = ("organization_id", "item", "period")
LINE = (*_PLACE, *ADDED)


def replace_all(cells: Iterable[tuple[Any, ...]], lines: Iterable[tuple[Any, ...]]) -> None:
    """Put whole new tables in the place of the old ones, inside the caller's transaction."""
    for model, columns, rows in ((Standing, CELL, cells), (RollUpLine, LINE, lines)):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table name
        insert(table, columns, rows)


def insert(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert many rows: COPY on PostgreSQL, one prepared statement on SQLite."""
    names = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "postgresql":
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
        ):
            copy.write(_copy_text(rows))
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def put_cells(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write cells over what stands in their places."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in CELL[len(_PLACE) :])
    _upsert(Standing._meta.db_table, CELL, rows, changes)


def add_to_lines(rows: Sequence[tuple[Any, ...]]) -> None:
    """Add increments to roll-up lines, which come into being where they are missing.

    The rows are in order of their places: each is locked in turn, and two writers who lock
    in the same order cannot wait for one another.
    """
    table = RollUpLine._meta.db_table
    changes = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in ADDED)
    _upsert(table, LINE, rows, changes)


def _upsert(
    table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], changes: str
) -> None:
    names, place = ", ".join(columns), ", ".join(_PLACE)
    marks = f"({', '.join(['%s'] * len(columns))})"
    for part in chunks(rows):
        sql = (
            f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(part))}"  # noqa: S608
            f" ON CONFLICT ({place}) DO UPDATE SET {changes}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for row in part for value in row])


def _copy_text(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    for row in rows:
        out.write("\t".join(r"\N" if value is None else str(value) for value in row))
        out.write("\n")
    return out.getvalue()


def freshness() -> Freshness:
    """Return the one row of freshness, locked until commit."""
    row, _ = Freshness.objects.select_for_update(no_key=True).get_or_create(pk=1)
    return row


def hold_still() -> Freshness:
    """Let no writer change a standing until commit, so that all is read as of one moment."""
    turns.close()
    return freshness()


def mark_computing(at: dt.datetime, why: str) -> None:
    """Say that the standings are behind the records since `at`, and ask for the wide run.

    In the writing transaction: nobody sees the records without the word. Of the run there
    is one at a time; one that is at work finds by `changes` that it has to begin again.
    """
    row = freshness()
    row.changes += 1
    if row.computing_since is None:
        row.computing_since, row.why = at, why
    row.save(update_fields=["computing_since", "why", "changes"])
    if not open_runs().exists():
        WideRun.objects.create(asked_at=at, why=why)


def open_runs() -> QuerySet[WideRun]:
    return WideRun.objects.exclude(state=WideRun.DONE)


def finish_runs(*, at: dt.datetime, cells: int) -> None:
    """Note that all that was asked for is done, and forget what was done long ago."""
    open_runs().filter(started_at=None).update(started_at=at)
    open_runs().update(state=WideRun.DONE, step="", ended_at=at, cells=cells)
    WideRun.objects.filter(ended_at__lt=at - dt.timedelta(days=REMEMBERED)).delete()
