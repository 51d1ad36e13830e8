"""How many passed each stage, and where they stay behind. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .canvas import Canvas, widest
from .chart import Chart, Twin

LINE = 28
FIELD = 320


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage and how many reached it."""

    label: str
    reached: int
    href: str = ""


def funnel(title: str, stages: Sequence[Stage], *, unit: str = "条", note: str = "") -> Chart:
    """Draw stages from the first to the last; the greatest loss is drawn in ink.

    Raises:
        ValueError: more reached a stage than the one before it.
    """
    lost = [a.reached - b.reached for a, b in pairwise(stages)]
    if any(number < 0 for number in lost):
        raise ValueError("a stage is reached by way of the one before")
    left = widest([stage.label for stage in stages]) + 12
    top = stages[0].reached if stages else 0
    worst = max(lost, default=0)
    canvas = Canvas(left + FIELD + 110, LINE * len(stages) + 4, f"漏斗图：{title}")
    for place, stage in enumerate(stages):
        gone = lost[place - 1] if place else 0
        y, wide = place * LINE + 4, FIELD * stage.reached / top if top else 0
        is_worst = bool(gone) and gone == worst
        with canvas.link(stage.href):
            canvas.text(left - 12, y + 16, stage.label, "e")
            canvas.rect(left + (FIELD - wide) / 2, y, wide, LINE - 6, "fi" if is_worst else "f1")
            inside = wide >= 48
            x = left + FIELD / 2 if inside else left + (FIELD + wide) / 2 + 6
            canvas.text(x, y + 16, stage.reached, "tb tw m" if inside else "tb")
        if gone:
            canvas.text(left + FIELD + 12, y + 16, f"少 {gone} {unit}", "tb" if is_worst else "t2")
    rows = tuple(
        (stage.label, stage.reached, lost[place - 1] if place else 0)
        for place, stage in enumerate(stages)
    )
    return Chart(
        title,
        canvas.svg(),
        Twin(("环节", f"到达（{unit}）", f"比上一环节少（{unit}）"), rows),
        note,
    )
