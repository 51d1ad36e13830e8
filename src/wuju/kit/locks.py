"""Locks of PostgreSQL that belong to no row, held until the transaction ends.

On SQLite they do nothing: a transaction that writes is alone there. The numbers are ours:
0x57554A55 the ledger's sealer, …56 and …57 `standings`, …58 landing at the desk,
…5A ending a grant.
"""

from collections.abc import Collection, Sequence

from django.db import connection


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
