"""`wuju evaluate` and `wuju explain` understand 本级, 下一级, 本期, 上季度 …"""

import json

import pytest

from tests.cli.test_commands import demo_home, run
from tests.conftest import NOW, District
from tests.standings.conftest import judged

__all__ = ["demo_home", "judged"]
MEETING = ("--item", "meetings.members_meeting")


@pytest.fixture(autouse=True)
def the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuju.cli.session.now", lambda: NOW)


def test_explain_takes_words(judged: District, demo_home: None) -> None:
    labelled = run("explain", "--org", "SD-E1", *MEETING, "--period", "2026Q3")

    assert labelled[0] == 0
    assert run("explain", "--org", "SD-E1", *MEETING, "--period", "上季度") == labelled
    assert run("explain", "--org", "SD-E1", *MEETING, "--period", "上期") == labelled
    code, said = run("explain", "--org", "下一级", *MEETING, "--period", "上期", "--json")
    assert code == 0, said
    below = [json.loads(line) for line in said.splitlines()]
    assert [row["org"] for row in below] == ["SD-Z", "SD-E", "SD-W"]
    assert {row["period"] for row in below} == {"2026Q3"}


def test_evaluate_takes_words(judged: District, demo_home: None) -> None:
    def orgs(word: str) -> set[str]:
        code, said = run("evaluate", "--org", word, "--json", "--rollup")
        assert code == 0, said
        return {json.loads(line)["org"] for line in said.splitlines()}

    assert orgs("本级") == {"SD"}
    assert orgs("下一级") <= {"SD-Z", "SD-E", "SD-W"}
    assert {"SD-E", "SD-W"} <= orgs("下一级")
    assert orgs("SD-E") == {"SD-E", "SD-E1", "SD-E2"}


def test_words_that_mean_nothing_are_refused(judged: District, demo_home: None) -> None:
    code, said = run("explain", "--org", "上一级", *MEETING, "--period", "上期")
    assert (code, "没有组织代码“上一级”" in said) == (2, True)
    code, said = run("explain", "--org", "SD-E1", "--item", "nope", "--period", "上期")
    assert (code, "清单里没有“nope”" in said) == (2, True)
