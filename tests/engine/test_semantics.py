"""What the words of the rules mean, as properties of the oracle on random districts and packs.

`tests/packs/semantics.yaml` says which sentence each of them holds; the executors are held to the oracle elsewhere.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG
from wuju.engine import oracle
from wuju.engine.items import Kind, Status
from wuju.engine.resolve import Resolved, resolve
from wuju.engine.results import Cell
from wuju.engine.rules import Rules
from wuju.engine.world import World, valid
from wuju.kit.periods import Period, period_from_number

SEEDS = st.integers(0, 2**40)
TRIED = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
EVENTS = (Kind.COUNT, Kind.RATIO, Kind.LATEST)
UNLINKED = (
    "course_hours",
    "topic",
    "income",
    "attestation",
)  # events that no other fact points at
ONE_DAY = dt.timedelta(days=1)
type Example = tuple[Rules, World, dt.date]
type Cells = dict[tuple[int, str, int], Cell]


def example(seed: int) -> Example:
    return randomly.example(seed, orgs=5, rows=20, size=10)


def judged(rules: Rules, world: World, as_of: dt.date) -> Cells:
    cells = oracle.evaluate(rules, CATALOG, world, as_of)
    return {(cell.org_id, cell.item, cell.period): cell for cell in cells}


def plans(rules: Rules) -> dict[str, Resolved]:
    return {item.code: resolve(item, rules, CATALOG) for item in rules.items}


def with_rows(world: World, fact: str, rows: list[dict[str, Any]]) -> World:
    return replace(world, facts={**world.facts, fact: rows})


def plain(rules: Rules, cells: Cells) -> Cells:
    """Leave the composites out: what changes a part changes them."""
    return {place: cell for place, cell in cells.items() if not rules.by_code[place[1]].parts}


def ends_of_life(world: World) -> dict[int, tuple[dt.date, dt.date | None]]:
    return {org: (born, gone) for org, born, gone in world.life}


# ------------------------------------------------------------------ feeds and periods
@given(seed=SEEDS)
@TRIED
def test_before_a_feed_starts_nobody_is_found_wanting(seed: int) -> None:
    rules, world, as_of = example(seed)
    starts: dict[tuple[int, str], dt.date] = {}
    for origin, owner in world.lineage:
        for org, fact, day in world.feeds:
            if org == origin:
                starts[owner, fact] = min(day, starts.get((owner, fact), day))
    resolved = plans(rules)

    for cell in judged(rules, world, as_of).values():
        period = period_from_number(cell.period)
        for spec in resolved[cell.item].feeds:
            needed = period.starts_on if spec.date else period.snapshot(as_of)
            first = starts.get((cell.org_id, spec.name))
            if first is None or first > needed:
                assert cell.status <= Status.UNVERIFIED, (cell, spec.name)


@given(seed=SEEDS)
@TRIED
def test_a_record_belongs_to_the_period_of_its_event_alone(seed: int) -> None:
    rules, world, as_of = example(seed)
    rng = random.Random(seed)
    resolved = plans(rules)
    cells = [
        cell
        for cell in judged(rules, world, as_of).values()
        if resolved[cell.item].item.kind in EVENTS
        and resolved[cell.item].own.date
        and not resolved[cell.item].item.carry
    ]

    for cell in rng.sample(cells, k=min(8, len(cells))):
        spec, period = resolved[cell.item].own, period_from_number(cell.period)
        inside = [row for row in world.facts[spec.name] if row[spec.date or ""] in period]
        alone = judged(rules.subset([cell.item]), with_rows(world, spec.name, inside), as_of)  # type: ignore[arg-type]
        assert alone[cell.org_id, cell.item, cell.period] == cell


@given(seed=SEEDS)
@TRIED
def test_what_is_dated_after_the_day_is_not_there_yet(seed: int) -> None:
    rules, world, as_of = example(seed)
    known = world
    for fact in UNLINKED:
        date = CATALOG[fact].date or ""
        known = with_rows(known, fact, [r for r in world.facts[fact] if r[date] <= as_of])  # type: ignore[misc]

    assert judged(rules, known, as_of) == judged(rules, world, as_of)


@given(seed=SEEDS)
@TRIED
def test_obligations_begin_and_end_with_the_life_of_the_organization(seed: int) -> None:
    """Wholly lived, or by more than half of its days where a part is owed; never before the rules are in force."""
    rules, world, as_of = example(seed)
    lives = ends_of_life(world)

    for cell in judged(rules, world, as_of).values():
        period, (born, gone) = period_from_number(cell.period), lives[cell.org_id]
        days = [period.starts_on + ONE_DAY * n for n in range(period.days)]
        lived = sum(born <= day and (gone is None or day < gone) for day in days)
        enough = (
            lived * 2 > period.days
            if rules.by_code[cell.item].owe_partial
            else lived == period.days
        )
        assert enough or cell.status is Status.NOT_APPLICABLE
        assert period.starts_on >= rules.effective_from


@given(seed=SEEDS)
@TRIED
def test_a_successor_counts_the_rows_of_its_predecessors_as_its_own(seed: int) -> None:
    """Written out as rows and feeds of the successor itself, they lead to the same numbers."""
    rules, world, as_of = example(seed)
    facts = {name: [dict(row) for row in rows] for name, rows in world.facts.items()}
    for origin, owner in world.lineage:
        for name in facts.keys() - {"org"}:
            mine = [row for row in world.facts[name] if row["org_id"] == origin != owner]
            facts[name] += [{**row, "org_id": owner} for row in mine]
    feeds = [
        (owner, fact, day)
        for origin, owner in world.lineage
        for org, fact, day in world.feeds
        if org == origin
    ]
    alone = [(org, org) for org in {owner for _, owner in world.lineage}]
    by_hand = replace(world, facts=facts, feeds=feeds, lineage=alone)
    kinds = {code: plan.item.kind for code, plan in plans(rules).items()}

    before, after = judged(rules, world, as_of), judged(rules, by_hand, as_of)
    assert before.keys() == after.keys()
    for place, cell in plain(rules, before).items():
        if kinds[place[1]] is not Kind.COVERAGE:  # a person's rows would be there twice
            assert after[place] == cell


# ------------------------------------------------------------------ people, tree
@given(seed=SEEDS)
@TRIED
def test_rows_of_a_person_count_wherever_they_were_recorded(seed: int) -> None:
    rules, world, as_of = example(seed)
    rng = random.Random(seed)
    rows = [{**row, "org_id": rng.randint(1, 5)} for row in world.facts["course_hours"]]
    codes = {item.code for item in rules.items if item.kind is Kind.COVERAGE}

    before, after = (
        judged(rules, world, as_of),
        judged(rules, with_rows(world, "course_hours", rows), as_of),
    )
    assert {p: c for p, c in after.items() if p[1] in codes} == {
        p: c for p, c in before.items() if p[1] in codes
    }


@given(seed=SEEDS)
@TRIED
def test_a_population_is_the_members_of_the_snapshot_day(seed: int) -> None:
    """Members that were never there on the day may be left out: nothing but the present ones is counted."""
    rules, world, as_of = example(seed)
    rng = random.Random(seed)
    codes = {item.code for item in rules.items if item.kind is Kind.COVERAGE}
    cells = [c for c in judged(rules, world, as_of).values() if c.item in codes]

    for cell in rng.sample(cells, k=min(6, len(cells))):
        day = period_from_number(cell.period).snapshot(as_of)
        there = [r for r in world.facts["member"] if valid(r["from_on"], r["until_on"], day)]
        alone = judged(rules.subset([cell.item]), with_rows(world, "member", there), as_of)  # type: ignore[arg-type]
        assert alone[cell.org_id, cell.item, cell.period] == cell


@given(seed=SEEDS)
@TRIED
def test_a_line_is_the_sum_of_the_cells_below_on_the_tree_of_the_day(seed: int) -> None:
    rules, world, as_of = example(seed)
    cells = list(judged(rules, world, as_of).values())
    lines = {
        (li.org_id, li.item, li.period): li for li in oracle.roll_up(rules, cells, world, as_of)
    }
    below: defaultdict[tuple[int, str, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        day = period_from_number(cell.period).snapshot(as_of)
        for ancestor, descendant, start, until in world.closure:
            if descendant == cell.org_id and valid(start, until, day):
                below[ancestor, cell.item, cell.period].append(cell)

    assert lines.keys() == below.keys()
    for place, line in lines.items():
        counted = [
            line.met,
            line.open,
            line.due_soon,
            line.overdue,
            line.missed,
            line.exempt,
            line.unverified,
        ]
        assert (
            line.n
            == sum(counted)
            == sum(c.status is not Status.NOT_APPLICABLE for c in below[place])
        )
        scores = [c.score for c in below[place] if c.score is not None]
        assert (line.score_sum, line.n_judged) == (sum(scores), len(scores))
        assert line.score is None or min(scores) <= line.score <= max(scores)


# ------------------------------------------------------------------ status and score
@given(seed=SEEDS)
@TRIED
def test_only_time_makes_what_is_unmet_later(seed: int) -> None:
    rules, world, as_of = example(seed)
    resolved = plans(rules)

    for cell in judged(rules, world, as_of).values():
        plan, late = resolved[cell.item], (as_of - period_from_number(cell.period).ends_on).days
        if cell.status is Status.MISSED:
            assert late > plan.item.grace or plan.operator == "at_most"
        if cell.status is Status.OVERDUE:
            assert 0 < late <= plan.item.grace
        if cell.status is Status.DUE_SOON:
            assert -plan.item.soon <= late <= 0
        if cell.status is Status.OPEN:
            assert late < -plan.item.soon
        if cell.status is Status.MET and plan.waits:
            assert late > 0


@given(seed=SEEDS)
@TRIED
def test_a_waiver_of_a_whole_period_frees_that_cell_and_no_other(seed: int) -> None:
    rules, world, as_of = example(seed)
    cells = plain(rules, judged(rules, world, as_of))
    owed = [cell for cell in cells.values() if cell.status > Status.EXEMPT]
    if not owed:
        return
    cell = random.Random(seed).choice(owed)
    period = period_from_number(cell.period)
    waiver = (cell.org_id, cell.item, period.starts_on, period.ends_on + ONE_DAY)

    after = plain(rules, judged(rules, replace(world, waivers=[*world.waivers, waiver]), as_of))
    freed = Cell(cell.org_id, cell.item, cell.period, 0, 0, Status.EXEMPT, None, 0, 0)
    inside = {
        place
        for place, other in cells.items()
        if place[:2] == (cell.org_id, cell.item) and period_from_number(other.period) != period
    }
    assert after[cell.org_id, cell.item, cell.period] == freed
    assert {p: c for p, c in after.items() if c.period != cell.period} == {
        p: c for p, c in cells.items() if c.period != cell.period
    }
    assert all(after[place] == cells[place] for place in inside)


@given(seed=SEEDS)
@TRIED
def test_what_falls_due_later_is_in_no_denominator(seed: int) -> None:
    rules, world, as_of = example(seed)
    codes = {
        item.code for item in rules.items if item.of == "loop_due" and item.kind is Kind.DEADLINE
    }
    more = [
        {"loop_due_id": 900 + n, "org_id": n, "opened_on": as_of, "due_on": as_of + ONE_DAY, "done_on": None, "source": "visit"}
        for n in range(1, 6)
    ]  # fmt: skip
    asked = with_rows(world, "loop_due", [*world.facts["loop_due"], *more])  # type: ignore[list-item]

    before, after = judged(rules, world, as_of), judged(rules, asked, as_of)
    assert {p: c for p, c in after.items() if p[1] in codes} == {
        p: c for p, c in before.items() if p[1] in codes
    }


@given(seed=SEEDS)
@TRIED
def test_a_score_is_for_results_that_are_met_or_missed(seed: int) -> None:
    rules, world, as_of = example(seed)
    resolved = plans(rules)

    for cell in judged(rules, world, as_of).values():
        plan = resolved[cell.item]
        if cell.score is None:
            continue
        assert cell.status in {Status.MET, Status.MISSED}
        assert plan.item.use == "result"
        assert not plan.to_confirm
        assert 0 <= cell.score <= 10_000
        if plan.operator != "at_least":
            assert cell.score == (10_000 if cell.status is Status.MET else 0)


@given(seed=SEEDS)
@TRIED
def test_nothing_to_count_is_not_applicable(seed: int) -> None:
    rules, world, as_of = example(seed)

    for cell in judged(rules, world, as_of).values():
        if cell.denominator <= 0:
            assert cell.status <= Status.UNVERIFIED


@given(seed=SEEDS)
@TRIED
def test_an_undecided_or_unconfirmed_rule_is_held_against_nobody(seed: int) -> None:
    rules, world, as_of = example(seed)
    resolved = plans(rules)

    for cell in judged(rules, world, as_of).values():
        plan = resolved[cell.item]
        if plan.undecided:
            assert cell.status <= Status.UNVERIFIED
        elif plan.to_confirm and plan.operator != "at_most":
            assert cell.status not in {Status.OVERDUE, Status.MISSED}


@given(seed=SEEDS)
@TRIED
def test_a_composite_is_made_of_judged_parts_inside_its_period(seed: int) -> None:
    rules, world, as_of = example(seed)
    cells = judged(rules, world, as_of)

    for place, cell in cells.items():
        parts = rules.by_code[place[1]].parts
        if parts and cell.status > Status.UNVERIFIED:
            period = period_from_number(cell.period)
            scores = list(_inside(cells, cell.org_id, parts, period))
            assert scores
            assert cell.denominator == 1
            assert min(scores) <= cell.numerator <= max(scores)


def _inside(cells: Cells, org: int, parts: dict[str, int], period: Period) -> Iterator[int]:
    for (owner, code, number), cell in cells.items():
        part = period_from_number(number)
        inside = part.starts_on in period and part.ends_on in period
        if owner == org and parts.get(code) and cell.score is not None and inside:
            yield cell.score
