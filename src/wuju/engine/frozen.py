"""The common tables of a small scope, read once and then handed over as plain rows. Pure.

A database plans every reference to a common table anew: for a few organizations the
planning costs far more than the reading. With the spine as plain rows an item costs a few
tenths of a millisecond. SQLite is handed the rows by name: the text stays the same from
write to write, so a connection plans it once and then only runs it. PostgreSQL plans
each time, and best over literals.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wuju.engine.dialects import Columns, quoted
from wuju.engine.prelude import (
    Prelude,
    Scored,
    cell_text,
    names_of,
    period_rows,
)
from wuju.engine.program import CompiledItem, Params, Statement

type Rows = Sequence[tuple[Any, ...]]
type Execute = Callable[[str, Params], list[tuple[Any, ...]]]

SMALL = 25
"""Organizations up to which plain rows are cheaper than common tables."""
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
    """What was read: rows of the spine (its columns in order), lineage, feeds, waived periods.

    `blank` makes an empty prelude of the scope.
    """

    blank: Callable[[], Prelude]
    columns: Columns
    spine: Rows
    lineage: Rows
    fed: Rows
    waived: Rows

    def owing(self, items: Sequence[CompiledItem]) -> list[CompiledItem]:
        """Leave out the items that are about no organization and period read here."""
        return [item for item in items if self.about(item)]

    def about(self, item: CompiledItem) -> bool:
        """Say whether a line of the spine is one the item is about."""
        at = {name: no for no, (name, _) in enumerate(self.columns)}
        asked = [(at[f"f_{name}"], values) for name, values in item.applies]
        return any(
            row[2] == item.grain and all(row[no] in values for no, values in asked)
            for row in self.spine
        )

    def statement(self, items: Sequence[CompiledItem], scored: Scored) -> Statement:
        """Return the statement that judges these items (of one level) over the rows read."""
        prelude, rows = self.blank(), self.rows(items)
        if not prelude.bound:
            return Statement(self.text(prelude, items, rows, scored), tuple(prelude.params))
        key = ("cells", *(item.code for item in items), *_texts_of(prelude))
        texts = prelude.program.texts
        if key not in texts:
            texts[key] = self.text(prelude, items, rows, scored)
        values = handed_over(prelude) | {name: packed(of) for name, (_, of) in rows.items()}
        if any(item.parts for item in items):
            values |= {
                "scored": packed(scored),
                "period": packed(period_rows(prelude.periods, prelude.as_of)),
            }
        return Statement(texts[key], values)

    def rows(self, items: Sequence[CompiledItem]) -> dict[str, tuple[Columns, Rows]]:
        """Return the common tables as the items read them: columns and rows by name."""
        grains = {item.grain for item in items}
        facts = {relation.fact for item in items for relation in item.relations}
        codes = {item.code for item in items}
        profile = {f"f_{name}" for item in items for name in item.profile}
        used = [
            no for no, (name, _) in enumerate(self.columns) if no < len(SPINE) or name in profile
        ]
        spine = [tuple(row[no] for no in used) for row in self.spine if row[2] in grains]
        return {
            "spine": ([self.columns[no] for no in used], spine),
            "lineage": (_LINEAGE, self.lineage),
            "fed": (_FED, [row for row in self.fed if row[1] in facts]),
            "waived": (_WAIVED, [row for row in self.waived if row[1] in codes]),
        }

    def text(
        self,
        prelude: Prelude,
        items: Sequence[CompiledItem],
        rows: dict[str, tuple[Columns, Rows]],
        scored: Scored,
    ) -> str:
        for name, (columns, of) in rows.items():
            prelude.rows(name, columns, of)
        if any(item.parts for item in items):
            prelude.period_table()
        return cell_text(prelude, items, scored)


def freeze(
    blank: Callable[[], Prelude], items: Sequence[CompiledItem], execute: Execute
) -> Frozen:
    """Read the common tables of a scope for these items."""
    read = _Reading(blank(), items)
    if read.prelude.bound:
        key = ("common", read.key, *_texts_of(read.prelude))
        texts = read.prelude.program.texts
        if key not in texts:
            texts[key] = read.texts()
        columns, spine_sql, others_sql = texts[key]
        params: Params = handed_over(read.prelude) | {
            "period": packed(period_rows(read.prelude.periods, read.prelude.as_of)),
            "halves": packed(read.prelude.halves or ()),
        }
    else:
        columns, spine_sql, others_sql = read.texts()
        params = tuple(read.prelude.params)
    others = execute(others_sql, params)
    return Frozen(
        blank=blank,
        columns=columns,
        spine=execute(spine_sql, params),
        lineage=[(org, owner) for no, org, _, owner, _ in others if no == 3],
        fed=[(org, fact, day) for no, org, fact, _, day in others if no == 1],
        waived=[(org, item, period) for no, org, item, period, _ in others if no == 2],
    )


@dataclass(frozen=True)
class _Reading:
    """Puts together what reads the common tables of some items."""

    prelude: Prelude
    items: Sequence[CompiledItem]

    @property
    def key(self) -> tuple[object, ...]:
        """What the texts depend on: the profile read, and whether half lives are counted."""
        profile = sorted({name for item in self.items for name in item.profile})
        return (any(item.halves for item in self.items), *profile)

    def texts(self) -> tuple[Columns, str, str]:
        """Return (columns of the spine, its SELECT, the SELECT of feeds, waived periods and lineage)."""
        profile = self.prelude.common(self.items)
        types = self.prelude.program.shapes["org"].types
        columns = (*SPINE, *((f"f_{name}", types.get(name, "int")) for name in profile))
        names = ", ".join(quoted(name) for name, _ in columns)
        null, tables = self.prelude.words.null, self.prelude.text()
        others = (
            f"SELECT 1, org_id, fact, {null('int')}, starts_on FROM fed"
            f" UNION ALL SELECT 2, org_id, item, period, {null('date')} FROM waived"
            f" UNION ALL SELECT 3, org_id, {null('text')}, owner_id, {null('date')} FROM lineage"
        )
        return columns, f"{tables}\nSELECT {names} FROM spine", f"{tables}\n{others}"


def _texts_of(prelude: Prelude) -> tuple[object, ...]:
    """Return what the sources put into a text."""
    return tuple((name, each.sql, each.columns) for name, each in prelude.sources.items())


def packed(rows: Iterable[Sequence[Any]]) -> str:
    """Return plain rows as the JSON that `Dialect.handed` reads."""
    return json.dumps(list(rows), separators=(",", ":"), default=str)


def handed_over(prelude: Prelude) -> dict[str, Any]:
    """Return the values of the names a bound prelude writes, but for rows of the caller's own."""
    found: dict[str, Any] = {name: str(day) for name, day in prelude.bounds.items()}
    if prelude.scope:
        found |= {
            "orgs": json.dumps(prelude.scope.orgs),
            "origins": json.dumps(prelude.scope.origins),
        }
    for name, source in prelude.sources.items():
        found |= zip(names_of(name, source), source.params, strict=True)
    return found
