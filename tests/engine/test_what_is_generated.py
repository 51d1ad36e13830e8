"""The random districts hold what the properties are about: each thing is counted where it decides an answer.

Something is counted for an example only if leaving it out changes a cell (or a line of a
roll-up), so that a generator which makes mergers nobody can notice fails here. The properties
are as likely to meet each thing as this sample is: both draw from `randomly.example`. Entries
made afterwards are a property of their own (`test_late_entries`), counted there.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import pytest

from tests.engine import randomly
from tests.engine.small import CATALOG
from wuju.engine import oracle
from wuju.engine.items import Item, Kind, Status
from wuju.engine.results import Cell
from wuju.engine.rules import Rules
from wuju.engine.world import World

EXAMPLES = 80
OF_THEM_WITHOUT = 32
ENOUGH = 3
"""Of the examples, so many at least must hold a thing: then a run of the properties holds it too."""

JUDGED = {Status.MET, Status.MISSED}
OPERATORS = ("at_least", "at_most", "between", "equals")
type Change = Callable[[Rules, World], tuple[Rules, World]]


def old_lives(rules: Rules, world: World) -> tuple[Rules, World]:
    """Nobody was born: every organization is as old as the hills."""
    return rules, replace(
        world, life=[(org, randomly.LONG_AGO, end) for org, _, end in world.life]
    )


def endless_lives(rules: Rules, world: World) -> tuple[Rules, World]:
    return rules, replace(world, life=[(org, start, None) for org, start, _ in world.life])


def no_mergers(rules: Rules, world: World) -> tuple[Rules, World]:
    return rules, replace(world, lineage=[pair for pair in world.lineage if pair[0] == pair[1]])


def no_transfers(rules: Rules, world: World) -> tuple[Rules, World]:
    """Every member stays where its first row says."""
    first: dict[int, int] = {}
    for row in world.facts["member"]:
        first.setdefault(row["member_id"], row["org_id"])
    rows = [{**row, "org_id": first[row["member_id"]]} for row in world.facts["member"]]
    return rules, replace(world, facts={**world.facts, "member": rows})


def no_exemptions(rules: Rules, world: World) -> tuple[Rules, World]:
    return replace(rules, exempt={}), world


def no_waivers(rules: Rules, world: World) -> tuple[Rules, World]:
    return rules, replace(world, waivers=[])


def all_fed(rules: Rules, world: World) -> tuple[Rules, World]:
    """Every fact is fed for every organization from of old."""
    orgs = [org for org, _, _ in world.life]
    fed = [(org, fact, randomly.LONG_AGO) for org in orgs for fact in CATALOG]
    return rules, replace(world, feeds=fed)


def no_guards(rules: Rules, world: World) -> tuple[Rules, World]:
    items = tuple(each.model_copy(update={"only_if": None}) for each in rules.items)
    return replace(rules, items=items), world


WITHOUT: Mapping[str, Change] = {
    "birth": old_lives,
    "dissolution": endless_lives,
    "merger": no_mergers,
    "transfer": no_transfers,
    "exemption": no_exemptions,
    "waiver": no_waivers,
    "feed": all_fed,
    "only_if": no_guards,
}
BY_KIND = ("waiver", "feed", "only_if")
BY_HAND = (Kind.ATTESTED, "feed")  # people attest by hand: there is no feed to wait for
# Only these kinds read what the change takes away.
OF_SOME: Mapping[str, set[Kind]] = {"exemption": {Kind.COVERAGE}, "transfer": {Kind.COVERAGE}}


def things(seed: int) -> set[tuple[str, ...]]:
    """Return everything that decides an answer in one example."""
    rules, world, as_of = randomly.example(seed, orgs=4, rows=24, size=16)
    cells = oracle.evaluate(rules, CATALOG, world, as_of)
    found = set(judged(rules, cells))
    if seed >= OF_THEM_WITHOUT:
        return found
    for name, change in WITHOUT.items():
        otherwise = change(rules, world)
        others = oracle.evaluate(otherwise[0], CATALOG, otherwise[1], as_of)
        kinds = {rules.by_code[cell.item].kind for cell in set(cells) ^ set(others)}
        if kinds & OF_SOME.get(name, set(Kind)):
            found.add((name,))
        found |= {(kind, name) for kind in kinds if name in BY_KIND}
    still = replace(world, closure=[(*row[:3], None) for row in world.closure if _first(row)])
    if oracle.roll_up(rules, cells, world, as_of) != oracle.roll_up(rules, cells, still, as_of):
        found.add(("subtree move",))
    return found


def _first(row: tuple[int, int, dt.date, dt.date | None]) -> bool:
    return row[2] == randomly.LONG_AGO


def judged(rules: Rules, cells: list[Cell]) -> Iterator[tuple[str, ...]]:
    """Yield how items of each kind were judged and scored."""
    for cell in cells:
        item: Item = rules.by_code[cell.item]
        if cell.status in JUDGED and item.target:
            yield item.kind, item.target.operator, cell.status.code
        if cell.score is not None and item.score:
            yield item.kind, item.score


@cache
def counted() -> Counter[tuple[str, ...]]:
    return Counter(thing for seed in range(EXAMPLES) for thing in things(seed))


WANTED = [
    *((name,) for name in (*WITHOUT, "subtree move")),
    *((kind, name) for kind in Kind for name in BY_KIND if (kind, name) != BY_HAND),
    *((kind, score) for kind in Kind for score in ("pass", "proportional", "bands")),
]


@pytest.mark.parametrize("thing", WANTED, ids=" ".join)
def test_the_examples_hold(thing: tuple[str, ...]) -> None:
    assert counted()[thing] >= ENOUGH


def test_an_attestation_waits_for_no_feed() -> None:
    assert counted()[BY_HAND] == 0


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("kind", Kind)
def test_the_examples_meet_and_miss_a_target(kind: Kind, operator: str) -> None:
    met, missed = (counted()[kind, operator, status] for status in ("met", "missed"))

    assert met + missed >= ENOUGH
    assert met, "nothing of this kind ever meets such a target"
