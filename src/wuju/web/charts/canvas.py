"""Marks on a sheet of SVG: text escaped, numbers short, colours by class only. Pure.

Lengths are CSS pixels; `text` classes: m middle, e end, tb bold, t2 small, tw on dark.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

SIZE = 14
SMALL = 13
WIDE = {"W", "F", "A"}  # East Asian widths of one full square


class Canvas:
    """Collects marks and returns them as one SVG of a width and height."""

    def __init__(self, width: float, height: float, label: str) -> None:
        """Args: label: what the drawing shows, for whoever cannot see it."""
        self._width, self._height, self._label = width, height, label
        self._marks: list[str] = []
        self._is_group = False

    def rect(self, x: float, y: float, width: float, height: float, look: str) -> None:
        """Draw a box. The look `hatch` is 逾期: readable without colour."""
        kind = 'fill="url(#p-hatch)"' if look == "hatch" else f'class="{look}"'
        self._marks.append(
            f'<rect {kind} x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(height)}"/>'
        )

    def text(self, x: float, y: float, text: object, look: str = "") -> None:
        kind = f' class="{look}"' if look else ""
        self._marks.append(f'<text{kind} x="{_n(x)}" y="{_n(y)}">{escape(text)}</text>')

    def line(self, points: Sequence[tuple[float, float]], look: str) -> None:
        """Join points by straight lines; a single point leaves no mark."""
        if len(points) > 1:
            path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
            self._marks.append(f'<polyline class="{look}" points="{path}"/>')

    def polygon(self, points: Sequence[tuple[float, float]], look: str) -> None:
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._marks.append(f'<polygon class="{look}" points="{path}"/>')

    def dot(self, x: float, y: float, look: str, radius: float = 3.5) -> None:
        self._marks.append(f'<circle class="{look}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>')

    @contextmanager
    def link(self, href: str, name: str = "") -> Iterator[None]:
        """Make what is drawn inside a link; without an address only draw it.

        Args:
            name: what the link is called, where the text inside does not say it.
        """
        if not href:
            yield
            return
        self._is_group = True
        label = f' aria-label="{escape(name)}"' if name else ""
        self._marks.append(f'<a href="{escape(href)}"{label}>')
        yield
        self._marks.append("</a>")

    def svg(self) -> SafeString:
        return format_html(
            '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="{2}" aria-label="{3}">{4}</svg>',
            _n(self._width),
            _n(self._height),
            "group" if self._is_group else "img",
            self._label,
            mark_safe("".join(self._marks)),  # noqa: S308 - every mark escaped its text
        )


def width_of(text: str, size: float = SIZE) -> float:
    """Estimate the width of a text: a Chinese character is a square, a Latin one about half.

    >>> width_of("巉口镇"), width_of("12")
    (42.0, 16.1)
    """
    squares = sum(
        1.0 if unicodedata.east_asian_width(character) in WIDE else 0.575 for character in text
    )
    return round(squares * size, 1)


def widest(texts: Sequence[str], size: float = SIZE) -> float:
    return max((width_of(text, size) for text in texts), default=0.0)


def ticks(top: int, wanted: int = 4) -> list[int]:
    """Return round numbers from 0 to at least `top`, in at most `wanted` steps.

    >>> ticks(27), ticks(4), ticks(0), ticks(100)
    ([0, 10, 20, 30], [0, 1, 2, 3, 4], [0, 1], [0, 25, 50, 75, 100])
    """
    step = next(step for step in _steps() if step * wanted >= top)
    return [step * n for n in range(max(1, -(-top // step)) + 1)]


def _steps() -> Iterator[int]:
    yield from (1, 2, 5)
    for power in count(1):
        yield from (factor * 10**power // 10 for factor in (10, 20, 25, 50))


def _n(value: float) -> str:
    """Write a number with at most one decimal and no idle zero."""
    return f"{value:.1f}".removesuffix(".0")
