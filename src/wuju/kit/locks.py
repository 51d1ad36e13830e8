"""Locks that belong to no row: of PostgreSQL until the transaction ends, and of a whole process.

On SQLite they do nothing: a transaction that writes is alone there. The numbers are ours:
0x57554A55 the ledger's sealer, …56 and …57 `standings`, …58 landing at the desk,
…5A ending a grant, …5B who is alone.
"""

import fcntl
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

_ALONE = 0x57554A5B


def take(lock: int) -> None:
    """Wait until nobody else holds the lock, shared or not."""
    _run("SELECT pg_advisory_xact_lock(%s)", [lock])


def share(lock: int) -> None:
    """Wait until nobody holds the lock alone; others may share it."""
    _run("SELECT pg_advisory_xact_lock_shared(%s)", [lock])


def take_each(lock: int, keys: Collection[int]) -> None:
    """Take the lock of each key, in order, so that two who want several cannot cross."""
    _run(
        "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", [lock, sorted(keys)]
    )


def _run(sql: str, params: Sequence[int | list[int]]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, list(params))


@contextmanager
def alone(what: str) -> Iterator[bool]:
    """Yield whether this process is the only one at `what`; whoever dies lets go.

    A session lock of PostgreSQL, or a lock on a file of the data home: SQLite has one machine.
    """
    if connection.vendor == "postgresql":
        key = zlib.crc32(what.encode()) & 0x7FFFFFFF
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_ALONE, key])
            (mine,) = cursor.fetchone()
        try:
            yield mine
        finally:
            if mine:
                _run("SELECT pg_advisory_unlock(%s, %s)", [_ALONE, key])
        return
    with (Path(settings.WUJU_HOME) / f"{what}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
