"""The wide run: every organization at once, in the sealed DuckDB over Arrow."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from wuju.kit.facts import fact_sources
from wuju.rulepacks.queries import active_packs
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import Freshness
from wuju.standings.sources import WHOLE, supply

from . import turns
from .feeds import start_feeds
from .store import freshness, replace_all

if TYPE_CHECKING:
    from wuju.engine.results import Cell, RollUp


def catch_up(*, today: dt.date) -> int:
    """Compute every standing again and put the result in place; return the number of cells.

    Not an action: it changes nothing that people entered. Runs after a bulk change, a
    change of tree or rules, and once a day after midnight.
    """
    with transaction.atomic():
        turns.close()
        return _compute(today)


def _compute(today: dt.date) -> int:
    row = freshness()
    start_feeds(list(fact_sources), None)
    cells, lines = evaluate_all(as_of=today)
    replace_all(map(_cell_row, cells), map(_line_row, lines))
    row.evaluated_on, row.facts, row.computing_since, row.why = today, supply(), None, ""
    row.save(update_fields=["evaluated_on", "facts", "computing_since", "why"])
    return len(cells)


def _cell_row(cell: "Cell") -> tuple[Any, ...]:
    return (
        cell.org_id, cell.item, cell.period, cell.numerator, cell.denominator, int(cell.status),
        cell.score, cell.evidence, cell.evidence_key,
    )  # fmt: skip


def _line_row(line: "RollUp") -> tuple[Any, ...]:
    return (
        line.org_id, line.item, line.period, line.n, line.met, line.open, line.due_soon,
        line.overdue, line.missed, line.exempt, line.unverified, line.numerator or 0,
        line.denominator or 0, line.score_sum, line.n_judged,
    )  # fmt: skip


def ensure_day(*, today: dt.date) -> bool:
    """Run the dated transition if the standings are of another day, or a bulk run is outstanding.

    It runs too when other facts are published than at the last run: an item whose facts
    were awaited begins to be judged.
    Cheap when nothing is to be done: one query. Of several who ask at once the first
    computes and the others find it done. Returns whether it computed.
    """
    if _stands(today) or not active_packs(scope=WHOLE):
        return False
    with transaction.atomic():
        turns.close()
        if _stands(today):
            return False
        _compute(today)
    return True


def _stands(today: dt.date) -> bool:
    current = (
        Freshness.objects.filter(pk=1)
        .values_list("evaluated_on", "computing_since", "facts")
        .first()
    )
    return current == (today, None, supply())


def turn_day(today: dt.date) -> None:
    """Judge anew because the day turned (kit.clockwork)."""
    ensure_day(today=today)
