"""The folder of a frozen run: tables as Parquet, rules as text, and a manifest with the digest of every file.

Two freezes of one state give the same bytes: rows are sorted, writer settings fixed,
and nothing in the folder names a person, a moment or a purpose.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wuju.kit.periods import period_from_number

if TYPE_CHECKING:
    import pyarrow as pa

    from wuju.engine.results import Cell, RollUp

MANIFEST = "manifest.json"
FACTS, RESULTS, RULES = "facts", "results", "rules"
_NUMBERS = (
    "n", "met", "open", "due_soon", "overdue", "missed", "exempt", "unverified", "numerator",
    "denominator", "score",
)  # fmt: skip
_CELLS = (
    ("org_id", "int"), ("item", "code"), ("period", "code"), ("numerator", "int"),
    ("denominator", "int"), ("status", "code"), ("score", "int"), ("evidence", "int"),
    ("evidence_key", "int"),
)  # fmt: skip
_LINES = (
    ("org_id", "int"),
    ("item", "code"),
    ("period", "code"),
    *((name, "int") for name in _NUMBERS),
)
type Tables = Mapping[str, "pa.Table"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pack version as a run keeps it: its text, the SQL it ran, and the days whose periods it judged."""

    code: str
    version: int
    digest: str
    from_on: dt.date
    until_on: dt.date | None
    text: str
    program: str

    @property
    def label(self) -> str:
        return f"{self.code} v{self.version}"

    def judges(self, number: int) -> bool:
        """Say whether the first day of a period (by number) lies under this version."""
        day = period_from_number(number).starts_on
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a judgement is made of."""

    as_of: dt.date
    since: dt.date
    rules: tuple[Rule, ...]
    tables: Tables


@dataclass(frozen=True, slots=True)
class Hashes:
    """The digests of a run: of content (`rules`, `facts`, `results`) and of the files (`manifest`)."""

    rules: str
    facts: str
    results: str
    manifest: str


def result_tables(cells: "Iterable[Cell]", lines: "Iterable[RollUp]") -> "dict[str, pa.Table]":
    """Return the outcome as tables with the words outsiders know: `2026Q3`, `met`, basis points."""
    from wuju.engine.wide import arrow_table  # noqa: PLC0415 - only a run needs Arrow

    numbers = attrgetter(*_NUMBERS)
    return {
        "cells": arrow_table(
            _CELLS,
            [
                (c.org_id, c.item, period_from_number(c.period).label, c.numerator, c.denominator,
                 c.status.code, c.score, c.evidence, c.evidence_key)
                for c in cells
            ],
        ),
        "rollup": arrow_table(
            _LINES,
            [(li.org_id, li.item, period_from_number(li.period).label, *numbers(li)) for li in lines],
        ),
    }  # fmt: skip


def canonical(table: "pa.Table") -> bytes:
    """Return the content of a table as bytes that depend on its rows alone, not on their order.

    A newer Parquet writer may lay a file out differently; the content compares all the same.
    """
    columns = {
        name: column.to_pylist()
        for name, column in zip(table.column_names, _in_order(table).columns, strict=True)
    }
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def content_hash(tables: Tables) -> str:
    """Return one digest over the content of tables, by name."""
    parts = [f"{name} {_sha(canonical(tables[name]))}" for name in sorted(tables)]
    return _sha("\n".join(parts).encode())


def write(folder: Path, inputs: Inputs, results: Tables, *, engine: str) -> Hashes:
    """Write a run into an empty folder."""
    _write_tables(folder / FACTS, inputs.tables)
    _write_tables(folder / RESULTS, results)
    for rule in inputs.rules:
        _write_text(folder / RULES / f"{_stem(rule.code, rule.version)}.json", rule.text)
        _write_text(folder / RULES / f"{_stem(rule.code, rule.version)}.sql.json", rule.program)
    rules = _sha("\n".join(f"{rule.label} {rule.digest}" for rule in inputs.rules).encode())
    facts, outcome = content_hash(inputs.tables), content_hash(results)
    manifest = {
        "format": 1,
        "as_of": inputs.as_of.isoformat(),
        "since": inputs.since.isoformat(),
        "engine": engine,
        "rules": [_listed(rule) for rule in inputs.rules],
        "hashes": {"rules": rules, "facts": facts, "results": outcome},
        "rows": {name: table.num_rows for name, table in sorted(inputs.tables.items())},
        "files": {name: _sha((folder / name).read_bytes()) for name in _files(folder)},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _write_text(folder / MANIFEST, text)
    return Hashes(rules=rules, facts=facts, results=outcome, manifest=_sha(text.encode()))


def check(folder: Path, manifest_hash: str) -> tuple[list[str], list[str]]:
    """Return the files that are missing and those that were changed since the freeze."""
    path = folder / MANIFEST
    if not path.is_file():
        return [MANIFEST], []
    if _sha(path.read_bytes()) != manifest_hash:
        return [], [MANIFEST]
    kept: dict[str, str] = json.loads(path.read_text("utf-8"))["files"]
    missing = [name for name in sorted(kept) if not (folder / name).is_file()]
    changed = [
        name
        for name, digest in sorted(kept.items())
        if name not in missing and _sha((folder / name).read_bytes()) != digest
    ]
    return missing, changed


def read_inputs(folder: Path) -> Inputs:
    """Read back what `write` was given; the files must have been checked."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return Inputs(
        as_of=dt.date.fromisoformat(manifest["as_of"]),
        since=dt.date.fromisoformat(manifest["since"]),
        rules=tuple(_rule(folder, body) for body in manifest["rules"]),
        tables=_read_tables(folder / FACTS),
    )


def read_results(folder: Path) -> "dict[str, pa.Table]":
    """Read the stored outcome: `cells` and `rollup`."""
    return _read_tables(folder / RESULTS)


def _listed(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "version": rule.version,
        "digest": rule.digest,
        "from_on": rule.from_on.isoformat(),
        "until_on": rule.until_on.isoformat() if rule.until_on else None,
    }


def _rule(folder: Path, body: dict[str, Any]) -> Rule:
    stem = _stem(body["code"], body["version"])
    until = body["until_on"]
    return Rule(
        code=body["code"],
        version=body["version"],
        digest=body["digest"],
        from_on=dt.date.fromisoformat(body["from_on"]),
        until_on=dt.date.fromisoformat(until) if until else None,
        text=(folder / RULES / f"{stem}.json").read_text("utf-8"),
        program=(folder / RULES / f"{stem}.sql.json").read_text("utf-8"),
    )


def _stem(code: str, version: int) -> str:
    return f"{code}-v{version}"


def _files(folder: Path) -> Sequence[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def _write_tables(folder: Path, tables: Tables) -> None:
    """Write each table in order. Uncompressed: a compressor of another version gives other bytes."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    folder.mkdir(parents=True)
    for name, table in tables.items():
        pq.write_table(
            _in_order(table),
            folder / f"{name}.parquet",
            version="2.6",
            compression="none",
            use_dictionary=True,
            write_statistics=False,
            store_schema=False,
            row_group_size=1 << 20,
        )


def _read_tables(folder: Path) -> "dict[str, pa.Table]":
    import pyarrow.parquet as pq  # noqa: PLC0415

    return {path.stem: pq.read_table(path) for path in sorted(folder.glob("*.parquet"))}


def _in_order(table: "pa.Table") -> "pa.Table":
    return table.sort_by([(name, "ascending") for name in table.column_names])


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
