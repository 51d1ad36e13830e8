"""Land a batch, take it back, let it expire."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError

from wuju.desk import store, vault
from wuju.desk.kinds import require_import
from wuju.desk.models import Batch, BatchChunk
from wuju.kit import locks
from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.sheets.registry import LandingResult
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger

from .batch import count_rows, name_of, record, refuse_unless_staged, waiting

_ONE_AT_A_TIME = 0x57554A58


class NotLanded(DomainError):
    def __init__(self) -> None:
        super().__init__("这一批没有落库，无可撤回。")


class NoUndo(DomainError):
    def __init__(self, title: str) -> None:
        super().__init__(f"“{title}”不支持整批撤回，请逐条更正。")


class ChangedMeanwhile(DomainError):
    def __init__(self) -> None:
        super().__init__("落库期间有人登记了相同的记录，本批没有任何一行落库，请重新落库一次。")


def land_batch(*, batch_id: int, actor: Actor, at: dt.datetime) -> Batch:
    """Land the rows that are new or changed; rows in error or in question stay out.

    Every row is matched again just before, outside the transaction; the kind then refuses
    if a target has changed in between. Either all rows that can land do, or none.

    Raises:
        AlreadyLanded, NotWaiting: the batch is not waiting.
        ChangedMeanwhile: the same record was entered by someone at the same moment.
    """
    batch = store.visible_batch(batch_id, actor.scope)
    kind = require_import(actor, batch.kind)
    refuse_unless_staged(batch)
    records = store.records_of(batch)
    remarks = store.match(kind, records, scope=actor.scope, today=at.date(), options=batch.options)
    try:
        return _land(batch_id=batch_id, records=records, remarks=remarks, actor=actor, at=at)
    except IntegrityError as raced:
        raise ChangedMeanwhile from raced


@action
def _land(
    *,
    batch_id: int,
    records: Sequence[vault.Record],
    remarks: Sequence[str],
    actor: Actor,
    at: dt.datetime,
) -> Batch:
    locks.take(_ONE_AT_A_TIME)  # two files with the same rows in another order would cross
    batch, kind = waiting(batch_id, actor)
    rows = store.landing_rows(records)
    result = LandingResult()
    if rows and kind.land is not None:
        result = kind.land(rows, actor=actor, at=at, batch=name_of(batch), options=batch.options)
    batch.state, batch.landed_at = "landed", at
    batch.save(update_fields=["state", "landed_at"])
    _keep_landing(batch, records, result, remarks)
    counts = count_rows(batch, store.letters(records))
    record("import.landed", batch, actor, at, counts)
    return batch


def _keep_landing(
    batch: Batch,
    records: Sequence[vault.Record],
    result: LandingResult,
    remarks: Sequence[str],
) -> None:
    """Keep the rows as they landed, what undoing needs, and the sentences for the person."""
    stored = list(BatchChunk.objects.filter(batch=batch, part="rows").order_by("position"))
    for chunk, part in zip(stored, chunks(records, vault.CHUNK), strict=True):
        chunk.states = store.letters(part)
        chunk.cipher = vault.seal([vault.to_json(record) for record in part])
    BatchChunk.objects.bulk_update(stored, ["states", "cipher"], batch_size=20)
    BatchChunk.objects.bulk_create(
        BatchChunk(
            batch=batch,
            part="undo",
            position=position,
            cipher=vault.seal(vault.changes_to_json(part)),
        )
        for position, part in enumerate(chunks(result.undo, vault.CHUNK))
    )
    sheet = BatchChunk.objects.get(batch=batch, part="sheet")
    content = vault.unseal(sheet.cipher)
    content["remarks"] = [*result.notes, *(r for r in remarks if r not in result.notes)]
    sheet.cipher = vault.seal(content)
    sheet.save(update_fields=["cipher"])


@action
def undo_batch(*, batch_id: int, actor: Actor, at: dt.datetime) -> Batch:
    """Take a landed batch back; every row returns to what it was before.

    Raises:
        NotLanded: the batch did not land, or was undone already.
        NoUndo: the kind cannot be undone as a whole.
        ContentGone: the 30 days are over.
        DomainError: a later change touched one of the rows; the sentence names them.
    """
    store.visible_batch(batch_id, actor.scope)
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
    kind = require_import(actor, batch.kind)
    if batch.state != "landed":
        raise NotLanded
    if kind.undo is None:
        raise NoUndo(kind.title)
    changes = store.changes_of(batch)
    count = kind.undo(changes, actor=actor, at=at, batch=name_of(batch)) if changes else 0
    batch.state, batch.undone_at = "undone", at
    batch.save(update_fields=["state", "undone_at"])
    record("import.undone", batch, actor, at, {"count": count})
    return batch


def expire_batches(*, today: dt.date, actor: Actor, at: dt.datetime) -> int:
    """Delete the encrypted content of imports whose 30 days are over; return how many."""
    due = Batch.objects.filter(cleared_on=None, expires_on__lt=today)
    return _expire(today=today, actor=actor, at=at) if due.exists() else 0


@action
def _expire(*, today: dt.date, actor: Actor, at: dt.datetime) -> int:
    due = list(
        Batch.objects.select_for_update(no_key=True)
        .filter(cleared_on=None, expires_on__lt=today)
        .order_by("id")
    )
    for batch in due:
        batch.cleared_on = today
        if batch.state == "staged":
            batch.state = "expired"
    Batch.objects.bulk_update(due, ["cleared_on", "state"], batch_size=200)
    for part in chunks([batch.pk for batch in due]):
        BatchChunk.objects.filter(batch_id__in=part).delete()
    ledger.record(
        "imports.expired",
        actor=actor,
        at=at,
        target="imports:expired",
        details={"count": len(due), "batches": [batch.pk for batch in due]},
    )
    return len(due)
