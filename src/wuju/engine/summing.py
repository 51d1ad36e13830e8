"""The roll-up in DuckDB: sums climb the tree level by level, and most lines are never stored. Pure: it is handed `execute`.

What stands under an organization, with the days from when and until when, is read from
`t_closure` and nothing else. An organization whose ancestors are one other, its parent,
and exactly that parent's ancestors on the same days passes its sums to the parent, and the
parent passes them on together with its own. Where this does not hold (somebody moved while
the periods ran) the sums are carried to every ancestor by the days. An organization with
nobody below has one cell a line: these lines are read off the cells as they are wanted.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wuju.engine.dialects import quoted
from wuju.engine.items import Status
from wuju.engine.program import Program
from wuju.engine.results import ADDED, SUMMED
from wuju.kit.periods import period_from_number

type Execute = Callable[[str], list[tuple[Any, ...]]]

_COUNTED = (
    Status.MET, Status.OPEN, Status.DUE_SOON, Status.OVERDUE, Status.MISSED, Status.EXEMPT, Status.UNVERIFIED,
)  # fmt: skip
_COUNTS = tuple(quoted(status.code) for status in _COUNTED)
_KEYS = ("org_id", "item_no", "period")
_TOTALS = ("numerator", "denominator", "score_sum", "n_judged")
_VALUES = (*_COUNTS, *_TOTALS)
"""What is added up; `n` follows from the counts."""


def lines_sql(program: Program, execute: Execute, periods: Iterable[int], as_of: dt.date) -> str:
    """Add up what stands below others, and return the SELECT of all lines in the order of `RollUp`.

    Args:
        execute: runs one statement where `cells` and `t_closure` are, and returns its rows.
        periods: numbers of the judged periods; each is read on the tree of min(its end, as_of).
    """
    days = {number: period_from_number(number).snapshot(as_of) for number in sorted(periods)}
    if not days:
        names = ", ".join(f"NULL AS {quoted(name)}" for name in (*_KEYS, *ADDED))
        return f"SELECT {names} WHERE 1 = 0"
    tree = _Tree(program, execute, days)
    tree.grow()
    return _Sums(program, tree).lines()


@dataclass(frozen=True)
class _Tree:
    """Who stands under whom, as the tables `above`, `place` and `fold`.

    Args:
        snapshots: judged period (number) → the day whose tree it is read on.
    """

    program: Program
    execute: Execute
    snapshots: Mapping[int, dt.date]

    def grow(self) -> None:
        self.execute(f"CREATE OR REPLACE TEMP TABLE above AS {self.above()}")
        self.execute(f"CREATE OR REPLACE TEMP TABLE place AS {_PLACE}")
        self.execute(f"CREATE OR REPLACE TEMP TABLE fold AS {_FOLD}")

    def above(self) -> str:
        """Who stood where on any day that counts; days before the first and after the last are as one."""
        date, days = self.program.words.date, self.snapshots.values()
        first, after = date(min(days)), date(max(days) + dt.timedelta(days=1))
        return (
            f"SELECT ancestor_id, descendant_id, greatest(from_on, {first}) AS from_on,"
            f" least(coalesce(until_on, {after}), {after}) AS until_on,"
            f" from_on <= {first} AND coalesce(until_on >= {after}, TRUE) AS steady FROM t_closure"
            f" WHERE from_on < {after} AND (until_on IS NULL OR until_on > {first})"
        )

    def levels(self) -> list[tuple[int, int]]:
        """Return the levels that pass sums, lowest first, and how many organizations of each have cells."""
        return [(row[0], row[1]) for row in self.execute(_LEVELS)]

    def loose(self) -> tuple[bool, bool]:
        """Whether there are some whose own lines, and some whose sums, must be looked up by the day."""
        own, passed = self.execute(_LOOSE)[0]
        return bool(own), bool(passed)

    def by_day(self, *, own: bool) -> str:
        """Join whoever stood above `c` on the day of its period: itself, or all others."""
        date = self.program.words.date
        days = ", ".join(f"({number}, {date(day)})" for number, day in self.snapshots.items())
        which = "o.org_id = c.org_id AND o.self <> 1" if own else "o.org_id = c.org_id AND o.n > 0"
        folded = "" if own else " ANTI JOIN fold AS f ON f.org_id = c.org_id"
        return (
            f"JOIN place AS o ON {which}{folded} JOIN (VALUES {days}) AS d(number, snapshot) ON d.number = c.period"
            f" JOIN above AS k ON k.descendant_id = c.org_id AND k.ancestor_id {'=' if own else '<>'} c.org_id"
            " AND k.from_on <= d.snapshot AND k.until_on > d.snapshot"
        )


_PLACE = (
    "SELECT k.descendant_id AS org_id, count(*) FILTER (WHERE k.ancestor_id <> k.descendant_id) AS n,"
    " CASE WHEN count(*) FILTER (WHERE k.ancestor_id = k.descendant_id) = 1"
    " AND bool_and(k.steady OR k.ancestor_id <> k.descendant_id) THEN 1 ELSE 0 END AS self,"
    " bool_or(t.org_id IS NOT NULL) AS over"
    " FROM above AS k LEFT JOIN (SELECT DISTINCT ancestor_id AS org_id FROM above WHERE ancestor_id <> descendant_id) AS t"
    " ON t.org_id = k.descendant_id GROUP BY k.descendant_id"
)
"""`n` ancestors; `self`: 1 if its own cells are lines of its own in every period; `over`: others stand below."""
_FOLD = (
    "SELECT f.org_id, f.parent, f.n FROM ("
    " SELECT k.descendant_id AS org_id, min(k.ancestor_id) AS parent, any_value(o.n) AS n"
    " FROM above AS k JOIN place AS o ON o.org_id = k.descendant_id LEFT JOIN place AS p ON p.org_id = k.ancestor_id"
    " WHERE k.steady AND k.ancestor_id <> k.descendant_id AND coalesce(p.n, 0) = o.n - 1 GROUP BY k.descendant_id) AS f"
    " WHERE f.n - 1 = (SELECT count(*) FROM above AS x JOIN above AS y ON y.ancestor_id = x.ancestor_id"
    " AND y.from_on = x.from_on AND y.until_on = x.until_on WHERE x.descendant_id = f.org_id"
    " AND y.descendant_id = f.parent AND x.ancestor_id <> f.org_id AND x.ancestor_id <> f.parent)"
    " AND NOT EXISTS (SELECT 1 FROM above GROUP BY ancestor_id, descendant_id, from_on, until_on HAVING count(*) > 1)"
)
"""Who passes to whom: to the ancestor with one ancestor less, if all others above stand above that one on the same days.

