"""Questions asked at every write: Django writes their SQL once a process, then only the values change.

Writing the SQL of a small queryset costs Django several times what the database needs to
answer it. The ORM stays the only place where the question is written.
"""

import datetime as dt
import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

type Converters = list[tuple[int, Any, Any]]  # place, functions, expression

FEW = 8
"""Values up to which a list has a text of its own; longer ones are asked the ordinary way."""


def prepared[*Values](
    build: Callable[[*Values], QuerySet[Any, Any]],
) -> Callable[[*Values], list[Any]]:
    """Make a function that returns a `values_list` queryset into one that returns its rows.

    Its arguments, given by position, are whole numbers, days, texts, or sequences of
    those. They may only become values of filters: the function runs once for each number
    of values, with others in their place.

    Raises:
        TypeError: an argument has another type, or is not among the values of the query.
    """
    known: dict[tuple[object, ...], _Text] = {}

    @functools.wraps(build)
    def ask(*args: *Values) -> list[Any]:
        sizes = [len(each) if isinstance(each, (list, tuple)) else None for each in args]
        if any(size is not None and not 0 < size <= FEW for size in sizes):
            return list(build(*args))
        key = (connection.vendor, *sizes)
        if key not in known:
            known[key] = _write(build, args)
        return known[key].rows(_flat(args))

    return ask


def among(column: str, ids: Sequence[int]) -> tuple[str, Any]:
    """Return a condition on `column` and its one parameter: a text that is the same for all ids.

    So SQLite, which remembers plans by their text, plans it once.
    """
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(ids)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(ids))  # noqa: S608


@dataclass(frozen=True)
class _Text:
    """The SQL, and for each placeholder a constant or the number of the value it stands for."""

    sql: str
    places: tuple[tuple[int | None, Any], ...]
    converters: Converters

    def rows(self, values: Sequence[Any]) -> list[Any]:
        params = [constant if no is None else values[no] for no, constant in self.places]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params or None)
            rows = cursor.fetchall()
        return [self._converted(row) for row in rows] if self.converters else rows

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        changed = list(row)
        for place, functions, expression in self.converters:
            for function in functions:
                changed[place] = function(changed[place], expression, connection)
        return tuple(changed)


def _write(build: Callable[..., QuerySet[Any, Any]], args: Sequence[Any]) -> _Text:
    """Let Django write the query once, with values that stand nowhere else in it."""
    marks: list[Any] = []

    def mark(value: object) -> Any:
        marks.append(_mark(value, len(marks)))
        return marks[-1]

    shaped = [
        [mark(one) for one in each] if isinstance(each, (list, tuple)) else mark(each)
        for each in args
    ]
    queryset = build(*shaped)
    compiler = queryset.query.get_compiler(using=queryset.db)
    sql, params = compiler.as_sql()
    numbers = {str(each): no for no, each in enumerate(marks)}
    places = tuple((numbers.get(str(value)), value) for value in params)
    if {no for no, _ in places if no is not None} != set(range(len(marks))):
        raise TypeError(f"{build.__name__} does not ask for each of its values")
    converters = compiler.get_converters([each[0] for each in compiler.select])
    return _Text(sql, places, [(no, *both) for no, both in converters.items()])


def _mark(value: object, number: int) -> object:
    if isinstance(value, dt.date):
        return dt.date(9876, 1, 1) + dt.timedelta(days=number)
    if isinstance(value, str):
        return f"\ue000{number}"
    if isinstance(value, int) and not isinstance(value, bool):
        return 1_987_654_300 + number
    raise TypeError(f"not a value to prepare for: {value!r}")


def _flat(args: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for each in args:
        found += each if isinstance(each, (list, tuple)) else [each]
    return [
        connection.ops.adapt_datefield_value(one) if isinstance(one, dt.date) else one
        for one in found
    ]
