"""Writes official-looking workbooks and CSV that can come back: text ids, drop-downs, no formula ever. Pure but for the file."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wuju.kit.sheets.cells import DatePart
from wuju.kit.sheets.columns import SheetColumn
from wuju.kit.sheets.envelope import ENVELOPE_SHEET, FORMAT, TOKEN_HEADER, fingerprint
from wuju.kit.sheets.registry import ExportRow, SheetKind

RUNS: Final = ("=", "+", "-", "@", "\t", "\r")  # a cell that starts so may be run as a formula
CREATED: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # a constant: equal input, equal bytes
MAX_CELL: Final = 32_000  # Excel holds 32,767 characters
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LIST_ROWS: Final = 300  # drop-downs reach this far below the last row
WIDTHS: Final = {
    "text": 18, "id": 16, "id_number": 21, "phone": 14, "code": 14, "date": 12, "date_part": 12, "bool": 8,
    "int": 9, "tenths": 9, "basis_points": 10, "cents": 14, "list": 26,
}  # fmt: skip

type Target = Path | io.BytesIO


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSpec:
    """What is written: a kind's code and title, its columns, and what surrounds the table.

    `masked` names the columns whose values the caller has masked. `heading` writes the title
    above the header. `note` is a line under it (scope, day, 演示数据 · 均为虚构). An empty
    `code` leaves `_wuju` and the row tokens out: such a book is only for reading.
    """

    code: str
    title: str
    columns: tuple[SheetColumn, ...]
    masked: frozenset[str] = frozenset()
    heading: bool = True
    note: str = ""


def book_spec(
    kind: SheetKind, *, masked: frozenset[str] = frozenset(), note: str = ""
) -> BookSpec:
    """Return the spec of a kind's own columns."""
    return BookSpec(
        code=kind.code, title=kind.title, columns=kind.columns, masked=masked, note=note
    )


def write_book(target: Target, spec: BookSpec, rows: Iterable[ExportRow]) -> int:
    """Write a workbook row by row in constant memory; return how many rows it holds.

    Cells are typed: codes as labels, dates as dates, amounts in the column's unit, ids as text.
    """
    import xlsxwriter  # noqa: PLC0415 - 80 ms that only exports pay

    book = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"title": spec.title, "created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001 - a constant: equal input, equal bytes
    painter = _Painter(book, spec)
    count = 0
    for row in rows:
        painter.row(row)
        count += 1
    painter.finish()
    book.close()
    return count


class _Painter:
    """Writes the sheet and its `_wuju` shadow in step."""

    def __init__(self, book: Any, spec: BookSpec) -> None:
        self._spec = spec
        self._sheet = book.add_worksheet(_sheet_name(spec.title))
        self._shadow = book.add_worksheet(ENVELOPE_SHEET) if spec.code else None
        self._looks = looks(book)
        self._lists: dict[str, str] = {}
        self._line = 0
        self._shadow_line = 0
        self._width()
        self._head()

    def _width(self) -> None:
        for index, column in enumerate(self._spec.columns):
            width = max(WIDTHS[column.type], 2 * len(column.header) + 2)
            text = self._looks["id"] if column.type in {"id", "id_number", "phone"} else None
            self._sheet.set_column(index, index, min(width, 40), text)
        if self._shadow is not None:
            last = len(self._spec.columns)
            self._sheet.set_column(last, last, 4, None, {"hidden": True})
            self._shadow.very_hidden()

    def _head(self) -> None:
        sheet, spec = self._sheet, self._spec
        if spec.heading:
            sheet.set_row(0, 32)
            sheet.write_string(0, 0, spec.title, self._looks["title"])
            self._line = 1
        if spec.note:
            sheet.write_string(self._line, 0, _safe(spec.note), self._looks["note"])
            self._line += 1
        sheet.set_row(self._line, 24)
        for index, column in enumerate(spec.columns):
            name = self._looks["required" if column.required else "header"]
            sheet.write_string(self._line, index, header_text(column), name)
        if self._shadow is not None:
            sheet.write_string(self._line, len(spec.columns), TOKEN_HEADER, self._looks["header"])
            self._shadow_head()
        self._line += 1
        sheet.freeze_panes(self._line, 0)
        self._first = self._line

    def _shadow_head(self) -> None:
        spec = self._spec
        for line in (
            [FORMAT],
            ["kind", spec.code],
            ["masked", *sorted(spec.masked)],
            ["columns", *(column.name for column in spec.columns)],
        ):
            self._shadow_write(line)
        for column in spec.columns:
            labels = ["是", "否"] if column.type == "bool" else list(column.values.values())
            if labels:
                self._lists[column.name] = self._list_range(len(labels))
                self._shadow_write(["list:" + column.name, *labels])

    def _list_range(self, count: int) -> str:
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 - see write_book

        line = self._shadow_line + 1
        return f"={ENVELOPE_SHEET}!$B${line}:${xl_col_to_name(count)}${line}"

    def _shadow_write(self, cells: Sequence[str]) -> None:
        if self._shadow is not None:
            for index, cell in enumerate(cells):
                self._shadow.write_string(self._shadow_line, index, cell)
            self._shadow_line += 1

    def row(self, row: ExportRow) -> None:
        sheet, line, values = self._sheet, self._line, row.values
        plain_look, day = self._looks["cell"], self._looks["date"]
        cells: list[object] = []
        for index, column in enumerate(self._spec.columns):
            cell = cell_value(values.get(column.name), column)
            cells.append(cell)
            if cell is None:
                sheet.write_blank(line, index, None, plain_look)
            elif isinstance(cell, str):
                sheet.write_string(line, index, cell, self._looks[text_look("cell", cell)])
            elif isinstance(cell, dt.date):
                sheet.write_datetime(line, index, cell, day)
            else:
                sheet.write_number(line, index, cell, plain_look)
        if self._shadow is not None:
            token = str(line - self._first + 1)
            sheet.write_string(line, len(cells), token)
            self._shadow_write(["row", token, row.key, row.version, fingerprint(cells)])
        self._line += 1

    def finish(self) -> None:
        sheet = self._sheet
        last = self._line + LIST_ROWS
        for index, column in enumerate(self._spec.columns):
            if column.name in self._lists:
                sheet.data_validation(
                    self._first, index, last, index,
                    {
                        "validate": "list",
                        "source": self._lists[column.name],
                        "error_title": "请从列表选择",
                        "error_message": f"“{column.header}”请从下拉列表选择。"[:250],
                    },
                )  # fmt: skip
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self._first - 1)
        sheet.set_footer("&C第 &P 页，共 &N 页")


