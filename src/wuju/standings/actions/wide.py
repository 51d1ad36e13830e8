"""The wide run: every organization at once, in the sealed DuckDB over Arrow."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import get_default_timezone

from wuju.kit.facts import fact_sources
from wuju.rulepacks.queries import active_packs
from wuju.standings.evaluation import Outcome, evaluate_all
from wuju.standings.models import Freshness
from wuju.standings.sources import WHOLE, supply

from . import turns
from .feeds import start_feeds
from .store import finish_runs, freshness, mark_computing, replace_all

if TYPE_CHECKING:
    from wuju.engine.results import Cell, RollUp

DAY_TURNED = "日期变更"


def catch_up(*, today: dt.date, at: dt.datetime | None = None) -> int:
    """Compute every standing again and put the result in place; return the number of cells.

    Not an action: it changes nothing that people entered. Nobody writes meanwhile; `work`
    does the same without keeping anybody waiting.

    Args:
        at: when it is done, for the page of progress; without it the moment it was asked for.
    """
    with transaction.atomic():
        turns.close()
        return _compute(today, at)


def _compute(today: dt.date, at: dt.datetime | None = None) -> int:
    row = freshness()
    start_feeds(list(fact_sources), None)
    done = at or row.computing_since or midnight(today)
    return put(row, evaluate_all(as_of=today), today=today, at=done)


def put(row: Freshness, outcome: Outcome, *, today: dt.date, at: dt.datetime) -> int:
    """Put a full judgement of all that is on record in place; return the number of cells.

    Args:
        row: the freshness, held since before the records were read for the last time.
    """
    cells, lines = outcome
    replace_all(map(_cell_row, cells), map(_line_row, lines))
    finish_runs(at=at, cells=len(cells))
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
    if stands(today) or not active_packs(scope=WHOLE):
        return False
    with transaction.atomic():
        turns.close()
        if stands(today):
            return False
        _compute(today)
    return True


def stands(today: dt.date) -> bool:
    """Say whether the standings are of this day, by all that is published, and nothing is outstanding."""
    current = (
        Freshness.objects.filter(pk=1)
        .values_list("evaluated_on", "computing_since", "facts")
        .first()
    )
    return current == (today, None, supply())


def follow(today: dt.date) -> None:
    """Do the wide run a committed change asked for, unless workers do that here."""
    if not settings.WUJU_WORKERS:
        ensure_day(today=today)


def turn_day(today: dt.date) -> None:
    """Judge anew because the day turned (kit.clockwork), or let the workers do it."""
    if settings.WUJU_WORKERS:
        ask_for_day(today)
    else:
        ensure_day(today=today)


def ask_for_day(today: dt.date) -> None:
    """Ask the workers for the standings of this day, if nobody has."""
    if stands(today) or not active_packs(scope=WHOLE):
        return
    with transaction.atomic():
        if freshness().computing_since is None and not stands(today):
            mark_computing(midnight(today), DAY_TURNED)


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment a day begins here."""
    return dt.datetime.combine(day, dt.time.min, get_default_timezone())
