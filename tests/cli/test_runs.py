"""`wuju run freeze | list | replay`: numbers and digests are printed, a changed file gives exit code 1."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import demo_home, run
from tests.conftest import NOW, District
from tests.standings.conftest import judged
from wuju.standings.models import FrozenRun
from wuju.standings.runs import folder_of

__all__ = ["demo_home", "judged"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WUJU_HOME = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr("wuju.cli.session.now", lambda: NOW)


def test_freeze_list_and_replay(judged: District, demo_home: None) -> None:
    assert "还没有冻结的评判" in run("run", "list")[1]

    code, said = run("run", "freeze", "--title", "三季度通报", "--as-of", "2026-09-30")

    assert code == 0, said
    frozen = FrozenRun.objects.get()
    assert frozen.results_hash in said
    assert "三季度通报" in run("run", "list")[1]
    assert json.loads(run("run", "list", "--json")[1])["facts_hash"] == frozen.facts_hash
    code, said = run("run", "replay", str(frozen.pk))
    assert (code, "逐字节相同" in said) == (0, True)

    (folder_of(frozen.folder) / "facts/member.parquet").write_bytes(b"")

    code, said = run("run", "replay", str(frozen.pk), "--json")
    assert code == 1
    assert json.loads(said)["changed"] == ["facts/member.parquet"]


def test_refusals_are_sentences(db: None, demo_home: None) -> None:
    assert run("run", "replay", "7") == (
        2,
        "没有第 7 号冻结的评判，请用 wuju run list 查看。",
    )
    assert run("run", "freeze", "--title", "x")[0] == 2
    assert run("run", "freeze", "--title", "x", "--as-of", "昨天")[0] == 2


def test_runs_need_a_person_outside_a_demo_home(db: None) -> None:
    assert run("run", "list")[0] == 2
