"""What the actions on a batch share: its lock, its row counts, its trace."""

import datetime as dt
from collections.abc import Mapping

from wuju.desk import store
from wuju.desk.kinds import require_import
from wuju.desk.models import Batch
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.sheets.registry import SheetKind
from wuju.ledger import actions as ledger


class AlreadyLanded(DomainError):
    def __init__(self) -> None:
        super().__init__("这一批已经落库，不能再次落库，如需更正请撤回或重新上传。")


class NotWaiting(DomainError):
    def __init__(self) -> None:
        super().__init__("这一批已撤回或已过期，请重新上传文件。")


def record(
    name: str, batch: Batch, actor: Actor, at: dt.datetime, counts: Mapping[str, int]
) -> None:
    ledger.record(
        name,
        actor=actor,
        at=at,
        target=f"import:{batch.pk}",
        org_path=batch.org_path,
        details={"kind": batch.kind, "file": batch.digest, **counts},
        batch=name_of(batch),
    )


def name_of(batch: Batch) -> str:
    return f"import-{batch.pk}"


def refuse_unless_staged(batch: Batch) -> None:
    if batch.state == "landed":
        raise AlreadyLanded
    if batch.state != "staged":
        raise NotWaiting


def waiting(batch_id: int, actor: Actor) -> tuple[Batch, SheetKind]:
    """Return a staged batch, locked until commit, and its kind."""
    store.visible_batch(batch_id, actor.scope)
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
    kind = require_import(actor, batch.kind)
    refuse_unless_staged(batch)
    return batch, kind


def count_rows(batch: Batch, states: str) -> dict[str, int]:
    counts = store.tally(states)
    for name, count in counts.items():
        setattr(batch, name, count)
    batch.save(update_fields=list(counts))
    return counts
