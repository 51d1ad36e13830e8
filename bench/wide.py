"""`make bench-engine`: the twelve items over unfolded Parquet against a bare scan, and against other ways to judge them.

    python bench/wide.py [--scale district|quarter|province] [--ways wide,pandas,…] [--repeats 5]

Every way runs in a process of its own on one thread, so that its peak memory is its own, and
must give the cells of the wide run. What is compared is processor time of one run of the bench.
"""

import argparse
import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import generator, twelve
from bench.measure import Line, Watch, machine, repeated, table

NEEDED = {
    "activity": ("activity_id", "org_id", "kind", "status", "held_on"),
    "attendance": ("attendance_id", "activity_id", "status"),
    "member": ("member_id", "org_id", "status", "joined_on"),
    "training": ("member_id", "held_on", "hours10", "verified"),
    "dues": ("dues_id", "member_id", "month", "due_cents", "paid_cents", "paid_on"),
    "finding": ("finding_id", "org_id", "due_on", "closed_on"),
    "income": ("income_id", "org_id", "reported_on", "amount_cents"),
    "cadre": ("cadre_id", "org_id", "since_on", "until_on"),
    "doc": ("doc_id", "org_id", "kind", "submitted_on"),
    "attest": ("attest_id", "org_id", "item", "graded_on", "grade"),
}
"""The columns the twelve items cannot do without."""
SAMPLED = 20
"""Naive loops judge every so manieth organization."""
type Measured = dict[str, Any]
"""`seconds`: samples of the whole; `judging`: of the cells alone; `peak` in GB; `answers`."""
_TOUCH = {
    "VARCHAR": "max(strlen({}))",
    "DATE": "sum({} - DATE '2025-01-01')",
    "BOOLEAN": "count(*) FILTER (WHERE {})",
}


def scans(where: Path) -> list[str]:
    """Return one SELECT a table that decodes the needed columns and does next to nothing with them."""
    import duckdb

    found = []
    for name, columns in NEEDED.items():
        files = f"'{where / name}/*.parquet'"
        described = duckdb.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()
        types = {row[0]: row[1] for row in described}
        touched = ", ".join(_TOUCH.get(types[c], "sum({})").format(c) for c in columns)
        found.append(f"SELECT {touched} FROM {files}")
    return found


def folders(where: Path) -> Mapping[str, Path]:
    return {name: where / name for name in (*generator.FACTS, *generator.STRUCTURE)}


# ---------------------------------------------------------------- ways
def scan(where: Path, repeats: int) -> Measured:
    import duckdb

    queries = scans(where)
    with duckdb.connect(":memory:", config={"threads": 1}) as db:
        watch = repeated(
            lambda: [db.execute(query).fetchall() for query in queries], times=repeats
        )
    rows = sum(
        duckdb.execute(f"SELECT count(*) FROM '{where / name}/*.parquet'").fetchall()[0][0]
        for name in NEEDED
    )
    return {"seconds": watch.spent, "rows": rows}


def wide(where: Path, repeats: int) -> Measured:
    """Judge, then hand over every line, as the product does; nothing is kept from one time to the next."""
    program = _program(twelve.rules(), twelve.catalog())
    return _wide(program, folders(where), twelve.VIEWS, repeats)


def folded(where: Path, repeats: int) -> Measured:
    from bench import folded as other

    with tempfile.TemporaryDirectory(prefix="wuju-bench-") as to:
        program = _program(other.rules(), other.catalog())
        found = _wide(program, other.fold(where, Path(to)), other.VIEWS, repeats)
    return {**found, "answers": []}  # its evidence of attendance are meetings, not people


def _program(rules: Any, catalog: Any) -> Any:
    from wuju.engine.compiler import compile_rules

    return compile_rules(rules, catalog, "duckdb")


def _wide(
    program: Any, parquet: Mapping[str, Path], views: Mapping[str, str], repeats: int
) -> Measured:
    from bench.rivals.answers import LINE_COLUMNS, digest, digest_of
    from wuju.engine.prelude import CELL_COLUMNS
    from wuju.engine.wide import Wide

    cells, sums, lines = Watch(), Watch(), 0
    with Wide({}, threads=1, parquet=parquet, views=views) as made:
        for _ in range(repeats + 1):  # the first one warms up
            with cells:
                made.judge(program, as_of=twelve.AS_OF)
            with sums:
                lines = sum(batch.num_rows for batch in made.lines(program, as_of=twelve.AS_OF))
        peak = _peak()
        answer = digest_of(made.db, "SELECT * FROM cells")
        verdicts = digest_of(made.db, "SELECT * FROM cells", CELL_COLUMNS[:-2])
        every = made.lines(program, as_of=twelve.AS_OF).read_all()
    return {
        "seconds": [sum(both) for both in zip(cells.spent[1:], sums.spent[1:], strict=True)],
        "judging": cells.spent[1:],
        "peak": peak,
        "lines": lines,
        "verdicts": verdicts,
        "answers": [answer, digest(every, LINE_COLUMNS)],
    }


