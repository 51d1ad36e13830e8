"""`make bench-engine`: the twelve items over unfolded Parquet against a bare scan of the same columns.

    python bench/wide.py [--scale district|province] [--repeats 5]

Each scale is measured in its own process on one thread, so that its peak memory is its own.
"""

import argparse
import datetime as dt
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import generator, twelve
from bench.measure import Line, machine, repeated, table

NEEDED = {
    "activity": ("activity_id", "org_id", "kind", "status", "held_on"),
    "attendance": ("attendance_id", "activity_id", "status"),
    "member": ("member_id", "org_id", "status", "joined_on"),
    "training": ("training_id", "member_id", "held_on", "hours10", "verified"),
    "dues": ("dues_id", "member_id", "month", "due_cents", "paid_cents", "paid_on"),
    "finding": ("finding_id", "org_id", "due_on", "closed_on"),
    "income": ("income_id", "org_id", "reported_on", "amount_cents"),
    "cadre": ("cadre_id", "org_id", "since_on", "until_on"),
    "doc": ("doc_id", "org_id", "kind", "submitted_on"),
    "attest": ("attest_id", "org_id", "item", "graded_on", "grade"),
}
"""The columns the twelve items cannot do without."""
BARS = {"district": 4.0, "province": 5.0}
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


def bench(where: Path, scale: str, repeats: int) -> Iterator[Line]:
    """Scan, judge and hand over every line `repeats` times; the ratio pairs the runs in order."""
    import duckdb

    from wuju.engine.compiler import compile_rules
    from wuju.engine.wide import Wide

    queries = scans(where)
    with duckdb.connect(":memory:", config={"threads": 1}) as db:
        scan = repeated(lambda: [db.execute(query).fetchall() for query in queries], times=repeats)
    program = compile_rules(twelve.rules(), twelve.catalog(), "duckdb")
    with Wide({}, threads=1, parquet=folders(where), views=twelve.VIEWS) as wide:

        def judge() -> None:
            wide.judge(program, as_of=twelve.AS_OF)
            for _ in wide.lines(program, as_of=twelve.AS_OF):
                pass

        judged = repeated(judge, times=repeats)
    yield Line(f"{scale}: bare scan of the needed columns", "s", scan.samples("s"))
    yield Line(f"{scale}: twelve items and roll-up", "s", judged.samples("s"))
    ratios = [a / b for a, b in zip(judged.spent, scan.spent, strict=True)]
    yield Line(f"{scale}: judged / scanned", "times", ratios, BARS.get(scale))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    yield Line(f"{scale}: peak memory of the process", "GB", [peak], 1.5)


def compiling(repeats: int) -> Line:
    """Compile sixty items of the same shapes."""
    from wuju.engine.compiler import compile_rules

    rules, catalog = twelve.rules(copies=5), twelve.catalog()
    spent = repeated(lambda: compile_rules(rules, catalog, "duckdb"), times=repeats)
    return Line("compile sixty items", "s", spent.samples("s"), 0.5)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", default="district", choices=("district", "province"))
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--data", type=Path, help="tables already written")
    chosen = asked.parse_args()
    if chosen.data is None:
        with tempfile.TemporaryDirectory(prefix="wuju-bench-") as folder:
            counted = generator.generate(generator.SCALES[chosen.scale], Path(folder))
            print(f"{sum(counted[name] for name in generator.FACTS):,} rows", file=sys.stderr)
            command = [sys.executable, __file__, "--scale", chosen.scale, "--data", folder]
            subprocess.run([*command, "--repeats", str(chosen.repeats)], check=True)
        return
    lines = [*bench(chosen.data, chosen.scale, chosen.repeats), compiling(chosen.repeats)]
    print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC. {machine()}\n")
    print(table(lines))


if __name__ == "__main__":
    main()
