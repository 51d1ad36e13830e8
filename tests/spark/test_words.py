"""What is written for Spark is read by Spark's grammar, stays exact, and reaches nothing else. Needs no Spark."""

import random

import pytest
import sqlglot
from sqlglot import exp

from tests.engine import randomly
from tests.engine.small import CATALOG, STRUCTURE
from wuju.engine.climbing import climbing_sql
from wuju.engine.compiler import compile_rules
from wuju.engine.prelude import Prelude, periods_of
from wuju.engine.program import Program, Source
from wuju.engine.spark_words import NotForSpark, spark_sql
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.loader import load_pack

AS_OF = randomly.AS_OF[-1]


def texts(program: Program, names: list[str]) -> list[str]:
    """Return everything a run hands to Spark: common tables, items, lines."""
    sources = {name: Source(f'SELECT * FROM "t_{name}"', (), ()) for name in names}
    items = program.with_parts(list(program.items))
    periods = periods_of(program, items, AS_OF, None)
    prelude = Prelude(program, sources, AS_OF, periods, None, [(1, 2)], streamed=True)
    prelude.build(items, (relation for item in items for relation in item.relations))
    tables = [f"SELECT * FROM ({part.sql}) AS made" for part in prelude.parts]
    return [*tables, *(item.sql for item in items), climbing_sql(program, [2026102], AS_OF)]


def known(program: Program, names: list[str]) -> set[str]:
    items = list(program.items)
    every = {"cells", "scored", *(f"t_{name}" for name in names)}
    prelude = Prelude(program, {}, AS_OF, periods_of(program, items, AS_OF, None), None, [(1, 2)])
    prelude.build(items, (relation for item in items for relation in item.relations))
    return every | {part.name.strip('"') for part in prelude.parts}


def exact(said: str) -> None:
    """Assert that the text parses as Spark's SQL with the house's meaning and no inexact number."""
    tree = sqlglot.parse_one(said, read="spark")
    assert "TRY_CAST" not in said
    assert not list(tree.find_all(exp.Div, exp.Anonymous))
    kinds = {cast.to.this for cast in tree.find_all(exp.Cast)}
    assert kinds <= {exp.DataType.Type.BIGINT, exp.DataType.Type.DATE, exp.DataType.Type.TEXT,
                     exp.DataType.Type.VARCHAR, exp.DataType.Type.BOOLEAN, exp.DataType.Type.INT}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_random_packs_are_said_exactly(seed: int) -> None:
    rules = randomly.pack(random.Random(seed), 16)
    program = compile_rules(rules, CATALOG, "spark")
    names = [*CATALOG, *STRUCTURE]
    said = [spark_sql(text, known(program, names)) for text in texts(program, names)]
    for text in said:
        exact(text)
    assert any(" DIV " in text for text in said)


@pytest.mark.parametrize("pack", ["national_2026", "anding_2026"])
def test_the_packs_are_said_exactly(pack: str) -> None:
    program = compile_rules(load_pack(pack_home() / pack).rules(catalog()), catalog(), "spark")
    names = [*catalog(), *STRUCTURE]
    for text in texts(program, names):
        exact(spark_sql(text, known(program, names)))


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE t_org",
        "SELECT 1; SELECT 2",
        "SELECT * FROM elsewhere",
        "SELECT * FROM parquet.\"/etc/passwd\"",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT reflect('java.lang.System', 'exit', 1) FROM t_org",
        "SELECT 1 / 2 FROM t_org",
        "SELECT CAST(1 AS DOUBLE) FROM t_org",
        "SELECT TRY_CAST('1' AS BIGINT) FROM t_org",
        "SELECT FROM WHERE",
    ],
)  # fmt: skip
def test_anything_else_is_refused(sql: str) -> None:
    with pytest.raises(NotForSpark):
        spark_sql(sql, {"t_org"})


def test_the_words_that_differ() -> None:
    sql = """SELECT (a) // (b) AS "x", 'it''s \\' AS t, (w) IS NOT TRUE AS f FROM "t_org" ORDER BY a, b DESC"""
    said = spark_sql(sql, {"t_org"})
    assert said == (
        "SELECT (a) DIV (b) AS `x`, 'it\\'s \\\\' AS t, NOT (w) IS TRUE AS f FROM `t_org`"
        " ORDER BY a NULLS LAST, b DESC"
    )
