"""The live refresh: judge the organizations a write touched, in its own transaction."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone

from wuju.engine.deltas import Delta, deltas
from wuju.engine.items import STATUSES
from wuju.engine.live import evaluate
from wuju.engine.program import Source
from wuju.engine.results import ADDED, Cell
from wuju.kit.action import Touched, refreshers
from wuju.kit.periods import GRAINS, Period, horizon, period_from_number
from wuju.kit.prepared import prepared
from wuju.org import queries as org_queries
from wuju.rulepacks.queries import ActivePack, active_packs, program
from wuju.standings.models import Freshness, Standing
from wuju.standings.sources import WHOLE, execute, live_sources, supply

from . import turns
from .feeds import start_feeds
from .store import CELL, add_to_lines, mark_computing, put_cells

LIVE_LIMIT = 20  # organizations; above it the worker's wide run is cheaper
DIALECT = {"sqlite": "sqlite", "postgresql": "postgres"}


def refresh_touched(touched: Touched, at: dt.datetime) -> None:
    """Bring the standings up to date with what an action changed.

    Up to twenty organizations are judged here and now, inside the action's transaction.
    More, or a change of tree or rules, marks the standings as being computed; the wide run
    follows right after commit.
    """
    turns.enter()
    packs = active_packs(scope=WHOLE)
    if not packs:
        return
    day = at.astimezone(get_default_timezone()).date()
    orgs = sorted({org for ids in touched.orgs.values() for org in ids})
    if touched.whole or len(orgs) > LIVE_LIMIT or _evaluated(supply()) != [(day,)]:
        mark_computing(at, "批量变更" if orgs else "组织或规则变更")
        transaction.on_commit(lambda: _follow(day))
        return
    inherited = org_queries.lineage(scope=WHOLE)
    successors = _with_successors(orgs, inherited)
    turns.hold(successors)
    facts = sorted(touched.orgs)
    begun = start_feeds(facts, successors)
    days = None if begun else touched.days_of(facts)
    sources = live_sources(successors, inherited)
    for pack in packs:
        _judge(pack, successors, facts, days, day, sources)


@prepared
def _evaluated(facts: str) -> QuerySet[Any, Any]:
    """Return the day the standings are of, if nothing wide is outstanding and they know these facts."""
    return Freshness.objects.filter(pk=1, computing_since=None, facts=facts).values_list(
        "evaluated_on"
    )


def _follow(today: dt.date) -> None:
    from .wide import follow  # noqa: PLC0415 - wide imports this module's helpers

    follow(today)


def _with_successors(orgs: Sequence[int], inherited: Mapping[int, set[int]]) -> list[int]:
    """Add the organizations that inherit rows from the touched ones."""
    touched = set(orgs)
    return sorted(touched | {org for org, group in inherited.items() if group & touched})


def _judge(
    pack: ActivePack,
    orgs: list[int],
    facts: list[str],
    days: Collection[dt.date] | None,
    today: dt.date,
    sources: Mapping[str, Source],
) -> None:
    """Judge the items that read `facts`: of `days` where these decide, else in every period."""
    compiled = program(scope=WHOLE, pack=pack, dialect=DIALECT[connection.vendor])
    items = sorted({code for fact in facts for code in compiled.items_reading(fact)})
    if not items or not orgs:
        return
    dated = [] if days is None else [code for code in items if compiled.by_code[code].dated]
    before: list[Cell] = []
    after: list[Cell] = []
    for codes, of in ((dated, days), (sorted({*items} - {*dated}), None)):
        if codes:
            before += stored_cells(orgs, codes, of)
            after += evaluate(
                compiled,
                execute,
                sources,
                as_of=today,
                since=horizon(today),
                orgs=orgs,
                items=codes,
                days=of,
            )
    _put(pack, orgs, _judged(pack, before), _judged(pack, after), today)


def _judged(pack: ActivePack, cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if pack.judges(period_from_number(cell.period))]


def _put(
    pack: ActivePack, orgs: list[int], before: list[Cell], after: list[Cell], day: dt.date
) -> None:
    """Write what differs, and add the difference to every line above."""
    changed_before, changed_after = _differences(before, after)
    if not changed_before and not changed_after:
        return
    _write_cells(changed_before, changed_after)
    spans = org_queries.parent_spans(scope=WHOLE, orgs=orgs)
    _add_deltas(
        deltas(
            changed_before,
            changed_after,
            pack.stored.rules,
            lambda org, period: ancestors_on(spans, org, period_from_number(period).snapshot(day)),
        )
    )


def stored_cells(
    orgs: Sequence[int], items: Sequence[str], days: Collection[dt.date] | None = None
) -> list[Cell]:
    """Return the stored cells of some organizations and items; only of periods with one of `days`."""
    rows = _rows_of(list(orgs)) if days is None else _rows_in(list(orgs), _numbers(days))
    wanted = set(items)
    return [to_cell(row) for row in rows if row[1] in wanted]


def _numbers(days: Collection[dt.date]) -> list[int]:
    """Return the numbers of the periods of every grain with one of the days."""
    return sorted({Period.containing(day, grain).number for day in days for grain in GRAINS})


@prepared
def _rows_of(orgs: Sequence[int]) -> QuerySet[Any, Any]:
    return Standing.objects.filter(organization_id__in=orgs).values_list(*CELL)


@prepared
def _rows_in(orgs: Sequence[int], periods: Sequence[int]) -> QuerySet[Any, Any]:
    rows = Standing.objects.filter(organization_id__in=orgs, period__in=periods)
    return rows.values_list(*CELL)


def to_cell(row: Sequence[Any]) -> Cell:
    org, item, period, num, den, status, score, count, key = row
    return Cell(org, item, period, num, den, STATUSES[status], score, count, key)


def ancestors_on(
    spans: dict[int, list[tuple[int, dt.date, dt.date]]], org: int, day: dt.date
) -> list[int]:
    """Return the organization itself and everything above it on a day (tree as reported)."""
    found, node = [org], org
    while True:
        above = next((p for p, first, until in spans.get(node, ()) if first <= day < until), None)
        if above is None or above in found:
            return found
        found.append(above)
        node = above


def _differences(before: Iterable[Cell], after: Iterable[Cell]) -> tuple[list[Cell], list[Cell]]:
    old, new = set(before), set(after)
    return sorted(old - new), sorted(new - old)


def _write_cells(before: Sequence[Cell], after: Sequence[Cell]) -> None:
    gone = {(cell.org_id, cell.item, cell.period) for cell in before}
    kept = {(cell.org_id, cell.item, cell.period) for cell in after}
    for org, item, period in sorted(gone - kept):
        Standing.objects.filter(organization_id=org, item=item, period=period).delete()
    put_cells(
        [
            (
                cell.org_id, cell.item, cell.period, cell.numerator, cell.denominator,
                int(cell.status), cell.score, cell.evidence, cell.evidence_key,
            )
            for cell in after
        ]
    )  # fmt: skip


def _add_deltas(changes: Mapping[tuple[int, str, int], Delta]) -> None:
    add_to_lines(
        [
            (*place, *(getattr(delta, name) for name in ADDED))
            for place, delta in sorted(changes.items())
        ]
    )


refreshers.append(refresh_touched)
