"""Working days of the State Council's calendar, and months that end where months end. Pure but for one YAML file.

A year's notice in `holidays.yaml` comes first, then the years `chinesecalendar` knows
(2004-2026), then plain weekends.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from wuju.kit import yaml12

SATURDAY: Final = 5
NOTICES: Final = Path(__file__).with_name("holidays.yaml")


class BadNotice(ValueError):
    """A holiday notice in the YAML file is not written as its comment says."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Days off and days on by year, for the years a notice was entered."""

    off: Mapping[int, frozenset[dt.date]] = field(default_factory=dict)
    on: Mapping[int, frozenset[dt.date]] = field(default_factory=dict)

    def says(self, day: dt.date) -> bool | None:
        """Return whether `day` is a working day, None if no notice was entered for its year."""
        if day.year not in self.off:
            return None
        if day in self.on[day.year]:
            return True
        return day not in self.off[day.year] and day.weekday() < SATURDAY


def read_notices(path: Path) -> Notices:
    """Read a YAML file of yearly notices.

    Raises:
        BadNotice: a notice without a source, a day outside its year, or a range backwards.
    """
    document: Any = yaml12.load(path.read_text("utf-8")) or {}
    off: dict[int, frozenset[dt.date]] = {}
    on: dict[int, frozenset[dt.date]] = {}
    for notice in document.get("notices") or []:
        year = int(notice["year"])
        if not notice.get("source"):
            raise BadNotice(f"{year}: a notice needs its source")
        off[year] = frozenset(_days(year, notice.get("off") or []))
        on[year] = frozenset(_days(year, notice.get("on") or []))
        if off[year] & on[year]:
            raise BadNotice(f"{year}: {min(off[year] & on[year])} is both off and on")
    return Notices(off, on)


def _days(year: int, entries: list[Any]) -> Iterator[dt.date]:
    for entry in entries:
        first, _, last = str(entry).partition("..")
        day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
        if end < day or day.year != year or end.year != year:
            raise BadNotice(f"{year}: {entry} is no day or range of this year")
        while day <= end:
            yield day
            day += dt.timedelta(days=1)


@lru_cache(maxsize=1)
def shipped_notices() -> Notices:
    return read_notices(NOTICES)


@lru_cache(maxsize=4096)
def _library_says(day: dt.date) -> bool | None:
    from chinese_calendar import is_workday as known  # noqa: PLC0415 - 30 ms that only the first question pays

    try:
        return bool(known(day))
    except NotImplementedError:
        return None


def is_working_day(day: dt.date, notices: Notices | None = None) -> bool:
    """Say whether offices work on `day`."""
    for answer in ((notices or shipped_notices()).says, _library_says):
        said = answer(day)
        if said is not None:
            return said
    return day.weekday() < SATURDAY


def add_working_days(day: dt.date, count: int, notices: Notices | None = None) -> dt.date:
    """Return the `count`-th working day after `day`, or before it if negative; `day` itself is not counted.

    0 returns `day` if offices work on it, else the next working day (到期日顺延).
    """
    if count == 0:
        return day if is_working_day(day, notices) else add_working_days(day, 1, notices)
    step = dt.timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, notices)
    return day


def working_days_between(first: dt.date, last: dt.date, notices: Notices | None = None) -> int:
    """Return how many working days lie after `first` up to and including `last`; negative if `last` is earlier.

    `working_days_between(day, add_working_days(day, n)) == n`.
    """
    if last < first:
        return -working_days_between(last, first, notices)
    days = (last - first).days
    return sum(is_working_day(first + dt.timedelta(days=n), notices) for n in range(1, days + 1))


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of another month, or that month's last day if it is shorter.

    >>> add_months(dt.date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


is_workday, add_workdays = (
    is_working_day,
    add_working_days,
)  # the short names schedules read best with
