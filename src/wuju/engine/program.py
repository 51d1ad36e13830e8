"""Compiled rules: SQL text and what it reads, stored as JSON so that a web worker compiles nothing. Pure."""

import datetime as dt
import json
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from wuju.engine.dialects import Dialect, DialectName
from wuju.engine.items import Kind

STRUCTURE = ("life", "lineage", "feed", "waiver", "closure")
"""Structure tables: what every item reads besides facts."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows in the target database: a SELECT with %s placeholders, and its columns in order.

    `rows`: the rows themselves, where whoever made the source holds them anyway.
    """

    sql: str
    params: tuple[Any, ...]
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]] | None = None


type Params = tuple[Any, ...] | Mapping[str, Any]
"""Values of the %s placeholders of a text in their order, or of its %(name)s by name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with placeholders and their values; without values the text holds no percent sign."""

    sql: str
    params: Params


@dataclass(frozen=True, slots=True)
class Shape:
    """The time shape and column types of a fact, as the statements need them."""

    key: str
    org: str
    date: str | None
    valid: tuple[str, str] | None
    types: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Relation:
    """A restricted view of one fact: `own` rows by owner, `each` rows by member, `parent` rows by key.

    `via` names the relations (and their columns) that hold the keys wanted, so that a
    scoped run reads no more than it needs. `windowed`: only rows of the judged days.
    """

    name: str
    role: str
    fact: str
    columns: tuple[str, ...]
    windowed: bool = False
    link: str = ""
    via: tuple[tuple[str, str], ...] = ()

    def merged(self, other: "Relation") -> "Relation":
        """Return the view that serves both."""
        return Relation(
            self.name,
            self.role,
            self.fact,
            tuple(sorted({*self.columns, *other.columns})),
            windowed=self.windowed and other.windowed,
            link=self.link,
            via=tuple(sorted({*self.via, *other.via})),
        )


@dataclass(frozen=True, slots=True)
class Total:
    """A number added up over rows: an aggregate, open where the filter goes.

    `condition` is asked of the counted rows; `counted` False: over all rows, counted or not.
    """

    name: str
    before: str
    after: str = ""
    condition: str = ""
    counted: bool = True

    @property
    def says(self) -> tuple[str, str, str, bool]:
        """Everything but the name: numbers that say the same are one."""
        return self.before, self.after, self.condition, self.counted

    def sql(self, where: str = "") -> str:
        """Return the aggregate over the rows that also satisfy `where`."""
        found = " AND ".join(
            part for part in (where if self.counted else "", self.condition) if part
        )
        return f"{self.before}{f' FILTER (WHERE {found})' if found else ''}{self.after}"


@dataclass(frozen=True, slots=True)
class Gathered:
    """How the numbers of an item are gathered from rows.

    Items with the same `source` (FROM), `placed` (which rows belong to which place) and
    names of organization and period are read in one pass. `where` says which rows the item
    counts; `all_rows`: rows that do not count are read too, for they say that somebody looked.
    """

    source: str
    placed: str
    org: str
    where: str
    all_rows: bool
    totals: tuple[Total, ...]
    period: str = "s.period"

    @property
    def read(self) -> tuple[str, str, str, str]:
        """What items that are read together have in common."""
        return self.source, self.placed, self.org, self.period


@dataclass(frozen=True, slots=True)
class Pieces:
    """An item in pieces, from which a wide run puts together statements for many (`fusing`).

    `owed` is a condition on the spine, `constant` the denominator unless it is gathered;
    `known` names the facts whose feeds must have started. `figures` are what the texts of
    `status` and `score` call by name; items with the same texts are judged in one pass.
    """

    gathered: Gathered
    owed: str
    known: tuple[str, ...]
    constant: int | None
    applies: str
    figures: tuple[tuple[str, str], ...]
    status: str
    score: str


