"""Judging kept cells by other thresholds, without reading a fact again. Pure.

A cell keeps its numerator and denominator. Where a change of the rules touches only what
they are compared with, the answer follows from them: met or missed, how late, what score.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache

from wuju.engine.items import Item, Kind, Status
from wuju.engine.judging import score_of, status_of
from wuju.engine.resolve import Resolved
from wuju.engine.results import Cell
from wuju.engine.rules import OrgColumn, Pair
from wuju.kit.periods import Period, period_from_number

_COMPARED = ("item", "operator", "limits", "bands", "waits", "undecided", "scoring")
"""What a resolved item is judged by; the rest says what is counted."""
_COUNTED = (
    *("applies_to", "kind", "per", "parts", "all_of", "carry", "owe_partial"),
    *("fact", "population", "member", "item"),
)
_LOOKED = frozenset({Status.MET, Status.OPEN, Status.DUE_SOON, Status.OVERDUE, Status.MISSED})


def counts_alike(before: Resolved, after: Resolved) -> bool:
    """Whether two versions of an item yield the same numbers of the same organizations and periods."""
    measured = [each.name for each in fields(Resolved) if each.name not in _COMPARED]
    return all(getattr(before, name) == getattr(after, name) for name in measured) and all(
        getattr(before.item, name) == getattr(after.item, name) for name in _COUNTED
    )


def judges_alike(before: Resolved, after: Resolved) -> bool:
    """Whether two versions that count alike also give the same statuses and scores."""
    return _judging(before) == _judging(after)


def _judging(plan: Resolved) -> tuple[object, ...]:
    compared = tuple(getattr(plan, name) for name in _COMPARED if name != "item")
    return (*compared, plan.to_confirm, plan.item.grace, plan.item.soon)


def can_rejudge(before: Resolved, after: Resolved) -> bool:
    """Whether the cells of `before` hold all that `after` needs.

    Where a shortfall reads unverified (undecided, 依据待核), a kept cell does not say
    whether anybody has looked; a limit out of the profile is not kept either; a composite
    follows the scores of its parts.
    """
    silent = before.undecided or before.to_confirm
    columns = any(isinstance(limit, OrgColumn) for limit in (*before.limits, *after.limits))
    composite = before.item.kind is Kind.COMPOSITE
    return counts_alike(before, after) and not silent and not columns and not composite


def rejudge(cells: Iterable[Cell], plan: Resolved, as_of: dt.date) -> Iterator[Cell]:
    """Yield the cells of an item as `plan` judges them; `can_rejudge` must hold.

    A cell that reads as before is the same object. Many organizations have the same
    numbers in a period: each answer is worked out once.
    """
    judge = _Judge(plan, as_of)
    known: dict[tuple[int, int, int], tuple[Status, int | None]] = {}
    for cell in cells:
        if (
            cell.status not in _LOOKED
        ):  # not owed, exempt, nobody looked: no threshold changes that
            yield cell
            continue
        place = (cell.numerator, cell.denominator, cell.period)
        answer = known.get(place)
        if answer is None:
            answer = known[place] = judge.answer(cell)
        status, score = answer
        if status is cell.status and score == cell.score:
            yield cell
        else:
            yield replace(cell, status=status, score=score)


@dataclass(frozen=True)
class _Judge:
    plan: Resolved
    as_of: dt.date

    def answer(self, cell: Cell) -> tuple[Status, int | None]:
        plan, number = self.plan, (cell.numerator, cell.denominator)
        limits = [limit for limit in plan.limits if isinstance(limit, tuple)]
        decided: list[Pair] | None = limits if len(limits) == len(plan.limits) else None
        status = status_of(plan, number, decided, _period(cell.period), self.as_of)
        if status not in {Status.MET, Status.MISSED} or not plan.scoring:
            return status, None
        return status, score_of(plan, number, limits[0], met=status is Status.MET)


@cache
def _period(number: int) -> Period:
    return period_from_number(number)


def reads_alike(before: Item, after: Item) -> bool:
    """Whether two items are the same text but for words that judge nothing."""
    words = {"title", "note", "source", "also", "visible_to", "weight", "strength", "project"}
    kept = set(Item.model_fields) - words
    return all(getattr(before, name) == getattr(after, name) for name in kept)
