"""Finds the header of a sheet people really keep, and says which column is which. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wuju.kit.errors import DomainError
from wuju.kit.sheets.columns import SheetColumn

SEARCH_ROWS: Final = (
    30  # titles, notes and bands stand above the header; nobody writes thirty of them
)
UNITS: Final = ("万元", "千元", "元", "%", "‰")

type Cells = Sequence[object]

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_EDGE = re.compile(r"^[*\s#:.、_-]+|[*\s:.、,;_-]+$")
_SPACE = re.compile(r"\s+")
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|填写说明|注意(?:事项)?|填报单位|填报人|填表人|审核人|审核|制表(?:人)?|单位负责人"
    r"|负责人签[字名]|上报时间|填报时间|填报日期|填表日期|报送单位|报送时间|单位\(?盖章\)?|联系电话|单位|标红字段.*)\d*(?:[:(、.]|$)|^注意|^标红"
)
_TOTALS = frozenset(
    {"合计", "总计", "共计", "小计", "累计", "总合计", "合计数", "本页合计", "本页小计"}
)
_POINTS_WORDS = (
    "总获得积分",
    "活跃学员",
    "参与度",
    "人均积分",
    "激活总数",
    "学员总数",
    "当日积分",
    "学习积分",
    "今日积分",
)


class NoHeader(DomainError):
    def __init__(self, expected: Sequence[str]) -> None:
        super().__init__(
            f"找不到表头，请保留“{'、'.join(expected[:6])}”等列名所在的一行后重新上传。"
        )


class MissingColumns(DomainError):
    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"表中缺少必需的列：{'、'.join(missing)}，请补上后重新上传。")


class PointsExport(DomainError):
    """Fixed by 国办函〔2026〕12号: study points are neither collected nor used."""

    def __init__(self) -> None:
        super().__init__(
            "这是学习平台的积分、活跃度统计表，本系统不收取、不保存、不比较学习积分，请改为登记培训班次和学时。"
        )


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A canonical column found in the sheet: `index` counts from 0; `unit` is named by the header or a note, or ""."""

    column: SheetColumn
    index: int
    header: str
    unit: str


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """The header: its first row (from 0), how many rows it has, and what it means."""

    first: int
    height: int
    mapped: Mapping[str, MappedColumn]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def body(self) -> int:
        """Index of the first row below the header."""
        return self.first + self.height

    def require(self) -> "HeaderMap":
        """Refuse with MissingColumns unless every required column is there."""
        if self.missing:
            raise MissingColumns(self.missing)
        return self


def tidy(header: object) -> str:
    """Return a header on one line, half-width, without blanks and outer marks; parentheses stay.

    >>> tidy(" 确定 为入党　积极分子时间： ")
    '确定为入党积极分子时间'
    """
    text = _SPACE.sub("", unicodedata.normalize("NFKC", str(header))) if header is not None else ""
    return _EDGE.sub("", text).lower()


def normalise(header: object) -> str:
    """Return `tidy(header)` without parenthetical instructions and units.

    >>> normalise("加入党组织日期（2019/10/24）*")
    '加入党组织日期'
    """
    text = tidy(header)
    previous = ""
    while previous != text:
        previous, text = text, _BRACKETS.sub("", text)
    return _EDGE.sub("", text) or tidy(header)


def unit_of(header: object) -> str:
    """Return the unit a header or note names: 万元, 千元, 元, %, ‰ or "".

    >>> unit_of("经营收入（万元）")
    '万元'
    """
    text = tidy(header)
    return next((unit for unit in UNITS if unit in text), "")


def find_header(rows: Sequence[Cells], columns: Sequence[SheetColumn]) -> HeaderMap | None:
    """Return the header that explains most columns among the first rows, or None.

    One- and two-row headers are tried at every row; titles, notes and bands above are
    passed over because they explain less. At least two columns (or the only one) must match.
    """
    lookup = _Lookup(columns)
    best: HeaderMap | None = None
    for first in range(min(len(rows), SEARCH_ROWS)):
        for height in (1, 2):
            if first + height > len(rows):
                continue
            found = _try(rows, first, height, lookup)
            if best is None or _weight(found, rows) > _weight(best, rows):
                best = found
    if best is None or len(best.mapped) < min(2, len(columns)):
        return None
    return best


def _weight(found: HeaderMap, rows: Sequence[Cells]) -> tuple[int, int, int]:
    split = found.height == 2 and _is_subheader(rows[found.first], rows[found.first + 1])
    return len(found.mapped), int(split), -found.height