@dataclass(frozen=True, slots=True)
class CompiledItem:
    """One item as SQL.

    `sql` yields the cell columns over the common tables of `prelude`; `rows_sql` lists
    the rows of the period for explain ("" for a composite). `reads` are the facts a write
    to which can change the cells, those of the parts included. `level` is 0, or for a
    composite one more than its deepest part. `applies` are the profile columns and values of the
    organizations it is about. `dated`: a row bears on no period but that of its day.
    A program for DuckDB has `pieces` instead of `sql`.
    """

    no: int
    code: str
    kind: Kind
    grain: str
    level: int
    sql: str
    rows_sql: str
    fact: str
    all_of: tuple[str, ...]
    relations: tuple[Relation, ...]
    row_relations: tuple[Relation, ...]
    profile: tuple[str, ...]
    reads: tuple[str, ...]
    parts: tuple[str, ...]
    halves: bool
    provisional: bool
    applies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dated: bool = False
    pieces: Pieces | None = None


@dataclass(frozen=True)
class Program:
    """Everything needed to evaluate one version of the rules in one dialect."""

    dialect: DialectName
    digest: str
    effective_from: dt.date
    items: tuple[CompiledItem, ...]
    shapes: Mapping[str, Shape] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, CompiledItem]:
        return {item.code: item for item in self.items}

    @cached_property
    def by_no(self) -> dict[int, CompiledItem]:
        return {item.no: item for item in self.items}

    @cached_property
    def texts(self) -> dict[Hashable, Any]:
        """Texts put together once a process (`frozen`): what they are made of → the text."""
        return {}

    @cached_property
    def words(self) -> Dialect:
        return Dialect(self.dialect)

    def items_reading(self, fact: str) -> tuple[str, ...]:
        """Codes of the items whose cells a write to a fact (or structure table) can change."""
        every = fact in STRUCTURE or fact == "org"
        return tuple(item.code for item in self.items if every or fact in item.reads)

    def chosen(self, codes: Collection[str] | None) -> list[CompiledItem]:
        """Return the items of these codes (None: all) in order; unknown codes are left out."""
        return [item for item in self.items if codes is None or item.code in codes]

    def with_parts(self, chosen: Sequence[CompiledItem]) -> list[CompiledItem]:
        """Return the chosen items and the parts of their composites, in evaluation order."""
        wanted, waiting = {item.code for item in chosen}, list(chosen)
        while waiting:
            for code in waiting.pop().parts:
                if code not in wanted:
                    wanted.add(code)
                    waiting.append(self.by_code[code])
        found = [item for item in self.items if item.code in wanted]
        return sorted(found, key=lambda item: (item.level, item.no))

    def only(self, codes: Collection[str]) -> "Program":
        """Return the program with these items; composites are made of these alone."""
        kept = (item for item in self.items if item.code in codes)
        items = (
            replace(item, parts=tuple(part for part in item.parts if part in codes))
            for item in kept
        )
        return replace(self, items=tuple(items))

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, default=str, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Program":
        """Read what `to_json` wrote."""
        data = json.loads(text)
        return cls(
            dialect=data["dialect"],
            digest=data["digest"],
            effective_from=dt.date.fromisoformat(data["effective_from"]),
            items=tuple(_item(body) for body in data["items"]),
            shapes={name: _shape(body) for name, body in data["shapes"].items()},
        )


def _item(body: dict[str, Any]) -> CompiledItem:
    relations = {
        name: tuple(_relation(each) for each in body[name])
        for name in ("relations", "row_relations")
    }
    tuples = {name: tuple(body[name]) for name in ("all_of", "profile", "reads", "parts")}
    applies = tuple((column, tuple(values)) for column, values in body["applies"])
    pieces = _pieces(body["pieces"]) if body.get("pieces") else None
    kind = Kind(body["kind"])
    return CompiledItem(
        **{**body, **relations, **tuples, "applies": applies, "kind": kind, "pieces": pieces}
    )


def _pieces(body: dict[str, Any]) -> Pieces:
    gathered = body["gathered"]
    totals = tuple(Total(**total) for total in gathered["totals"])
    figures = tuple((name, sql) for name, sql in body["figures"])
    return Pieces(
        **{
            **body,
            "gathered": Gathered(**{**gathered, "totals": totals}),
            "known": tuple(body["known"]),
            "figures": figures,
        }
    )


def _relation(body: dict[str, Any]) -> Relation:
    via = tuple((name, column) for name, column in body["via"])
    return Relation(**{**body, "columns": tuple(body["columns"]), "via": via})


def _shape(body: dict[str, Any]) -> Shape:
    valid = body["valid"]
    return Shape(**{**body, "valid": (valid[0], valid[1]) if valid else None})
