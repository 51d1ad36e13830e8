"""`make bench`: build the demo in a temporary home, measure everything there, print one table.

`--only imports,pages` measures a part; `--quick` repeats everything once; `--pin` records
the query counts.
"""

import argparse
import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import commands, engine, imports, pages, province, whatif, writes
from bench.grounds import Sizes, demo_ground
from bench.measure import Line, machine, pin, table

PARTS = ("commands", "imports", "writes", "province", "whatif", "engine", "pages")


def main() -> None:
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--only", default=",".join(PARTS), help="parts, joined by commas")
    chosen.add_argument("--quick", action="store_true", help="measure everything once")
    chosen.add_argument("--pin", action="store_true", help="record the query counts")
    asked = chosen.parse_args()
    sizes = replace(Sizes(), runs=1, requests=3) if asked.quick else Sizes()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="wuju-bench-") as where:
        for line in _measured(Path(where), sizes, set(asked.only.split(","))):
            print(f"{line.name}: {line.median:.4g} {line.unit}", file=sys.stderr, flush=True)
            lines.append(line)
    if asked.pin:
        pin(lines)
    print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC. {machine()}\n")
    print(table(lines))
    missed = [line.name for line in lines if line.verdict == "MISSED"]
    print(
        f"\n{len(lines)} figures, {len(missed)} missed{': ' if missed else ''}{'; '.join(missed)}"
    )


def _measured(where: Path, sizes: Sizes, parts: set[str]) -> Iterator[Line]:
    """Yield the lines as they are measured. The demo is built by the command itself."""
    yield commands.build_demos(where, sizes.runs if "commands" in parts else 1)
    if "commands" in parts:
        yield from commands.bench(where, sizes)
    ground = demo_ground(where / "demo", sizes)
    for name, part in (
        ("imports", imports),
        ("writes", writes),
        ("province", province),
        ("whatif", whatif),
        ("engine", engine),
        ("pages", pages),
    ):
        if name in parts:
            yield from part.bench(ground)


if __name__ == "__main__":
    main()
