"""Where the engine reads: every published fact and the structure of the tree, as SQL or as Arrow."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from wuju.engine.dialects import Dialect
from wuju.engine.program import Params, Source
from wuju.kit.actors import OrgScope
from wuju.kit.facts import FactSource, fact_sources, published
from wuju.kit.prepared import among
from wuju.org import queries as org_queries

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE = OrgScope.whole(because="standings are computed for every organization")
STRUCTURE = {
    "life": (("org_id", "int"), ("established_on", "date"), ("dissolved_on", "date")),
    "lineage": (("org_id", "int"), ("owner_id", "int")),
    "feed": (("org_id", "int"), ("fact", "code"), ("starts_on", "date")),
    "waiver": (("org_id", "int"), ("item", "code"), ("from_on", "date"), ("until_on", "date")),
    "closure": (
        ("ancestor_id", "int"),
        ("descendant_id", "int"),
        ("from_on", "date"),
        ("until_on", "date"),
    ),
}
_FEEDS = """
SELECT org_id, fact, MIN(starts_on) FROM (
  SELECT f.organization_id AS org_id, f.fact, f.starts_on FROM standings_feed f {own}
  UNION ALL
  SELECT o.id, f.fact, f.starts_on FROM standings_feed f
  JOIN org_organization a ON a.id = f.organization_id
  JOIN org_organization o ON substr(o.path, 1, length(a.path)) = a.path
  WHERE f.whole_subtree {below}
) AS known GROUP BY org_id, fact"""
_WAIVERS = "SELECT organization_id, item, from_on, until_on FROM standings_waiver {where}"


def supply() -> str:
    """Return the names of the published facts as one text, which `Freshness.facts` keeps.

    When it is another than at the last wide run, items have begun to be judged or ceased.
    """
    return " ".join(sorted(published()))


def sql_of(source: FactSource) -> tuple[str, tuple[Any, ...]]:
    """Return the SELECT behind a fact in this database, with its parameters."""
    return _written(source, connection.vendor)


@cache
def _written(source: FactSource, vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Have Django write a SELECT once a process: it depends on the tables alone, never on a row or day."""
    del vendor
    sql, params = source.rows().query.sql_with_params()
    return sql, tuple(params)


def live_sources(
    orgs: Sequence[int] | None, inherited: dict[int, set[int]] | None = None
) -> dict[str, Source]:
    """Return the sources for judging `orgs` (None for all) inside this database.

    `inherited` is what `org.queries.lineage` returns, if the caller has asked already.
    """
    known = org_queries.lineage(scope=WHOLE) if inherited is None else inherited
    lives = org_queries.lives(scope=WHOLE, orgs=orgs, inherited=known)
    lineage = _lineage([org for org, *_ in lives] if orgs is None else orgs, known)
    ids = sorted({p for p, _ in lineage} | set(orgs or ()))
    waivers, chosen = among("organization_id", ids)
    return _fact_sources(connection.vendor) | {
        "life": _literal("life", lives),
        "lineage": _literal("lineage", lineage),
        "feed": Source(*feeds_of(ids), ("org_id", "fact", "starts_on")),
        "waiver": Source(
            _WAIVERS.format(where=f"WHERE {waivers}"),
            (chosen,),
            ("org_id", "item", "from_on", "until_on"),
        ),
    }


@cache
def _fact_sources(vendor: str) -> dict[str, Source]:
    del vendor
    return {name: Source(*sql_of(source), source.columns) for name, source in fact_sources.items()}


def feeds_of(orgs: Sequence[int] | None) -> tuple[str, tuple[Any, ...]]:
    """Return the SELECT of (organization, fact, first day) that counts for `orgs`, or for all."""
    if orgs is None:
        return _FEEDS.format(own="", below=""), ()
    (own, ids), (below, _) = among("f.organization_id", orgs), among("o.id", orgs)
    return _FEEDS.format(own=f"WHERE {own}", below=f"AND {below}"), (ids, ids)


def _lineage(orgs: Iterable[int], inherited: dict[int, set[int]]) -> list[tuple[int, int]]:
    """Return (organization, owner its rows count for) of these owners."""
    return [(row, org) for org in orgs for row in sorted(inherited.get(org, {org}))]


def _literal(name: str, rows: Iterable[Sequence[Any]]) -> Source:
    """Return rows of integers and dates as VALUES of this database; SQLite is handed them as JSON."""
    types, rows = STRUCTURE[name], list(rows)
    columns = tuple(column for column, _ in types)
    if connection.vendor == "sqlite":
        listed = ", ".join(f"value ->> {no}" for no in range(len(columns)))
        text = json.dumps(rows, default=str)
        return Source(f"SELECT {listed} FROM json_each(%s)", (text,), columns, rows)  # noqa: S608
    return Source(Dialect("postgres").values(types, rows), (), columns, rows)


# ------------------------------------------------------------------ wide: everything as Arrow


def arrow_tables(facts: Iterable[str] | None = None) -> dict[str, "pa.Table"]:
    """Return every fact (or the named ones) and the structure tables as Arrow tables."""
    from wuju.engine.wide import arrow_table  # noqa: PLC0415 - only a wide run needs Arrow

    tables = {
        name: arrow_table(types, _rows(sql, params))
        for name, (types, sql, params) in fact_selects(facts).items()
    }
    for name, rows in structure_rows().items():
        tables[name] = arrow_table(STRUCTURE[name], rows)
    return tables


def fact_selects(
    facts: Iterable[str] | None = None,
) -> dict[str, tuple[list[tuple[str, str]], str, tuple[Any, ...]]]:
    """Return for every fact (or the named ones) its columns with their types, and the SELECT of its rows."""
    from wuju.rulepacks.catalog import catalog  # noqa: PLC0415

    specs = catalog()
    wanted = set(fact_sources) if facts is None else set(facts) | {"org", "member"}
    found = {}
    for name, source in fact_sources.items():
        if name in specs and name in wanted and name not in STRUCTURE:
            types = [(column, specs[name].type_of(column) or "int") for column in source.columns]
            found[name] = (types, *sql_of(source))
    return found


def structure_rows() -> dict[str, Iterable[Sequence[Any]]]:
    """Return the rows of every structure table, in the order of `STRUCTURE`'s columns."""
    inherited = org_queries.lineage(scope=WHOLE)
    lives = org_queries.lives(scope=WHOLE, inherited=inherited)
    return {
        "life": lives,
        "lineage": _lineage([org for org, *_ in lives], inherited),
        "feed": _rows(*feeds_of(None)),
        "waiver": _rows(_WAIVERS.format(where=""), ()),
        "closure": org_queries.closure(scope=WHOLE),
    }


def _rows(sql: str, params: Params) -> list[tuple[Any, ...]]:
    """Fetch raw rows; on SQLite dates arrive as ISO text and booleans as 0/1."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall())


def execute(sql: str, params: Params) -> list[tuple[Any, ...]]:
    """Run the engine's SQL in this database."""
    return _rows(sql, params)
