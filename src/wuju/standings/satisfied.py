"""What one record satisfies: the list items whose counted rows hold it, after it was saved."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from django.db import connection

from wuju.engine.explain import explain_sql
from wuju.engine.program import Program, Source, Statement
from wuju.kit.actors import OrgScope
from wuju.kit.periods import Period
from wuju.org import queries as org_queries
from wuju.rulepacks.queries import ActivePack, active_packs, program

from .evaluation import DIALECT
from .queries import freshness, standings_of
from .sources import execute, live_sources

type Satisfied = tuple[str, str, str]
"""Title of the item, title of its period, word of the organization's status in it."""


def items_satisfied(
    *, scope: OrgScope, organization_id: int, fact: str, key: int, on: dt.date
) -> list[Satisfied]:
    """Return the items that count the row `key` of `fact`, in the order of the list.

    Args:
        on: the day of the row; it decides the periods and the version of the rules.

    Raises:
        OutsideScope: the organization lies outside the scope.
    """
    return rows_satisfy(scope=scope, organization_id=organization_id, rows={fact: [key]}, on=on)


def rows_satisfy(
    *,
    scope: OrgScope,
    organization_id: int,
    rows: Mapping[str, Collection[int]],
    on: dt.date,
) -> list[Satisfied]:
    """Return the items that count any of `rows` (fact -> keys), as `items_satisfied` does."""
    org_queries.organization(scope=scope, organization_id=organization_id)
    day = max(on, freshness(scope=scope).evaluated_on or on)
    sources = live_sources([organization_id])
    found = [
        (code, pack.stored.rules.by_code[code].title, period)
        for pack in active_packs(scope=scope)
        for code, period in _counting(pack, organization_id, rows, sources, on, day)
    ]
    if not found:
        return []
    words = _words(scope, organization_id, {period.number for _, _, period in found})
    return [
        (title, period.title, words.get((code, period.number), ""))
        for code, title, period in found
    ]


def _counting(
    pack: ActivePack,
    organization_id: int,
    rows: Mapping[str, Collection[int]],
    sources: Mapping[str, Source],
    on: dt.date,
    day: dt.date,
) -> Iterator[tuple[str, Period]]:
    asked = [(code, period) for code, period in _candidates(pack, rows, on) if pack.judges(period)]
    if not asked:
        return
    compiled = program(scope=OrgScope(), pack=pack, dialect=DIALECT[connection.vendor])
    for code, period in asked:
        if _counts(compiled, code, organization_id, period, rows, sources, day):
            yield code, period


def _candidates(
    pack: ActivePack, rows: Mapping[str, Collection[int]], on: dt.date
) -> Iterator[tuple[str, Period]]:
    """Yield the items over one of the facts with their period around `on`."""
    for item in pack.stored.rules.items:
        if item.fact and rows.get(item.fact):
            yield item.code, Period.containing(on, item.per)


def _counts(
    compiled: Program,
    code: str,
    organization_id: int,
    period: Period,
    rows: Mapping[str, Collection[int]],
    sources: Mapping[str, Source],
    day: dt.date,
) -> bool:
    explanation = explain_sql(
        compiled, code, organization_id, period.number, as_of=day, sources=sources
    )
    keys = set(rows.get(explanation.fact, ()))
    # A row that falls short is counted too, but it satisfies nothing.
    return bool(keys & _keys(explanation.counted) - _keys(explanation.missing))


def _keys(statement: Statement) -> set[int]:
    return {row[0] for row in execute(statement.sql, statement.params)}


def _words(
    scope: OrgScope, organization_id: int, periods: Collection[int]
) -> dict[tuple[str, int], str]:
    standings = standings_of(scope=scope, organization_id=organization_id, periods=sorted(periods))
    return {(row.item, row.period): row.word for row in standings}
