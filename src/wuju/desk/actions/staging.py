"""Stage a file; remember what its header means."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence

from wuju.desk import store, vault
from wuju.desk.kinds import checked_options, require_import
from wuju.desk.models import Batch, BatchChunk, HeaderMemory
from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger

from .batch import record

KEPT_DAYS = 30


def stage_upload(
    *,
    kind: str,
    content: bytes,
    filename: str,
    options: Mapping[str, str],
    actor: Actor,
    at: dt.datetime,
) -> Batch:
    """Read a file and keep its rows, matched and encrypted; nothing of it lands yet.

    Reading and matching run outside any transaction; only storing is one.

    Raises:
        NotGranted: the actor may not import this kind.
        OptionMissing: a question about the file is not answered.
        UnreadableBook, NoHeader, MissingColumns, PointsExport, OtherKind, MarkedSecret: the
            file cannot be taken.
    """
    sheet_kind = require_import(actor, kind)
    answers = checked_options(sheet_kind, options)
    staged = store.read_upload(sheet_kind, content, filename, _memory(actor, kind))
    records = [
        vault.Record(given=vault.copy_of(row), row=row, cells=staged.cells[row.number])
        for row in staged.rows
    ]
    remarks = store.match(sheet_kind, records, scope=actor.scope, today=at.date(), options=answers)
    batch = Batch(
        kind=kind,
        file_name=filename[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        options=answers,
        user_id=actor.user_id,
        user_name=actor.name,
        org_path=actor.unit_path,
        created_at=at,
        expires_on=at.date() + dt.timedelta(days=KEPT_DAYS),
    )
    layout = store.layout_from(staged, remarks, _seen_before(batch, actor))
    return _keep(batch=batch, layout=layout, records=records, actor=actor, at=at)


def _memory(actor: Actor, kind: str) -> dict[str, dict[str, str]]:
    rows = HeaderMemory.objects.filter(user_id=actor.user_id or 0, kind=kind)
    return dict(rows.values_list("fingerprint", "meanings"))


def _seen_before(batch: Batch, actor: Actor) -> list[str]:
    before = (
        Batch.objects.visible_to(actor.scope)
        .filter(kind=batch.kind, digest=batch.digest, state="landed")
        .order_by("-id")
        .first()
    )
    if before is None or before.landed_at is None:
        return []
    return [f"同一份文件已作为第 {before.pk} 批于 {before.landed_at:%Y-%m-%d} 落库。"]


@action
def _keep(
    *,
    batch: Batch,
    layout: store.SheetLayout,
    records: Sequence[vault.Record],
    actor: Actor,
    at: dt.datetime,
) -> Batch:
    parts = chunks(records, vault.CHUNK)
    counts = store.tally(store.letters(records))
    for name, count in counts.items():
        setattr(batch, name, count)
    batch.save(force_insert=True)
    BatchChunk.objects.bulk_create(
        [
            BatchChunk(
                batch=batch,
                part="sheet",
                position=0,
                cipher=vault.seal(store.layout_json(layout)),
            ),
            *(
                BatchChunk(
                    batch=batch,
                    part="rows",
                    position=position,
                    states=store.letters(part),
                    cipher=vault.seal([vault.to_json(record) for record in part]),
                )
                for position, part in enumerate(parts)
            ),
        ]
    )
    record("import.staged", batch, actor, at, counts)
    return batch


@action
def remember_headers(
    *, kind: str, fingerprint: str, meanings: Mapping[str, str], actor: Actor, at: dt.datetime
) -> HeaderMemory:
    """Keep what this person says a header means; the next upload of such a table uses it.

    Args:
        fingerprint: of the header, from `mapping.header_offers`.
        meanings: header as written -> column name.
    """
    known = {column.name for column in require_import(actor, kind).columns}
    strange = set(meanings.values()) - known
    if strange:
        raise DomainError(f"没有“{'、'.join(sorted(strange))}”这样的列，请从列表中选择。")
    row, _ = HeaderMemory.objects.update_or_create(
        user_id=actor.user_id or 0,
        kind=kind,
        fingerprint=fingerprint,
        defaults={"meanings": dict(meanings), "at": at},
    )
    ledger.record(
        "headers.remembered",
        actor=actor,
        at=at,
        target=f"header:{row.pk}",
        org_path=actor.unit_path,
        details={"kind": kind},
    )
    return row
