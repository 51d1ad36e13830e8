"""Everything that reads imports, and the workbooks that leave the desk."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

from wuju.kit.actors import OrgScope
from wuju.kit.sheets.cells import plain
from wuju.kit.sheets.errors_book import mask_any, write_error_book
from wuju.kit.sheets.registry import SheetKind
from wuju.kit.sheets.writer import book_spec, write_book

from . import store, vault
from .kinds import UnknownKind, kind_named
from .models import Batch, BatchChunk
from .words import CHOICES, LETTERS, ROW_STATES, STATES

PROBLEMS = ("error", "ask")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One import as lists show it. `has_rows` is False once its content has expired."""

    id: int
    kind: str
    title: str
    file_name: str
    state: str
    options: dict[str, str]
    user_name: str
    created_at: dt.datetime
    landed_at: dt.datetime | None
    undone_at: dt.datetime | None
    expires_on: dt.date
    has_rows: bool
    counts: dict[str, int]  # row state -> rows

    @property
    def state_label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the preview: text as the file has it (personal values masked), state, problem."""

    column: str
    text: str
    state: str
    problem: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the preview. `choices` are the answers the row accepts, code -> label."""

    number: int
    key: str
    state: str
    cells: tuple[CellView, ...]
    problem: str  # about the row as a whole
    notes: tuple[str, ...]
    choice: str
    choices: dict[str, str]

    @property
    def state_label(self) -> str:
        return ROW_STATES[self.state]


@dataclass(frozen=True, slots=True)
class Preview:
    """One page of an import. `columns` are (name, header); `total` counts the rows of the filter."""

    batch: BatchRow
    columns: tuple[tuple[str, str], ...]
    rows: tuple[RowView, ...]
    page: int
    pages: int
    total: int
    notes: tuple[str, ...]
    remarks: tuple[str, ...]


def _batch_row(batch: Batch) -> BatchRow:
    return BatchRow(
        id=batch.pk,
        kind=batch.kind,
        title=kind_named(batch.kind).title,
        file_name=batch.file_name,
        state=batch.state,
        options=batch.options,
        user_name=batch.user_name,
        created_at=batch.created_at,
        landed_at=batch.landed_at,
        undone_at=batch.undone_at,
        expires_on=batch.expires_on,
        has_rows=batch.cleared_on is None,
        counts={state: getattr(batch, f"rows_{state}") for state in LETTERS},
    )


def batches(*, scope: OrgScope, limit: int = 50) -> list[BatchRow]:
    """List the imports of units inside the scope, newest first."""
    rows = Batch.objects.visible_to(scope).order_by("-id").loaded()[:limit]
    return [_batch_row(row) for row in rows]


def batch(*, scope: OrgScope, batch_id: int) -> BatchRow:
    """Return one import.

    Raises:
        UnknownBatch: there is none, or it lies outside the scope.
    """
    return _batch_row(store.visible_batch(batch_id, scope))


def preview(
    *,
    scope: OrgScope,
    batch_id: int,
    page: int = 1,
    size: int = 50,
    states: Sequence[str] = (),
) -> Preview:
    """Return one page of rows, all or only those in `states` (e.g. `PROBLEMS`).

    Only the chunks that the page shows are decrypted.

    Raises:
        UnknownBatch: there is none, or it lies outside the scope.
        ContentGone: its rows have expired.
    """
    found = store.visible_batch(batch_id, scope)
    kind, layout = kind_named(found.kind), store.layout_of(found)
    places = _places(found, states)
    pages = max(1, -(-len(places) // size))
    page = min(max(page, 1), pages)
    shown = places[(page - 1) * size : page * size]
    records = _records_at(found, shown)
    columns = [column for column in kind.columns if column.name in layout.columns]
    return Preview(
        batch=_batch_row(found),
        columns=tuple((column.name, column.header) for column in columns),
        rows=tuple(_row_view(kind, layout, record) for record in records),
        page=page,
        pages=pages,
        total=len(places),
        notes=layout.notes,
        remarks=layout.remarks,
    )


def _places(found: Batch, states: Sequence[str]) -> list[tuple[int, int]]:
    """Return (chunk, place in it) of the rows in `states`, in sheet order."""
    wanted = {LETTERS[state] for state in states or LETTERS}
    chunks = (
        BatchChunk.objects.filter(batch=found, part="rows")
        .order_by("position")
        .values_list("position", "states")
    )
    return [
        (position, place)
        for position, letters in chunks
        for place, letter in enumerate(letters)
        if letter in wanted
    ]


def _records_at(found: Batch, places: Sequence[tuple[int, int]]) -> list[vault.Record]:
    held = {
        position: store.records_of(found, [position])
        for position in dict.fromkeys(position for position, _ in places)
    }
    return [held[position][place] for position, place in places]


def _row_view(kind: SheetKind, layout: store.SheetLayout, record: vault.Record) -> RowView:
    row = record.row
    cells = []
    for column in kind.columns:
        place = layout.columns.get(column.name)
        if place is None:
            continue
        raw = plain(record.cells[place]) if place < len(record.cells) else ""
        text = record.fixes.get(column.name, raw)
        cells.append(
            CellView(
                column=column.name,
                text=mask_any(text) if text and column.personal else text,
                state=row.cell_states.get(column.name, ""),
                problem=row.problems.get(column.name, ""),
            )
        )
    shown = {cell.column for cell in cells}
    return RowView(
        number=row.number,
        key=row.key,
        state=row.state,
        cells=tuple(cells),
        problem="".join(text for name, text in row.problems.items() if name not in shown),
        notes=tuple(row.notes),
        choice=record.choice,
        choices=_choices(record),
    )


def _choices(record: vault.Record) -> dict[str, str]:
    """Return the answers a row accepts: only one that points at a record can be that record."""
    if record.row.state != "ask":
        return {}
    codes = ("match", "new", "skip") if record.row.target is not None else ("skip",)
    return {code: CHOICES[code] for code in codes}


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook to hand over, and how many records it holds."""

    content: bytes
    rows: int


def error_book(*, scope: OrgScope, batch_id: int) -> Book:
    """Return the rows that do not land as a workbook, wrong cells red, personal values masked.

    Raises:
        UnknownBatch: there is none, or it lies outside the scope.
        ContentGone: its rows have expired.
    """
    found = store.visible_batch(batch_id, scope)
    kind = kind_named(found.kind)
    staged = store.as_staged(kind, store.layout_of(found), store.records_of(found))
    target = io.BytesIO()
    personal = frozenset(column.name for column in kind.columns if column.personal)
    rows = write_error_book(target, staged, hide=personal)
    return Book(target.getvalue(), rows)


def export_book(*, scope: OrgScope, kind: str, today: dt.date, note: str = "") -> Book:
    """Return the records inside the scope in official layout, identifiers masked.

    Importing it again changes nothing: a masked cell means unchanged.

    Raises:
        UnknownKind: there is none of this code, or it can only be imported.
    """
    found = kind_named(kind)
    if found.export is None:
        raise UnknownKind(kind)
    target = io.BytesIO()
    masked = frozenset(column.name for column in found.columns if column.personal)
    spec = book_spec(found, masked=masked, note=note)
    rows = write_book(target, spec, found.export(scope=scope, today=today))
    return Book(target.getvalue(), rows)
