"""DuckDB works on what it was handed: no files, no network, no change of settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.small import CATALOG, D
from tests.engine.test_executors_agree import wide_of
from tests.engine.worlds import COUNT, meetings, world
from wuju.engine.compiler import compile_rules
from wuju.engine.rules import Rules
from wuju.engine.wide import Wide, arrow_table


@pytest.fixture
def wide() -> Iterator[Wide]:
    with wide_of(world(meetings("2026-05-01"))) as made:
        yield made


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "COPY (SELECT 1) TO '{file}'",
        "ATTACH '{file}' AS other",
        "SET enable_external_access = true",
        "SET memory_limit = '1GB'",
        "INSTALL httpfs",
    ],
)
def test_compiled_text_cannot_reach_outside(wide: Wide, sql: str, tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "outside.csv"
    file.write_text("a\n1\n")
    with pytest.raises(duckdb.Error):
        wide.db.execute(sql.format(file=file))


def test_cells_come_as_arrow_too(wide: Wide) -> None:
    program = compile_rules(Rules((COUNT,)), CATALOG, "duckdb")
    table = wide.cells(program, as_of=D("2026-08-20"))
    assert table.num_rows == 3
    assert table.column("num").to_pylist() == [0, 1, 0]
    assert table.schema.field("score").type == "int64"


def test_lines_come_as_arrow_too() -> None:
    above = [(9, 1, D("2020-01-01"), None)]
    with wide_of(world(meetings("2026-05-01"), closure=above)) as wide:
        program = compile_rules(Rules((COUNT,)), CATALOG, "duckdb")
        assert wide.roll_up(program, as_of=D("2026-08-20")) == []
        wide.cells(program, as_of=D("2026-08-20"))
        table = wide.lines(program, as_of=D("2026-08-20")).read_all()
    lines = table.sort_by("period").to_pylist()
    assert [(line["org_id"], line["n"], line["met"], line["missed"]) for line in lines] == [
        (9, 1, 0, 1),
        (9, 1, 1, 0),
        (9, 1, 0, 0),
    ]
    assert lines[0]["numerator"] is None


def test_arrow_tables_take_what_sqlite_gives() -> None:
    table = arrow_table(
        [("id", "ref"), ("held_on", "date"), ("woman", "bool")],
        [(1, "2026-05-01", 1), (2, None, None)],
    )
    assert table.to_pylist() == [
        {"id": 1, "held_on": D("2026-05-01"), "woman": True},
        {"id": 2, "held_on": None, "woman": None},
    ]