def pandas(where: Path, repeats: int) -> Measured:
    import pyarrow as pa

    from bench.rivals.answers import LINE_COLUMNS, digest
    from bench.rivals.frames import Frames

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    watch, cells, lines = Watch(), None, None
    for _ in range(repeats + 1):
        cells = lines = None
        with watch:
            frames = Frames(where)
            cells = frames.cells()
            lines = frames.lines(cells)
    peak = _peak()
    answers = [
        digest(pa.Table.from_pandas(cells)),
        digest(pa.Table.from_pandas(lines), LINE_COLUMNS),
    ]
    return {"seconds": watch.spent[1:], "peak": peak, "answers": answers}


def loops(where: Path, repeats: int) -> Measured:
    from bench.rivals import databases
    from bench.rivals.loops import Loops, connect, models
    from wuju.engine.wide import Wide

    program = _program(twelve.rules(), twelve.catalog())
    with Wide({}, threads=1, parquet=folders(where), views=twelve.VIEWS) as made:
        truth = {
            (c.org_id, c.item, c.period): c for c in made.evaluate(program, as_of=twelve.AS_OF)
        }
    with tempfile.TemporaryDirectory(prefix="wuju-bench-") as folder:
        file = Path(folder) / "records.sqlite3"
        databases.fill_sqlite(where, file)
        connect(file)
        judge = Loops(models())
        orgs = judge.sample(SAMPLED)
        watch = repeated(lambda: list(judge.cells(orgs)), times=repeats, warm_up=0)
        found = list(judge.cells(orgs))
    if any(truth[cell.org_id, cell.item, cell.period] != cell for cell in found):
        raise SystemExit("the naive loops disagree with the wide run")
    return {"seconds": [spent * len(truth) / len(found) for spent in watch.spent], "answers": []}


def sqlite(where: Path, repeats: int) -> Measured:
    from bench.rivals import databases

    with tempfile.TemporaryDirectory(prefix="wuju-bench-") as folder:
        file = Path(folder) / "records.sqlite3"
        databases.fill_sqlite(where, file)
        return _in_database(databases.sqlite_judge(where, file), repeats)


def postgres(where: Path, repeats: int) -> Measured:
    from bench.rivals import databases

    with tempfile.TemporaryDirectory(prefix="wuju-bench-") as folder, databases.database() as dsn:
        databases.fill_postgres(where, dsn, Path(folder))
        return _in_database(databases.postgres_judge(where, dsn), repeats)


def _in_database(judge: Any, repeats: int) -> Measured:
    import pyarrow as pa

    from bench.rivals.answers import digest
    from wuju.engine.prelude import CELL_COLUMNS

    spent = []
    for _ in range(repeats):
        before = judge.spent()
        judge.cells()
        spent.append(judge.spent() - before)
    columns = list(zip(*judge.kept(), strict=True))
    judge.db.close()
    cells = pa.table(dict(zip(CELL_COLUMNS, map(list, columns), strict=True)))
    return {"seconds": spent, "answers": [digest(cells)]}


