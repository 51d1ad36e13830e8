"""Compare the live standings with a full run, bit for bit, and say each difference in a sentence."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from wuju.engine.items import Status
from wuju.kit.actors import OrgScope
from wuju.kit.periods import period_from_number
from wuju.org import queries as org_queries

from .evaluation import evaluate_all
from .models import RollUpLine, Standing
from .words import STATUS_WORDS

if TYPE_CHECKING:
    from wuju.engine.results import Cell, RollUp

WHOLE = OrgScope.whole(because="the live standings of every organization are reconciled")
_PLACE = ("organization_id", "item", "period")
_CELL = {
    "numerator": "分子",
    "denominator": "分母",
    "status": "状态",
    "score": "得分",
    "evidence": "依据行数",
    "evidence_key": "依据末行",
}
_LINE = {
    "n": "应履行",
    "met": "已完成",
    "open": "进行中",
    "due_soon": "将到期",
    "overdue": "期满待录",
    "missed": "未达到",
    "exempt": "免除",
    "unverified": "未核实",
    "numerator": "分子和",
    "denominator": "分母和",
    "score_sum": "得分和",
    "n_judged": "已评判",
}
_NOTHING = (0,) * len(_LINE)
type Place = tuple[int, str, int]
type Numbers = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell or roll-up line that is not what a full run says.

    `stored` and `computed` are the numbers that differ, by Chinese name; None on one side
    means that the cell is not there at all.
    """

    kind: str
    org_id: int
    organization: str
    item: str
    period: int
    stored: Mapping[str, int | None] | None
    computed: Mapping[str, int | None] | None

    @property
    def sentence(self) -> str:
        what = "状态" if self.kind == "cell" else "汇总"
        where = f"{self.organization} {self.item} {period_from_number(self.period).title}"
        if self.stored is None:
            return f"{where}的{what}缺失，重算应有。"
        if self.computed is None:
            return f"{where}的{what}多出，重算没有。"
        changes = "，".join(
            f"{name}现为 {_word(name, value)}，重算应为 {_word(name, self.computed[name])}"
            for name, value in self.stored.items()
        )
        return f"{where}的{what}与重算不符：{changes}。"


def differences(*, today: dt.date) -> list[Difference]:
    """Return where the stored cells and lines differ from a full run of `today`, cells first.

    `today` is the day the standings were judged for; of another day all would differ. A
    line of nothing but zeros and a line that is not there say the same.
    """
    cells, lines = evaluate_all(as_of=today)
    found = [
        *_compare("cell", _CELL, _stored_cells(), _computed_cells(cells)),
        *_compare("rollup", _LINE, _stored_lines(), _computed_lines(lines)),
    ]
    names = {
        row.id: row.name
        for row in org_queries.organizations_by_id(scope=WHOLE, ids=[d[1][0] for d in found])
    }
    return [
        Difference(kind, place[0], names[place[0]], place[1], place[2], stored, computed)
        for kind, place, stored, computed in found
    ]


def _compare(
    kind: str,
    titles: Mapping[str, str],
    stored: Mapping[Place, Numbers],
    computed: Mapping[Place, Numbers],
) -> (
    "Iterable[tuple[str, Place, Mapping[str, int | None] | None, Mapping[str, int | None] | None]]"
):
    names = tuple(titles.values())
    for place in sorted(stored.keys() | computed.keys()):
        one, two = stored.get(place), computed.get(place)
        if one == two:
            continue
        differing = [
            n for n in range(len(names)) if one is None or two is None or one[n] != two[n]
        ]
        yield kind, place, _named(names, differing, one), _named(names, differing, two)


def _named(
    names: Sequence[str], which: Sequence[int], numbers: Numbers | None
) -> dict[str, int | None] | None:
    return None if numbers is None else {names[n]: numbers[n] for n in which}


def _stored_cells() -> dict[Place, Numbers]:
    rows = Standing.objects.values_list(*_PLACE, *_CELL)
    return {(org, item, period): tuple(numbers) for org, item, period, *numbers in rows}


def _stored_lines() -> dict[Place, Numbers]:
    rows = RollUpLine.objects.values_list(*_PLACE, *_LINE)
    every = {(org, item, period): tuple(numbers) for org, item, period, *numbers in rows}
    return {place: numbers for place, numbers in every.items() if numbers != _NOTHING}


def _computed_cells(cells: "Iterable[Cell]") -> dict[Place, Numbers]:
    return {
        (c.org_id, c.item, c.period): (
            c.numerator, c.denominator, int(c.status), c.score, c.evidence, c.evidence_key,
        )
        for c in cells
    }  # fmt: skip


def _computed_lines(lines: "Iterable[RollUp]") -> dict[Place, Numbers]:
    numbers = attrgetter(*_LINE)
    every = {
        (li.org_id, li.item, li.period): tuple(value or 0 for value in numbers(li)) for li in lines
    }
    return {place: values for place, values in every.items() if values != _NOTHING}


def _word(name: str, value: int | None) -> str:
    if value is None:
        return "空"
    return STATUS_WORDS[Status(value)] if name == "状态" else str(value)
