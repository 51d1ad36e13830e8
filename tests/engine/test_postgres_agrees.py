"""PostgreSQL gives the oracle's cells too, with 32-bit columns as Django makes them."""

import os
import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG, STRUCTURE, tables
from wuju.engine import live, oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.explain import explain_sql
from wuju.engine.program import Params, Source
from wuju.engine.world import World

HOST, PORT = "127.0.0.1", 5432
TYPES = {
    "date": "date",
    "bool": "boolean",
    "code": "varchar",
    "item": "varchar",
    "text": "varchar",
    "cents": "bigint",
}


def answers() -> bool:
    try:
        socket.create_connection((HOST, PORT), timeout=1).close()
    except OSError:
        return False
    return True


pytestmark = pytest.mark.skipif(not answers(), reason="no PostgreSQL on 127.0.0.1:5432")


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    import psycopg

    where = os.environ.get("WUJU_TEST_POSTGRES", f"postgresql://postgres@{HOST}:{PORT}/postgres")
    with psycopg.connect(where) as made:
        yield made
        made.rollback()


def column_type(table: str, column: str) -> str:
    if table in STRUCTURE:
        kind = (
            "date" if column.endswith("_on") else "text" if column in {"fact", "item"} else "int"
        )
    else:
        kind = CATALOG[table].type_of(column) or "int"
    return TYPES.get(kind, "integer")


def load(cursor: Any, world: World) -> dict[str, Source]:
    sources = {}
    for name, (columns, rows) in tables(world).items():
        made = ", ".join(f"{column} {column_type(name, column)}" for column in columns)
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.t_{name}")
        cursor.execute(f"CREATE TEMPORARY TABLE t_{name} ({made})")
        if rows:
            cursor.executemany(
                f"INSERT INTO t_{name} VALUES ({', '.join(['%s'] * len(columns))})", rows
            )
        sources[name] = Source(
            f"SELECT {', '.join(columns)} FROM t_{name} WHERE %s = 1", (1,), columns
        )
    return sources


@given(seed=st.integers(0, 2**40))
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_postgresql_says_what_the_oracle_says(connection: Any, seed: int) -> None:
    rng = random.Random(seed)
    rules, world = randomly.pack(rng, 12), randomly.district(rng, 6, 12)
    as_of = rng.choice(randomly.AS_OF)
    truth = oracle.evaluate(rules, CATALOG, world, as_of)
    program = compile_rules(rules, CATALOG, "postgres")
    with connection.cursor() as cursor:
        sources = load(cursor, world)

        def execute(sql: str, params: Params) -> list[tuple[Any, ...]]:
            return list(cursor.execute(sql, params).fetchall())

        assert live.evaluate(program, execute, sources, as_of=as_of) == truth
        mine = [cell for cell in truth if cell.org_id == 1]
        assert live.evaluate(program, execute, sources, as_of=as_of, orgs=[1]) == mine
        for cell in rng.sample(truth, k=min(3, len(truth))):
            place = (cell.item, cell.org_id, cell.period)
            found = explain_sql(program, *place, as_of=as_of, sources=sources)
            assert len(execute(found.counted.sql, found.counted.params)) == cell.evidence
            for statement in (found.missing, found.excluded):
                execute(statement.sql, statement.params)
