"""Answer what a staged row asks; correct a cell."""

import datetime as dt

from wuju.desk import store, vault
from wuju.desk.models import Batch, BatchChunk
from wuju.desk.words import CHOICES
from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.sheets.cells import CellProblem, parse_cell
from wuju.kit.sheets.registry import SheetKind, StagedRow
from wuju.ledger import actions as ledger

from .batch import count_rows, name_of, waiting


class NoSuchRow(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(f"这一批没有第 {number} 行。")


class NotAQuestion(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(f"第 {number} 行没有待确认的问题，或者所选答复不适用。")


@action
def resolve_ask(
    *, batch_id: int, number: int, choice: str, actor: Actor, at: dt.datetime
) -> StagedRow:
    """Answer the question about a row: a key of `words.CHOICES`.

    Raises:
        NotAQuestion: the row asks nothing, or this is no answer to it.
    """
    batch, kind = waiting(batch_id, actor)
    position, records, record = _find(batch, number)
    fits = choice in CHOICES and record.row.state == "ask"
    if not fits or (choice == "match" and record.row.target is None):
        raise NotAQuestion(number)
    record.choice = choice
    _rematch(batch, kind, position, (records, record), (actor, at))
    ledger.record(
        "import.answered",
        actor=actor,
        at=at,
        target=f"import:{batch.pk}",
        org_path=batch.org_path,
        details={"row": number, "choice": choice, "state": record.row.state},
        batch=name_of(batch),
    )
    return record.row


@action
def correct_cell(
    *, batch_id: int, number: int, column: str, text: str, actor: Actor, at: dt.datetime
) -> StagedRow:
    """Replace a cell that is wrong or has two meanings (1998.1) by what the person writes.

    Raises:
        NotAQuestion: nothing is wrong with that cell, or the new text is wrong as well.
    """
    batch, kind = waiting(batch_id, actor)
    position, records, record = _find(batch, number)
    if column not in record.row.problems or column not in {c.name for c in kind.columns}:
        raise NotAQuestion(number)
    value = parse_cell(text, kind.column(column))
    if isinstance(value, CellProblem):
        raise DomainError(value.sentence)
    record.fixes[column] = text
    _rematch(batch, kind, position, (records, record), (actor, at))
    ledger.record(
        "import.corrected",
        actor=actor,
        at=at,
        target=f"import:{batch.pk}",
        org_path=batch.org_path,
        details={"row": number, "column": column, "state": record.row.state},
        batch=name_of(batch),
    )
    return record.row


def _find(batch: Batch, number: int) -> tuple[int, list[vault.Record], vault.Record]:
    """Return the chunk that holds a row of the sheet, its records, and the row's own."""
    positions = (
        BatchChunk.objects.filter(batch=batch, part="rows")
        .order_by("position")
        .values_list("position", flat=True)
    )
    for position in positions:
        records = store.records_of(batch, [position])
        for record in records:
            if record.given.number == number:
                return position, records, record
    raise NoSuchRow(number)


def _rematch(
    batch: Batch,
    kind: SheetKind,
    position: int,
    found: tuple[list[vault.Record], vault.Record],
    who: tuple[Actor, dt.datetime],
) -> None:
    """Match one answered row anew and keep it. Twins in the sheet are found again on landing."""
    (records, record), (actor, at) = found, who
    store.match(kind, [record], scope=actor.scope, today=at.date(), options=batch.options)
    chunk = BatchChunk.objects.get(batch=batch, part="rows", position=position)
    chunk.states = store.letters(records)
    chunk.cipher = vault.seal([vault.to_json(one) for one in records])
    chunk.save(update_fields=["states", "cipher"])
    states = BatchChunk.objects.filter(batch=batch, part="rows").values_list("states", flat=True)
    count_rows(batch, "".join(states))
