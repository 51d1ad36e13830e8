"""The roll-up as plain SQL that any engine understands: every cell is carried to every ancestor. Pure; text only.

`summing` does the same in DuckDB with less work; a cluster adds up on each machine before
it sends anything, so the plain way costs little there.
"""

import datetime as dt
from collections.abc import Iterable

from wuju.engine.dialects import quoted
from wuju.engine.items import Status
from wuju.engine.program import Program
from wuju.engine.results import ADDED, SUMMED
from wuju.kit.periods import period_from_number

_LOOKED = f"(c.status > {int(Status.UNVERIFIED)} OR (c.status = {int(Status.UNVERIFIED)} AND i.provisional))"
"""Nobody has looked at an unverified cell, unless its item is provisional."""


def climbing_sql(program: Program, periods: Iterable[int], as_of: dt.date) -> str:
    """Return the SELECT of the lines over `cells` and `t_closure`, in the order of `RollUp` with `item_no` for the item.

    Args:
        periods: numbers of the judged periods; none gives no lines.
        as_of: day of the evaluation; a period is read on the tree of min(its end, as_of).
    """
    days = ", ".join(
        f"({number}, {program.words.date(period_from_number(number).snapshot(as_of))})"
        for number in periods
    )
    items = ", ".join(
        f"({item.no}, {_truth(said=item.kind in SUMMED)}, {_truth(said=item.provisional)})"
        for item in program.items
    )
    added = ", ".join(f"{_sum(name)} AS {quoted(name)}" for name in ADDED)
    return (
        f"WITH read_on(number, snapshot) AS (VALUES {days or "(0, DATE '1900-01-01')"}),"
        f" item(no, summed, provisional) AS (VALUES {items})"
        f" SELECT k.ancestor_id AS org_id, c.item_no, c.period, {added} FROM cells AS c"
        " JOIN item AS i ON i.no = c.item_no JOIN read_on AS d ON d.number = c.period"
        " JOIN t_closure AS k ON k.descendant_id = c.org_id"
        " AND k.from_on <= d.snapshot AND (k.until_on IS NULL OR k.until_on > d.snapshot)"
        " GROUP BY k.ancestor_id, c.item_no, c.period, i.summed"
    )


def _truth(*, said: bool) -> str:
    return "TRUE" if said else "FALSE"


def _sum(name: str) -> str:
    """Return how one number of a line is added up from the cells below."""
    totals = {
        "n": f"count(*) FILTER (WHERE c.status <> {int(Status.NOT_APPLICABLE)})",
        "numerator": _pair("num"),
        "denominator": _pair("den"),
        "score_sum": "CAST(coalesce(sum(c.score), 0) AS BIGINT)",
        "n_judged": "count(c.score)",
    }
    by_status = {
        status.code: f"count(*) FILTER (WHERE c.status = {int(status)})" for status in Status
    }
    return (by_status | totals)[name]


def _pair(column: str) -> str:
    """Add up one side of the kinds that have sums; NULL for the others."""
    added = f"CAST(coalesce(sum(c.{column}) FILTER (WHERE {_LOOKED}), 0) AS BIGINT)"
    return f"CASE WHEN i.summed THEN {added} END"
