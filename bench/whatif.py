"""Trying other thresholds and weights, against judging everything: what `wuju pack try` costs beside a full run."""

import re
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.grounds import Ground
from bench.measure import Line, Watch, repeated


def bench(ground: Ground) -> Iterator[Line]:
    from wuju.standings.evaluation import evaluate_all

    full = repeated(lambda: evaluate_all(as_of=ground.today), times=ground.sizes.runs, warm_up=1)
    yield Line("full run: load, judge, roll up", "s", full.samples("s"))
    for name, at_most, bar in (
        ("three thresholds and every weight", 3, 4.0),
        ("every threshold and weight", None, None),
    ):
        spent = _tried(ground, at_most)
        yield Line(f"what-if on {name}", "s", spent.samples("s"))
        ratio = statistics.median(full.samples("s")) / statistics.median(spent.samples("s"))
        yield Line(f"full run / what-if on {name}", "times", [ratio], bar, more_is_better=True)


def _tried(ground: Ground, at_most: int | None) -> Watch:
    from wuju.rulepacks.catalog import pack_home
    from wuju.standings.sources import WHOLE
    from wuju.standings.whatif import what_if

    with tempfile.TemporaryDirectory() as where:
        shutil.copytree(pack_home(), where, dirs_exist_ok=True)
        change(Path(where), at_most)
        return repeated(
            lambda: what_if(folder=Path(where) / "anding_2026", as_of=ground.today, scope=WHOLE),
            times=ground.sizes.runs,
            warm_up=1,
        )


def change(packs: Path, at_most: int | None) -> int:
    """Raise thresholds (at most so many, by default all) and every weight; return how many thresholds."""
    left = at_most if at_most is not None else 10_000
    done = 0
    for file in sorted(packs.rglob("items/*.yaml")):
        text = re.sub(
            r"(?m)^(\s+weight: )(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", file.read_text("utf-8")
        )
        for old, new in (
            ("{at_least: 1}", "{at_least: 2}"),
            ("{at_least: 100%}", "{at_least: 90%}"),
        ):
            here = min(left - done, text.count(f"target: {old}"))
            text = text.replace(f"target: {old}", f"target: {new}", here)
            done += here
        file.write_text(text, "utf-8")
    return done