def _try(rows: Sequence[Cells], first: int, height: int, lookup: "_Lookup") -> HeaderMap:
    upper = rows[first]
    names = _join(upper, rows[first + 1]) if height == 2 else [(_text(cell),) for cell in upper]
    sheet_unit = _unit_above(rows[:first])
    mapped: dict[str, MappedColumn] = {}
    unknown: list[str] = []
    seen: dict[str, int] = {}
    for index, candidates in enumerate(names):
        if not any(candidates):
            continue
        suffix = _double(seen, tidy("".join(candidates)))
        header = _SPACE.sub("", candidates[0]) + suffix
        column = lookup.find([name + suffix for name in candidates if name], set(mapped))
        if column is None:
            unknown.append(header)
        else:
            unit = next((unit for unit in map(unit_of, candidates) if unit), sheet_unit)
            mapped[column.name] = MappedColumn(column, index, header, unit)
    missing = tuple(c.header for c in lookup.columns if c.required and c.name not in mapped)
    return HeaderMap(first, height, mapped, tuple(unknown), missing)


def _double(seen: dict[str, int], key: str) -> str:
    """Return "" for a header seen first, "2" for its double, and so on."""
    seen[key] = seen.get(key, 0) + 1
    return str(seen[key]) if seen[key] > 1 else ""


def _text(cell: object) -> str:
    return str(cell).strip() if cell is not None else ""


def _join(upper: Cells, lower: Cells) -> list[tuple[str, ...]]:
    """Return for each column its possible names, the most telling first: lower, band + lower, band."""
    names: list[tuple[str, ...]] = []
    band = ""
    for index in range(max(len(upper), len(lower))):
        above = _text(upper[index]) if index < len(upper) else ""
        below = _text(lower[index]) if index < len(lower) else ""
        band = above or (band if below else "")
        if not below:
            names.append((above,))
        elif above:
            names.append((below, band + below, band))
        else:
            names.append((below, band + below) if band else (below,))
    return names


def _is_subheader(upper: Cells, lower: Cells) -> bool:
    """Say whether `lower` only splits bands of `upper`: text, and only under a merged cell."""
    filled = [index for index, cell in enumerate(lower) if _text(cell)]
    if not filled or len(filled) == len(upper):
        return False

    def under_band(index: int) -> bool:
        here = index < len(upper) and bool(_text(upper[index]))
        after = index + 1 < len(upper) and not _text(upper[index + 1])
        return not here or (after and index + 1 in filled)

    return all(isinstance(lower[index], str) and under_band(index) for index in filled)


def _unit_above(rows: Sequence[Cells]) -> str:
    """Return the unit a note row states for the whole sheet (单位：万元), or ""."""
    for row in rows:
        for cell in row:
            text = tidy(cell)
            if "单位:" in text and len(text) <= 40:
                unit = unit_of(text.split("单位:", 1)[1])
                if unit:
                    return unit
    return ""


class _Lookup:
    """Names of columns in three tiers: as written, tidied, and without parentheses."""

    def __init__(self, columns: Sequence[SheetColumn]) -> None:
        self.columns = columns
        self._tiers: list[dict[str, list[SheetColumn]]] = [{}, {}, {}]
        for column in columns:
            for name in (column.header, column.name, *column.aliases):
                for tier, key in zip(self._tiers, _keys(name), strict=True):
                    tier.setdefault(key, []).append(column)

    def find(self, names: Sequence[str], taken: set[str]) -> SheetColumn | None:
        """Return the first column, not yet taken, that one of `names` means; exact tiers first."""
        for place, tier in enumerate(self._tiers):
            for name in names:
                for column in tier.get(_keys(name)[place], ()):
                    if column.name not in taken:
                        return column
        return None


def _keys(name: str) -> tuple[str, str, str]:
    return _SPACE.sub("", name), tidy(name), normalise(name)


# ------------------------------------------------------------------------- rows that are not data


def is_note_row(row: Cells) -> bool:
    """Say whether a row is a remark of the form (注：…, 填报单位：…, 审核人：…) and not data."""
    filled = [cell for cell in row if cell is not None and _text(cell)]
    if not filled or not isinstance(filled[0], str) or len(filled) > 4:
        return False
    return bool(_NOTE.match(tidy_start(filled[0])))


def tidy_start(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lstrip("*#")


def is_total_row(row: Cells) -> bool:
    """Say whether one of the first three cells makes this a total (合 计)."""
    first = [tidy(cell) for cell in row[:3] if _text(cell)]
    return any(cell in _TOTALS for cell in first[:2])


def is_blank_row(row: Cells) -> bool:
    return not any(_text(cell) for cell in row)


def refuse_points_export(rows: Sequence[Cells]) -> None:
    """Refuse with PointsExport a table of study points or activity."""
    for row in rows[:SEARCH_ROWS]:
        cells = {normalise(cell) for cell in row if isinstance(cell, str)}
        if sum(any(word in cell for cell in cells) for word in _POINTS_WORDS) >= 2:
            raise PointsExport
