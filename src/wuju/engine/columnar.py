"""What every executor of a wide run answers with: cells and lines as Arrow, and the same as rows of Python."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Self

from wuju.engine.live import read_cells
from wuju.engine.program import Program
from wuju.engine.results import IN_ORDER, Cell, RollUp

if TYPE_CHECKING:
    import pyarrow as pa


class Columnar(ABC):
    """Judges every organization at once and hands columns out; a context manager that closes itself."""

    @abstractmethod
    def cells(
        self,
        program: Program,
        *,
        as_of: dt.date,
        since: dt.date | None = None,
        items: Collection[str] | None = None,
    ) -> "pa.Table":
        """Judge, keep the cells for `lines`, and return them as Arrow (`item_no` for the item)."""

    @abstractmethod
    def lines(self, program: Program, *, as_of: dt.date) -> "pa.RecordBatchReader":
        """Return the lines of the cells judged last: the columns of `RollUp` with `item_no` for the item.

        Read them before judging again.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of what was opened."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def evaluate(
        self,
        program: Program,
        *,
        as_of: dt.date,
        since: dt.date | None = None,
        items: Collection[str] | None = None,
    ) -> list[Cell]:
        """Return the cells of every organization, in order."""
        table = self.cells(program, as_of=as_of, since=since, items=items)
        return sorted(read_cells(program, tuples(table)), key=IN_ORDER)

    def roll_up(self, program: Program, *, as_of: dt.date) -> list[RollUp]:
        """Return the lines of the cells judged last, on the tree of min(period end, as_of)."""
        codes = {item.no: item.code for item in program.items}
        found = [
            RollUp(org, codes[no], period, *numbers)
            for batch in self.lines(program, as_of=as_of)
            for org, no, period, *numbers in tuples(batch)
        ]
        return sorted(found, key=IN_ORDER)


def tuples(table: "pa.Table | pa.RecordBatch") -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table as tuples of plain values."""
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
