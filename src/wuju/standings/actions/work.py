"""The worker's part of a wide run: beside the writers, step by step, and never twice at once.

Reading and judging hold nobody up. A change that commits meanwhile counts up
`Freshness.changes`, because while a run is outstanding every write asks for one; then the
judgement may have missed it and is made again. After a few times in vain the writers wait
for once, so that an end is sure.
"""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.timezone import get_default_timezone

from wuju.kit import locks
from wuju.kit.facts import fact_sources
from wuju.kit.periods import horizon
from wuju.rulepacks.queries import active_packs
from wuju.standings.evaluation import judge_tables, rulings
from wuju.standings.models import WideRun
from wuju.standings.sources import WHOLE, arrow_tables

from . import turns
from .feeds import start_feeds
from .store import freshness, open_runs
from .wide import ask_for_day, catch_up, put

type Clock = Callable[[], dt.datetime]

ATTEMPTS = 3
"""Judgements made beside the writers before they are made to wait."""


def work_off(*, clock: Clock) -> int:
    """Do the wide run that is outstanding, or due because the day turned; return how many were done.

    None is done where another worker is at it. A run that a dead worker began is begun
    anew: the lock of the dead is free.

    Args:
        clock: the face's clock, asked at every step.
    """
    with locks.alone("wide-run") as mine:
        if not mine:
            return 0
        done = 0
        while run := _outstanding(clock()):
            _do(run, clock)
            done += 1
        return done


def _outstanding(at: dt.datetime) -> WideRun | None:
    ask_for_day(_day(at))
    return open_runs().order_by("id").first()


def _do(run: WideRun, clock: Clock) -> None:
    try:
        for _ in range(ATTEMPTS):
            if _attempted(run, clock):
                return
            run.again += 1
            run.save(update_fields=["again"])
        _reach(run, "writing")
        catch_up(today=_day(clock()), at=clock())
    except Exception:
        run.failed += 1
        run.state, run.step = WideRun.WAITING, ""
        run.save(update_fields=["failed", "state", "step"])
        raise


def _attempted(run: WideRun, clock: Clock) -> bool:
    """Judge beside the writers; store the result unless something changed meanwhile."""
    today = _day(clock())
    before = _begin(run, clock())
    packs = active_packs(scope=WHOLE)
    tables = arrow_tables()
    _reach(run, "judging")
    outcome = judge_tables(tables, rulings(packs), today, horizon(today))
    _reach(run, "writing")
    with transaction.atomic():
        turns.close()
        row = freshness()
        if row.computing_since is None:
            return True  # somebody else did it, and writers judge by themselves since
        if row.changes != before:
            return False
        put(row, outcome, today=today, at=clock())
    return True


def _begin(run: WideRun, at: dt.datetime) -> int:
    """Wait for those who judge by themselves; from now on every write counts up. Return the count."""
    with transaction.atomic():
        turns.close()
        row = freshness()
        start_feeds(list(fact_sources), None)
        run.state, run.step = WideRun.RUNNING, "reading"
        run.started_at = run.started_at or at
        run.save(update_fields=["state", "step", "started_at"])
        return row.changes


def _reach(run: WideRun, step: str) -> None:
    """Say where the run is, for the page of progress."""
    run.step = step
    run.save(update_fields=["step"])


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(get_default_timezone()).date()
