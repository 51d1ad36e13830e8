"""Every bench runs at small size, so that a change of the product cannot leave it behind unnoticed."""

import json
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

import pytest

from bench import commands, engine, grounds, imports, measure, pages, province, whatif, writes
from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.web.conftest import open_account
from tests.web.judged import judged, on_the_day

__all__ = ["judged", "on_the_day"]


@pytest.fixture
def ground(judged: District) -> grounds.Ground:
    """The judged district of the pages' tests; the test's own transaction puts it back."""
    held_by = {
        "county_officer": judged.county,
        "township_officer": judged.east,
        "secretary": judged.east_branch,
        "inspector": judged.county,
        "auditor": judged.county,
    }
    return grounds.Ground(
        at=NOW,
        actor=SYSTEM,
        branches=grounds.living_branches(TODAY),
        accounts={role: open_account(role, over).username for role, over in held_by.items()},
        sizes=grounds.SMALL,
        scratch=nullcontext,
    )


@pytest.mark.parametrize(
    ("part", "figures"),
    [(imports, 4), (writes, 4), (province, 3), (whatif, 5), (engine, 2), (pages, 19)],
    ids=["imports", "writes", "province", "whatif", "engine", "pages"],
)
def test_a_bench_measures_what_it_names(
    ground: grounds.Ground, part: ModuleType, figures: int
) -> None:
    lines = list(part.bench(ground))

    assert len(lines) == figures
    assert all(line.samples and min(line.samples) > 0 for line in lines)


def test_commands_are_measured_in_their_own_processes(tmp_path: Path) -> None:
    lines = list(commands.bench(tmp_path, grounds.SMALL))

    assert [line.name for line in lines if line.median <= 0] == []
    assert (tmp_path / "empty0" / "wuju.sqlite3").exists()


def test_a_command_that_fails_is_no_figure(tmp_path: Path) -> None:
    environment = commands.environment_of(tmp_path, tmp_path / "bytecode")

    with pytest.raises(AssertionError, match="no-such-command"):
        commands.spent_by(("no-such-command",), environment)


def test_a_missed_bar_and_a_drifted_query_count_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pins = tmp_path / "pins.json"
    pins.write_text(json.dumps({"bench: a page": 5, "bench: another": 7}), "utf-8")
    monkeypatch.setattr(measure, "PINS", pins)

    said = measure.table(
        [
            measure.Line("a page", "ms", [10, 50, 90], 40, queries=6),
            measure.Line("another", "ms", [10], 40, queries=7),
            measure.Line("a rate", "rows/s", [1000], 1500, more_is_better=True),
        ]
    ).splitlines()

    assert "MISSED" in said[2]
    assert "6 (was 5: DRIFTED)" in said[2]
    assert "ok" in said[3]
    assert "DRIFTED" not in said[3]
    assert "MISSED" in said[4]


def test_query_counts_are_recorded_beside_those_of_the_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pins = tmp_path / "pins.json"
    pins.write_text(json.dumps({"trail": 6}), "utf-8")
    monkeypatch.setattr(measure, "PINS", pins)

    measure.pin(
        [measure.Line("a page", "ms", [1], queries=6), measure.Line("a rate", "rows/s", [1])]
    )

    assert measure.read_pins() == {"bench: a page": 6, "trail": 6}
