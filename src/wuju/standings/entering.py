"""How many records a pack asks an organization to enter in a year: the least that its items need. Pure.

An upper bound of the work: one record may serve several items and is still entered once.
Ratios, deadlines, grades and composites are read off records that exist already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wuju.engine.items import Item, Kind, Status
from wuju.engine.results import Cell
from wuju.engine.rules import OrgColumn, Rules, read_limit
from wuju.kit.facts import Catalog
from wuju.kit.periods import GRAINS

MONTHS = 12
_NOT_OWED = frozenset({Status.NOT_APPLICABLE, Status.EXEMPT})


@dataclass(frozen=True, slots=True)
class Need:
    """Records one organization needs for an item: a number, or a column of its profile.

    `times`: periods a year, or 1 where a state is entered once and stands. `a_person`:
    the number is for each member of the population.
    """

    fact: str
    number: int
    column: str
    times: int
    a_person: bool

    def in_a_year(self, profile: Mapping[str, Any], people: int) -> int:
        number = int(profile.get(self.column) or 0) if self.column else self.number
        return number * self.times * (people if self.a_person else 1)


NOTHING = Need("", 0, "", 0, a_person=False)


def need(item: Item, rules: Rules, catalog: Catalog) -> Need:
    """Return what an item needs; nothing where it reads records kept anyway."""
    fact = item.each.of if item.each else item.fact
    if fact is None or item.kind not in {
        Kind.COUNT, Kind.SET, Kind.LATEST, Kind.STOCK, Kind.COVERAGE,
    }:  # fmt: skip
        return NOTHING
    times = 1 if catalog[fact].date is None else MONTHS // GRAINS[item.per]
    number, column = _least(item, rules)
    return Need(fact, number, column, times, a_person=item.kind is Kind.COVERAGE)


def _least(item: Item, rules: Rules) -> tuple[int, str]:
    """Return the least number of records in a period, or the profile column that says it."""
    if item.kind is Kind.SET:
        return len(set(item.all_of)), ""
    if item.kind is Kind.LATEST or item.sum or (item.each and item.each.sum):
        return 1, ""
    if item.each:
        limit = read_limit(item.each.at_least, item, rules)
    elif item.target is None or item.target.operator == "at_most":
        return 0, ""
    else:
        limit = read_limit(item.target.limits[0], item, rules)
    if isinstance(limit, OrgColumn):
        return 0, limit.column
    return (max(-(-limit[0] // limit[1]), 0), "") if limit else (0, "")


def people_owed(cells: Iterable[Cell]) -> dict[int, int]:
    """Return organization → the most its denominator came to, for those that owe the item now.

    Whoever was exempt or owed nothing in the latest period is left out.
    """
    latest: dict[int, Cell] = {}
    most: dict[int, int] = {}
    for cell in cells:
        known = latest.get(cell.org_id)
        if known is None or cell.period > known.period:  # one grain: numbers go by time
            latest[cell.org_id] = cell
        most[cell.org_id] = max(most.get(cell.org_id, 0), cell.denominator)
    return {org: most[org] for org, cell in latest.items() if cell.status not in _NOT_OWED}


def records(
    item: Item | None,
    rules: Rules,
    catalog: Catalog,
    cells: Iterable[Cell],
    profiles: Mapping[int, Mapping[str, Any]],
) -> dict[int, int]:
    """Return organization → records in a year for one item; None (no item) needs nothing."""
    if item is None:
        return {}
    asked = need(item, rules, catalog)
    return {
        org: asked.in_a_year(profiles.get(org, {}), people)
        for org, people in people_owed(cells).items()
    }
