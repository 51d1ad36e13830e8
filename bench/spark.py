"""`python bench/spark.py`: the twelve items on two Spark workers of this machine, against DuckDB on as many threads.

Wall time, for several processes work: run it on a quiet machine. Both read the same Parquet,
judge, and hand over every line; the lines must be equal.
"""

import argparse
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import generator, twelve
from bench.cluster import cluster
from bench.measure import Line, machine, table
from bench.wide import folders

WORKERS = 2


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = run()
    return time.perf_counter() - begun, found


def bench(where: Path, scratch: Path, scale: str, repeats: int) -> Iterator[Line]:
    from wuju.engine.compiler import compile_rules
    from wuju.engine.spark import Spark, join
    from wuju.engine.wide import Wide

    rules, catalog = twelve.rules(), twelve.catalog()

    def judged(executor: Any, dialect: Any) -> Callable[[], Any]:
        program = compile_rules(rules, catalog, dialect)

        def run() -> Any:
            executor.judge(program, as_of=twelve.AS_OF)
            return executor.roll_up(program, as_of=twelve.AS_OF)

        return run

    with Wide({}, threads=WORKERS, parquet=folders(where), views=twelve.VIEWS) as wide:
        runs = [timed(judged(wide, "duckdb")) for _ in range(repeats)]
    truth = runs[0][1]
    yield Line(f"{scale}: DuckDB, {WORKERS} threads", "s", [seconds for seconds, _ in runs])
    with cluster(scratch, workers=WORKERS, memory="4g") as found:
        memory = {"spark.driver.memory": "4g", "spark.executor.memory": "3500m"}
        joining, session = timed(lambda: join(found.master, memory))
        with Spark(session, folders(where), views=twelve.VIEWS) as spark:
            run = judged(spark, "spark")
            runs = [timed(run) for _ in range(repeats + 1)]
    if any(lines != truth for _, lines in runs):
        raise AssertionError("Spark and DuckDB disagree")
    yield Line(f"{scale}: join the cluster", "s", [joining])
    yield Line(f"{scale}: Spark, {WORKERS} workers, first run", "s", [runs[0][0]])
    yield Line(f"{scale}: Spark, {WORKERS} workers, later runs", "s", [s for s, _ in runs[1:]])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", default="district", choices=sorted(generator.SCALES))
    asked.add_argument("--repeats", type=int, default=3)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="wuju-bench-") as folder:
        where, scratch = Path(folder) / "data", Path(folder) / "cluster"
        where.mkdir()
        generator.generate(generator.SCALES[chosen.scale], where)
        lines = [*bench(where, scratch, chosen.scale, chosen.repeats)]
    print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC. {machine()}\n")
    print(table(lines))


if __name__ == "__main__":
    main()
