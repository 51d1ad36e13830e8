"""Judge a frozen run again from its own files, and say whether the same bytes come out."""

from dataclasses import dataclass
from typing import Any

from wuju.engine.compiler import compile_rules
from wuju.engine.supply import supplied
from wuju.kit.actors import OrgScope
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.stored import load

from . import archive
from .evaluation import Ruling, judge_tables
from .runs import FrozenRunRow, folder_of, frozen_run


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found, by file: gone, changed on disk, or no longer what the engine says."""

    run: FrozenRunRow
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        return not (self.missing or self.changed or self.differing)

    def lines(self) -> list[str]:
        """Return one sentence a finding."""
        folder = f"runs/{self.run.folder}"
        found = [f"{folder}/{name} 不见了，请从备份恢复。" for name in self.missing]
        found += [f"{folder}/{name} 在冻结以后被改动，请从备份恢复。" for name in self.changed]
        found += [
            f"用现在的引擎重算，{name} 与冻结时不同（冻结时的引擎：{self.run.engine}）。"
            for name in self.differing
        ]
        same = f"{self.run.cells} 条状态、{self.run.lines} 条汇总逐字节相同"
        return found or [f"第 {self.run.id} 号“{self.run.title}”重算一致：{same}。"]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "run": self.run.id,
            "equal": self.equal,
            "missing": list(self.missing),
            "changed": list(self.changed),
            "differing": list(self.differing),
        }


def replay(*, scope: OrgScope, run_id: int) -> Replay:
    """Compile the kept rules, judge the kept facts, compare with the kept results.

    The run judged the items whose facts it kept, so these are judged again, whatever facts
    have been published since.
    Nothing is judged while a file is missing or changed: what came out would say nothing.

    Raises:
        OutsideScope: the scope is not the whole district.
        UnknownRun: no run has this number.
    """
    run = frozen_run(scope=scope, run_id=run_id)
    folder = folder_of(run.folder)
    missing, changed = archive.check(folder, run.manifest_hash)
    if missing or changed:
        return Replay(run, tuple(missing), tuple(changed))
    inputs = archive.read_inputs(folder)
    rulings = [
        Ruling(
            compile_rules(supplied(load(rule.text).rules, inputs.tables), catalog(), "duckdb"),
            rule.judges,
        )
        for rule in inputs.rules
    ]
    again = archive.result_tables(
        *judge_tables(inputs.tables, rulings, inputs.as_of, inputs.since)
    )
    kept = archive.read_results(folder)
    differing = [
        f"{archive.RESULTS}/{name}.parquet"
        for name in sorted(kept)
        if archive.canonical(kept[name]) != archive.canonical(again[name])
    ]
    return Replay(run, differing=tuple(differing))
