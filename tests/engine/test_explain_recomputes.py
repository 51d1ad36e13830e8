"""What explain lists gives the number again, for each of the nine kinds, and hides no row of the period."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine import randomly
from tests.engine.small import CATALOG, Sqlite, item
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.explain import REASONS, explain_sql
from wuju.engine.items import Item, Kind, Status
from wuju.engine.program import Statement
from wuju.engine.results import Cell
from wuju.engine.rules import Rules
from wuju.engine.world import Row, World, valid
from wuju.kit.periods import Period, period_from_number

type Listed = list[tuple[int, int, Any, str | None]]

CELLS = 12
"""Cells of a district that are explained."""
WHOLE = ("a.count", "a.ratio")
ITEMS = (
    item("a.count", of="meeting", where="status = 'held'", sum="present", score="pass", per="month"),
    item("a.ratio", kind="ratio", of="meeting", where="status = 'held'", numerator={"sum": "present", "where": "present <= due"},
         denominator={"sum": "due"}, target={"at_least": "80%"}, score="proportional"),
    item("a.deadline", kind="deadline", of="loop_due", due="due_on", done="done_on", where="source = 'visit'", target={"at_least": "100%"}),
    item("a.coverage", kind="coverage", population="member", where="category = 'full'",
         each={"of": "course_hours", "sum": "hours", "where": "level = 'county'", "at_least": 30}, per="year", target={"at_least": "50%"}),
    item("a.latest", kind="latest", of="income", value="amount_cents", where="earned", per="half"),
    item("a.stock", kind="stock", of="seat", where="woman"),
    item("a.set", kind="set", of="seat", member="post", all_of=["secretary", "deputy"], target=None),
    item("a.attested", kind="attested", item="x.n1", per="year"),
    item("a.composite", kind="composite", parts=dict(zip(WHOLE, (3, 2), strict=True)), per="year", target={"at_least": "60%"}),
)  # fmt: skip
RULES = Rules(ITEMS, exempt={"member": "NOT exempt"})


@dataclass(frozen=True)
class Said:
    """One cell and what explain lists about it."""

    item: Item
    cell: Cell
    world: World
    as_of: dt.date
    cells: dict[tuple[int, str, int], Cell]
    counted: Listed
    missing: Listed
    excluded: Listed

    @property
    def period(self) -> Period:
        return period_from_number(self.cell.period)

    @property
    def last(self) -> dt.date:
        return self.period.snapshot(self.as_of)

    def holds(self, day: dt.date | None) -> bool:
        return day is not None and self.period.starts_on <= day <= self.period.ends_on

    def facts(self, name: str) -> list[Row]:
        """Return the rows that count for the organization: its own and its predecessors'."""
        origins = {a for a, b in self.world.lineage if b == self.cell.org_id}
        return [row for row in self.world.facts[name] if row["org_id"] in origins]

    def rows(self) -> list[Row]:
        """Return the counted rows themselves."""
        name = self.item.fact or ""
        spec, found = CATALOG[name], []
        for key, org, day, _ in self.counted:
            start = spec.valid[0] if spec.valid else None
            (row,) = [
                row
                for row in self.world.facts[name]
                if (row[spec.key], row["org_id"]) == (key, org)
                and (start is None or name == "member" or row[start].isoformat() == day)
                and (name != "member" or valid(row["from_on"], row["until_on"], self.last))
            ]
            found.append(row)
        return found

    def total(self, column: str) -> int:
        return sum(row[column] or 0 for row in self.rows())


def count(said: Said) -> int:
    return said.total("present")


def ratio(said: Said) -> int:
    return sum(
        row["present"]
        for row in said.rows()
        if row["present"] is not None and row["due"] is not None and row["present"] <= row["due"]
    )


def deadline(said: Said) -> int:
    late = [row for row in said.rows() if not row["done_on"] or row["done_on"] > row["due_on"]]
    assert sorted(row["loop_due_id"] for row in late) == sorted(key for key, *_ in said.missing)
    return len(said.counted) - len(late)


def coverage(said: Said) -> int:
    """Add up the hours of each listed member, wherever they were recorded."""
    short = [
        row["member_id"]
        for row in said.rows()
        if sum(
            each["hours"] or 0
            for each in said.world.facts["course_hours"]
            if each["member_id"] == row["member_id"]
            and each["level"] == "county"
            and said.period.starts_on <= each["held_on"] <= said.last
        )
        < 30
    ]
    assert sorted(short) == sorted(key for key, *_ in said.missing)
    return len(said.counted) - len(short)


def latest(said: Said) -> int:
    return said.total("amount_cents")


