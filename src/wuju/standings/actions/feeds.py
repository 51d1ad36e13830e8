"""Feeds: a fact counts for an organization from the day its first record arrived, or as declared."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from wuju.kit.facts import fact_sources
from wuju.kit.prepared import among
from wuju.standings.models import Feed
from wuju.standings.sources import execute, feeds_of, sql_of


def start_feeds(facts: Iterable[str], orgs: Sequence[int] | None) -> int:
    """Start the feeds that are missing, from the month of each one's first record; return how many.

    Args:
        orgs: only these organizations, or None for all.
    """
    wanted = [name for name in facts if name in fact_sources and name not in {"org", "waiver"}]
    if not wanted:
        return 0
    known = {(org, fact) for org, fact, _ in execute(*feeds_of(orgs))}
    if orgs is not None and known.issuperset(product(orgs, wanted)):
        return 0
    fresh = [
        Feed(organization_id=org, fact=name, starts_on=f"{str(first)[:7]}-01")
        for name in wanted
        for org, first in _first_records(name, orgs)
        if (org, name) not in known and first is not None
    ]
    Feed.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _first_records(name: str, orgs: Sequence[int] | None) -> list[tuple[Any, ...]]:
    """Return (organization, day of its first row) from the fact's own source."""
    source = fact_sources[name]
    sql, params = sql_of(source)
    columns = ", ".join(f"c{n}" for n in range(len(source.columns)))
    org, day = (f"c{source.columns.index(column)}" for column in ("org_id", source.columns[2]))
    where = ""
    if orgs is not None:
        condition, ids = among(org, orgs)
        where, params = f"WHERE {condition}", (*params, ids)
    text = f"WITH s({columns}) AS ({sql}) SELECT {org}, MIN({day}) FROM s {where} GROUP BY {org}"  # noqa: S608
    return execute(text, params)
