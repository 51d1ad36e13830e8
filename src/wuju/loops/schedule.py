"""The clocks of the closed loop, in working days; deadlines are dates, inclusive. Pure.

Source: procedure `loop` of the national pack (《问题闭环办理规则》); objection within three
working days by decision of the county.
"""

import datetime as dt
from types import MappingProxyType
from zoneinfo import ZoneInfo

from wuju.kit import workdays

NOTICE_DAYS = 5  # working days from the finding to the notice
OBJECTION_DAYS = 3  # working days from the notice
PLAN_DAYS = 10  # working days from the notice to the measures
REVISIT_DAYS = 30  # calendar days from closure
# calendar days from the notice; a deadline that falls on a day off moves to the next working day
RECTIFY_DAYS = MappingProxyType({"at_once": 7, "by_date": 30, "long_term": 180})

_CHINA = ZoneInfo("Asia/Shanghai")


def day_of(at: dt.datetime) -> dt.date:
    """Return the calendar day of a moment where the district is."""
    return at.astimezone(_CHINA).date()


def _on_a_workday(day: dt.date) -> dt.date:
    return workdays.add_working_days(day, 0)


def notice_due_on(opened_on: dt.date) -> dt.date:
    return workdays.add_working_days(opened_on, NOTICE_DAYS)


def plan_due_on(notified_on: dt.date) -> dt.date:
    return workdays.add_working_days(notified_on, PLAN_DAYS)


def objection_until(notified_on: dt.date) -> dt.date:
    return workdays.add_working_days(notified_on, OBJECTION_DAYS)


def due_on(nature: str, notified_on: dt.date) -> dt.date:
    """Return the deadline a notice sets unless it says otherwise."""
    return _on_a_workday(notified_on + dt.timedelta(days=RECTIFY_DAYS[nature]))


def revisit_due_on(closed_on: dt.date) -> dt.date:
    return _on_a_workday(closed_on + dt.timedelta(days=REVISIT_DAYS))


def stopped(objected_on: dt.date, ruled_on: dt.date) -> int:
    """Return the working days an objection stopped the clock, the day of the ruling not counted."""
    eve = dt.timedelta(days=1)
    return workdays.working_days_between(objected_on - eve, ruled_on - eve)


def later(day: dt.date, working_days: int) -> dt.date:
    """Return `day` moved by working days; 0 leaves it."""
    return workdays.add_working_days(day, working_days) if working_days else day
