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
class CompiledItem:
    """One item as SQL.

    `sql` yields the cell columns over the common tables of `prelude`; `rows_sql` lists
    the rows of the period for explain ("" for a composite). `reads` are the facts a write
    to which can change the cells, those of the parts included. `level` is 0, or for a
    composite one more than its deepest part. `applies` are the profile columns and values of the
    organizations it is about. `dated`: a row bears on no period but that of its day.
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
    return CompiledItem(
        **{**body, **relations, **tuples, "applies": applies, "kind": Kind(body["kind"])}
    )


def _relation(body: dict[str, Any]) -> Relation:
    via = tuple((name, column) for name, column in body["via"])
    return Relation(**{**body, "columns": tuple(body["columns"]), "via": via})


def _shape(body: dict[str, Any]) -> Shape:
    valid = body["valid"]
    return Shape(**{**body, "valid": (valid[0], valid[1]) if valid else None})
