"""What an evaluation yields. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter

from wuju.engine.items import Kind, Status

SUMMED = frozenset({Kind.RATIO, Kind.COVERAGE, Kind.DEADLINE, Kind.STOCK})
"""Kinds whose numerators and denominators may be added over organizations."""

IN_ORDER = attrgetter("org_id", "item", "period")
"""The order of cells and of roll-up lines; no two share it."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The standing of one organization for one item in one period.

    `score` is basis points 0–10000, or None unless met or missed on a scored item.
    `evidence` counts the rows of the counted set; `evidence_key` is its largest key, or 0.
    `period` is `Period.number`.
    """

    org_id: int
    item: str
    period: int
    numerator: int
    denominator: int
    status: Status
    score: int | None
    evidence: int
    evidence_key: int


@dataclass(frozen=True, slots=True, order=True)
class RollUp:
    """One ancestor × item × period: counts by status over it and everything below.

    `numerator` and `denominator` are sums for ratio, coverage, deadline and stock, None
    for other kinds. Unverified cells stay out of the sums (nobody has looked yet), but on
    a provisional item, where every shortfall is unverified, leaving them out would
    flatter: there all are in. `n` counts every cell but not_applicable ones.
    """

    org_id: int
    item: str
    period: int
    n: int
    met: int
    open: int
    due_soon: int
    overdue: int
    missed: int
    exempt: int
    unverified: int
    numerator: int | None
    denominator: int | None
    score_sum: int
    n_judged: int

    @property
    def score(self) -> int | None:
        """Basis points, or None where nothing was judged."""
        return self.score_sum // self.n_judged if self.n_judged else None


ADDED = tuple(each.name for each in fields(RollUp))[3:]
"""What is added up in a roll-up line: all but where it stands."""


def node_total(lines: Iterable[RollUp], weights: Mapping[str, int]) -> int | None:
    """Return Σ weight·score // Σ weight over the judged lines of one node, or None.

    `weights` holds result items only: a procedure never enters a total.
    """
    judged = [
        (weights[line.item], line.score)
        for line in lines
        if weights.get(line.item) and line.score is not None
    ]
    total = sum(weight for weight, _ in judged)
    return sum(weight * score for weight, score in judged) // total if total else None
