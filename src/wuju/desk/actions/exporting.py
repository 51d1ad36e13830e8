"""Workbooks that leave: made outside a transaction, noted on the ledger, then handed over."""

import datetime as dt

from wuju.access.roles import require
from wuju.desk import queries
from wuju.desk.kinds import require_import
from wuju.kit.actors import Actor
from wuju.ledger import actions as ledger


def export_records(
    *, kind: str, note: str = "", today: dt.date, actor: Actor, at: dt.datetime
) -> bytes:
    """Return the records of a kind inside the actor's scope as a workbook, identifiers masked.

    The scope is the filter: narrow the actor's to export less.

    Raises:
        NotGranted, UnknownKind.
    """
    require(actor, "read")
    book = queries.export_book(scope=actor.scope, kind=kind, today=today, note=note)
    ledger.record_export(
        what=kind,
        rows=book.rows,
        filters={"until": today.isoformat()},
        target=f"records:{kind}",
        actor=actor,
        at=at,
    )
    return book.content


def export_problems(*, batch_id: int, actor: Actor, at: dt.datetime) -> bytes:
    """Return the rows of an import that did not land as a workbook, personal values masked.

    Raises:
        UnknownBatch, ContentGone, NotGranted.
    """
    kind = queries.batch(scope=actor.scope, batch_id=batch_id).kind
    require_import(actor, kind)
    book = queries.error_book(scope=actor.scope, batch_id=batch_id)
    ledger.record_export(
        what="problems",
        rows=book.rows,
        filters={"kind": kind, "import": batch_id},
        target=f"import:{batch_id}",
        actor=actor,
        at=at,
    )
    return book.content
