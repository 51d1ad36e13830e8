"""Judging one pair of numbers, for the oracle and what-if: met or not, how late, what score. Pure."""

import datetime as dt
from collections.abc import Sequence

from wuju.engine.items import Item, Status
from wuju.engine.resolve import Resolved
from wuju.engine.rules import Pair
from wuju.kit.periods import Period

FULL = 10_000


def at_least(number: Pair, limit: Pair) -> bool:
    """Whether number ≥ limit, by cross-product; both denominators are positive."""
    return number[0] * limit[1] >= limit[0] * number[1]


def at_most(number: Pair, limit: Pair) -> bool:
    return number[0] * limit[1] <= limit[0] * number[1]


def meets(operator: str, number: Pair, limits: Sequence[Pair]) -> bool:
    """Whether the number satisfies the target."""
    first, last = limits[0], limits[-1]
    if operator == "at_least":
        return at_least(number, first)
    if operator == "at_most":
        return at_most(number, first)
    return at_least(number, first) and at_most(number, last)  # between; equals has one limit


def time_status(item: Item, period: Period, as_of: dt.date) -> Status:
    """How late an unmet item is: open, due soon, in grace, missed.

    The last day of a period still belongs to it.
    """
    late = (as_of - period.ends_on).days
    if late <= 0:
        return Status.DUE_SOON if -late <= item.soon else Status.OPEN
    return Status.OVERDUE if late <= item.grace else Status.MISSED


def score_of(plan: Resolved, number: Pair, limit: Pair, *, met: bool) -> int:
    """Return basis points 0–10000 of a judged cell."""
    if plan.scoring == "bands":
        return next((score for band, score in plan.bands if at_least(number, band)), 0)
    if met:
        return FULL
    if plan.scoring == "pass" or limit[0] <= 0 or number[0] <= 0:
        return 0
    return min(FULL, number[0] * limit[1] * FULL // (limit[0] * number[1]))


def status_of(
    plan: Resolved, number: Pair, limits: Sequence[Pair] | None, period: Period, as_of: dt.date
) -> Status:
    """Return the status of numbers that were looked at and owed; `limits` None: nobody has decided."""
    if limits is None or plan.undecided:
        return Status.UNVERIFIED
    status = time_status(plan.item, period, as_of)
    if meets(plan.operator, number, limits):
        status = Status.MET if as_of > period.ends_on or not plan.waits else status
    elif plan.operator == "at_most":
        status = Status.MISSED
    if plan.to_confirm and status in {Status.OVERDUE, Status.MISSED}:
        return Status.UNVERIFIED
    return status
