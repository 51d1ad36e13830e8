"""The tile map of a project: where its worst item lacks records, township by township. Pure but for addresses."""

from collections.abc import Mapping
from itertools import count

from wuju.standings.queries import LineRow, Matrix, MatrixRow

from . import charts
from .matrices import Column, Grid
from .needing import why_href

type Places = Mapping[int, tuple[int, int] | None]
FEWEST = 4  # below it the matrix says as much


def tile_chart(matrix: Matrix, grid: Grid, places: Places) -> charts.Chart | None:
    """Draw the item that lacks most, one tile a township; None where nothing lacks or too few lie here.

    A township whose place on the grid nobody has written down stands in a row below.
    """
    worst = max(grid.columns, key=lambda column: column.lacking, default=None)
    rows = [row for row in matrix.rows if row.org_id in places]
    if worst is None or not worst.lacking or len(rows) < FEWEST:
        return None
    lines = {row.org_id: _line(row, worst) for row in rows}
    lacking = sum(1 for line in lines.values() if line and line.lacking)
    total = sum(line.lacking for line in lines.values() if line)
    return charts.tile_map(
        f"“{worst.title}”{lacking} 个乡镇街道有待补，共 {total} 个组织" if total else
        f"“{worst.title}”的待补不在乡镇街道",
        [
            charts.Tile(row.name, column, line, _share(row, lines[row.org_id], worst))
            for row, (column, line) in zip(rows, _laid([places[r.org_id] for r in rows]), strict=True)
        ],
        columns=("乡镇街道", "没有待补的组织", "应做到的组织", "待补"),
        lack="待补",
        unit="个",
        note=f"{worst.period}，每格为待补的组织数；位置为示意，大小相同",
    )  # fmt: skip


def _line(row: MatrixRow, column: Column) -> LineRow | None:
    return next((cell.line for cell in row.cells if cell.item == column.item), None)


def _share(row: MatrixRow, line: LineRow | None, column: Column) -> charts.Share:
    if line is None or not line.n:
        return charts.Share(0, 0)
    href = why_href(row.org_id, column.item, column.label)
    if not line.owed:
        return charts.Share(0, None if line.unverified else 0, href)
    return charts.Share(line.owed - line.lacking, line.owed, href)


def _laid(places: list[tuple[int, int] | None]) -> list[tuple[int, int]]:
    """Give those without a place one in the rows below, four to a row."""
    below = 1 + max((place[1] for place in places if place), default=-1)
    free = count()
    return [
        place or (n % 4, below + n // 4) for place in places for n in [0 if place else next(free)]
    ]
