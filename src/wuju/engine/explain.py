"""The rows behind one cell, as queries: counted, missing, excluded and why. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from wuju.engine.dialects import text
from wuju.engine.items import Kind, Status
from wuju.engine.prelude import Prelude, Scope
from wuju.engine.program import CompiledItem, Program, Source, Statement
from wuju.kit.periods import period_from_number

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
}
"""Why a row is not counted, by the code in the last column."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Queries whose rows are (key, organization that recorded it, day, reason).

    `counted` has as many rows as the cell's evidence. `missing` holds counted rows that
    fall short; for a set the kinds not present (key = place in the list, reason = the
    kind). `excluded` holds the other rows of the period. A composite has none of them but
    `parts`: see their cells.
    """

    fact: str
    counted: Statement | None
    missing: Statement | None
    excluded: Statement | None
    parts: tuple[str, ...] = ()


def explain_sql(  # the six questions of one cell
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
    if item.kind is Kind.COMPOSITE:
        return Explanation("", None, None, None, item.parts)
    asked = _Asked(program, item, org_id, period, as_of, sources)
    missing = (
        asked.absent_kinds()
        if item.kind is Kind.SET
        else asked.rows("r.keep = 1 AND r.failing = 1 AND v.evidence > 0")
    )
    return Explanation(
        fact=item.fact,
        counted=asked.rows("r.keep = 1 AND v.evidence > 0"),
        missing=missing,
        excluded=asked.rows("r.keep = 0 OR v.evidence = 0", reason=_REASON),
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
        made = Prelude(
            self.program,
            self.sources,
            self.as_of,
            [period_from_number(self.period)],
            Scope((self.org_id,)),
        )
        made.build([self.item], (*self.item.relations, *self.item.row_relations))
        made.add("verdict", self.item.sql)
        return made

    def rows(self, where: str, reason: str = "NULL") -> Statement:
        made = self.prelude()
        columns = f"r.k, r.row_org, r.day, {reason} AS reason"
        sql = (
            f"{made.text()}\nSELECT {columns} FROM ({self.item.rows_sql}) AS r"
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
            " ORDER BY w.no"
        )
        return Statement(sql, tuple(made.params))
