"""From a book to staged rows: picks the sheet, maps the header, parses every cell. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wuju.kit.errors import DomainError
from wuju.kit.sheets.cells import CellProblem, parse_cell, plain
from wuju.kit.sheets.envelope import TOKEN_HEADER, RowMeta, SheetMeta, fingerprint, is_masked
from wuju.kit.sheets.headers import (
    HeaderMap,
    NoHeader,
    find_header,
    is_blank_row,
    is_note_row,
    is_total_row,
    refuse_points_export,
    tidy,
)
from wuju.kit.sheets.reader import Book, Row, Sheet
from wuju.kit.sheets.registry import SheetKind, StagedRow


class OtherKind(DomainError):
    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"这份表是从本系统导出的“{found}”，不能作为“{wanted}”导入，请选对表的种类。"
        )


@dataclass(slots=True)
class Staged:
    """A sheet on its way in: typed rows, and what a person should be told about the sheet itself.

    `cells` holds the raw cells of each staged row, in sheet order, for the error workbook.
    """

    kind: SheetKind
    sheet: str
    header: HeaderMap
    rows: list[StagedRow]
    cells: dict[int, Row] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers that mean nothing here; their cells are not read."""
        return self.header.unknown


def stage(book: Book, kind: SheetKind, *, titles: dict[str, str] | None = None) -> Staged:
    """Read the sheet of `book` that fits `kind` best into typed rows.

    `titles` maps kind codes to titles, for the refusal of an export of another kind.

    Raises:
        PointsExport: the book holds study points.
        NoHeader: no sheet has a header for this kind.
        MissingColumns: a required column is not there.
        OtherKind: the book is our own export of another kind.
    """
    if book.hidden and book.hidden.kind != kind.code:
        raise OtherKind((titles or {}).get(book.hidden.kind, book.hidden.kind), kind.title)
    sheet, header = _choose(book, kind)
    header.require()
    staged = Staged(kind, sheet.name, header, [])
    staged.headers = _header_texts(sheet.rows, header)
    skipped: list[int] = []
    reader = _RowReader(book, header, staged.headers)
    for index in range(header.body, len(sheet.rows)):
        row = sheet.rows[index]
        if is_blank_row(row):
            continue
        if is_total_row(row) or is_note_row(row) or _repeats_header(row, staged.headers):
            skipped.append(index + 1)
            continue
        staged.rows.append(reader.read(index + 1, row))
        staged.cells[index + 1] = row
    staged.skipped = tuple(skipped)
    staged.notes = _notes(staged)
    return staged


def _choose(book: Book, kind: SheetKind) -> tuple[Sheet, HeaderMap]:
    best: tuple[Sheet, HeaderMap] | None = None
    visible = [sheet for sheet in book.sheets if not sheet.is_hidden]
    for sheet in visible:
        refuse_points_export(sheet.rows)
        header = find_header(sheet.rows, kind.columns)
        if header and (best is None or _fit(header) > _fit(best[1])):
            best = (sheet, header)
    if best is None:
        raise NoHeader([column.header for column in kind.columns])
    return best


def _fit(header: HeaderMap) -> tuple[int, int]:
    return -len(header.missing), len(header.mapped)


def _header_texts(rows: Sequence[Row], header: HeaderMap) -> tuple[str, ...]:
    """Return one text a column of the sheet: the lower header cell, or the upper one."""
    lines = rows[header.first : header.body]
    width = max(len(line) for line in lines)
    texts = []
    for index in range(width):
        found = [
            str(line[index]).strip()
            for line in lines
            if index < len(line) and line[index] is not None
        ]
        texts.append(" ".join(found))
    return tuple(texts)


def _repeats_header(row: Row, headers: tuple[str, ...]) -> bool:
    """Say whether a row repeats the header, as at the top of each printed page."""
    pairs = [(cell, head) for cell, head in zip(row, headers, strict=False) if cell is not None]
    return len(pairs) > 1 and all(
        isinstance(cell, str) and tidy(cell) == tidy(head) for cell, head in pairs
    )


class _RowReader:
    """Reads rows of one sheet; keeps what is the same for all of them."""

    def __init__(self, book: Book, header: HeaderMap, headers: tuple[str, ...]) -> None:
        self._columns = list(header.mapped.values())
        self._date1904 = book.date1904
        self._meta = book.hidden
        self._token = headers.index(TOKEN_HEADER) if TOKEN_HEADER in headers else -1
        self._by_print = _by_fingerprint(book.hidden)

    def read(self, number: int, row: Row) -> StagedRow:
        staged = StagedRow(number)
        masked: list[str] = []
        for found in self._columns:
            value = row[found.index] if found.index < len(row) else None
            name = found.column.name
            if is_masked(value) and (found.column.personal or self._is_masked_column(name)):
                masked.append(name)
                continue
            if value is None:
                parsed: object = None
            else:
                parsed = parse_cell(value, found.column, unit=found.unit, date1904=self._date1904)
            if isinstance(parsed, CellProblem):
                self._report(staged, name, parsed)
            elif parsed is not None:
                staged.values[name] = parsed
            elif found.column.required:
                staged.fail(name, f"“{found.column.header}”必填，请补上。")
        staged.masked = frozenset(masked)
        if self._meta:
            self._recognise(staged, row)
        return staged

    def _is_masked_column(self, name: str) -> bool:
        return self._meta is not None and name in self._meta.masked

    @staticmethod
    def _report(staged: StagedRow, name: str, problem: CellProblem) -> None:
        if problem.asks:
            staged.ask(name, problem.sentence)
        else:
            staged.fail(name, problem.sentence)

    def _recognise(self, staged: StagedRow, row: Row) -> None:
        """Find what our export wrote beside this row: by its token, else by equal cells."""
        if self._meta is None:
            return
        end = self._token if self._token >= 0 else len(row)
        seen = fingerprint(_padded(row[:end], len(self._meta.columns)))
        token = plain(row[self._token]) if 0 <= self._token < len(row) else ""
        entry = self._meta.rows.get(token) or self._by_print.get(seen)
        if entry:
            staged.row_key, staged.row_version = entry.key, entry.version
            staged.untouched = entry.fingerprint == seen


def _padded(cells: Sequence[object], width: int) -> list[object]:
    return [*cells[:width], *([None] * (width - len(cells)))]


def _by_fingerprint(meta: SheetMeta | None) -> dict[str, RowMeta]:
    """Return the rows whose fingerprint is theirs alone."""
    if meta is None:
        return {}
    found: dict[str, RowMeta] = {}
    twice: set[str] = set()
    for entry in meta.rows.values():
        if entry.fingerprint in found:
            twice.add(entry.fingerprint)
        found[entry.fingerprint] = entry
    return {mark: entry for mark, entry in found.items() if mark not in twice}


def _notes(staged: Staged) -> tuple[str, ...]:
    notes = []
    unknown = [name for name in staged.header.unknown if name not in {"序号", TOKEN_HEADER}]
    if unknown:
        notes.append(f"以下列没有用到：{'、'.join(unknown[:20])}。")
    if staged.skipped:
        notes.append(f"跳过合计、说明行 {len(staged.skipped)} 行。")
    if not staged.rows:
        notes.append("表头以下没有数据行。")
    return tuple(notes)
