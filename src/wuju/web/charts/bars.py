"""Bars along a line each: one number a row, or several stacked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from .canvas import SMALL, Canvas, widest, width_of
from .chart import Cell, Chart, Key, Twin

ROW = 26
THICK = 16
FIELD = 360  # the longest bar
LOOKS = ("f1", "f2", "f3 k2")


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its number and, if it opens, where. `word` follows the number: 缺 4 次."""

    label: str
    value: int
    href: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """A row of several numbers, in the order of the parts."""

    label: str
    values: tuple[int, ...]
    href: str = ""


def bar_chart(
    title: str, bars: Sequence[Bar], *, measure: str, label: str = "项目", note: str = ""
) -> Chart:
    """Draw one bar a row, in the given order (official or by urgency, never by merit).

    Args:
        measure: what is counted, with its unit: 缺（次）.
        label: what a row is: 乡镇街道.
    """
    left = widest([bar.label for bar in bars]) + 10
    words = [bar.word or str(bar.value) for bar in bars]
    top = max((bar.value for bar in bars), default=0)
    canvas = Canvas(left + FIELD + widest(words) + 14, ROW * len(bars) + 4, f"条形图：{title}")
    for place, (bar, word) in enumerate(zip(bars, words, strict=True)):
        y = place * ROW + 4
        long = FIELD * bar.value / top if top else 0
        with canvas.link(bar.href):
            canvas.text(left - 10, y + 13, bar.label, "e")
            canvas.rect(left, y, long, THICK, "f1")
            canvas.text(left + long + 8, y + 13, word, "tb")
    rows = tuple((bar.label, bar.value) for bar in bars)
    return Chart(title, canvas.svg(), Twin((label, measure), rows), note)


def stacked_bars(
    title: str,
    parts: Sequence[str],
    rows: Sequence[Stack],
    *,
    hatched: str = "",
    label: str = "项目",
    note: str = "",
) -> Chart:
    """Draw rows of up to three plain parts and one hatched (逾期), with their numbers inside.

    Raises:
        ValueError: a row has another number of values, or there are too many parts to tell apart.
    """
    looks = _looks(parts, hatched)
    if any(len(row.values) != len(parts) for row in rows):
        raise ValueError("every row needs one value a part")
    left = widest([row.label for row in rows]) + 10
    top = max((sum(row.values) for row in rows), default=0)
    canvas = Canvas(left + FIELD + 56, ROW * len(rows) + 4, f"堆叠条形图：{title}")
    for place, row in enumerate(rows):
        with canvas.link(row.href):
            _stack(canvas, row, looks, left, place * ROW + 4, FIELD / top if top else 0)
    table: list[tuple[Cell, ...]] = [(row.label, *row.values, sum(row.values)) for row in rows]
    keys = tuple(Key(look, part) for part, look in zip(parts, looks, strict=True))
    return Chart(title, canvas.svg(), Twin((label, *parts, "合计"), tuple(table)), note, keys)


def _looks(parts: Sequence[str], hatched: str) -> list[str]:
    plain = iter(LOOKS)
    try:
        return ["hatch" if part == hatched else next(plain) for part in parts]
    except StopIteration:
        raise ValueError("more parts than an eye can tell apart") from None


def _stack(
    canvas: Canvas, row: Stack, looks: Sequence[str], left: float, y: float, scale: float
) -> None:
    canvas.text(left - 10, y + 13, row.label, "e")
    x = left
    for value, look in zip(row.values, looks, strict=True):
        long = value * scale
        canvas.rect(x, y, long, THICK, look)
        if look != "hatch" and long >= width_of(str(value), SMALL) + 8:
            canvas.text(x + long / 2, y + 13, value, "t2 m tw" if look == "f1" else "t2 m ti")
        x += long
    canvas.rect(left, y, x - left, THICK, "ko")
    canvas.text(x + 8, y + 13, sum(row.values), "tb")
