"""Every command that asks for an organization, a period or a day understands 本级, 下一级, 本期, 上季度 …"""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import demo_home, run
from tests.conftest import NOW, District
from tests.standings.conftest import judged
from wuju.kit.sheets.reader import read_book
from wuju.rulepacks.catalog import pack_home

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


def test_a_day_may_be_the_end_of_a_period_but_none_to_come(
    judged: District, demo_home: None
) -> None:
    def cells(day: str) -> str:
        code, said = run("evaluate", "--as-of", day, "--json")
        assert code == 0, said
        return said

    assert cells("上季度") == cells("2026Q3") == cells("2026-09-30")
    assert cells("本年") == cells(NOW.date().isoformat()) != cells("上季度")
    for unread in ("昨天", "本期"):
        code, said = run("evaluate", "--as-of", unread)
        assert (code, "上季度，取它的最后一天" in said) == (2, True)


def test_a_run_is_frozen_as_of_the_end_of_a_period(
    judged: District, demo_home: None, tmp_path: Path, settings: object
) -> None:
    settings.WUJU_HOME = tmp_path  # type: ignore[attr-defined]

    code, said = run("run", "freeze", "--title", "三季度通报", "--as-of", "上季度")

    assert (code, "截至 2026-09-30" in said) == (0, True)


def test_trying_a_pack_takes_words(judged: District, demo_home: None) -> None:
    pack = str(pack_home() / "anding_2026")

    by_word = run("pack", "try", pack, "--as-of", "上季度", "--org", "下一级")

    assert by_word[0] == 0
    assert "截至 2026-09-30" in by_word[1]


def test_export_takes_words(judged: District, demo_home: None, tmp_path: Path) -> None:
    def text(word: str) -> str:
        file = tmp_path / f"{word}.xlsx"
        code, said = run("export", "orgs", "--org", word, "--out", str(file))
        assert code == 0, said
        return repr(read_book(file.read_bytes(), file.name).sheets[0].rows)

    east, branch = judged.east.name, judged.east_branch.name
    assert [name in text("本级") for name in (east, branch)] == [False, False]
    assert [name in text("下一级") for name in (east, branch)] == [True, False]
    assert [name in text("SD-E") for name in (east, branch)] == [True, True]
