"""Where the engine reads: every published fact and the structure of the tree, as SQL or as Arrow."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from wuju.engine.program import Source
from wuju.kit.actors import OrgScope
from wuju.kit.facts import FactSource, fact_sources, published
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
SELECT o.id, f.fact, MIN(f.starts_on) FROM standings_feed f
JOIN org_organization a ON a.id = f.organization_id
JOIN org_organization o ON o.id = a.id
  OR (f.whole_subtree AND substr(o.path, 1, length(a.path)) = a.path)
{where} GROUP BY o.id, f.fact"""
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
    ids = ",".join(str(org) for org in sorted({p for p, _ in lineage} | set(orgs or ())))
    found = {
        name: Source(*sql_of(source), source.columns) for name, source in fact_sources.items()
    }
    return found | {
        "life": _literal("life", lives),
        "lineage": _literal("lineage", lineage),
        "feed": Source(
            _FEEDS.format(where=f"WHERE o.id IN ({ids})"), (), ("org_id", "fact", "starts_on")
        ),
        "waiver": Source(
            _WAIVERS.format(where=f"WHERE organization_id IN ({ids})"),
            (),
            ("org_id", "item", "from_on", "until_on"),
        ),
    }


def _lineage(orgs: Iterable[int], inherited: dict[int, set[int]]) -> list[tuple[int, int]]:
    """Return (organization, owner its rows count for) of these owners."""
    return [(row, org) for org in orgs for row in sorted(inherited.get(org, {org}))]


def _literal(name: str, rows: Iterable[Sequence[Any]]) -> Source:
    """Return rows of integers and dates as VALUES of this database."""
    types = STRUCTURE[name]
    columns = tuple(column for column, _ in types)
    lines = [
        "(" + ", ".join(_value(v, kind) for v, (_, kind) in zip(row, types, strict=True)) + ")"
        for row in rows
    ]
    if not lines:
        nothing = ", ".join(_value(None, kind) for _, kind in types)
        return Source(f"SELECT {nothing} WHERE 1 = 0", (), columns)
    return Source("VALUES " + ", ".join(lines), (), columns)


def _value(value: object, kind: str) -> str:
    postgres = connection.vendor == "postgresql"
    if kind == "int":
        return "NULL" if value is None else str(int(str(value)))
    if value is None:
        return "CAST(NULL AS DATE)" if postgres else "NULL"
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return f"DATE '{text}'" if postgres else f"'{text}'"


# ------------------------------------------------------------------ wide: everything as Arrow


def arrow_tables(facts: Iterable[str] | None = None) -> dict[str, "pa.Table"]:
    """Return every fact (or the named ones) and the structure tables as Arrow tables."""
    from wuju.engine.wide import arrow_table  # noqa: PLC0415 - only a wide run needs Arrow
    from wuju.rulepacks.catalog import catalog  # noqa: PLC0415

    specs = catalog()
    wanted = set(fact_sources) if facts is None else set(facts) | {"org", "member"}
    tables = {}
    for name, source in fact_sources.items():
        if name in specs and name in wanted and name not in STRUCTURE:
            types = [(column, specs[name].type_of(column) or "int") for column in source.columns]
            tables[name] = arrow_table(types, _rows(*sql_of(source)))
    inherited = org_queries.lineage(scope=WHOLE)
    lives = org_queries.lives(scope=WHOLE, inherited=inherited)
    structure: dict[str, Iterable[Sequence[Any]]] = {
        "life": lives,
        "lineage": _lineage([org for org, *_ in lives], inherited),
        "feed": _rows(_FEEDS.format(where=""), ()),
        "waiver": _rows(_WAIVERS.format(where=""), ()),
        "closure": org_queries.closure(scope=WHOLE),
    }
    for name, rows in structure.items():
        tables[name] = arrow_table(STRUCTURE[name], rows)
    return tables


def _rows(sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Fetch raw rows; on SQLite dates arrive as ISO text and booleans as 0/1."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall())


def execute(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run the engine's SQL in this database."""
    return _rows(sql, tuple(params))
