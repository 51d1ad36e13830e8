"""Two Spark worker processes give the oracle's cells and DuckDB's lines, to the last bit."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from bench.cluster import Cluster
from django.test import TestCase

from tests.conftest import NOW, TODAY
from tests.engine import randomly
from tests.engine.small import CATALOG
from tests.engine.test_executors_agree import arrow_of
from tests.spark.conftest import WORKERS
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.dialects import DialectName
from wuju.engine.items import Kind
from wuju.engine.results import Cell
from wuju.engine.rules import Rules
from wuju.engine.spark import Spark, executors
from wuju.engine.wide import Wide
from wuju.engine.world import World
from wuju.flows.demo.build import build
from wuju.kit.facts import Catalog
from wuju.kit.periods import horizon
from wuju.rulepacks.cases import WorkedCase, read_cases, run_case
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.loader import Pack, load_packs
from wuju.rulepacks.queries import active_packs
from wuju.standings.evaluation import Ruling, judge_with, judges_of
from wuju.standings.snapshot import write_snapshot
from wuju.standings.sources import WHOLE

pytestmark = pytest.mark.slow
PACKS = load_packs(pack_home())


def written(world: World, folder: Path, specs: Catalog, files: int = 2) -> dict[str, Path]:
    """Write every table of a world as a folder of Parquet partitions."""
    found = {}
    for name, table in arrow_of(world, specs).items():
        found[name] = folder / name
        found[name].mkdir(parents=True)
        step = table.num_rows // files + 1
        for number in range(files):
            part = table.slice(number * step, step)
            pq.write_table(part, found[name] / f"part-{number}.parquet")
    return found


def some_cases() -> Iterator[tuple[Pack, WorkedCase]]:
    """Yield of every kind and pack the first plain case and the first at an edge."""
    for pack in PACKS.values():
        kinds = {item.code: item.kind for item in pack.items.values()}
        met: set[tuple[Kind, bool]] = set()
        for worked in read_cases(pack)[0]:
            trait = (kinds[worked.item], worked.case.edge)
            if trait not in met:
                met.add(trait)
                yield pack, worked


CASES = list(some_cases())


def test_the_cases_are_of_every_kind_the_packs_use() -> None:
    used = {item.kind for pack in PACKS.values() for item in pack.items.values()}
    kinds = {
        item.kind
        for pack, worked in CASES
        for item in pack.items.values()
        if item.code == worked.item
    }
    assert kinds == used


@pytest.mark.parametrize("seed", range(3))
def test_random_districts_of_all_nine_kinds(
    cluster: Cluster, session: Any, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    rules, world = randomly.pack(rng, 16), randomly.district(rng, 7, 20)
    assert {item.kind for item in rules.items} == set(Kind)
    as_of = rng.choice(randomly.AS_OF)
    folders = written(world, tmp_path, CATALOG)
    before = executors(session)
    spark, program = Spark(session, folders), compile_rules(rules, CATALOG, "spark")
    cells, lines = spark.evaluate(program, as_of=as_of), spark.roll_up(program, as_of=as_of)
    done = executors(session)
    assert len(done) == WORKERS
    assert all(done[each] > before.get(each, 0) for each in done)
    assert [worker["coresused"] for worker in cluster.workers()] == [1] * WORKERS
    truth = oracle.evaluate(rules, CATALOG, world, as_of)
    assert cells == truth
    assert lines == oracle.roll_up(rules, truth, world, as_of)
    with Wide({}, parquet=folders) as wide:
        program = compile_rules(rules, CATALOG, "duckdb")
        assert wide.evaluate(program, as_of=as_of) == cells
        assert wide.roll_up(program, as_of=as_of) == lines


@pytest.mark.parametrize(
    ("pack", "worked"), CASES, ids=[f"{pack.code} {worked.title}" for pack, worked in CASES]
)
def test_worked_cases_of_every_kind(
    session: Any, tmp_path: Path, pack: Pack, worked: WorkedCase
) -> None:
    def evaluate(
        rules: Rules, specs: Catalog, world: World, as_of: dt.date, since: dt.date | None = None
    ) -> list[Cell]:
        program = compile_rules(rules, specs, "spark")
        asked = {worked.item}
        spark = Spark(session, written(world, tmp_path, specs, 1))
        return spark.evaluate(program, as_of=as_of, since=since, items=asked)

    assert run_case(worked, pack, catalog(), evaluate) == []


def test_what_would_overflow_is_an_error_and_never_another_number(
    session: Any, tmp_path: Path
) -> None:
    from pyspark.errors import ArithmeticException

    world = randomly.district(random.Random(1), 1, 1)
    spark = Spark(session, written(world, tmp_path, CATALOG, 1))
    spark._name("one", session.sql("SELECT 9223372036854775807 AS a, 7 AS b"))
    assert spark._rows("SELECT b // 2, a // 10 FROM one", ()) == [(3, 922337203685477580)]
    for sql in ("a + 1", "a * b", "b // (b - 7)"):
        with pytest.raises(ArithmeticException):
            spark._rows(f"SELECT {sql} FROM one", ())


def test_the_demo_district_from_one_snapshot(
    cluster: Cluster, session: Any, demo: None, tmp_path: Path
) -> None:
    folders = write_snapshot(tmp_path, rows=20_000)
    assert len(list(folders["meeting"].iterdir())) > 1
    before = executors(session)

    on_spark = judge_with(Spark(session, folders), rulings("spark"), TODAY, horizon(TODAY))
    done = executors(session)
    with Wide({}, parquet=folders) as wide:
        in_duckdb = judge_with(wide, rulings("duckdb"), TODAY, horizon(TODAY))

    assert len(on_spark[0]) > 50_000
    assert on_spark == in_duckdb
    assert len(done) == WORKERS
    assert all(done[each] > before[each] for each in done)
    assert len(cluster.workers()) == WORKERS


@pytest.fixture
def demo(db: None) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        build(seed=20240418, at=NOW)


def rulings(dialect: DialectName) -> list[Ruling]:
    return [
        Ruling(compile_rules(pack.stored.rules, catalog(), dialect), judges_of(pack))
        for pack in active_packs(scope=WHOLE)
    ]
