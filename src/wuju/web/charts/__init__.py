"""Charts drawn on the server: SVG without script or inline style, each with a table of the same numbers. Pure.

A chart answers one question and its title is the answer (缺 27 次), written by whoever asks for
it. Every function returns a `Chart` for `components/chart.html`.
"""

from .ages import Band, age_pyramid
from .bars import Bar, Stack, bar_chart, stacked_bars
from .chart import Chart, Key, Twin
from .funnels import Stage, funnel
from .heat import Share, heat_map
from .lines import Moment, line_chart
from .maps import Place, Tile, district_map, tile_map
from .schedules import Span, gantt

__all__ = [
    "Band",
    "Bar",
    "Chart",
    "Key",
    "Moment",
    "Place",
    "Share",
    "Span",
    "Stack",
    "Stage",
    "Tile",
    "Twin",
    "age_pyramid",
    "bar_chart",
    "district_map",
    "funnel",
    "gantt",
    "heat_map",
    "line_chart",
    "stacked_bars",
    "tile_map",
]
