"""Plans over time: what should run when, how far each is, and today (横道图). Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .canvas import Canvas, widest
from .chart import Chart, Key, Twin

FIELD = 720
LINE = 44
HEAD = 52
QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Span:
    """A plan from its first to its last day. `word` is its state: 按期, 晚一个季度.

    `done` of `total` fills its bar; `is_late` says 逾期 by a shape beside the word.
    """

    title: str
    first: dt.date
    last: dt.date
    done: int
    total: int
    word: str
    detail: str = ""
    href: str = ""
    is_late: bool = False


def gantt(title: str, spans: Sequence[Span], *, today: dt.date, note: str = "") -> Chart:
    """Draw plans by quarter, from the year of the first to the year of the last.

    Raises:
        ValueError: there is no plan, or one ends before it starts.
    """
    if not spans or any(span.last < span.first for span in spans):
        raise ValueError("plans need days in order")
    begin = dt.date(min(span.first for span in spans).year, 1, 1)
    end = dt.date(max(span.last for span in spans).year + 1, 1, 1)
    left = widest([span.title for span in spans]) + 16
    says = [
        f"{'▲ ' if span.is_late else ''}{span.word} {span.done}/{span.total}" for span in spans
    ]
    scale = FIELD / (end - begin).days
    canvas = Canvas(
        left + FIELD + widest(says) + 16, HEAD + LINE * len(spans) + 22, f"横道图：{title}"
    )

    def x(day: dt.date) -> float:
        return left + (day - begin).days * scale

    bottom = HEAD + LINE * len(spans)
    _calendar(canvas, begin.year, end.year, x, bottom)
    for place, (span, word) in enumerate(zip(spans, says, strict=True)):
        y = HEAD + LINE * place
        canvas.line([(0, y), (left + FIELD, y)], "k")
        with canvas.link(span.href):
            _span(canvas, span, y, x(span.first), x(span.last + dt.timedelta(days=1)))
            canvas.text(left + FIELD + 10, y + 25, word, "tb" if span.is_late else "t2")
    if begin <= today < end:
        canvas.line([(x(today), HEAD - 6), (x(today), bottom)], "know")
        canvas.text(x(today), bottom + 16, "今天", "t2 m")
    table = tuple(
        (s.title, s.first.isoformat(), s.last.isoformat(), s.done, s.total, s.word) for s in spans
    )
    columns = ("计划", "开始", "结束", "完成", "总量", "状态")
    keys = (Key("f1", "已完成"), Key("f0 k2", "计划"))
    return Chart(title, canvas.svg(), Twin(columns, table), note, keys)


def _calendar(
    canvas: Canvas, first: int, until: int, x: Callable[[dt.date], float], bottom: float
) -> None:
    for year in range(first, until):
        canvas.text(
            (x(dt.date(year, 1, 1)) + x(dt.date(year + 1, 1, 1))) / 2, 18, f"{year}年", "tb m"
        )
        for quarter in range(4):
            start = dt.date(year, 3 * quarter + 1, 1)
            after = dt.date(year + (quarter == 3), (3 * quarter + 3) % 12 + 1, 1)
            canvas.line([(x(start), 26 if not quarter else 44), (x(start), bottom)], "k")
            if (until - first) * 4 * 20 <= FIELD:
                canvas.text((x(start) + x(after)) / 2, 42, QUARTERS[quarter], "t2 m")


def _span(canvas: Canvas, span: Span, y: float, start: float, end: float) -> None:
    canvas.text(0, y + (20 if span.detail else 26), span.title)
    if span.detail:
        canvas.text(0, y + 37, span.detail, "t2")
    done = min(span.done, span.total) / span.total if span.total else 0
    canvas.rect(start, y + 12, end - start, 16, "f0 k2")
    canvas.rect(start, y + 12, (end - start) * done, 16, "f1")
