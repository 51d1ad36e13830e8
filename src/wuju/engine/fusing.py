"""Statements that judge many items in one pass: rows read alike are read once, verdicts said alike are said once. Pure.

For one grain: every fact is gathered once for all its items, side by side on the spine, and
the numbers of each item are then judged by the text they share with all items of the same form.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from wuju.engine.dialects import text
from wuju.engine.items import Status
from wuju.engine.prelude import CELL_COLUMNS
from wuju.engine.program import CompiledItem, Pieces, Total
from wuju.engine.render import profile_column
from wuju.engine.wide_prelude import WidePrelude, known_column
from wuju.kit.periods import GRAINS

AT_ONCE = 8
"""Passes over rows in one statement: their numbers are held side by side until all are judged."""


def cell_statements(prelude: WidePrelude, items: Sequence[CompiledItem]) -> Iterator[str]:
    """Yield the SELECTs of the cells of items of one level, over common tables already there."""
    for grain in GRAINS:
        passes: dict[tuple[str, ...], list[CompiledItem]] = defaultdict(list)
        for item in items:
            if item.grain == grain:
                passes[_pieces(item).gathered.read].append(item)
        groups = list(passes.values())
        for start in range(0, len(groups), AT_ONCE):
            yield _Statement(prelude, groups[start : start + AT_ONCE]).sql()


def _pieces(item: CompiledItem) -> Pieces:
    if item.pieces is None:
        raise AssertionError(item.code)
    return item.pieces


@dataclass(frozen=True)
class _Statement:
    """Some passes over rows of one grain, and the verdicts on what they give."""

    prelude: WidePrelude
    passes: Sequence[Sequence[CompiledItem]]

    @property
    def items(self) -> list[CompiledItem]:
        return [item for group in self.passes for item in group]

    @cached_property
    def about(self) -> list[str]:
        """Which organizations the items are about, in so many words."""
        return sorted({_pieces(item).applies for item in self.items})

    def sql(self) -> str:
        parts = [part.text() for part in self.prelude.streams(self.items)]
        parts.append(f"side AS MATERIALIZED ({self.side_by_side()})")
        alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
        for item in self.items:
            pieces = _pieces(item)
            form = pieces.status, pieces.score, tuple(name for name, _ in pieces.figures)
            placed = self.placed(item, named=form not in alike)
            alike[form].append(placed)
        judged = " UNION ALL ".join(_judged(*form, placed) for form, placed in alike.items())
        return f"WITH {', '.join(parts)} {judged}"

    # ------------------------------------------------------------------ gathering
    def side_by_side(self) -> str:
        """Return the spine with the numbers of every item beside it."""
        columns = {"org_id", "period", "late", *self.spine_columns()}
        found = [f"s.{name}" for name in sorted(columns)]
        joins = ""
        for no, group in enumerate(self.passes):
            found += [f"m{no}.{name}" for item in group for name in _totals(item)]
            joins += f" LEFT JOIN ({_gathered(group)}) AS m{no} ON m{no}.org_id = s.org_id AND m{no}.period = s.period"
        return f"SELECT {', '.join(found)} FROM spine AS s{joins} WHERE s.grain = '{self.items[0].grain}' AND ({' OR '.join(f'1 = 1{each}' for each in self.about)})"

    def spine_columns(self) -> Iterator[str]:
        for item in self.items:
            yield "lived_half" if item.halves else "lived_full"
            yield from (profile_column(name).removeprefix("s.") for name in item.profile)
            yield from map(known_column, self.late(item))

    def late(self, item: CompiledItem) -> list[str]:
        return [fact for fact in _pieces(item).known if fact in self.prelude.late]

    # ------------------------------------------------------------------ judging
    def placed(self, item: CompiledItem, *, named: bool) -> str:
        """Return the rows of one item as `Verdict` wants them; columns are named once in a UNION."""
        pieces = _pieces(item)
        den = "CAST(1 AS BIGINT)" if pieces.constant == 1 else f"CAST({pieces.constant} AS BIGINT)"
        numbers = [("num", self.number("num", item)), ("den", den)]
        if pieces.constant is None:
            numbers[1] = ("den", self.number("den", item))
        numbers += [(name, self.number(name, item)) for name in ("evidence", "evidence_key")]
        columns = [
            ("org_id", "s.org_id"), ("item_no", str(item.no)), ("period", "s.period"), ("late", "s.late"),
            ("gate", self.gate(item)), *numbers, *pieces.figures,
        ]  # fmt: skip
        listed = ", ".join(f"{sql} AS {name}" if named else sql for name, sql in columns)
        waived = ""
        if item.code in self.prelude.waived:
            waived = (
                f" LEFT JOIN (SELECT org_id, period FROM waived WHERE item = {text(item.code)}) AS w"
                " ON w.org_id = s.org_id AND w.period = s.period"
            )
        about = f" WHERE 1 = 1{pieces.applies}" if len(self.about) > 1 else ""
        return f"SELECT {listed} FROM side AS s{waived}{about}"

    def number(self, name: str, item: CompiledItem) -> str:
        return f"coalesce(s.{_column(name, item)}, 0)"

    def gate(self, item: CompiledItem) -> str:
        """0 not owed, 1 waived, 2 nobody has looked, 3 to be judged."""
        pieces = _pieces(item)
        known = [f"s.{known_column(fact)}" for fact in self.late(item)]
        if any(total.name == "seen" for total in pieces.gathered.totals):
            known.append(f"s.{_column('seen', item)} > 0")
        looked = f"CASE WHEN {' AND '.join(known)} THEN 3 ELSE 2 END" if known else "3"
        if item.code in self.prelude.waived:
            looked = f"CASE WHEN w.org_id IS NULL THEN {looked} ELSE 1 END"
        return f"CASE WHEN {pieces.owed} THEN {looked} ELSE 0 END"


def _gathered(group: Sequence[CompiledItem]) -> str:
    """Read the rows of some items once and add up what each of them counts."""
    read = _pieces(group[0]).gathered
    wheres = [_pieces(item).gathered.where for item in group]
    alone = len(group) == 1 and not read.all_rows
    columns = [
        f"{total.sql('' if alone else where)} AS {name}"
        for item, where in zip(group, wheres, strict=True)
        for name, total in _totals(item).items()
    ]
    counted = "" if read.all_rows or "" in wheres else f" AND ({' OR '.join(wheres)})"
    return (
        f"SELECT {read.org} AS org_id, {read.period} AS period, {', '.join(columns)} FROM {read.source}"
        f" WHERE {read.placed}{counted} GROUP BY {read.org}, {read.period}"
    )


def _totals(item: CompiledItem) -> dict[str, Total]:
    """Return what has to be added up by the column it goes to; what is the same is added up once."""
    return {_column(total.name, item): total for total in _pieces(item).gathered.totals}


def _column(name: str, item: CompiledItem) -> str:
    """Return the column of a number: that of the first number added up in the same way."""
    totals = _pieces(item).gathered.totals
    asked = next(total for total in totals if total.name == name)
    first = next(total for total in totals if total.says == asked.says)
    return f"{first.name}_{item.no}"


def _judged(status: str, score: str, figures: Sequence[str], placed: Sequence[str]) -> str:
    """Say the verdict on the rows of items that are judged alike."""
    zeroed = ", ".join(
        f"CASE WHEN i.gate < {Status.UNVERIFIED} THEN 0 ELSE i.{name} END AS {name}"
        for name in ("num", "den", "evidence", "evidence_key")
    )
    names = "".join(f", i.{name}" for name in figures)
    rows = " UNION ALL ".join(placed)
    columns = ", ".join(
        f"{score} AS score" if name == "score" else f"j.{name}" for name in CELL_COLUMNS
    )
    return (
        f"SELECT {columns} FROM (SELECT i.org_id, i.item_no, i.period, {zeroed}, {status} AS status{names}"
        f" FROM ({rows}) AS i) AS j"
    )