def text_look(name: str, text: str) -> str:
    """Name the look of a text cell: the quoted one of the same kind where the text could be run.

    >>> text_look("wrong", "=1+1"), text_look("wrong", "张甲")
    ('quoted_wrong', 'wrong')
    """
    return f"quoted_{name}" if text.startswith(RUNS) else name


def looks(book: Any) -> dict[str, Any]:
    """Return the cell formats every workbook of ours shares."""
    base = {
        "font_name": "宋体",
        "font_size": 11,
        "valign": "vcenter",
        "border": 1,
        "border_color": "#BFBFBF",
    }
    text = {"quote_prefix": True, "num_format": "@"}
    wrong = base | {"bg_color": "#F8D7DA"}
    head = base | {"bold": True, "align": "center", "bg_color": "#F2F2F2", "text_wrap": True}
    return {
        "title": book.add_format(
            {"font_name": "方正小标宋简体", "font_size": 18, "valign": "vcenter"}
        ),
        "note": book.add_format({"font_name": "楷体", "font_size": 10, "font_color": "#595959"}),
        "header": book.add_format(head),
        "required": book.add_format(head | {"font_color": "#B3261E"}),
        "cell": book.add_format(base),
        "quoted_cell": book.add_format(base | text),
        "quoted_wrong": book.add_format(wrong | text),
        "quoted_header": book.add_format(head | text),
        "id": book.add_format({"num_format": "@"}),
        "date": book.add_format(base | {"num_format": "yyyy-mm-dd"}),
        "wrong": book.add_format(wrong),
        "problem": book.add_format(base | {"font_color": "#B3261E", "text_wrap": True}),
    }


def header_text(column: SheetColumn) -> str:
    """Return the header as exported: with its unit when the column holds money.

    >>> header_text(SheetColumn(name="operating", header="经营收入", type="cents"))
    '经营收入(元)'
    """
    return f"{column.header}({column.unit})" if column.type == "cents" else column.header


type Cell = str | int | float | dt.date | None


def cell_value(value: object, column: SheetColumn) -> Cell:
    """Return what stands in the cell for a typed value: labels for codes, the column's unit for amounts."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(value, column)
    if isinstance(value, str) and column.type == "code":
        return column.label(value)
    shown = _SHOWN.get(type(value))
    return shown(value) if shown else _safe(str(value))


def _part(value: DatePart) -> Cell:
    return value.date if value.precision == "day" else str(value)


def _parts(value: Iterable[object]) -> Cell:
    return _safe("、".join(str(part) for part in value))


_SHOWN: Final[dict[type, Callable[[Any], Cell]]] = {
    bool: lambda value: "是" if value else "否",
    float: lambda value: value,
    dt.date: lambda value: value,
    dt.datetime: lambda value: value.date(),
    DatePart: _part,
    tuple: _parts,
    list: _parts,
}


_DIVISORS: Final[Mapping[str, int]] = {"元": 100, "千元": 100_000, "万元": 1_000_000}


def _number(value: int, column: SheetColumn) -> str | int | float:
    if column.type == "cents":
        return value / _DIVISORS.get(column.unit, 100)
    if column.type == "tenths":
        return value / 10
    if column.type == "basis_points":
        return f"{value / 100:g}%"
    if column.type in {"id", "id_number", "phone", "text"}:
        return str(value)
    return value


def _safe(text: str) -> str:
    """Return text a workbook can hold: nothing XML forbids, and not too long."""
    return _FORBIDDEN.sub("", text)[:MAX_CELL]


def _sheet_name(title: str) -> str:
    return "".join("-" if c in "[]:*?/\\'" else c for c in title)[:31] or "表"


# --------------------------------------------------------------------------------------- CSV


def write_csv(spec: BookSpec, rows: Iterable[ExportRow]) -> bytes:
    """Return the rows as CSV, UTF-8 with BOM so that Excel reads it; cells that could run are quoted by '."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([header_text(column) for column in spec.columns])
    for row in rows:
        cells = (cell_value(row.values.get(column.name), column) for column in spec.columns)
        writer.writerow([guard_csv(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def guard_csv(cell: Cell) -> str:
    """Return the cell as CSV text; text that starts like a formula gets a leading apostrophe.

    >>> guard_csv("=1+1")
    "'=1+1"
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(RUNS) else cell
    return cell.isoformat() if isinstance(cell, dt.date) else f"{cell:.15g}"