def _peak() -> float:
    """Return the peak memory of this process in GB; `getrusage` would count that of the one it came from."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024**2


WAYS: dict[str, Callable[[Path, int], Measured]] = {
    "scan": scan, "wide": wide, "folded": folded, "pandas": pandas, "loops": loops, "sqlite": sqlite, "postgres": postgres,
}  # fmt: skip


# ---------------------------------------------------------------- table
BARS = {"district": 4.0, "province": 5.0}
RIVALS = {
    "pandas": ("pandas, cells and lines", {"district": 1.0, "province": 4.0}),
    "loops": ("naive ORM loops, cells alone", {"district": 300.0}),
    "sqlite": ("the same SQL in SQLite, cells alone", {"province": 10.0, "quarter": 10.0}),
    "postgres": ("the same SQL in PostgreSQL, cells alone", {"province": 10.0, "quarter": 10.0}),
}


def lines_of(scale: str, found: Mapping[str, Measured]) -> Iterator[Line]:
    """Yield the figures of one scale; ratios pair medians of the same run of the bench."""
    bare, own = found["scan"], found["wide"]
    yield Line(f"{scale}: bare scan of the needed columns", "s", bare["seconds"])
    yield Line(f"{scale}: twelve items, cells alone", "s", own["judging"])
    yield Line(f"{scale}: twelve items and every line", "s", own["seconds"])
    yield Line(f"{scale}: judged / scanned", "times", _over(own, bare), BARS.get(scale))
    a_row = [spent / bare["rows"] * 1e9 for spent in own["seconds"]]
    yield Line(f"{scale}: processor time a row", "ns", a_row)
    yield Line(f"{scale}: peak memory of the process", "GB", [own["peak"]], 1.5)
    if "folded" in found:
        yield Line(f"{scale}: folded, and every line", "s", found["folded"]["seconds"])
        bar = 2.5 if scale == "province" else None
        yield Line(f"{scale}: folded / unfolded scan", "times", _over(found["folded"], bare), bar)
    for way, (name, bars) in RIVALS.items():
        if way in found:
            yield Line(f"{scale}: {name}", "s", found[way]["seconds"])
            alone = {"seconds": own["seconds" if way == "pandas" else "judging"]}
            ratios = _over(found[way], alone)
            yield Line(
                f"{scale}: {way} / wide", "times", ratios, bars.get(scale), more_is_better=True
            )
    if "pandas" in found:
        memory = [found["pandas"]["peak"] / own["peak"]]
        bar = 6.0 if scale == "province" else None
        yield Line(f"{scale}: pandas / wide, memory", "times", memory, bar, more_is_better=True)


def _over(above: Measured, below: Measured) -> list[float]:
    """Return the ratios to the median of the other."""
    median = statistics.median(below["seconds"])
    return [spent / median for spent in above["seconds"]]


def compiling(repeats: int) -> Line:
    """Compile sixty items of the same shapes."""
    from wuju.engine.compiler import compile_rules

    rules, catalog = twelve.rules(copies=5), twelve.catalog()
    spent = repeated(lambda: compile_rules(rules, catalog, "duckdb"), times=repeats)
    return Line("compile sixty items", "s", spent.samples("s"), 0.5)


def agree(found: Mapping[str, Measured]) -> None:
    """Stop if any way gave other cells or lines than the wide run."""
    truth = found["wide"]["answers"]
    if "folded" in found and found["folded"]["verdicts"] != found["wide"]["verdicts"]:
        raise SystemExit("the folded records gave other verdicts")
    for way, measured in found.items():
        for answer, wanted in zip(measured.get("answers", []), truth, strict=False):
            if list(answer) != list(wanted):
                raise SystemExit(f"{way} gave other answers than the wide run: {answer}, {wanted}")


def measured(where: Path, ways: list[str], repeats: int) -> dict[str, Measured]:
    """Measure each way in a process of its own."""
    found = {}
    for way in ways:
        command = [sys.executable, __file__, "--way", way, "--data", str(where)]
        command += ["--repeats", str(repeats)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        found[way] = json.loads(said)
        print(
            f"{way}: {statistics.median(found[way]['seconds']):.3g} s", file=sys.stderr, flush=True
        )
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", default="district", choices=sorted(generator.SCALES))
    asked.add_argument(
        "--ways", default="folded,pandas,loops,sqlite,postgres", help="besides wide"
    )
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--data", type=Path, help="tables already written")
    asked.add_argument("--way", choices=sorted(WAYS), help="measure one way alone and print JSON")
    chosen = asked.parse_args()
    if chosen.way:
        print(json.dumps(WAYS[chosen.way](chosen.data, chosen.repeats)))
        return
    with tempfile.TemporaryDirectory(prefix="wuju-bench-") as folder:
        where = chosen.data or Path(folder)
        if chosen.data is None:
            counted = generator.generate(generator.SCALES[chosen.scale], where)
            print(f"{sum(counted[name] for name in generator.FACTS):,} rows", file=sys.stderr)
        ways = ["scan", "wide", *(way for way in chosen.ways.split(",") if way)]
        found = measured(where, ways, chosen.repeats)
    agree(found)
    lines = [*lines_of(chosen.scale, found), compiling(chosen.repeats)]
    print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC. {machine()}\n")
    print(table(lines))


if __name__ == "__main__":
    main()
