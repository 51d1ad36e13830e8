"""Reading what an import keeps: the file into rows, the rows out of their encrypted chunks. Writes nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.markings import refuse_marked
from wuju.kit.sheets.headers import HeaderMap, MappedColumn
from wuju.kit.sheets.reader import Book, read_book
from wuju.kit.sheets.registry import RowChange, SheetKind, StagedRow, sheet_kinds
from wuju.kit.sheets.staging import Staged, stage

from . import vault
from .kinds import Remarking
from .mapping import relabel
from .models import Batch, BatchChunk
from .words import LETTERS

_MARK_ROWS: Final = 15  # a secrecy mark stands at the top of a document


class ContentGone(DomainError):
    def __init__(self) -> None:
        super().__init__("这一批导入的内容已超过保存期限并清除，请重新上传文件。")


class UnknownBatch(DomainError):
    """Also for batches outside the scope: the two look the same."""

    def __init__(self) -> None:
        super().__init__("没有这一批导入，或者不在您的管理范围内。")


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """The header of the staged sheet, and the sentences about the sheet as a whole."""

    sheet: str
    headers: tuple[str, ...]
    columns: dict[str, int]  # column name -> place in the row, from 0
    notes: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def read_upload(
    kind: SheetKind,
    content: bytes,
    filename: str,
    memory: Mapping[str, Mapping[str, str]],
) -> Staged:
    """Return the file as staged rows; headers a person has explained before are understood.

    Raises:
        UnreadableBook, NoHeader, MissingColumns, PointsExport, OtherKind: see `kit.sheets`.
        MarkedSecret: a sheet carries a secrecy marking.
    """
    book = read_book(content, filename)
    _refuse_marked(book)
    relabel(book, kind, memory)
    titles = {code: one.title for code, one in sheet_kinds.items()}
    return stage(book, kind, titles=titles)


def _refuse_marked(book: Book) -> None:
    for sheet in book.sheets:
        cells = (cell for row in sheet.rows[:_MARK_ROWS] for cell in row if isinstance(cell, str))
        refuse_marked("\n".join(cells), where=f"“{sheet.name}”表")


def match(
    kind: SheetKind,
    records: Sequence[vault.Record],
    *,
    scope: OrgScope,
    today: dt.date,
    options: Mapping[str, str],
) -> list[str]:
    """Match every record anew against what is there now; return remarks about the whole sheet."""
    rows = [vault.fresh(record, kind) for record in records]
    answers = {f"choice.{r.given.number}": r.choice for r in records if r.choice}
    assert kind.prepare is not None  # noqa: S101 - kinds without `land` never get here
    kind.prepare(rows, scope=scope, today=today, options={**options, **answers})
    for record, row in zip(records, rows, strict=True):
        record.row = row
        if record.choice == "skip" and row.state != "error":
            row.state = "ask"
    if not isinstance(kind, Remarking):
        return []
    return kind.remarks(rows, scope=scope, today=today, options=options)


def landing_rows(records: Iterable[vault.Record]) -> list[StagedRow]:
    return [record.row for record in records if record.row.lands]


def letters(records: Iterable[vault.Record]) -> str:
    """Return one letter a row, for `BatchChunk.states`."""
    return "".join(LETTERS[record.row.state] for record in records)


def tally(states: str) -> dict[str, int]:
    """Return the `rows_…` columns of a batch for these letters."""
    counts = Counter(states)
    return {f"rows_{state}": counts[letter] for state, letter in LETTERS.items()}


# ------------------------------------------------------------------ out of the encrypted chunks


def visible_batch(batch_id: int, scope: OrgScope) -> Batch:
    """Return the batch.

    Raises:
        UnknownBatch: there is none, or it lies outside the scope.
    """
    batch = Batch.objects.visible_to(scope).filter(pk=batch_id).first()
    if batch is None:
        raise UnknownBatch
    return batch


def records_of(batch: Batch, positions: Iterable[int] | None = None) -> list[vault.Record]:
    """Return the rows of a batch in sheet order, or only those of some chunks.

    Raises:
        ContentGone: they were cleared when they expired.
    """
    if batch.cleared_on:
        raise ContentGone
    chunks = BatchChunk.objects.filter(batch=batch, part="rows").order_by("position")
    if positions is not None:
        chunks = chunks.filter(position__in=list(positions))
    return [vault.from_json(line) for chunk in chunks for line in vault.unseal(chunk.cipher)]


def changes_of(batch: Batch) -> list[RowChange]:
    """Return what landing did, in the order it was done."""
    if batch.cleared_on:
        raise ContentGone
    chunks = BatchChunk.objects.filter(batch=batch, part="undo").order_by("position")
    return [
        change
        for chunk in chunks
        for change in vault.changes_from_json(vault.unseal(chunk.cipher))
    ]


def layout_of(batch: Batch) -> SheetLayout:
    if batch.cleared_on:
        raise ContentGone
    content = vault.unseal(BatchChunk.objects.get(batch=batch, part="sheet").cipher)
    return SheetLayout(
        sheet=content["sheet"],
        headers=tuple(content["headers"]),
        columns=content["columns"],
        notes=tuple(content["notes"]),
        remarks=tuple(content["remarks"]),
    )


def layout_json(layout: SheetLayout) -> dict[str, Any]:
    return {
        "sheet": layout.sheet,
        "headers": layout.headers,
        "columns": layout.columns,
        "notes": layout.notes,
        "remarks": layout.remarks,
    }


def layout_from(staged: Staged, remarks: Sequence[str], notes: Sequence[str]) -> SheetLayout:
    return SheetLayout(
        sheet=staged.sheet,
        headers=staged.headers,
        columns={name: found.index for name, found in staged.header.mapped.items()},
        notes=(*staged.notes, *notes),
        remarks=tuple(remarks),
    )


def as_staged(kind: SheetKind, layout: SheetLayout, records: Sequence[vault.Record]) -> Staged:
    """Return the kept rows in the shape the error workbook is written from."""
    mapped = {
        name: MappedColumn(kind.column(name), index, layout.headers[index], "")
        for name, index in layout.columns.items()
    }
    return Staged(
        kind=kind,
        sheet=layout.sheet,
        header=HeaderMap(0, 1, mapped, (), ()),
        rows=[record.row for record in records],
        cells={record.row.number: record.cells for record in records},
        headers=layout.headers,
    )
