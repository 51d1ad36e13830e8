"""The few words in which SQLite, PostgreSQL, DuckDB and Spark differ. Pure.

Everything else the compiler writes is the same text: no date functions, no engine
functions, `count(*) FILTER`, explicit BIGINT, quoted identifiers. Dates on SQLite are ISO
text, booleans there are 0 and 1. Text for Spark is written as for DuckDB and said in
Spark's words by `spark_words`.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

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
