"""The invented records are the same every time, and every executor judges them alike."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from bench.rivals import databases
from bench.rivals.answers import digest

from bench import generator, twelve, wide
from wuju.engine import oracle
from wuju.engine.compiler import compile_rules
from wuju.engine.items import Status
from wuju.engine.prelude import CELL_COLUMNS
from wuju.engine.wide import Wide
from wuju.engine.world import World


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    generator.generate(generator.TINY, folder)
    return folder


@pytest.fixture
def judged(where: Path) -> Iterator[Wide]:
    with Wide({}, threads=1, parquet=wide.folders(where), views=twelve.VIEWS) as made:
        yield made


def rows(judged: Wide, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (
        judged.db.sql(judged.sources[name].sql).to_arrow_table().to_pylist()
    )
    return found


def world(judged: Wide) -> World:
    def tuples(name: str) -> list[tuple[object, ...]]:
        return [tuple(row.values()) for row in rows(judged, name)]

    return World(
        facts={name: rows(judged, name) for name in twelve.catalog()},
        life=tuples("life"),  # type: ignore[arg-type]
        lineage=tuples("lineage"),  # type: ignore[arg-type]
        feeds=tuples("feed"),  # type: ignore[arg-type]
        closure=tuples("closure"),  # type: ignore[arg-type]
    )


def test_parquet_read_where_it_lies_gives_what_the_oracle_says(judged: Wide) -> None:
    program = compile_rules(twelve.rules(), twelve.catalog(), "duckdb")
    place = world(judged)
    truth = oracle.evaluate(twelve.rules(), twelve.catalog(), place, twelve.AS_OF)

    assert judged.evaluate(program, as_of=twelve.AS_OF) == truth
    lines = oracle.roll_up(twelve.rules(), truth, place, twelve.AS_OF)
    assert judged.roll_up(program, as_of=twelve.AS_OF) == lines
    assert {cell.status for cell in truth} > {
        Status.MET,
        Status.OPEN,
        Status.OVERDUE,
        Status.MISSED,
    }
    assert {cell.item for cell in truth if cell.evidence} == set(twelve.rules().by_code)


def test_files_beside_those_handed_over_stay_closed(judged: Wide, tmp_path: Path) -> None:
    import duckdb

    (tmp_path / "outside.csv").write_text("a\n1\n")
    with pytest.raises(duckdb.PermissionException):
        judged.db.execute(f"SELECT * FROM read_csv('{tmp_path / 'outside.csv'}')")


def test_a_scale_gives_the_same_rows_on_any_number_of_threads(where: Path, tmp_path: Path) -> None:
    import duckdb

    again = generator.generate(generator.TINY, tmp_path, threads=1)

    for name, how_many in again.items():
        both = [f"FROM '{folder / name}/*.parquet'" for folder in (where, tmp_path)]
        assert duckdb.execute(f"{both[0]} EXCEPT ALL {both[1]}").fetchall() == []
        assert duckdb.execute(f"SELECT count(*) {both[0]}").fetchall() == [(how_many,)]


def test_the_bench_measures_scan_judgement_ratio_and_memory(where: Path) -> None:
    found = {"scan": wide.scan(where, 1), "wide": wide.wide(where, 1)}
    lines = [*wide.lines_of("district", found), wide.compiling(1)]

    assert [line.bar for line in lines] == [None, None, None, 4.0, None, 1.5, 0.5]
    assert all(min(line.samples) > 0 for line in lines)


def test_every_other_way_gives_the_cells_of_the_wide_run(where: Path, tmp_path: Path) -> None:
    truth = wide.wide(where, 1)
    judge = databases.sqlite_judge(where, _filled(where, tmp_path))
    judge.cells()
    columns = dict(zip(CELL_COLUMNS, map(list, zip(*judge.kept(), strict=True)), strict=True))
    judge.db.close()

    assert wide.pandas(where, 1)["answers"] == truth["answers"]
    assert digest(pa.table(columns)) == truth["answers"][0]
    assert wide.folded(where, 1)["verdicts"] == truth["verdicts"]


def test_a_way_with_other_answers_stops_the_bench(where: Path) -> None:
    truth = wide.wide(where, 1)
    with pytest.raises(SystemExit, match="other answers"):
        wide.agree({"wide": truth, "pandas": {"answers": [(968, 1)]}})


def test_naive_loops_give_the_cells_of_the_wide_run(where: Path, tmp_path: Path) -> None:
    """In a process of its own: it sets Django up on the invented records."""
    command = [
        sys.executable,
        wide.__file__,
        "--way",
        "loops",
        "--data",
        str(where),
        "--repeats",
        "1",
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert json.loads(said)["seconds"][0] > 0


def _filled(where: Path, folder: Path) -> Path:
    file = folder / "records.sqlite3"
    databases.fill_sqlite(where, file)
    return file
