"""The Spark executor over a stand-in that runs Spark's SQL in DuckDB: the steps and the words, without Java."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG
from tests.engine.test_executors_agree import arrow_of
from wuju.engine import oracle, spark
from wuju.engine.compiler import compile_rules
from wuju.engine.spark import NoMaster, Spark, SparkIsMissing, join
from wuju.engine.world import World


class Frame:
    """What the executor asks of a Spark frame."""

    def __init__(self, db: duckdb.DuckDBPyConnection, sql: str) -> None:
        self.db, self.made = db, sql

    @property
    def columns(self) -> list[str]:
        return self.db.sql(self.made).columns

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802 - Spark's name
        self.db.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {self.made}')

    def localCheckpoint(self) -> "Frame":  # noqa: N802
        return self

    def toArrow(self) -> Any:  # noqa: N802
        return self.db.sql(self.made).to_arrow_table()


class Session:
    """Runs Spark's SQL in DuckDB, said back by SQLGlot."""

    def __init__(self) -> None:
        self.db = duckdb.connect()
        self.read = SimpleNamespace(parquet=lambda where: self.table(f"kept_{Path(where).name}"))

    def sql(self, text: str) -> Frame:
        (said,) = sqlglot.transpile(text, read="spark", write="duckdb")
        return Frame(self.db, said)

    def table(self, name: str) -> Frame:
        return Frame(self.db, f'SELECT * FROM "{name}"')

    def stop(self) -> None:
        self.db.close()


@contextmanager
def stand_in(world: World) -> Iterator[Spark]:
    session = Session()
    for name, table in arrow_of(world).items():
        session.db.register(f"kept_{name}", table)
    folders = {name: Path("/nowhere") / name for name in arrow_of(world)}
    with Spark(cast("Any", session), folders) as made:
        yield made


@given(seed=st.integers(0, 2**40))
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_steps_lead_to_what_the_oracle_says(seed: int) -> None:
    rng = random.Random(seed)
    rules, world = randomly.pack(rng, 12), randomly.district(rng, 6, 12)
    as_of = rng.choice(randomly.AS_OF)
    program = compile_rules(rules, CATALOG, "spark")
    truth = oracle.evaluate(rules, CATALOG, world, as_of)
    with stand_in(world) as made:
        assert made.evaluate(program, as_of=as_of) == truth
        assert made.roll_up(program, as_of=as_of) == oracle.roll_up(rules, truth, world, as_of)
        chosen = {rules.items[0].code, rules.items[-1].code}
        found = made.evaluate(program, as_of=as_of, items=chosen)
        assert found == [cell for cell in truth if cell.item in chosen]
        assert made.evaluate(program, as_of=as_of, items=set()) == []
        assert made.roll_up(program, as_of=as_of) == []


@pytest.mark.parametrize(
    "master", ["spark://127.0.0.1:9", "spark://127.0.0.1", "local[2]", "spark://a:b"]
)
def test_nobody_at_the_address_is_said(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda _: object())
    monkeypatch.setattr(spark, "which", lambda _: "/usr/bin/java")
    with pytest.raises(NoMaster, match="连不上 Spark 主节点"):
        join(master)


@pytest.mark.parametrize(("installed", "java"), [(None, "java"), (object(), None)])
def test_a_missing_extra_or_java_is_said(
    installed: object, java: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda _: installed)
    monkeypatch.setattr(spark, "which", lambda _: java)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(SparkIsMissing, match="make setup-spark"):
        join("spark://127.0.0.1:7077")
