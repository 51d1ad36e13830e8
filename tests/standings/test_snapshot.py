"""A home as folders of Parquet partitions, read where they lie."""

from pathlib import Path

import pyarrow.parquet as pq

from tests.conftest import TODAY, District
from wuju.engine.wide import Wide
from wuju.kit.facts import fact_sources
from wuju.kit.periods import horizon
from wuju.rulepacks.queries import active_packs, program
from wuju.standings.evaluation import Ruling, evaluate_all, judge_with, judges_of
from wuju.standings.snapshot import write_snapshot
from wuju.standings.sources import STRUCTURE, WHOLE, arrow_tables


def test_partitions_hold_every_row_once_and_split_where_they_are_full(
    judged: District, tmp_path: Path
) -> None:
    folders = write_snapshot(tmp_path, rows=4)

    tables = arrow_tables()
    assert folders.keys() == tables.keys()
    for name, folder in folders.items():
        files = sorted(folder.iterdir())
        assert len(files) == max(1, -(-tables[name].num_rows // 4)), name
        assert pq.read_table(folder).equals(tables[name]), name
    assert len(list(folders["member"].iterdir())) == 4


def test_nothing_but_what_the_catalogue_lists_is_written(judged: District, tmp_path: Path) -> None:
    folders = write_snapshot(tmp_path)

    for name in folders.keys() - STRUCTURE.keys():
        assert set(pq.read_schema(next(folders[name].iterdir())).names) == set(
            fact_sources[name].columns
        )


def test_judged_where_they_lie_they_give_what_the_home_gives(
    judged: District, tmp_path: Path
) -> None:
    rulings = [
        Ruling(program(scope=WHOLE, pack=pack, dialect="duckdb"), judges_of(pack))
        for pack in active_packs(scope=WHOLE)
    ]

    with Wide({}, parquet=write_snapshot(tmp_path, rows=4)) as wide:
        outcome = judge_with(wide, rulings, TODAY, horizon(TODAY))

    assert outcome == evaluate_all(as_of=TODAY)
