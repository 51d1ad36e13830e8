"""Men to the left, women to the right, by age: the structure of a team, no judgement of a person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from .canvas import SMALL, Canvas, widest
from .chart import Chart, Key, Twin

LINE = 24
SIDE = 190


@dataclass(frozen=True, slots=True)
class Band:
    """An age band, oldest first: 56–60."""

    label: str
    men: int
    women: int


def age_pyramid(title: str, bands: Sequence[Band], *, unit: str = "人", note: str = "") -> Chart:
    """Draw bands of ages from the top down, both sides on one scale."""
    middle = widest([band.label for band in bands], SMALL) + 20
    numbers = widest([str(n) for band in bands for n in (band.men, band.women)], SMALL) + 12
    centre = numbers + SIDE + middle / 2
    top = max((max(band.men, band.women) for band in bands), default=0)
    canvas = Canvas(2 * centre, LINE * len(bands) + 26, f"年龄结构图：{title}")
    canvas.text(centre - middle / 2, 15, "男", "tb e")
    canvas.text(centre + middle / 2, 15, "女", "tb")
    for place, band in enumerate(bands):
        y = place * LINE + 24
        men, women = (SIDE * n / top if top else 0 for n in (band.men, band.women))
        canvas.text(centre, y + 13, band.label, "t2 m")
        canvas.rect(centre - middle / 2 - men, y, men, 16, "f1")
        canvas.text(centre - middle / 2 - men - 6, y + 13, band.men, "t2 e")
        canvas.rect(centre + middle / 2, y, women, 16, "f2")
        canvas.text(centre + middle / 2 + women + 6, y + 13, band.women, "t2")
    rows = tuple((band.label, band.men, band.women, band.men + band.women) for band in bands)
    columns = ("年龄", f"男（{unit}）", f"女（{unit}）", f"合计（{unit}）")
    return Chart(
        title, canvas.svg(), Twin(columns, rows), note, (Key("f1", "男"), Key("f2", "女"))
    )
