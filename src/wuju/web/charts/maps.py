"""Townships as tiles, and the district in its boundary. Pure.

Tiles stand roughly where the townships lie; they are all of one size, because a large township is
no more important than a small one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from .canvas import SMALL, Canvas, width_of
from .chart import Chart, Key, Twin
from .heat import Share, levels, look_of

WIDE, HIGH, GAP = 130, 62, 4
MAP = 560.0


@dataclass(frozen=True, slots=True)
class Tile:
    """A township: its place in the grid (0, 0 is north-west) and done of due."""

    name: str
    column: int
    row: int
    share: Share
    is_mine: bool = False

    def says(self, lack: str, unit: str) -> str:
        """Return what is written on it: 缺 4 次."""
        if self.share.due is None:
            return "未核实"
        number = max(self.share.due - self.share.done, 0)
        return (
            f"{lack} {number} {unit}" if number else f"没有{lack}" if self.share.due else "不承担"
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the district map, degrees east and north (WGS 84)."""

    name: str
    longitude: float
    latitude: float
    value: int
    href: str = ""


def tile_map(
    title: str,
    tiles: Sequence[Tile],
    *,
    lack: str = "缺",
    unit: str = "次",
    columns: tuple[str, str, str, str] = ("乡镇街道", "已做", "应做", "缺"),
    note: str = "",
) -> Chart:
    """Draw one tile a township with what is missing there, written on it.

    Args:
        lack: the word for what is missing.
        columns: the heads of the table: place, done, due, missing.

    Raises:
        ValueError: two tiles have one place.
    """
    if len({(tile.column, tile.row) for tile in tiles}) < len(tiles):
        raise ValueError("two tiles have one place")
    across = 1 + max((tile.column for tile in tiles), default=0)
    down = 1 + max((tile.row for tile in tiles), default=0)
    canvas = Canvas(across * (WIDE + GAP), down * (HIGH + GAP), f"乡镇方格图：{title}")
    for tile in tiles:
        _tile(canvas, tile, tile.says(lack, unit))
    table = tuple(_line(tile) for tile in tiles)
    return Chart(title, canvas.svg(), Twin(columns, table), note, levels(lack))


def _tile(canvas: Canvas, tile: Tile, says: str) -> None:
    x, y = tile.column * (WIDE + GAP) + 2, tile.row * (HIGH + GAP) + 2
    dark = " tw" if tile.share.level == 4 else ""
    with canvas.link(tile.share.href):
        canvas.rect(x, y, WIDE, HIGH, look_of(tile.share.level))
        if tile.is_mine:
            canvas.rect(x + 1, y + 1, WIDE - 2, HIGH - 2, "km")
        canvas.text(x + WIDE / 2, y + 26, tile.name, f"m{dark}")
        canvas.text(x + WIDE / 2, y + 47, says, f"m{dark}")


def _line(tile: Tile) -> tuple[str | int, ...]:
    share = tile.share
    if share.due is None:
        return tile.name, "未核实", "未核实", "未核实"
    return tile.name, share.done, share.due, max(share.due - share.done, 0)


def district_map(
    title: str,
    boundary: Sequence[Sequence[tuple[float, float]]],
    places: Sequence[Place],
    *,
    measure: str,
    note: str = "",
) -> Chart:
    """Draw the boundary and a disc a place, its area in proportion to its number.

    Args:
        boundary: rings of (longitude, latitude).
        measure: what the number is, with its unit.

    Raises:
        ValueError: there is no boundary.
    """
    if not any(boundary):
        raise ValueError("a map needs a boundary")
    view = _View.around([spot for ring in boundary for spot in ring])
    canvas = Canvas(MAP, view.height, f"地图：{title}")
    for ring in boundary:
        canvas.polygon([view.at(*spot) for spot in ring], "fg k2")
    top = max((place.value for place in places), default=0)
    for place in sorted(places, key=lambda one: -one.value):
        x, y = view.at(place.longitude, place.latitude)
        with canvas.link(place.href):
            radius = 4 + 16 * (place.value / top) ** 0.5 if top else 4.0
            canvas.dot(x, y, "f2 k2", radius)
            _beside(canvas, x, y, radius, f"{place.name} {place.value}")
    rows = tuple((place.name, place.value) for place in places)
    key = Key("f2 k2", "圆的大小表示数量")
    return Chart(title, canvas.svg(), Twin(("地点", measure), rows), note, (key,))


def _beside(canvas: Canvas, x: float, y: float, radius: float, says: str) -> None:
    """Write right of a disc, or left of it where the sheet ends."""
    if x + radius + 6 + width_of(says, SMALL) <= MAP:
        canvas.text(x + radius + 6, y + 5, says, "t2 ti")
    else:
        canvas.text(x - radius - 6, y + 5, says, "t2 ti e")


@dataclass(frozen=True, slots=True)
class _View:
    """Plate carrée with the width of a degree as at the middle latitude: true enough for a county."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    @classmethod
    def around(cls, spots: Sequence[tuple[float, float]]) -> "_View":
        longitudes, latitudes = [x for x, _ in spots], [y for _, y in spots]
        south, north = min(latitudes), max(latitudes)
        squeeze = cos(radians((south + north) / 2))
        span = max((max(longitudes) - min(longitudes)) * squeeze, 1e-9)
        scale = (MAP - 16) / span
        return cls(min(longitudes), north, scale, squeeze, (north - south) * scale + 16)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = (longitude - self.west) * self.squeeze * self.scale + 8
        return x, (self.north - latitude) * self.scale + 8
