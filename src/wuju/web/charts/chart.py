"""What a chart is made of when it is handed to its template. Pure."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

type Cell = str | int


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend. `look` is the classes of its swatch, "hatch" for the hatched one."""

    look: str
    word: str


@dataclass(frozen=True, slots=True)
class Twin:
    """The same numbers as a table. The first column heads its row; integers stand to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def numbers(self) -> frozenset[int]:
        """The places of columns that hold a number somewhere."""
        return frozenset(
            place for row in self.rows for place, cell in enumerate(row) if isinstance(cell, int)
        )


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its answer as title, a note of scope and day, its legend and its table."""

    title: str
    svg: SafeString
    twin: Twin
    note: str = ""
    legend: tuple[Key, ...] = ()
