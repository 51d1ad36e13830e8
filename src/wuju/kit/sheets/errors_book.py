"""The error workbook: the rows that did not land, as they came, with what is wrong beside and on the cell. Pure but for the file."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

from wuju.kit.sheets.cells import plain
from wuju.kit.sheets.reader import Value
from wuju.kit.sheets.registry import StagedRow
from wuju.kit.sheets.staging import Staged
from wuju.kit.sheets.writer import CREATED, Target, looks, text_look

PROBLEM_HEADER: Final = "问题"


def write_error_book(target: Target, staged: Staged, *, hide: frozenset[str] = frozenset()) -> int:
    """Write the rows in state "error" or "ask" with their original columns; return how many.

    The last column 问题 joins the sentences; wrong cells are red and carry their sentence as
    a comment. Columns in `hide` are masked: pass the personal ones unless the file is
    encrypted. The book can be corrected and imported again.
    """
    import xlsxwriter  # noqa: PLC0415 - 80 ms that only imports pay

    book = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": f"{staged.kind.title}问题数据", "created": CREATED})
    sheet = book.add_worksheet("问题数据")
    page = _Page(sheet, looks(book), staged, hide)
    page.head()
    wrong = [row for row in staged.rows if row.state in {"error", "ask"}]
    for line, row in enumerate(wrong, start=1):
        page.row(line, row)
    book.close()
    return len(wrong)


class _Page:
    def __init__(
        self, sheet: Any, formats: dict[str, Any], staged: Staged, hide: frozenset[str]
    ) -> None:
        self._sheet, self._looks, self._staged = sheet, formats, staged
        self._width = len(staged.headers)
        self._index = {name: found.index for name, found in staged.header.mapped.items()}
        self._hidden = {self._index[name] for name in hide if name in self._index}

    def head(self) -> None:
        for index, header in enumerate(self._staged.headers):
            self._text(0, index, header, "header")
        self._sheet.write_string(0, self._width, PROBLEM_HEADER, self._looks["required"])
        self._sheet.set_column(0, max(self._width - 1, 0), 15)
        self._sheet.set_column(self._width, self._width, 60)
        self._sheet.freeze_panes(1, 0)

    def row(self, line: int, row: StagedRow) -> None:
        wrong = {
            self._index[name]: text for name, text in row.problems.items() if name in self._index
        }
        cells = self._staged.cells.get(row.number, [])
        for index in range(self._width):
            value = cells[index] if index < len(cells) else None
            self._cell(line, index, value, wrong.get(index, ""))
        sentences = "".join(dict.fromkeys(row.problems.values()))
        text = f"原第 {row.number} 行：{sentences}"
        self._sheet.write_string(line, self._width, text[:30_000], self._looks["problem"])

    def _cell(self, line: int, index: int, value: Value, problem: str) -> None:
        name = "wrong" if problem else "cell"
        look = self._looks[name]
        if value is None:
            self._sheet.write_blank(line, index, None, look)
        elif index in self._hidden:
            self._text(line, index, mask_any(plain(value)), name)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self._sheet.write_number(line, index, value, look)
        elif isinstance(value, dt.date):
            self._sheet.write_datetime(
                line, index, value, self._looks["date"] if not problem else look
            )
        else:
            self._text(line, index, plain(value), name)
        if problem:
            self._sheet.write_comment(line, index, problem, {"author": "五聚", "x_scale": 2})

    def _text(self, line: int, index: int, text: str, name: str) -> None:
        """Write text that no spreadsheet will run, even after somebody edits the cell."""
        self._sheet.write_string(line, index, text, self._looks[text_look(name, text)])


def mask_any(text: str) -> str:
    """Return a text of which at most the outer characters can be read.

    >>> mask_any("13800000000"), mask_any("赵甲乙")
    ('138****0000', '赵**')
    """
    if len(text) >= 15:
        return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"
    if len(text) >= 7:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return text[:1] + "**"
