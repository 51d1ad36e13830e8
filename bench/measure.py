"""How everything here is measured: processor time of one call, repeated after a warm-up, in one table."""

import gc
import json
import os
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

PINS = Path(__file__).resolve().parents[1] / "tests" / "query_counts.json"
UNITS = {"ms": 1000.0, "s": 1.0}
HEADER = ("what", "unit", "min", "median", "max", "bar", "verdict", "queries")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `samples` are in `unit`; `bar` is met from below, or from above where
    `more_is_better`. `queries` is None where no request is counted."""

    name: str
    unit: str
    samples: Sequence[float]
    bar: float | None = None
    more_is_better: bool = False
    queries: int | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        met = self.median >= self.bar if self.more_is_better else self.median <= self.bar
        return "ok" if met else "MISSED"

    def cells(self, pins: dict[str, int]) -> tuple[str, ...]:
        sign = "≥" if self.more_is_better else "≤"
        bar = "" if self.bar is None else f"{sign} {_number(self.bar)}"
        figures = (_number(f) for f in (min(self.samples), self.median, max(self.samples)))
        return (self.name, self.unit, *figures, bar, self.verdict, self._queries(pins))

    def _queries(self, pins: dict[str, int]) -> str:
        if self.queries is None:
            return ""
        pinned = pins.get(pin_name(self.name))
        if pinned in {None, self.queries}:
            return str(self.queries)
        return f"{self.queries} (was {pinned}: DRIFTED)"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def pin_name(name: str) -> str:
    return f"bench: {name}"


def read_pins() -> dict[str, int]:
    pins: dict[str, int] = json.loads(PINS.read_text("utf-8"))
    return pins


def pin(lines: Iterable[Line]) -> None:
    """Record the query counts of these lines; the diff is then part of the review."""
    pins = read_pins() | {pin_name(x.name): x.queries for x in lines if x.queries is not None}
    PINS.write_text(json.dumps(pins, indent=2, sort_keys=True) + "\n", "utf-8")


@dataclass(slots=True)
class Watch:
    """Processor time of `with` blocks of this process, all threads, in seconds."""

    spent: list[float] = field(default_factory=list)
    _started: float = 0.0

    def __enter__(self) -> Self:
        gc.collect()
        self._started = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.spent.append(time.process_time() - self._started)

    def samples(self, unit: str) -> list[float]:
        return [seconds * UNITS[unit] for seconds in self.spent]


def repeated(call: Callable[[], object], *, times: int, warm_up: int = 1) -> Watch:
    """Call it `warm_up` times unmeasured, then `times` times measured."""
    for _ in range(warm_up):
        call()
    watch = Watch()
    for _ in range(times):
        with watch:
            call()
    return watch


def table(lines: Sequence[Line]) -> str:
    """Return the lines as one Markdown table that also reads as plain text."""
    pins = read_pins()
    rows = [HEADER, *(line.cells(pins) for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADER))]
    right = {2, 3, 4, 5, 7}
    texts = [
        "| "
        + " | ".join(
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in rows
    ]
    rule = "|".join("-" * (w + 1) + (":" if n in right else "-") for n, w in enumerate(widths))
    return "\n".join([texts[0], f"|{rule}|", *texts[1:]])


def machine() -> str:
    """Return what the figures depend on: interpreter, processors, how busy they are."""
    import platform
    import sqlite3

    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} processors, load {load}"
    )
