"""The whole district judged at once, in the sealed DuckDB on one thread: loading and judging apart."""

from collections.abc import Iterator

from bench.grounds import Ground
from bench.measure import Line, Watch


def bench(ground: Ground) -> Iterator[Line]:
    from wuju.engine.wide import Wide
    from wuju.rulepacks.queries import active_packs, program
    from wuju.standings.sources import WHOLE, arrow_tables

    loading, judging, cells, lines = Watch(), Watch(), 0, 0
    packs = active_packs(scope=WHOLE)
    compiled = [program(scope=WHOLE, pack=pack, dialect="duckdb") for pack in packs]
    for _ in range(ground.sizes.runs + 1):  # the first one warms up
        with loading:
            wide = Wide(arrow_tables(), threads=1)
        with wide, judging:
            for one in compiled:
                cells = wide.cells(one, as_of=ground.today).num_rows
                lines = sum(b.num_rows for b in wide.lines(one, as_of=ground.today))
    for watch in (loading, judging):
        del watch.spent[0]
    yield Line("load every fact as Arrow", "s", loading.samples("s"))
    name = f"judge the district: {_about(cells)} cells, {_about(lines)} roll-up lines"
    yield Line(name, "s", judging.samples("s"), 1)


def _about(number: int) -> str:
    return f"{number / 1000:.0f}k" if number >= 1000 else str(number)
