"""The common tables of a small scope, read once and then written as literals. Pure.

A database plans every reference to a common table anew: for a few organizations the
planning costs far more than the reading. With the spine as literal rows an item costs a
few tenths of a millisecond.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wuju.engine.dialects import Dialect, quoted, text
from wuju.engine.prelude import Prelude
from wuju.engine.program import CompiledItem
from wuju.kit.periods import read_day

type Rows = Sequence[tuple[Any, ...]]
type Columns = Sequence[tuple[str, str]]

SMALL = 25
"""Organizations up to which literals are cheaper than common tables."""
SPINE: Columns = (
    ("org_id", "int"),
    ("period", "int"),
    ("grain", "text"),
    ("starts_on", "date"),
    ("ends_on", "date"),
    ("snapshot", "date"),
    ("as_of", "date"),
    ("late", "int"),
    ("lived_full", "int"),
    ("lived_half", "int"),
)
_LINEAGE: Columns = (("org_id", "int"), ("owner_id", "int"))
_FED: Columns = (("org_id", "int"), ("fact", "text"), ("starts_on", "date"))
_WAIVED: Columns = (("org_id", "int"), ("item", "text"), ("period", "int"))


@dataclass(frozen=True)
class Frozen:
    """What was read: rows of the spine (its columns in order), lineage, feeds, waived periods."""

    columns: Columns
    spine: Rows
    lineage: Rows
    fed: Rows
    waived: Rows

    def owing(self, items: Sequence[CompiledItem]) -> list[CompiledItem]:
        """Leave out the items that are about no organization and period read here."""
        return [item for item in items if self.about(item)]

    def about(self, item: CompiledItem) -> Rows:
        """Return the lines of the spine the item is about."""
        at = {name: no for no, (name, _) in enumerate(self.columns)}
        asked = [(at[f"f_{name}"], values) for name, values in item.applies]
        return [
            row
            for row in self.spine
            if row[2] == item.grain and all(row[no] in values for no, values in asked)
        ]

    def write(self, prelude: Prelude, items: Sequence[CompiledItem]) -> None:
        """Add the common tables the items read, as literals."""
        grains = {item.grain for item in items}
        facts = {relation.fact for item in items for relation in item.relations}
        codes = {item.code for item in items}
        profile = {f"f_{name}" for item in items for name in item.profile}
        used = [
            no for no, (name, _) in enumerate(self.columns) if no < len(SPINE) or name in profile
        ]
        spine = [tuple(row[no] for no in used) for row in self.spine if row[2] in grains]
        self.add(prelude, "spine", [self.columns[no] for no in used], spine)
        self.add(prelude, "lineage", _LINEAGE, self.lineage)
        self.add(prelude, "fed", _FED, [row for row in self.fed if row[1] in facts])
        self.add(prelude, "waived", _WAIVED, [row for row in self.waived if row[1] in codes])
        if any(item.parts for item in items):
            prelude.period_table()

    def add(self, prelude: Prelude, name: str, columns: Columns, rows: Rows) -> None:
        names = ", ".join(quoted(column) for column, _ in columns)
        prelude.add(name, _values(prelude.words, columns, rows), names)


def freeze(prelude: Prelude, items: Sequence[CompiledItem], execute: Any) -> Frozen:
    """Read the common tables of the prelude's scope for these items."""
    profile = prelude.common(items)
    types = prelude.program.shapes["org"].types
    columns = (*SPINE, *((f"f_{name}", types.get(name, "int")) for name in profile))
    params = tuple(prelude.params)

    def rows(select: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = execute(f"{prelude.text()}\n{select}", params)
        return found

    spine = rows(f"SELECT {', '.join(quoted(name) for name, _ in columns)} FROM spine")
    null = prelude.words.null
    others = rows(
        f"SELECT 1, org_id, fact, {null('int')}, starts_on FROM fed"
        f" UNION ALL SELECT 2, org_id, item, period, {null('date')} FROM waived"
        f" UNION ALL SELECT 3, org_id, {null('text')}, owner_id, {null('date')} FROM lineage"
    )
    return Frozen(
        columns=columns,
        spine=spine,
        lineage=[(org, owner) for no, org, _, owner, _ in others if no == 3],
        fed=[(org, fact, day) for no, org, fact, _, day in others if no == 1],
        waived=[(org, item, period) for no, org, item, period, _ in others if no == 2],
    )


def _values(words: Dialect, columns: Columns, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return rows as VALUES; the first names the types of its NULLs and numbers."""
    lines = [
        [_literal(words, value, kind) for value, (_, kind) in zip(row, columns, strict=True)]
        for row in rows
    ]
    if not lines:
        return f"SELECT {', '.join(words.null(kind) for _, kind in columns)} WHERE 1 = 0"
    lines[0] = [words.cast(sql, kind) for sql, (_, kind) in zip(lines[0], columns, strict=True)]
    return "VALUES " + ", ".join(f"({', '.join(line)})" for line in lines)


def _literal(words: Dialect, value: Any, kind: str) -> str:
    if value is None:
        return "NULL"
    if kind == "date":
        return words.date(read_day(value))
    if kind == "text":
        return text(str(value))
    if kind == "bool":
        return "TRUE" if value else "FALSE"
    return str(int(value))
