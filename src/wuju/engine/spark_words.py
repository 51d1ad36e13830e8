"""The house's SQL in Spark's words, by SQLGlot; what has no exact equal there is refused. Pure; text only."""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


class NotForSpark(ValueError):
    """The text is more than a SELECT over tables that were handed over, or Spark lacks an exact equal."""


def spark_sql(sql: str, tables: Collection[str]) -> str:
    """Return one SELECT in Spark's SQL: backticks, STRING, `DIV`, and NULLs where the house has them.

    Args:
        sql: text of the compiler or prelude, in the `spark` dialect of `dialects`.
        tables: the names it may read besides its own common tables.

    Raises:
        NotForSpark: another statement, an unknown table or function, inexact division.
    """
    import sqlglot  # noqa: PLC0415 - 0.1 s that only Spark runs pay
    from sqlglot.errors import ErrorLevel, SqlglotError  # noqa: PLC0415

    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        _check(tree, tables)
        return tree.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise NotForSpark(f"{error}: {sql[:200]}") from error


def _check(tree: "exp.Expr", tables: Collection[str]) -> None:
    """Refuse what reaches beyond the tables, and what is not exact."""
    from sqlglot import exp  # noqa: PLC0415

    if not isinstance(tree, exp.Query):
        raise NotForSpark(tree.key)
    known = set(tables)
    for common in tree.find_all(exp.CTE):
        known.add(common.alias)
        common.set("materialized", None)  # Spark decides for itself
    foreign = [
        table
        for table in tree.find_all(exp.Table)
        if table.db or not isinstance(table.this, exp.Identifier) or table.name not in known
    ]
    inexact = [
        cast
        for cast in tree.find_all(exp.Cast)
        if isinstance(cast, exp.TryCast) or cast.to.this in exp.DataType.REAL_TYPES
    ]
    for node in (*foreign, *inexact, *tree.find_all(exp.Anonymous, exp.Div)):
        raise NotForSpark(node.sql())
