"""A matrix of organizations × items, paler or deeper by what is missing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from .canvas import SMALL, Canvas, widest
from .chart import Chart, Key, Twin

LINE = 30
HEAD = 20


def levels(lack: str = "缺") -> tuple[Key, ...]:
    """Return the legend of depths, in the word for what is missing."""
    return (
        Key("fh0 k2", f"没有{lack}"),
        Key("fh1 k2", f"{lack}不到一成"),
        Key("fh2 k2", f"{lack}一至二成"),
        Key("fh3 k2", f"{lack}二至三成"),
        Key("fh4 k2", f"{lack}三成以上"),
        Key("f0 kx", f"未核实，没有来源，不算{lack}"),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """Done of due. `due` None: nobody has looked; 0: nothing is owed here."""

    done: int
    due: int | None
    href: str = ""

    @property
    def level(self) -> int | None:
        """0 nothing missing to 4 three tenths or more; None if nobody has looked.

        >>> [Share(done, 10).level for done in (10, 9, 8, 7)], Share(19, 20).level
        ([0, 2, 3, 4], 1)
        """
        if self.due is None:
            return None
        missing = max(self.due - self.done, 0)
        return 0 if not missing else 1 + min(3, 10 * missing // self.due)

    @property
    def word(self) -> str:
        if self.due is None:
            return "未核实"
        return f"{self.done}/{self.due}" if self.due else "不承担"


def look_of(level: int | None) -> str:
    return "f0 kx" if level is None else f"fh{level} k2"


def heat_map(
    title: str,
    items: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Share]]],
    *,
    label: str = "组织",
    note: str = "",
) -> Chart:
    """Draw a cell an organization and item, in the given order; each says done/due.

    Raises:
        ValueError: a row has another number of cells than there are items.
    """
    if any(len(cells) != len(items) for _, cells in rows):
        raise ValueError("every row needs one cell an item")
    left = widest([name for name, _ in rows]) + 10
    wide = max(76.0, widest(items, SMALL) + 14)
    canvas = Canvas(left + wide * len(items) + 2, HEAD + LINE * len(rows) + 6, f"热力图：{title}")
    for place, item in enumerate(items):
        canvas.text(left + wide * (place + 0.5), HEAD - 5, item, "t2 m")
    for line, (name, cells) in enumerate(rows):
        y = HEAD + LINE * line
        canvas.text(left - 10, y + 20, name, "e")
        for place, cell in enumerate(cells):
            x = left + wide * place
            with canvas.link(cell.href, f"{name}，{items[place]}：{cell.word}"):
                canvas.rect(x + 1, y + 1, wide - 2, LINE - 2, look_of(cell.level))
                look = "t2 m tw" if cell.level == 4 else "t2 m ti"
                canvas.text(x + wide / 2, y + 20, cell.word, look)
    table = tuple((name, *(cell.word for cell in cells)) for name, cells in rows)
    return Chart(title, canvas.svg(), Twin((label, *items), table), note, levels())
