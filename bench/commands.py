"""Commands as an operator runs them: processor time of the whole process, start included."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.grounds import Sizes
from bench.measure import Line

ROOT = Path(__file__).resolve().parents[1]
WUJU = (sys.executable, "-c", "from wuju.cli import main; main()")


def spent_by(
    command: Sequence[str], environment: Mapping[str, str], *, fails: bool = False
) -> float:
    """Run a `wuju` command and return its processor time in seconds."""
    before = _children()
    done = subprocess.run(
        [*WUJU, *command],
        env=dict(environment),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert bool(done.returncode) is fails, f"wuju {' '.join(command)}: {done.stderr[-800:]}"
    return _children() - before


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def environment_of(home: Path, bytecode: Path) -> dict[str, str]:
    """Return an environment with its own home, in which compiled modules are kept as in any installation."""
    home.mkdir(parents=True, exist_ok=True)
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return clean | {"WUJU_HOME": str(home), "PYTHONPYCACHEPREFIX": str(bytecode)}


def build_demos(where: Path, runs: int) -> Line:
    """Build the demo `runs` times; the last one stays in `where / "demo"`."""
    environment = environment_of(where / "demo", where / "bytecode")
    spent_by(("--help",), environment)
    command = ("demo", "--no-serve")
    spent = [spent_by(command, environment) for _ in range(runs)]
    return Line("wuju demo, ready to serve", "s", spent, 20)


def bench(where: Path, sizes: Sizes) -> Iterator[Line]:
    bytecode = where / "bytecode"
    plain = environment_of(where / "none", bytecode)
    yield _line("wuju --help", ("--help",), plain, sizes, 0.5)
    yield _line("wuju facts", ("facts",), plain, sizes, 0.5)
    for pack in ("national_2026", "anding_2026"):
        command = ("pack", "lint", f"packs/{pack}")
        yield _line(f"wuju pack lint {pack}", command, plain, sizes, 0.5)
    homes = [environment_of(where / f"empty{n}", bytecode) for n in range(sizes.runs)]
    spent = [spent_by(("migrate",), home) for home in homes]
    yield Line("wuju migrate, empty home", "s", spent, 8)
    demo = environment_of(where / "demo", bytecode)
    if (where / "demo" / "DEMO").exists():
        refused = ("evaluate", "--org", "?")
        yield _line("start of wuju evaluate", refused, demo, sizes, 2, fails=True)
        yield _line("wuju evaluate, whole", ("evaluate",), demo, sizes)


def _line(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    sizes: Sizes,
    bar: float | None = None,
    *,
    fails: bool = False,
) -> Line:
    if sizes.runs > 1:
        spent_by(command, environment, fails=fails)  # compiles the modules
    spent = [spent_by(command, environment, fails=fails) for _ in range(sizes.runs)]
    return Line(name, "s", spent, bar)
