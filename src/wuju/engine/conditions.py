"""Conditions of the item language: SQL boolean text, read by SQLGlot, checked against the catalogue. Pure.

The result is a small tree of `Node`s that the oracle evaluates and the compiler renders,
so that both share the reading of the text and nothing else.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from wuju.kit.errors import DomainError
from wuju.kit.facts import Catalog, FactSpec

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

type Scalar = int | str | bool | dt.date | None

CLOCKS = ("as_of", "period_start", "period_end")
ANY = "any"
_KINDS = {
    "ref": "int",
    "cents": "int",
    "tenths": "int",
    "int": "int",
    "item": "text",
    "code": "text",
}
_TITLES = {"bool": "是或否", "int": "整数", "text": "代码", "date": "日期", ANY: "空值"}
_PARAMETER = re.compile(r"\$(\w+)")
_PARAMETER_TABLE = "parameter__"
_PERCENT = re.compile(r"^\d+(\.\d+)?%$|^\d+/\d+$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_LONGEST = 2000


class BadCondition(DomainError):
    """The text of a condition cannot be read, or names something that is not there."""

    def __init__(self, text: str, why: str) -> None:
        self.text = text
        super().__init__(f"条件“{text}”不能用：{why}。")


@dataclass(frozen=True, slots=True)
class Node:
    """One node: `op` with its arguments, and the type of its value (bool, int, text, date, any).

    Leaves are `lit` (value), `own`, `parent`, `org` and `clock` (value = column name;
    `fact` = the parent's fact).
    """

    op: str
    type: str
    args: "tuple[Node, ...]" = ()
    value: Scalar = None
    fact: str = ""

    def walk(self) -> "Iterator[Node]":
        yield self
        for arg in self.args:
            yield from arg.walk()


TRUE = Node("lit", "bool", value=True)


@dataclass(frozen=True)
class Reader:
    """Reads condition and expression text over one fact."""

    fact: FactSpec
    catalog: Catalog
    parameters: Mapping[str, int | str | None]

    def read(self, text: str, expects: str = "bool") -> Node:
        """Return the checked tree of `text`, whose value is of the type `expects`.

        Raises:
            BadCondition: the text has another shape, an unknown column or a wrong type.
        """
        return _Reading(self, str(text)).tree(expects)

    @cached_property
    def profile(self) -> FactSpec | None:
        return self.catalog.get("org")


def columns_read(text: str, fact: str, catalog: Catalog) -> set[tuple[str, str]]:
    """Return the (fact, column) pairs a condition over `fact` reads; parameters may have any value."""
    names: dict[str, int | str | None] = dict.fromkeys(_PARAMETER.findall(text))
    tree = Reader(catalog[fact], catalog, names).read(text, ANY)
    owner = {"own": fact, "org": "org"}
    return {
        (node.fact or owner[node.op], str(node.value))
        for node in tree.walk()
        if node.op in {"own", "org", "parent"}
    }


class _Reading:
    def __init__(self, reader: Reader, text: str) -> None:
        self.reader, self.text = reader, text

    def refuse(self, why: str) -> BadCondition:
        return BadCondition(self.text, why)

    def tree(self, expects: str) -> Node:
        tree = self.node(self.parsed())
        return self.typed(tree, expects)

    def parsed(self) -> "Expr":
        import sqlglot  # noqa: PLC0415

        if len(self.text) > _LONGEST:
            raise self.refuse("太长了，请拆成几个清单项")
        try:
            found = _parsed(_hide_parameters(self.text))
        except (sqlglot.errors.SqlglotError, RecursionError) as error:
            raise self.refuse("看不懂，请检查括号、引号和运算符") from error
        if len(found) != 1 or found[0] is None:
            raise self.refuse("须是一个条件，不能为空，也不能有分号")
        return found[0]

    def node(self, part: "Expr") -> Node:
        make = _MAKERS.get(type(part).__name__)
        if make is None:
            raise self.refuse(
                f"不能写“{part.sql()[:40]}”，只能用比较、AND、OR、NOT、IN、IS NULL、BETWEEN 和加减乘"
            )
        return make(self, part)

    def typed(self, node: Node, expects: str) -> Node:
        """Return the node if it has the wanted type; quoted text becomes a date where one is wanted."""
        if expects == ANY or node.type in {expects, ANY}:
            return node
        if expects == "date" and node.op == "lit" and node.type == "text":
            return replace(node, type="date", value=self.date(str(node.value)))
        raise self.refuse(f"这里要{_TITLES[expects]}，写的却是{_TITLES[node.type]}")

    def date(self, text: str) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise self.refuse(f"“{text}”不是日期，请写成 2026-01-31") from error

    def same(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Bring the sides of a comparison to one type."""
        types = {node.type for node in nodes if node.type != ANY}
        wanted = "date" if "date" in types else next(iter(sorted(types)), ANY)
        return tuple(self.typed(node, wanted) for node in nodes)

    # ------------------------------------------------------------------ leaves
    def literal(self, part: Any) -> Node:
        text = str(part.this)
        if part.is_string:
            if "%" in text:
                raise self.refuse("引号里不能有百分号")
            return Node("lit", "text", value=text)
        if not text.isdigit() or len(text) > 18:
            raise self.refuse(f"“{text}”不是整数，金额请用分、学时请用十分之一学时")
        return Node("lit", "int", value=int(text))

    def boolean(self, part: Any) -> Node:
        return Node("lit", "bool", value=bool(part.this))

    def null(self, _part: Any) -> Node:
        return Node("lit", ANY)

    def column(self, part: Any) -> Node:
        name, table = part.name, part.table
        if part.args.get("db") or part.args.get("catalog"):
            raise self.refuse(f"“{part.sql()}”层次太多，只能写 列 或 上级.列")
        if table == _PARAMETER_TABLE:
            return self.parameter(name)
        if table:
            return self.foreign(table, name)
        if name in CLOCKS:
            return Node("clock", "date", value=name)
        return Node("own", self.type_of(self.reader.fact, name), value=name)

    def parameter(self, name: str) -> Node:
        known = self.reader.parameters
        if name not in known:
            raise self.refuse(f"参数“${name}”没有定义{_suggest(name, known, '$')}")
        value = known[name]
        if value is None:
            return Node("lit", ANY)
        if isinstance(value, str) and _PERCENT.match(value):
            raise self.refuse(f"参数“${name}”是比例，只能写在目标里")
        if isinstance(value, str) and _DATE.match(value):
            return Node("lit", "date", value=self.date(value))
        return Node("lit", "int" if isinstance(value, int) else "text", value=value)

    def foreign(self, table: str, name: str) -> Node:
        fact, profile = self.reader.fact, self.reader.profile
        if table == fact.name:
            return Node("own", self.type_of(fact, name), value=name)
        if table == "org" and profile:
            return Node("org", self.type_of(profile, name), value=name)
        parent = self.reader.catalog.get(table)
        if table not in fact.parents or parent is None:
            allowed = [*fact.parents, "org"]
            raise self.refuse(f"“{fact.title}”没有上级“{table}”{_suggest(table, allowed)}")
        return Node("parent", self.type_of(parent, name), value=name, fact=table)

    def type_of(self, fact: FactSpec, name: str) -> str:
        found = fact.type_of(name)
        if found is None:
            names = [*fact.all_columns, *CLOCKS]
            raise self.refuse(f"“{fact.title}”没有列“{name}”{_suggest(name, names)}")
        return _KINDS.get(found, found)

    # ------------------------------------------------------------------ operators
    def paren(self, part: Any) -> Node:
        return self.node(part.this)

    def logic(self, part: Any) -> Node:
        pair = (self.node(part.this), self.node(part.expression))
        args = tuple(self.typed(arg, "bool") for arg in pair)
        return Node(type(part).__name__.lower(), "bool", args)

    def negation(self, part: Any) -> Node:
        return Node("not", "bool", (self.typed(self.node(part.this), "bool"),))

    def comparison(self, part: Any) -> Node:
        op = _COMPARISONS[type(part).__name__]
        args = self.same((self.node(part.this), self.node(part.expression)))
        return self.compared(op, args)

    def compared(self, op: str, args: tuple[Node, ...]) -> Node:
        ordered = op not in {"=", "<>"}
        if ordered and {arg.type for arg in args} & {"text", "bool"}:
            raise self.refuse(f"代码和是否不能用 {op} 比较，请用 = 或 IN")
        self.check_codes(args[0], args[1:])
        return Node(op, "bool", args)

    def membership(self, part: Any) -> Node:
        if any(value for key, value in part.args.items() if key not in {"this", "expressions"}):
            raise self.refuse("IN 后面只能写一列值")
        args = self.same(tuple(self.node(each) for each in [part.this, *part.expressions]))
        self.check_codes(args[0], args[1:])
        return Node("in", "bool", args)

    def between(self, part: Any) -> Node:
        args = (self.node(part.this), self.node(part.args["low"]), self.node(part.args["high"]))
        value, low, high = self.same(args)
        return Node(
            "and", "bool", (self.compared(">=", (value, low)), self.compared("<=", (value, high)))
        )

    def identity(self, part: Any) -> Node:
        value, right = self.node(part.this), self.node(part.expression)
        if right.op != "lit" or right.type not in {ANY, "bool"}:
            raise self.refuse("IS 后面只能写 NULL、TRUE 或 FALSE")
        if right.type == ANY:
            return Node("is_null", "bool", (value,))
        op = "is_true" if right.value else "is_false"
        return Node(op, "bool", (self.typed(value, "bool"),))

    def arithmetic(self, part: Any) -> Node:
        pair = (self.node(part.this), self.node(part.expression))
        args = tuple(self.typed(arg, "int") for arg in pair)
        return Node(_ARITHMETIC[type(part).__name__], "int", args)

    def check_codes(self, column: Node, literals: tuple[Node, ...]) -> None:
        """Refuse a code that the catalogue does not list for the column."""
        values = self.codes(column)
        for literal in literals:
            if (
                values
                and literal.op == "lit"
                and literal.value is not None
                and literal.value not in values
            ):
                known = "、".join(values)
                raise self.refuse(
                    f"列“{column.value}”没有代码“{literal.value}”{_suggest(str(literal.value), values)}，可用的有 {known}"
                )

    def codes(self, column: Node) -> tuple[str, ...]:
        specs: dict[str, FactSpec | None] = {"own": self.reader.fact, "org": self.reader.profile}
        spec = self.reader.catalog.get(column.fact) if column.fact else specs.get(column.op)
        found = spec.columns.get(str(column.value)) if spec else None
        return found.values if found else ()


_COMPARISONS = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_ARITHMETIC = {"Add": "+", "Sub": "-", "Mul": "*"}
_MAKERS: dict[str, Callable[[_Reading, Any], Node]] = {
    "And": _Reading.logic,
    "Or": _Reading.logic,
    "Not": _Reading.negation,
    "Paren": _Reading.paren,
    "Column": _Reading.column,
    "Literal": _Reading.literal,
    "Boolean": _Reading.boolean,
    "Null": _Reading.null,
    "In": _Reading.membership,
    "Is": _Reading.identity,
    "Between": _Reading.between,
    **dict.fromkeys(_COMPARISONS, _Reading.comparison),
    **dict.fromkeys(_ARITHMETIC, _Reading.arithmetic),
}


@lru_cache(maxsize=1024)
def _parsed(text: str) -> "list[Expr | None]":
    """Parse a text once: the linter and the compiler read the same conditions. The trees are only looked at."""
    import sqlglot  # noqa: PLC0415 - 0.15 s that only compilers and linters pay

    return sqlglot.parse(text)


def _hide_parameters(text: str) -> str:
    """Write `$name` as a column that no fact has; quoted text stays as it is."""
    pieces = text.split("'")
    outside = [_PARAMETER.sub(rf"{_PARAMETER_TABLE}.\1", piece) for piece in pieces[::2]]
    pieces[::2] = outside
    return "'".join(pieces)


def _suggest(
    name: str, known: "Mapping[str, Any] | list[str] | tuple[str, ...]", mark: str = ""
) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"，是不是想写“{mark}{close[0]}”" if close else ""
