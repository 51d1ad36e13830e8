"""The Spark executor without Java: its steps and words over a stand-in, its refusals, the command."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.conftest import TODAY, District
from tests.engine import randomly
from tests.engine.small import CATALOG
from tests.spark.stand_in import Session, stand_in
from wuju.cli import app
from wuju.engine import oracle, spark
from wuju.engine.compiler import compile_rules
from wuju.engine.spark import NoMaster, SparkIsMissing, join
from wuju.kit.errors import DomainError
from wuju.standings import outgrown
from wuju.standings.evaluation import evaluate_all
from wuju.standings.outgrown import NoSharedFolder, evaluate_on_spark

MASTER = "spark://127.0.0.1:7077"


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


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Join the stand-in instead of a cluster."""
    monkeypatch.setattr(outgrown, "join", lambda *_: Session())
    monkeypatch.setattr(outgrown, "executors", lambda _: {"0": 3, "1": 4})


def test_a_home_is_judged_from_partitions_that_are_gone_afterwards(
    judged: District, joined: None, tmp_path: Path
) -> None:
    outcome, done = evaluate_on_spark(master=MASTER, as_of=TODAY, shared=tmp_path / "shared")

    cells, lines = evaluate_all(as_of=TODAY)
    assert (sorted(outcome[0]), sorted(outcome[1])) == (sorted(cells), sorted(lines))
    assert len(cells) > 100
    assert done == {"0": 3, "1": 4}
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_folder_nobody_can_write_to_is_said(
    judged: District, joined: None, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(NoSharedFolder, match="--shared"):
        evaluate_on_spark(master=MASTER, as_of=TODAY, shared=tmp_path / "file" / "below")


def evaluated(*arguments: str) -> tuple[list[Any], str]:
    answer = CliRunner().invoke(app, ["evaluate", "--json", "--rollup", *arguments])
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()], answer.stderr


def test_the_command_says_the_same_on_a_cluster_and_who_did_how_much(
    judged: District, joined: None, settings: Any, tmp_path: Path
) -> None:
    settings.WUJU_DEMO = True
    day = ("--as-of", TODAY.isoformat())

    found, said = evaluated(*day, "--engine", MASTER, "--shared", str(tmp_path))

    assert found == evaluated(*day)[0]
    assert said == "Spark 上 2 个工作进程参与：0 号 3 个任务，1 号 4 个任务。\n"


@pytest.mark.parametrize("engine", ["spark", "local[2]", "https://127.0.0.1:7077"])
def test_another_engine_is_refused(engine: str) -> None:
    answer = CliRunner().invoke(app, ["evaluate", "--engine", engine])

    assert isinstance(answer.exception, DomainError)
    assert "spark://主机:端口" in str(answer.exception)
