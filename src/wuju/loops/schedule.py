"""The clocks of the closed loop, in working days; deadlines are dates, inclusive. Pure.

How many days is the pack's to say (procedure `loop`, 《问题闭环办理规则》); `clocks` reads the
version that was in force. The numbers here are those of the design, for a day without a pack.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from zoneinfo import ZoneInfo

from wuju.kit import workdays

_CHINA = ZoneInfo("Asia/Shanghai")


UNITS = MappingProxyType({"working_days": "个工作日", "days": "天", "months": "个月"})


@dataclass(frozen=True, slots=True)
class Span:
    """So many days or months; the last one is in time.

    >>> str(Span(3)), str(Span(2, "months"))
    ('3个工作日', '2个月')
    """

    number: int
    unit: str = "working_days"  # a key of UNITS

    def __str__(self) -> str:
        return f"{self.number}{UNITS[self.unit]}"

    def after(self, day: dt.date) -> dt.date:
        """Return the last day in time; one that falls on a day off moves to the next working day."""
        if self.unit == "working_days":
            return workdays.add_working_days(day, self.number)
        if self.unit == "months":
            return _on_a_workday(workdays.add_months(day, self.number))
        return _on_a_workday(day + dt.timedelta(days=self.number))


@dataclass(frozen=True, slots=True)
class Clocks:
    """The limits of one version of the rules.

    `notice` runs from the finding, `objection` and `plan` from the notice, `revisit` from
    closure; `rectify` holds calendar days from the notice, by nature. After `deferrals` a
    further one needs the approval of the level above.
    """

    notice: Span = Span(5)
    objection: Span = Span(3)
    plan: Span = Span(10)
    revisit: Span = Span(30, "days")
    deferrals: int = 2
    rectify: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"at_once": 7, "by_date": 30, "long_term": 180})
    )

    def due_on(self, nature: str, notified_on: dt.date) -> dt.date:
        """Return the deadline a notice sets unless it says otherwise."""
        return Span(self.rectify[nature], "days").after(notified_on)


DESIGN = Clocks()


def day_of(at: dt.datetime) -> dt.date:
    """Return the calendar day of a moment where the district is."""
    return at.astimezone(_CHINA).date()


def _on_a_workday(day: dt.date) -> dt.date:
    return workdays.add_working_days(day, 0)


def stopped(objected_on: dt.date, ruled_on: dt.date) -> int:
    """Return the working days an objection stopped the clock, the day of the ruling not counted."""
    eve = dt.timedelta(days=1)
    return workdays.working_days_between(objected_on - eve, ruled_on - eve)


def later(day: dt.date, working_days: int) -> dt.date:
    """Return `day` moved by working days; 0 leaves it."""
    return workdays.add_working_days(day, working_days) if working_days else day
