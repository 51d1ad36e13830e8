"""The few words in which SQLite, PostgreSQL, DuckDB and Spark differ. Pure.

Everything else the compiler writes is the same text: no date functions, no engine
functions, `count(*) FILTER`, explicit BIGINT, quoted identifiers. Dates on SQLite are ISO
text, booleans there are 0 and 1. Text for Spark is written as for DuckDB and said in
Spark's words by `spark_words`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from wuju.kit.periods import read_day

type Columns = Sequence[tuple[str, str]]
"""Names and types (`int`, `text`, `date`, `bool`) of plain rows."""
type DialectName = Literal["duckdb", "sqlite", "postgres", "spark"]

_TYPES = {"int": "BIGINT", "text": "VARCHAR", "date": "DATE", "bool": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one database writes literals, casts and exact integer division."""

    name: DialectName

    def cast(self, sql: str, kind: str) -> str:
        """SQLite types values, not columns: a cast there would spoil ISO dates."""
        return sql if self.name == "sqlite" else f"CAST({sql} AS {_TYPES[kind]})"

    def null(self, kind: str) -> str:
        return self.cast("NULL", kind)

    def date(self, day: dt.date) -> str:
        return f"'{day.isoformat()}'" if self.name == "sqlite" else f"DATE '{day.isoformat()}'"

    def integer(self, number: int) -> str:
        """Return an integer that 32-bit arithmetic cannot spoil."""
        return self.cast(str(number), "int")

    def literal(self, value: Any, kind: str) -> str:
        if value is None:
            return "NULL"
        if kind == "date":
            return self.date(read_day(value))
        if kind == "text":
            return text(str(value))
        if kind == "bool":
            return "TRUE" if value else "FALSE"
        return str(int(value))

    def values(self, columns: Columns, rows: Iterable[Sequence[Any]]) -> str:
        """Return rows as VALUES; the first names the types of its NULLs and numbers."""
        lines = [
            [self.literal(value, kind) for value, (_, kind) in zip(row, columns, strict=True)]
            for row in rows
        ]
        if not lines:
            return f"SELECT {', '.join(self.null(kind) for _, kind in columns)} WHERE 1 = 0"
        lines[0] = [self.cast(sql, kind) for sql, (_, kind) in zip(lines[0], columns, strict=True)]
        return "VALUES " + ", ".join(f"({', '.join(line)})" for line in lines)

    def handed(self, name: str, how_many: int) -> str:
        """Return the rows handed over as JSON under a parameter's name (SQLite alone)."""
        columns = ", ".join(f"e.value ->> {no}" for no in range(how_many))
        return f"SELECT {columns} FROM json_each(%({name})s) AS e"

    def divide(self, above: str, below: str) -> str:
        """Return truncating division of integers, of which `below` is positive and `above` is not negative."""
        sign = "//" if self.name in {"duckdb", "spark"} else "/"
        return f"(({above}) {sign} ({below}))"


@lru_cache(maxsize=4096)
def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text literal; a percent sign would be read as a placeholder."""
    if "%" in value:
        raise ValueError(value)
    return "'" + value.replace("'", "''") + "'"
