"""The rows behind one cell, as queries: counted, missing, excluded and why. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wuju.engine.dialects import text
from wuju.engine.items import Kind, Status
from wuju.engine.judging import FULL
from wuju.engine.prelude import Prelude, Scope, periods_of
from wuju.engine.program import CompiledItem, Program, Source, Statement
from wuju.kit.periods import Period, period_from_number

REASONS = {
    "where": "不符合清单项的条件",
    "exempt": "本人属于免除范围，不计入应覆盖人数",
    "not_due": "期限未到",
    "not_yet": "日期在统计日之后",
    "older": "同期内另有更新的一条",
    "no_value": "没有填数值",
    "other_kind": "不属于要求的种类",
    "waived": "本期已经批准免除",
    "not_owed": "本期不承担这一项",
    "not_judged": "还没有得分：未到期、免除、不适用或尚未核实",
}
"""Why a row is not counted, by the code in the last column."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Queries whose rows are (key, organization that recorded it, day, reason).

    `counted` has as many rows as the cell's evidence. `missing` holds counted rows that
    fall short; for a set the kinds not present (key = place in the list, reason = the
    kind). `excluded` holds the other rows of the period. For a composite the rows are its
    `parts`: key = the item's number, day = the end of its last judged period.
    """

    fact: str
    counted: Statement
    missing: Statement
    excluded: Statement
    parts: tuple[str, ...] = ()


def explain_sql(
    program: Program,
    code: str,
    org_id: int,
    period: int,
    *,
    as_of: dt.date,
    sources: Mapping[str, Source],
) -> Explanation:
    """Return the queries behind the cell of one organization and period (`Period.number`)."""
    item = program.by_code[code]
    composite = item.kind is Kind.COMPOSITE
    asked = (_AskedParts if composite else _Asked)(program, item, org_id, period, as_of, sources)
    return Explanation(
        fact=item.fact,
        counted=asked.rows("r.keep = 1 AND v.evidence > 0"),
        missing=(
            asked.absent_kinds()
            if item.kind is Kind.SET
            else asked.rows("r.keep = 1 AND r.failing = 1 AND v.evidence > 0")
        ),
        excluded=asked.rows("r.keep = 0 OR v.evidence = 0", reason=_REASON),
        parts=item.parts,
    )


_REASON = f"CASE WHEN r.keep = 0 THEN r.why WHEN v.status = {int(Status.EXEMPT)} THEN 'waived' ELSE 'not_owed' END"


@dataclass(frozen=True)
class _Asked:
    program: Program
    item: CompiledItem
    org_id: int
    period: int
    as_of: dt.date
    sources: Mapping[str, Source]

    def prelude(self) -> Prelude:
        """Write the tables that `listed` reads, and the cell itself as `verdict`."""
        made = self.blank([period_from_number(self.period)])
        made.build([self.item], (*self.item.relations, *self.item.row_relations))
        made.add("verdict", self.item.sql)
        return made

    def blank(self, periods: Sequence[Period]) -> Prelude:
        return Prelude(self.program, self.sources, self.as_of, periods, Scope((self.org_id,)))

    def listed(self) -> str:
        """Return the SELECT of the rows in question."""
        return self.item.rows_sql

    def rows(self, where: str, reason: str = "NULL") -> Statement:
        made = self.prelude()
        columns = f"r.k, r.row_org, r.day, {reason} AS reason"
        sql = (
            f"{made.text()}\nSELECT {columns} FROM ({self.listed()}) AS r"
            f" JOIN verdict AS v ON v.org_id = r.org_id AND v.period = r.period WHERE {where} ORDER BY r.day, r.k"
        )
        return Statement(sql, tuple(made.params))

    def absent_kinds(self) -> Statement:
        made = self.prelude()
        kinds = ", ".join(f"({no}, {text(kind)})" for no, kind in enumerate(self.item.all_of, 1))
        made.add("wanted", f"VALUES {kinds}", "no, kind")
        sql = (
            f"{made.text()}\nSELECT w.no, {int(self.org_id)}, {self.program.words.null('date')}, w.kind FROM wanted AS w"
            f" WHERE NOT EXISTS (SELECT 1 FROM ({self.item.rows_sql}) AS r WHERE r.keep = 1 AND r.num = w.kind)"
            " AND EXISTS (SELECT 1 FROM verdict AS v WHERE v.den > 0) ORDER BY w.no"
        )
        return Statement(sql, tuple(made.params))


class _AskedParts(_Asked):
    """A composite: its rows are its parts, judged in the same statement."""

    def prelude(self) -> Prelude:
        asked = period_from_number(self.period)
        items = self.program.with_parts([self.item])
        begun = periods_of(self.program, items, self.as_of, asked.starts_on)
        made = self.blank([asked, *(p for p in begun if p != asked and p.ends_on in asked)])
        made.build(items, (relation for item in items for relation in item.relations))
        for item in items:
            made.add(self.cells(item), self.judged(item))
        made.add("verdict", self.of_the_period(self.cells(self.item)))
        return made

    def cells(self, item: CompiledItem) -> str:
        return f"cells_{item.no}"

    def judged(self, item: CompiledItem) -> str:
        """Return the cells of one item; those of a composite over the scores of its parts alone."""
        if not item.parts:
            return item.sql
        names = "c.org_id, c.item_no, c.period, c.score"
        return (
            f"WITH scored AS ({self.of_parts(item, names)} WHERE c.score IS NOT NULL) {item.sql}"
        )

    def of_parts(self, item: CompiledItem, names: str) -> str:
        every = " UNION ALL ".join(
            f"SELECT org_id, item_no, period, score FROM {self.cells(self.program.by_code[code])}"
            for code in item.parts
        )
        return f"SELECT {names} FROM ({every}) AS c"

    def of_the_period(self, cells: str) -> str:
        return f"SELECT * FROM {cells} WHERE period = {int(self.period)}"

    def listed(self) -> str:
        """One row a part: judged or not, and whether its mean score is less than full."""
        numbers = ", ".join(f"({self.program.by_code[code].no})" for code in self.item.parts)
        judged = self.of_parts(self.item, "c.item_no, c.score, q.ends_on")
        return (
            f"WITH part(no) AS (VALUES {numbers}), judged AS ({judged} JOIN period AS q ON q.number = c.period"
            " WHERE c.score IS NOT NULL)"
            f" SELECT {int(self.org_id)} AS org_id, {int(self.period)} AS period, p.no AS k, {int(self.org_id)} AS row_org,"
            " max(j.ends_on) AS day, CASE WHEN count(j.score) > 0 THEN 1 ELSE 0 END AS keep,"
            f" CASE WHEN sum(j.score) < count(j.score) * {FULL} THEN 1 ELSE 0 END AS failing, 'not_judged' AS why"
            " FROM part AS p LEFT JOIN judged AS j ON j.item_no = p.no GROUP BY p.no"
        )
