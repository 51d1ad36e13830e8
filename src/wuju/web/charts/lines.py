"""A line of what was reached, and the dashed one of what was aimed at. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from .canvas import SMALL, Canvas, ticks, widest
from .chart import Chart, Twin

HEIGHT = 220
TOP = 24
STEP = 64


@dataclass(frozen=True, slots=True)
class Moment:
    """A period. None: nobody has looked (未核实), and the line breaks; no target, no dashed line."""

    label: str
    value: int | None
    target: int | None = None


def line_chart(
    title: str, points: Sequence[Moment], *, measure: str, unit: str = "", note: str = ""
) -> Chart:
    """Draw values over periods from a base of zero, so that a slope is never made steeper.

    Args:
        measure: what is measured, with its unit, as the table heads it: 覆盖率（%）.
        unit: the unit as it follows a number: %.
    """
    known = [v for point in points for v in (point.value, point.target) if v is not None]
    marks = ticks(max(known, default=0))
    left = widest([f"{mark}{unit}" for mark in marks], SMALL) + 12
    width = left + STEP * max(len(points) - 1, 1)
    canvas = Canvas(width + 110, TOP + HEIGHT + 34, f"折线图：{title}")

    def y(value: int) -> float:
        return TOP + HEIGHT - HEIGHT * value / marks[-1]

    for mark in marks:
        canvas.line([(left, y(mark)), (width + 8, y(mark))], "k")
        canvas.text(left - 8, y(mark) + 4, f"{mark}{unit}", "t2 e")
    xs = [left + STEP * place for place in range(len(points))]
    for x, point in zip(xs, points, strict=True):
        canvas.text(x, TOP + HEIGHT + 24, point.label, "t2 m")
    targets = [(x, y(p.target)) for x, p in zip(xs, points, strict=True) if p.target is not None]
    canvas.line(targets, "kt")
    for stretch in _stretches(zip(xs, points, strict=True)):
        reached = [(x, y(value)) for x, value in stretch]
        canvas.line(reached, "kl")
        for spot in reached:
            canvas.dot(*spot, "f1")
    _name_ends(canvas, points, width, y, unit)
    return Chart(title, canvas.svg(), _twin(points, measure), note)


def _stretches(places: Iterable[tuple[float, Moment]]) -> list[list[tuple[float, int]]]:
    """Return the runs of periods whose value is known."""
    return [
        [(x, point.value) for x, point in run if point.value is not None]
        for is_known, run in groupby(places, key=lambda place: place[1].value is not None)
        if is_known
    ]


def _name_ends(
    canvas: Canvas, points: Sequence[Moment], x: float, y: Callable[[int], float], unit: str
) -> None:
    """Write the last value and target beside their ends, moved apart where they would touch."""
    if not points:
        return
    ends = [
        (y(number), word, look)
        for number, word, look in (
            (points[-1].value, f"实际 {points[-1].value}{unit}", "tb"),
            (points[-1].target, f"目标 {points[-1].target}{unit}", "t2"),
        )
        if number is not None
    ]
    last = -100.0
    for at, word, look in sorted(ends):
        last = max(at, last + 17)
        canvas.text(x + 12, last + 5, word, look)


def _twin(points: Sequence[Moment], measure: str) -> Twin:
    has_target = any(point.target is not None for point in points)
    columns = ("时间", measure, "目标") if has_target else ("时间", measure)
    rows = tuple(
        (point.label, *(_cell(v) for v in (point.value, point.target)[: len(columns) - 1]))
        for point in points
    )
    return Twin(columns, rows)


def _cell(value: int | None) -> str | int:
    return "未核实" if value is None else value
