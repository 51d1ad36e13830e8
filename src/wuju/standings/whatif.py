"""What would change if a pack were adopted: whose status, which items, how much to enter. Stores nothing.

The pack is judged as if it had been in force as long as the one in use. Only items that
differ are judged: from the kept numbers where thresholds alone differ, else from the facts.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wuju.engine.compiler import compile_rules
from wuju.engine.items import STATUSES, Status
from wuju.engine.rejudging import rejudge
from wuju.engine.results import Cell
from wuju.engine.supply import awaited, supplied
from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.facts import fact_sources, published
from wuju.kit.periods import Period, period_from_number
from wuju.org import queries as org_queries
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.loader import load_pack
from wuju.rulepacks.queries import ActivePack, active_packs, program

from .differing import Difference, differing
from .entering import need, records
from .models import Freshness, Standing
from .sources import WHOLE, arrow_tables, execute, supply
from .words import STATUS_WORDS

if TYPE_CHECKING:
    from wuju.engine.program import Program
    from wuju.org.queries import OrganizationRow

type Cells = Mapping[str, list[Cell]]
type Pair = tuple[Status | None, Status | None]
type Change = tuple[int, int, Status | None, Status | None]
KINDS = {"added": "新增", "removed": "取消", "changed": "改动"}


class NothingInUse(DomainError):
    def __init__(self, day: dt.date) -> None:
        super().__init__(f"{day} 没有施行中的规则包，无法比较，请先采用一个规则包。")


@dataclass(frozen=True, slots=True)
class Move:
    """One cell whose status would change; None: not judged on that side."""

    org: str
    organization: str
    item: str
    period: int
    before: Status | None
    after: Status | None

    @property
    def words(self) -> str:
        return f"{_word(self.before)} → {_word(self.after)}"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that differs, with how many cells would move where, the most first.

    `more`: records a year that all villages together would enter more (less than 0: fewer).
    `fact`: what is entered for it. `replaces`: titles of removed items over the same fact.
    """

    item: str
    title: str
    kind: str
    sentence: str
    counts: tuple[tuple[Pair, int], ...]
    fact: str
    more: int
    replaces: tuple[str, ...]

    @property
    def moved(self) -> str:
        """Return 已完成 → 未达到 12；…, or "" where nothing moves."""
        return "；".join(f"{_word(a)} → {_word(b)} {n}" for (a, b), n in self.counts)


