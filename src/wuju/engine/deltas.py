"""Exact increments of the roll-up from the cells before and after a write. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

from wuju.engine.items import Status
from wuju.engine.results import SUMMED, Cell
from wuju.engine.rules import Rules

type Place = tuple[int, str, int]
type Ancestors = Callable[[int, int], Sequence[int]]


@dataclass(slots=True)
class Delta:
    """What to add to one stored roll-up line; `RollUp` explains the columns."""

    n: int = 0
    met: int = 0
    open: int = 0
    due_soon: int = 0
    overdue: int = 0
    missed: int = 0
    exempt: int = 0
    unverified: int = 0
    numerator: int = 0
    denominator: int = 0
    score_sum: int = 0
    n_judged: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


def deltas(
    before: Iterable[Cell], after: Iterable[Cell], rules: Rules, ancestors: Ancestors
) -> dict[Place, Delta]:
    """Return (ancestor, item, period) → increments; places where nothing changes are left out.

    Args:
        before: the stored cells of the organizations and items judged anew.
        after: the same cells now.
        ancestors: (organization, period number) → the organization itself and everything
            above it on the period's snapshot day.
    """
    found: dict[Place, Delta] = defaultdict(Delta)
    for sign, cells in ((-1, before), (1, after)):
        for cell in cells:
            change = _amounts(cell, rules)
            for ancestor in ancestors(cell.org_id, cell.period):
                line = found[ancestor, cell.item, cell.period]
                for name, amount in change.items():
                    setattr(line, name, getattr(line, name) + sign * amount)
    return {place: line for place, line in found.items() if line}


def _amounts(cell: Cell, rules: Rules) -> dict[str, int]:
    """Return what one cell adds to every line above it."""
    if cell.status is Status.NOT_APPLICABLE:
        return {}
    found = {"n": 1, cell.status.code: 1}
    if cell.score is not None:
        found |= {"score_sum": cell.score, "n_judged": 1}
    item = rules.by_code[cell.item]
    looked = cell.status is not Status.UNVERIFIED or rules.provisional(item)
    if item.kind in SUMMED and cell.status is not Status.EXEMPT and looked:
        found |= {"numerator": cell.numerator, "denominator": cell.denominator}
    return found