def stock(said: Said) -> int:
    assert all(row["woman"] for row in said.rows())
    return len(said.counted)


def kinds_present(said: Said) -> int:
    present = {row["post"] for row in said.rows()}
    if said.cell.denominator:
        assert {kind for *_, kind in said.missing} == set(said.item.all_of) - present
    else:
        assert said.missing == []
    return len(present)


def attested(said: Said) -> int:
    return said.total("grade")


def composite(said: Said) -> int:
    """Weigh the mean score of each listed part."""
    means = {key: _mean(said, ITEMS[key - 1].code) for key, *_ in said.counted}
    assert [key for key, mean in means.items() if mean < 10_000] == [k for k, *_ in said.missing]
    weights = {key: said.item.parts[ITEMS[key - 1].code] for key in means}
    total = sum(weights.values())
    return sum(weights[key] * mean for key, mean in means.items()) // total if total else 0


def _mean(said: Said, code: str) -> int:
    scores = [
        cell.score
        for (org, item_code, number), cell in said.cells.items()
        if (org, item_code) == (said.cell.org_id, code)
        and cell.score is not None
        and said.period.starts_on <= period_from_number(number).starts_on <= said.period.ends_on
    ]
    return sum(scores) // len(scores)


RECOMPUTED: dict[Kind, Callable[[Said], int]] = {
    Kind.COUNT: count,
    Kind.RATIO: ratio,
    Kind.DEADLINE: deadline,
    Kind.COVERAGE: coverage,
    Kind.LATEST: latest,
    Kind.STOCK: stock,
    Kind.SET: kinds_present,
    Kind.ATTESTED: attested,
    Kind.COMPOSITE: composite,
}
FULL_DENOMINATOR = {Kind.DEADLINE, Kind.COVERAGE}


def candidates(said: Said) -> list[int]:
    """Return the keys of all rows of the period, counted or not; of a composite its parts."""
    name = said.item.fact or ""
    if not name:
        return [1, 2]
    spec = CATALOG[name]
    rows = said.facts(name)
    if said.item.due:
        rows = [row for row in rows if said.holds(row[said.item.due])]
    elif spec.date:
        rows = [row for row in rows if said.holds(row[spec.date])]
    else:
        start, until = spec.valid or ("", "")
        rows = [row for row in rows if valid(row[start], row[until], said.last)]
    if said.item.kind is Kind.ATTESTED:
        rows = [row for row in rows if row["item"] == said.item.item]
    return sorted(row[spec.key] for row in rows)


def explained(seed: int, thing: Item) -> list[Said]:
    """Judge a random district and explain some cells of one item."""
    rng = random.Random(seed)
    world, as_of = randomly.district(rng, 5, 60), rng.choice(randomly.AS_OF)
    program = compile_rules(RULES, CATALOG, "sqlite")
    cells = {
        (cell.org_id, cell.item, cell.period): cell
        for cell in oracle.evaluate(RULES, CATALOG, world, as_of)
    }
    found = []
    with Sqlite(world) as database:

        def rows(statement: Statement) -> Listed:
            return database.execute(statement.sql, statement.params)

        own = [cell for cell in cells.values() if cell.item == thing.code]
        for cell in rng.sample(own, k=min(CELLS, len(own))):
            place = (cell.item, cell.org_id, cell.period)
            asked = explain_sql(program, *place, as_of=as_of, sources=database.sources)
            listed = (rows(each) for each in (asked.counted, asked.missing, asked.excluded))
            found.append(Said(thing, cell, world, as_of, cells, *listed))
    return found


@pytest.mark.parametrize("thing", ITEMS, ids=lambda thing: thing.kind.value)
def test_the_listed_rows_give_the_number_again(thing: Item) -> None:
    numbers, reasons = set(), set()
    for seed in range(3):
        for said in explained(seed, thing):
            assert RECOMPUTED[thing.kind](said) == said.cell.numerator
            assert len(said.counted) == said.cell.evidence
            if thing.kind in FULL_DENOMINATOR:
                assert len(said.counted) == said.cell.denominator
            if said.cell.status is Status.EXEMPT:
                assert said.counted == []
            listed = sorted(key for key, *_ in (*said.counted, *said.excluded))
            assert listed == candidates(said)
            numbers.add(said.cell.numerator)
            reasons |= {reason for *_, reason in said.excluded}
    assert len(numbers) > 1
    assert reasons
    assert reasons <= REASONS.keys()


def test_the_items_are_of_every_kind() -> None:
    assert {thing.kind for thing in ITEMS} == set(Kind) == RECOMPUTED.keys()