Where the tree says the same thing twice, counting them proves nothing and nobody passes.
"""
_LEVELS = (
    "SELECT f.n, count(c.org_id) FROM fold AS f LEFT JOIN (SELECT DISTINCT org_id FROM cells) AS c ON c.org_id = f.org_id"
    " GROUP BY f.n ORDER BY f.n DESC"
)
_LOOSE = (
    "SELECT count(*) FILTER (WHERE o.self <> 1), count(*) FILTER (WHERE o.n > 0 AND f.org_id IS NULL)"
    " FROM place AS o LEFT JOIN fold AS f ON f.org_id = o.org_id"
)


@dataclass(frozen=True)
class _Sums:
    """Adds up cells along the tree into `carried`: the lines of whoever gets something from others."""

    program: Program
    tree: _Tree

    def lines(self) -> str:
        self.climb()
        self.carry_by_day()
        own = self.single("JOIN place AS o ON o.org_id = c.org_id AND o.self = 1 AND o.over")
        both = ", ".join(
            f"coalesce(a.{name} + b.{name}, a.{name}, b.{name}) AS {name}" for name in _VALUES
        )
        keys = ", ".join(f"coalesce(a.{name}, b.{name}) AS {name}" for name in _KEYS)
        same = " AND ".join(f"b.{name} = a.{name}" for name in _KEYS)
        over = f"SELECT {keys}, {both} FROM carried AS a FULL JOIN ({own}) AS b ON {same}"
        alone = self.single("JOIN place AS o ON o.org_id = c.org_id AND o.self = 1 AND NOT o.over")
        return f"{_line(over)} UNION ALL {_line(alone)}"

    def climb(self) -> None:
        """Write what each organization gets from those that pass to it, from the lowest level upwards."""
        types = (
            "BIGINT",
            "INTEGER",
            "INTEGER",
            *("INTEGER" for _ in _COUNTS),
            *("BIGINT" for _ in _TOTALS),
        )
        columns = ", ".join(map(" ".join, zip((*_KEYS, *_VALUES), types, strict=True)))
        execute = self.tree.execute
        execute(f"CREATE OR REPLACE TEMP TABLE carried ({columns})")
        for no, (level, judged) in enumerate(self.tree.levels()):
            found = (
                self.grouped(level) if no == 0 else _added(self.passed(level, judged=bool(judged)))
            )
            execute(f"INSERT INTO carried {found}")

    def passed(self, level: int, *, judged: bool) -> str:
        """Return what a level hands to its parents: what it was handed, and its own cells."""
        handed = (
            f"SELECT f.parent, a.item_no, a.period, {_names('a')} FROM carried AS a"
            f" JOIN fold AS f ON f.org_id = a.org_id AND f.n = {level}"
        )
        own = self.single(f"JOIN fold AS f ON f.org_id = c.org_id AND f.n = {level}", "f.parent")
        return f"{handed} UNION ALL {own}" if judged else handed

    def carry_by_day(self) -> None:
        """Add what does not climb: of those who moved, began or ended while the periods ran."""
        own, passed = self.tree.loose()
        found = []
        if own:
            found.append(self.single(self.tree.by_day(own=True)))
        if passed:
            up = self.tree.by_day(own=False)
            found.append(self.single(up, "k.ancestor_id"))
            found.append(
                f"SELECT k.ancestor_id, c.item_no, c.period, {_names('c')} FROM carried AS c {up}"
            )
        if found:
            every = _added(f"FROM carried UNION ALL {' UNION ALL '.join(found)}")
            self.tree.execute(f"CREATE OR REPLACE TEMP TABLE carried AS {every}")

    # ------------------------------------------------------------------ cells as lines
    def grouped(self, level: int) -> str:
        """Add up the cells of a level by the parent: those of items that have sums, then the others."""
        counts = ", ".join(
            f"count(*) FILTER (WHERE c.status = {int(status)})" for status in _COUNTED
        )
        found = []
        for numbers, sums in self.halves():
            found.append(
                f"SELECT f.parent AS org_id, c.item_no, c.period, {counts}, {sums},"
                " CAST(coalesce(sum(c.score), 0) AS BIGINT), count(c.score) FROM cells AS c"
                f" JOIN fold AS f ON f.org_id = c.org_id AND f.n = {level} WHERE c.item_no IN ({numbers})"
                " GROUP BY f.parent, c.item_no, c.period"
            )
        return " UNION ALL ".join(found)

    def halves(self) -> Iterator[tuple[str, str]]:
        looked = self.looked()
        if summed := self.summed():
            yield (
                summed,
                ", ".join(
                    f"CAST(coalesce(sum(c.{name}) FILTER (WHERE {looked}), 0) AS BIGINT)"
                    for name in ("num", "den")
                ),
            )
        if others := _listed(item.no for item in self.program.items if item.kind not in SUMMED):
            yield others, "CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)"

    def summed(self) -> str:
        return _listed(item.no for item in self.program.items if item.kind in SUMMED)

    def looked(self) -> str:
        """Return the condition on cells that enter sums: nobody has looked at an unverified one, unless it is provisional."""
        shown = _listed(
            item.no for item in self.program.items if item.kind in SUMMED and item.provisional
        )
        looked = f"c.status > {int(Status.UNVERIFIED)}"
        also = f"c.status = {int(Status.UNVERIFIED)} AND c.item_no IN ({shown})"
        return f"({looked} OR ({also}))" if shown else looked

    def single(self, join: str, org: str = "c.org_id") -> str:
        """Return the line that each cell is by itself."""
        counts = ", ".join(
            f"CAST(c.status = {int(status)} AS INTEGER) AS {quoted(status.code)}"
            for status in _COUNTED
        )
        sums = ", ".join(
            f"CASE WHEN c.item_no IN ({self.summed() or 'NULL'}) THEN CASE WHEN {self.looked()} THEN c.{name} ELSE 0 END END AS {total}"
            for name, total in (("num", "numerator"), ("den", "denominator"))
        )
        return (
            f"SELECT {org} AS org_id, c.item_no, c.period, {counts}, {sums}, CAST(coalesce(c.score, 0) AS BIGINT) AS score_sum,"
            f" CAST(c.score IS NOT NULL AS BIGINT) AS n_judged FROM cells AS c {join}"
        )


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _names(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in _VALUES)


def _added(rows: str) -> str:
    """Add up lines by where they stand."""
    columns, keys = ", ".join((*_KEYS, *_VALUES)), ", ".join(_KEYS)
    counts = ", ".join(f"CAST(sum({name}) AS INTEGER) AS {name}" for name in _COUNTS)
    totals = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in _TOTALS)
    return f"SELECT {keys}, {counts}, {totals} FROM ({rows}) AS u({columns}) GROUP BY {keys}"


def _line(rows: str) -> str:
    """Put the columns in the order of `RollUp`."""
    columns = ", ".join(
        f"{' + '.join(_COUNTS)} AS n" if name == "n" else quoted(name) for name in ADDED
    )
    return f"SELECT org_id, item_no, period, {columns} FROM ({rows}) AS w"
