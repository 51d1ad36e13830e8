"""From a condition tree to SQL, noting which columns it needs. Pure."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from wuju.engine.conditions import Node
from wuju.engine.dialects import Dialect, quoted, text
from wuju.engine.resolve import DERIVED
from wuju.kit.facts import FactSpec

_CLOCK = {"as_of": "s.as_of", "period_start": "s.starts_on", "period_end": "s.ends_on"}


def _infix(op: str, parts: list[str]) -> str:
    return f"({parts[0]} {op.upper()} {parts[1]})"


def _test(op: str, parts: list[str]) -> str:
    return f"({parts[0]} {op.upper().replace('_', ' ')})"


_SHAPES: dict[str, Callable[[str, list[str]], str]] = {
    "in": lambda _, parts: f"({parts[0]} IN ({', '.join(parts[1:])}))",
    "not": lambda _, parts: f"(NOT {parts[0]})",
    "is_null": _test,
    "is_true": _test,
    "is_false": _test,
}


def profile_column(name: str) -> str:
    """Return the spine's name for a profile column."""
    return "s." + quoted(f"f_{name}")


@dataclass
class Needed:
    """What a rendered item reads: columns by fact and role, parents by alias."""

    profile: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    parents: dict[str, set[str]] = field(default_factory=dict)

    @property
    def head_count(self) -> bool:
        return bool(self.profile.intersection(DERIVED))


@dataclass
class Renderer:
    """Renders trees over one fact whose rows are called `alias`."""

    fact: FactSpec
    alias: str
    dialect: Dialect
    needed: Needed

    def column(self, name: str) -> str:
        """Return an own column; the profile's live in the spine."""
        if self.fact.name == "org":
            self.needed.profile.add(name)
            return profile_column(name)
        self.needed.own.add(name)
        return f"{self.alias}.{quoted(name)}"

    def parent_alias(self, fact: str) -> str:
        return f"{self.alias}_{fact}"

    def sql(self, node: Node) -> str:
        if node.op == "lit":
            return self.literal(node)
        if node.op in {"own", "org", "parent", "clock"}:
            return self.name(node)
        if node.op in {"+", "-", "*"}:
            return f"({self.operand(node.args[0])} {node.op} {self.operand(node.args[1])})"
        parts = [self.sql(arg) for arg in node.args]
        return _SHAPES.get(node.op, _infix)(node.op, parts)

    def operand(self, node: Node) -> str:
        sql = self.sql(node)
        return self.dialect.cast(sql, "int") if node.op == "lit" else sql

    def literal(self, node: Node) -> str:
        value = node.value
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, dt.date):
            return self.dialect.date(value)
        return text(value) if isinstance(value, str) else str(value)

    def name(self, node: Node) -> str:
        name = str(node.value)
        if node.op == "clock":
            return _CLOCK[name]
        if node.op == "org":
            self.needed.profile.add(name)
            return profile_column(name)
        if node.op == "own":
            return self.column(name)
        self.needed.parents.setdefault(node.fact, set()).add(name)
        return f"{self.parent_alias(node.fact)}.{quoted(name)}"