@dataclass(frozen=True, slots=True)
class VillageBurden:
    """Records a year that the items that differ ask of one village, before and after."""

    org: str
    organization: str
    before: int
    after: int

    @property
    def more(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer. `moves` go by item, then in official order; `kept`: no fact was read.

    `villages` counts all of the scope; `burdens` holds those asked for more or less;
    `elsewhere` the records a year that all other organizations together would enter more.
    `awaited`: items of the pack that would not be judged yet, for want of their facts.
    """

    pack: str
    against: str
    as_of: dt.date
    kept: bool
    items: tuple[ItemChange, ...]
    moves: tuple[Move, ...]
    villages: int
    burdens: tuple[VillageBurden, ...]
    elsewhere: int
    awaited: int


def what_if(*, folder: Path, as_of: dt.date, scope: OrgScope) -> WhatIf:
    """Judge the pack in `folder` against the present facts and compare it with the pack in use.

    Raises:
        PackNotReadable: the pack has faults.
        BadItem, BadCondition: an item cannot be judged; the linter says the same.
        NothingInUse: no pack is in force on that day.
    """
    base = _in_use(as_of)
    adopted = replace(load_pack(folder).rules(catalog()), effective_from=base.from_on)
    trial = supplied(adopted, published())
    found = differing(base.stored.rules, trial, catalog())
    before, after, kept = _both(base, found, as_of)
    orgs = {row.id: row for row in org_queries.organizations(scope=scope, with_dissolved=True)}
    comparison = _Comparison(found, before, after, orgs, _profiles(as_of), as_of)
    moves = [move for code in found.codes for move in comparison.moves(code)]
    return WhatIf(
        pack=trial.pack,
        against=f"{base.code}@{base.version}",
        as_of=as_of,
        kept=kept,
        items=tuple(comparison.items(moves)),
        moves=tuple(moves),
        villages=len(comparison.villages),
        burdens=tuple(comparison.burdens()),
        elsewhere=comparison.elsewhere(),
        awaited=len(awaited(adopted, published())),
    )


def _in_use(as_of: dt.date) -> ActivePack:
    packs = [pack for pack in active_packs(scope=WHOLE) if pack.from_on <= as_of]
    if not packs:
        raise NothingInUse(as_of)
    return packs[-1]


# ------------------------------------------------------------------ cells
def _both(base: ActivePack, found: Difference, as_of: dt.date) -> tuple[Cells, Cells, bool]:
    """Return the cells of the differing items by both packs, and whether no fact was read."""
    before = _kept(found.compared, as_of)
    runs: list[tuple[Program, Collection[str]]] = []
    if before is None and found.compared:
        runs.append((program(scope=WHOLE, pack=base, dialect="duckdb"), found.compared))
    if found.measured:
        rules = found.new.subset(found.measured)
        runs.append((compile_rules(rules, catalog(), "duckdb"), found.measured))
    results = _from_facts(runs, as_of)
    if before is None:
        before = results.pop(0) if found.compared else {}
    after = results.pop(0) if found.measured else {}
    judges = cache(lambda number: base.judges(period_from_number(number)))
    before = {c: [x for x in cells if judges(x.period)] for c, cells in before.items()}
    again = {c: list(rejudge(before.get(c, []), plan, as_of)) for c, plan in found.again.items()}
    after = {c: [x for x in cells if judges(x.period)] for c, cells in after.items()}
    return before, {**after, **again}, not runs


def _kept(codes: Collection[str], as_of: dt.date) -> dict[str, list[Cell]] | None:
    """Return the stored cells of these items, or None where they are not those of the day."""
    fresh = Freshness.objects.filter(evaluated_on=as_of, computing_since=None, facts=supply())
    if not fresh.exists():
        return None
    if not codes:
        return {}
    rows = Standing.objects.filter(item__in=codes).values_list(
        "organization_id", "item", "period", "numerator", "denominator", "status", "score",
        "evidence", "evidence_key",
    )  # fmt: skip
    sql, params = rows.query.sql_with_params()
    return _by_item(
        Cell(org, item, period, num, den, STATUSES[status], score, count, key)
        for org, item, period, num, den, status, score, count, key in execute(sql, params)
    )


def _from_facts(
    runs: list[tuple["Program", Collection[str]]], as_of: dt.date
) -> list[dict[str, list[Cell]]]:
    """Judge some items of some programs in DuckDB over the facts they read, in one opening."""
    if not runs:
        return []
    from wuju.engine.wide import Wide  # noqa: PLC0415 - thresholds alone never need DuckDB

    facts = {
        fact
        for compiled, codes in runs
        for item in compiled.with_parts(compiled.chosen(codes))
        for fact in item.reads
    }
    with Wide(arrow_tables(facts)) as wide:
        return [
            _by_item(wide.evaluate(compiled, as_of=as_of, items=codes)) for compiled, codes in runs
        ]


def _by_item(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.item].append(cell)
    return dict(found)


def _profiles(as_of: dt.date) -> dict[int, dict[str, Any]]:
    """Return organization → its profile of the day, as the engine reads it."""
    source = fact_sources["org"]
    rows = (dict(zip(source.columns, row, strict=True)) for row in source.rows())
    return {
        row["org_id"]: row
        for row in rows
        if row["valid_from"] <= as_of and (row["valid_until"] or dt.date.max) > as_of
    }


# ------------------------------------------------------------------ comparing
@dataclass(frozen=True)
class _Comparison:
    """Both judgements side by side, for the organizations in view (in official order)."""

    found: Difference
    before: Cells
    after: Cells
    orgs: "Mapping[int, OrganizationRow]"
    profiles: Mapping[int, Mapping[str, Any]]
    as_of: dt.date

    @cached_property
    def position(self) -> dict[int, int]:
        return {org: number for number, org in enumerate(self.orgs)}

    @cached_property
    def villages(self) -> frozenset[int]:
        """The living organizations in view that lead a village."""
        return frozenset(
            org
            for org, row in self.profiles.items()
            if org in self.orgs and row["area_kind"] == "village" and not row["dissolved_on"]
        )

    # -------------------------------------------------------------- whose status
    def moves(self, code: str) -> Iterator[Move]:
        """Yield the cells that would read otherwise, in official order, periods by number."""
        if code in self.found.worded:
            return
        changed = self.regrained_changes(code) if self.regrained(code) else self.changes(code)
        moved = [(self.position[one[0]], one[1], one) for one in changed if one[0] in self.orgs]
        for *_, (org, period, was, now) in sorted(moved, key=itemgetter(0, 1)):
            row = self.orgs[org]
            yield Move(row.code, row.name, code, period, was, now)

    def changes(self, code: str) -> Iterator[Change]:
        """Yield (organization, period, before, after) where these read otherwise."""
        before, after = self.before.get(code, ()), self.after.get(code, ())
        old = {(cell.org_id, cell.period): cell.status for cell in before}
        for cell in after:
            was = old.pop((cell.org_id, cell.period), None)
            if was is not cell.status and _reads(was) != _reads(cell.status):
                yield cell.org_id, cell.period, was, cell.status
        for (org, period), was in old.items():
            if _reads(was) is not None:
                yield org, period, was, None

    def regrained_changes(self, code: str) -> Iterator[Change]:
        """Yield the same for an item of other periods: each against the former one in its place."""
        before, after = self.before.get(code, ()), self.after.get(code, ())
        old = {(cell.org_id, cell.period): cell.status for cell in before}
        for cell in after:
            was = old.get((cell.org_id, self.period_before(code, cell.period)))
            if _reads(was) != _reads(cell.status):
                yield cell.org_id, cell.period, was, cell.status

    def regrained(self, code: str) -> bool:
        """Whether an item is asked for in other periods than before."""
        before, after = self.found.old.by_code.get(code), self.found.new.by_code.get(code)
        return before is not None and after is not None and before.per != after.per

    def period_before(self, code: str, number: int) -> int:
        """Return the former period that holds the last day of a new one, or today."""
        day = period_from_number(number).snapshot(self.as_of)
        return Period.containing(day, self.found.old.by_code[code].per).number

    def items(self, moves: Sequence[Move]) -> Iterator[ItemChange]:
        counts: dict[str, Counter[Pair]] = defaultdict(Counter)
        for move in moves:
            counts[move.item][move.before, move.after] += 1
        for code in self.found.codes:
            ordered = sorted(counts[code].items(), key=lambda pair: (-pair[1], str(pair[0])))
            yield ItemChange(
                item=code,
                title=self.found.title(code),
                kind=self.found.kind(code),
                sentence=self.found.sentence(code),
                counts=tuple(ordered),
                fact=self.fact(code),
                more=sum(n for org, n in self.more.get(code, {}).items() if org in self.villages),
                replaces=self.replaces(code),
            )

    # -------------------------------------------------------------- how much to enter
    def fact(self, code: str) -> str:
        """Return the title of what is entered for an item, or ""."""
        item = self.found.new.by_code.get(code)
        asked = need(item, self.found.new, catalog()).fact if item else ""
        return catalog()[asked].title if asked else ""

    def replaces(self, code: str) -> tuple[str, ...]:
        """Return the titles of removed items over the facts a new item reads: entered once, not twice."""
        item = self.found.new.by_code.get(code)
        if item is None or self.found.kind(code) != "added":
            return ()
        old = self.found.old
        return tuple(
            old.by_code[gone].title
            for gone in self.found.removed
            if old.by_code[gone].fact == item.fact
        )

    @cached_property
    def entered(self) -> dict[str, tuple[dict[int, int], dict[int, int]]]:
        """Item → records a year by organization, before and after."""
        old, new = self.found.old, self.found.new
        return {
            code: (
                records(old.by_code.get(code), old, catalog(), self.before.get(code, ()), self.profiles),
                records(new.by_code.get(code), new, catalog(), self.after.get(code, ()), self.profiles),
            )
            for code in self.found.codes
            if code not in self.found.worded
        }  # fmt: skip

    @cached_property
    def more(self) -> dict[str, dict[int, int]]:
        """Item → records a year that each organization would enter more; less than 0: fewer."""
        return {
            code: {org: after.get(org, 0) - before.get(org, 0) for org in {*before, *after}}
            for code, (before, after) in self.entered.items()
        }

    def burdens(self) -> Iterator[VillageBurden]:
        """Yield the villages that would enter more or less, in official order."""
        for org in sorted(self.villages, key=self.position.__getitem__):
            before = sum(was.get(org, 0) for was, _ in self.entered.values())
            after = sum(now.get(org, 0) for _, now in self.entered.values())
            if before != after:
                yield VillageBurden(self.orgs[org].code, self.orgs[org].name, before, after)

    def elsewhere(self) -> int:
        others = set(self.orgs) - self.villages
        return sum(n for asked in self.more.values() for org, n in asked.items() if org in others)


def _reads(status: Status | None) -> Status | None:
    """Not owed and not judged read the same."""
    return None if status is Status.NOT_APPLICABLE else status


def _word(status: Status | None) -> str:
    return "不评判" if status is None else STATUS_WORDS[status]
