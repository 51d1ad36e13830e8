"""The roll-up as SQL for DuckDB: siblings are added up before anything is carried upwards. Pure; text only.

Organizations with the same ancestors at the same times form a family. Adding up a family
first and then carrying its few lines to the ancestors costs a fraction of carrying every
cell, and asks nothing of the tree: families are found by comparing the ancestors.
"""

import datetime as dt
from collections.abc import Iterable

from wuju.engine.dialects import quoted
from wuju.engine.items import Status
from wuju.engine.program import Program
from wuju.engine.results import ADDED, SUMMED
from wuju.kit.periods import period_from_number

_COUNTED = (
    Status.MET, Status.OPEN, Status.DUE_SOON, Status.OVERDUE, Status.MISSED, Status.EXEMPT, Status.UNVERIFIED,
)  # fmt: skip
_VALID = "k.from_on <= d.snapshot AND (k.until_on IS NULL OR k.until_on > d.snapshot)"


def roll_up_sql(program: Program, periods: Iterable[int], as_of: dt.date) -> str:
    """Return the SELECT of the lines over `cells` and `t_closure`, in the order of `RollUp`."""
    numbers = ", ".join(
        f"({number}, {program.words.date(period_from_number(number).snapshot(as_of))})"
        for number in periods
    )
    kinds = ", ".join(
        f"({item.no}, {item.kind in SUMMED}, {item.provisional})" for item in program.items
    )
    tables = (
        f"day(number, snapshot) AS (VALUES {numbers or "(0, DATE '1900-01-01')"})",
        f"item(no, summed, provisional) AS (VALUES {kinds})",
        f"family AS MATERIALIZED ({_FAMILY})",
        "parent AS MATERIALIZED (SELECT DISTINCT ancestor_id FROM t_closure WHERE ancestor_id <> descendant_id)",
        f"part AS MATERIALIZED ({_added('f.family', _PART)})",
    )
    carried = (
        f"SELECT k.ancestor_id AS org_id, p.item_no, p.period, {_names('p')} FROM part AS p"
        " JOIN day AS d ON d.number = p.period JOIN t_closure AS k ON k.descendant_id = p.family"
        f" AND k.ancestor_id <> k.descendant_id AND {_VALID}"
        f" UNION ALL {_own('SEMI')}"
    )
    summed = ", ".join(f"CAST(sum(a.{name}) AS BIGINT) AS {name}" for name in ADDED)
    return (
        f"WITH {', '.join(tables)} SELECT a.org_id, a.item_no, a.period, {summed}"
        f" FROM ({carried}) AS a GROUP BY a.org_id, a.item_no, a.period UNION ALL {_own('ANTI')}"
    )


_FAMILY = (
    "SELECT org_id, min(org_id) OVER (PARTITION BY above) AS family FROM (SELECT descendant_id AS org_id,"
    " list((ancestor_id, from_on, until_on) ORDER BY ancestor_id, from_on, until_on) AS above"
    " FROM t_closure WHERE ancestor_id <> descendant_id GROUP BY descendant_id)"
)
_PART = " JOIN family AS f ON f.org_id = c.org_id"
_LOOKED = f"(c.status > {int(Status.UNVERIFIED)} OR (c.status = {int(Status.UNVERIFIED)} AND i.provisional))"


def _names(alias: str) -> str:
    return ", ".join(f"{alias}.{quoted(name)}" for name in ADDED)


def _added(org: str, join: str) -> str:
    """Add up cells by what `org` says they stand under."""
    counts = "".join(
        f", count(*) FILTER (WHERE c.status = {int(status)}) AS {quoted(status.code)}"
        for status in _COUNTED
    )
    sums = "".join(
        f", CASE WHEN i.summed THEN CAST(coalesce(sum(c.{name}) FILTER (WHERE {_LOOKED}), 0) AS BIGINT) END AS {total}"
        for name, total in (("num", "numerator"), ("den", "denominator"))
    )
    return (
        f"SELECT {org}, c.item_no, c.period, count(*) FILTER (WHERE c.status <> 0) AS n{counts}{sums},"
        " CAST(coalesce(sum(c.score), 0) AS BIGINT) AS score_sum, count(c.score) AS n_judged"
        f" FROM cells AS c JOIN item AS i ON i.no = c.item_no{join}"
        f" GROUP BY {org}, c.item_no, c.period, i.summed"
    )


def _own(join: str) -> str:
    """Return the lines that single cells are for their own organization: with (SEMI) or without (ANTI) others below."""
    counts = ", ".join(
        f"CAST(c.status = {int(status)} AS BIGINT) AS {quoted(status.code)}" for status in _COUNTED
    )
    sums = ", ".join(
        f"CASE WHEN i.summed THEN CASE WHEN {_LOOKED} THEN c.{name} ELSE 0 END END AS {total}"
        for name, total in (("num", "numerator"), ("den", "denominator"))
    )
    return (
        f"SELECT c.org_id, c.item_no, c.period, CAST(c.status <> 0 AS BIGINT) AS n, {counts}, {sums},"
        " coalesce(c.score, 0) AS score_sum, CAST(c.score IS NOT NULL AS BIGINT) AS n_judged"
        " FROM cells AS c JOIN item AS i ON i.no = c.item_no JOIN day AS d ON d.number = c.period"
        f" JOIN t_closure AS k ON k.descendant_id = c.org_id AND k.ancestor_id = c.org_id AND {_VALID}"
        f" {join} JOIN parent AS t ON t.ancestor_id = c.org_id"
    )
