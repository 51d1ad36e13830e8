"""Reporting periods: month, quarter, half and year, with the labels that outsiders rely on. Pure."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from wuju.kit.errors import DomainError

GRAINS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LABEL = re.compile(r"^([1-9]\d{3})(?:-(0[1-9]|1[0-2])|Q([1-4])|H([12]))?$")
_BASE = {"month": 0, "quarter": 100, "half": 200, "year": 300}


def read_day(value: dt.date | str) -> dt.date:
    """Return a day as a raw row holds it: SQLite keeps it as text.

    >>> read_day("2026-11-24")
    datetime.date(2026, 11, 24)
    """
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


class UnknownPeriod(DomainError):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"看不懂期间“{text}”，请写成 2026、2026H1、2026Q3、2026-09，或本月、上季度、上年。"
        )


# Words for a period seen from today: its grain, and how many periods before the present one.
_WORDS = {
    "本月": ("month", 0),
    "本季度": ("quarter", 0),
    "本半年": ("half", 0),
    "本年": ("year", 0),
    "上月": ("month", 1),
    "上季度": ("quarter", 1),
    "上年": ("year", 1),
}
_HALVES = {"上半年": 1, "下半年": 7}
_TURNS = {"本期": 0, "上期": 1}
WORDS_OF_AN_ITEM = frozenset(_TURNS)
"""Words that mean a period of whatever grain the item in question has."""


class GrainUnknown(DomainError):
    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}”要看是哪一项清单，请写成上季度、2026Q3 或 2026-09。")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `starts_on` to `ends_on`, both inclusive."""

    starts_on: dt.date
    ends_on: dt.date
    grain: str

    @classmethod
    def containing(cls, day: dt.date, grain: str) -> "Period":
        """Return the period of `grain` that holds `day`.

        >>> Period.containing(dt.date(2026, 11, 24), "quarter").label
        '2026Q4'
        """
        months = GRAINS[grain]
        first = (day.month - 1) // months * months + 1
        last = first + months - 1
        return cls(
            dt.date(day.year, first, 1),
            dt.date(day.year, last, calendar.monthrange(day.year, last)[1]),
            grain,
        )

    @classmethod
    def parse(cls, label: str) -> "Period":
        """Read `2026`, `2026H1`, `2026Q3` or `2026-09`.

        Raises:
            UnknownPeriod: the label has another form.
        """
        found = _LABEL.match(label.strip())
        if not found:
            raise UnknownPeriod(label)
        year, month, quarter, half = found.groups()
        if month:
            return cls.containing(dt.date(int(year), int(month), 1), "month")
        if quarter:
            return cls.containing(dt.date(int(year), int(quarter) * 3, 1), "quarter")
        if half:
            return cls.containing(dt.date(int(year), int(half) * 6, 1), "half")
        return cls.containing(dt.date(int(year), 1, 1), "year")

    @classmethod
    def number_of(cls, label: str) -> int:
        """Return `Period.parse(label).number`."""
        return cls.parse(label).number

    @property
    def index(self) -> int:
        """The place of the period in its year, from 1."""
        return (self.starts_on.month - 1) // GRAINS[self.grain] + 1

    @property
    def number(self) -> int:
        """An integer key: year × 1000 + grain base (0, 100, 200, 300) + index (0 for a year)."""
        index = 0 if self.grain == "year" else self.index
        return self.starts_on.year * 1000 + _BASE[self.grain] + index

    @property
    def label(self) -> str:
        year = self.starts_on.year
        return {
            "month": f"{year}-{self.starts_on.month:02d}",
            "quarter": f"{year}Q{self.index}",
            "half": f"{year}H{self.index}",
            "year": f"{year}",
        }[self.grain]

    @property
    def title(self) -> str:
        """The period in plain Chinese.

        >>> [Period.parse(label).title for label in ("2026-11", "2026Q3", "2026H2", "2026")]
        ['2026年11月', '2026年三季度', '2026年下半年', '2026年']
        """
        within = {
            "month": f"{self.starts_on.month}月",
            "quarter": f"{'一二三四'[(self.starts_on.month - 1) // 3]}季度",
            "half": f"{'上下'[(self.starts_on.month - 1) // 6]}半年",
            "year": "",
        }[self.grain]
        return f"{self.starts_on.year}年{within}"

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def snapshot(self, as_of: dt.date) -> dt.date:
        """Return the day on which states are read: min(period end, as of)."""
        return min(self.ends_on, as_of)

    def __contains__(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on


@lru_cache(maxsize=1024)
def period_from_number(number: int) -> Period:
    """Return the period whose `number` is given.

    >>> period_from_number(2026103).label
    '2026Q3'
    """
    year, rest = divmod(number, 1000)
    base, index = rest // 100 * 100, rest % 100
    grain = {0: "month", 100: "quarter", 200: "half", 300: "year"}[base]
    month = 1 if grain == "year" else index * GRAINS[grain]
    return Period.containing(dt.date(year, month, 1), grain)


def read_period(text: str, *, today: dt.date, grain: str | None = None) -> Period:
    """Read a label, or a word that means a period seen from `today`.

    上半年 and 下半年 are the halves of this year, as the words say, whichever is running.

    Args:
        grain: what 本期 and 上期 count in.

    Raises:
        UnknownPeriod: neither a label nor a known word.
        GrainUnknown: 本期 or 上期 without a grain.

    >>> day = dt.date(2026, 11, 24)
    >>> [read_period(word, today=day).label for word in ("本月", "上季度", "上半年", "下半年", "上年")]
    ['2026-11', '2026Q3', '2026H1', '2026H2', '2025']
    >>> read_period("上期", today=day, grain="half").label
    '2026H1'
    """
    word = text.strip()
    if word in _HALVES:
        return Period.containing(dt.date(today.year, _HALVES[word], 1), "half")
    if word in _TURNS:
        if grain is None:
            raise GrainUnknown(word)
        return _before(Period.containing(today, grain), _TURNS[word])
    if word in _WORDS:
        counted, turns = _WORDS[word]
        return _before(Period.containing(today, counted), turns)
    return Period.parse(text)


def read_as_of(text: str, *, today: dt.date) -> dt.date:
    """Read a day on which something stands: a date, or the last day of a period, but none that is still to come.

    Raises:
        UnknownPeriod: neither a date nor a period.
        GrainUnknown: 本期 or 上期, which mean a period of an item alone.

    >>> day = dt.date(2026, 11, 24)
    >>> [str(read_as_of(word, today=day)) for word in ("2026-09-30", "上季度", "2026-09", "本年")]
    ['2026-09-30', '2026-09-30', '2026-09-30', '2026-11-24']
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return min(read_period(text, today=today).ends_on, today)


def _before(period: Period, turns: int) -> Period:
    """Return the period that many periods earlier."""
    for _ in range(turns):
        period = Period.containing(period.starts_on - dt.timedelta(days=1), period.grain)
    return period


def periods_between(first: dt.date, last: dt.date, grain: str) -> Iterator[Period]:
    """Yield the periods of `grain` that touch the days from `first` to `last`, in order."""
    current = Period.containing(first, grain)
    while current.starts_on <= last:
        yield current
        current = Period.containing(current.ends_on + dt.timedelta(days=1), grain)


def horizon(as_of: dt.date) -> dt.date:
    """Return the first day that live standings look at.

    The current year; until the end of March also the year before, because its last
    periods are still inside their grace and being put right.
    """
    return dt.date(as_of.year if as_of.month > 3 else as_of.year - 1, 1, 1)
