"""The matrix of a project as it is drawn: a shape, a word or a pair, and a depth of colour. Pure but for addresses."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from wuju.engine.items import Item, Kind
from wuju.kit.periods import Period, period_from_number
from wuju.standings.lists import short_title
from wuju.standings.queries import LineRow, Matrix, MatrixCell, MatrixRow

from .needing import why_href
from .templatetags.wuju import STATUSES

# Kinds whose figure is a state: until the period is over nothing is met, and nothing is missing.
STATES = frozenset({Kind.STOCK, Kind.RATIO, Kind.COMPOSITE, Kind.ATTESTED, Kind.SET, Kind.LATEST})


@dataclass(frozen=True, slots=True)
class Column:
    """One item of the matrix in its period."""

    item: str
    title: str
    period: str
    label: str
    lacking: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One organization × item. `status` names the shape, `word` is read with it."""

    heat: str
    status: str
    word: str
    text: str
    href: str

    @property
    def shape(self) -> str:
        return STATUSES[self.status][0]


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    href: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Unverified:
    """An item kept out of the matrix: nobody has looked, or its source is still to be confirmed."""

    title: str
    why: str
    text: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns, the total first, then the organizations in official order."""

    columns: tuple[Column, ...]
    total: Row | None
    rows: tuple[Row, ...]
    unverified: tuple[Unverified, ...]


def grid_of(
    matrix: Matrix, *, provisional: frozenset[str], today: dt.date, down: Callable[[int], str]
) -> Grid:
    """Lay out a matrix.

    Args:
        provisional: items that are shown apart and judge nobody.
        down: gives the address of the next level of an organization.
    """
    total = matrix.total.cells if matrix.total else ()
    apart = [
        place
        for place, (item, cell) in enumerate(zip(matrix.items, total, strict=True))
        if item.code in provisional or cell.line is None or cell.line.n == cell.line.unverified
    ]
    kept = [place for place in range(len(matrix.items)) if place not in apart]
    items = [matrix.items[place] for place in kept]

    def row(line: MatrixRow, href: str) -> Row:
        cells = [line.cells[place] for place in kept]
        drawn = (
            cell_of(item, cell, line.org_id, today)
            for item, cell in zip(items, cells, strict=True)
        )
        return Row(line.name, href, tuple(drawn))

    return Grid(
        columns=tuple(_column(matrix.items[place], total[place], today) for place in kept),
        total=row(matrix.total, "") if matrix.total else None,
        rows=tuple(row(line, down(line.org_id)) for line in matrix.rows),
        unverified=tuple(
            _apart(matrix, place, provisional) for place in apart if _is_owed(total[place])
        ),
    )


def _is_owed(cell: MatrixCell) -> bool:
    return cell.line is not None and cell.line.n > 0


def _column(item: Item, cell: MatrixCell, today: dt.date) -> Column:
    period = period_from_number(cell.period)
    lacking = cell.line.lacking if cell.line else 0
    return Column(item.code, item.title, short_title(period, today), period.label, lacking)


def _apart(matrix: Matrix, place: int, provisional: frozenset[str]) -> Unverified:
    item, cell = matrix.items[place], matrix.total.cells[place] if matrix.total else None
    period = period_from_number(cell.period) if cell else None
    met = (
        f"已有记录的 {cell.line.met}/{cell.line.n}" if cell and cell.line and cell.line.met else ""
    )
    return Unverified(
        title=item.title,
        why=why_href(matrix.parent_id, item.code, period.label) if period else "",
        text=met,
        is_provisional=item.code in provisional,
    )


def cell_of(item: Item, cell: MatrixCell, organization_id: int, today: dt.date) -> Cell | None:
    """Return the cell as it is drawn, None where nothing is owed."""
    line = cell.line
    if line is None or not line.n:
        return None
    period = period_from_number(cell.period)
    href = why_href(organization_id, item.code, period.label)
    if not line.owed:
        unverified = line.unverified > 0
        code, word = ("unverified", "未核实") if unverified else ("exempt", "免除")
        return Cell("hx", code, word, word, href)
    status, word = _standing(line)
    return Cell(heat_of(line), status, word, _text(item, line, period, today), href)


def _standing(line: LineRow) -> tuple[str, str]:
    if line.missed:
        return "missed", "未达到"
    if line.overdue:
        return "overdue", "期满待录"
    if line.due_soon:
        return "due_soon", "将到期"
    return ("open", "进行中") if line.open else ("met", "已完成")


def _text(item: Item, line: LineRow, period: Period, today: dt.date) -> str:
    """Return met/owed; while a state is still running, only what is already lacking."""
    if item.kind in STATES and today <= period.ends_on:
        return f"缺 {line.lacking}" if line.lacking else "进行中"
    return f"{line.met}/{line.owed}"


def heat_of(line: LineRow) -> str:
    """Return how deep: h0 nothing lacking, then under one, two, three tenths, and more."""
    if not line.lacking:
        return "h0"
    tenths = line.lacking * 10 // line.owed
    return f"h{min(tenths + 1, 4)}"
