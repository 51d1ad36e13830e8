"""The fact catalogue: what a pack item may read, and where the rows come from. Pure but for `FactSource`.

`packs/catalog.yaml` is the contract (columns, time shape, units); a capability's `facts.py`
registers the queryset behind each fact it owns. A test keeps the two equal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wuju.kit import yaml12
from wuju.kit.registry import Registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

TYPES = ("ref", "item", "code", "date", "int", "cents", "tenths", "bool")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a fact.

    `values` lists the codes a `code` column may hold; `to` the fact a `ref` points at.
    A `derived` column is computed by the engine from other facts: no source yields it.
    """

    name: str
    type: str
    means: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()
    to: str = ""
    derived: bool = False


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact table.

    It has one time shape: `date` (an event, in the period of that day) or `valid` (a
    state, read at min(period end, as of); until empty = still true, until exclusive).
    `absence`: `none` = no row means nothing happened; `unknown` = nobody has looked.
    `parents` maps the facts whose columns may be read to the referring column.
    `activity` marks facts about things done (meetings, courses, notices): an item over
    them is a procedure and never weighed. `awaited`: no capability publishes it yet.
    """

    name: str
    title: str
    owner: str
    key: str
    org: str
    date: str | None
    valid: tuple[str, str] | None
    absence: str
    sensitive: bool
    parents: dict[str, str]
    columns: dict[str, Column]
    activity: bool = False
    awaited: bool = False

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Column names in the order every source yields them: key, org, time, then the rest."""
        time = (self.date,) if self.date else (self.valid or ())
        names = [self.key, self.org, *(name for name in time if name)]
        names += [name for name in self.columns if name not in names]
        return tuple(dict.fromkeys(names))

    @property
    def stored_columns(self) -> tuple[str, ...]:
        """`all_columns` without the derived ones: what a source yields."""
        derived = {name for name, column in self.columns.items() if column.derived}
        return tuple(name for name in self.all_columns if name not in derived)

    def type_of(self, name: str) -> str | None:
        """Return the type of a column, or None if the fact has no such column."""
        if name in self.columns:
            return self.columns[name].type
        if name in {self.key, self.org}:
            return "int"
        if name == self.date or name in (self.valid or ()):
            return "date"
        return None


type Catalog = dict[str, FactSpec]


@lru_cache(maxsize=4)
def load_catalog(path: Path) -> Catalog:
    """Read a fact catalogue from YAML: fact name → spec, in file order."""
    document = yaml12.load(path.read_text("utf-8"))
    return {name: _spec(name, body) for name, body in document["facts"].items()}


def _spec(name: str, body: dict[str, Any]) -> FactSpec:
    valid = body.get("valid")
    return FactSpec(
        name=name,
        title=body["title"],
        owner=body["owner"],
        key=body["key"],
        org=body["org"],
        date=body.get("date"),
        valid=(valid[0], valid[1]) if valid else None,
        absence=body["absence"],
        sensitive=bool(body.get("sensitive", False)),
        parents=dict(body.get("parents", {})),
        columns={
            column: Column(
                name=column,
                type=spec["type"],
                means=spec.get("means", ""),
                unit=spec.get("unit", ""),
                values=tuple(spec.get("values", ())),
                to=spec.get("to", ""),
                derived=bool(spec.get("derived", False)),
            )
            for column, spec in body["columns"].items()
        },
        activity=bool(body.get("activity", False)),
        awaited=bool(body.get("awaited", False)),
    )


@dataclass(frozen=True, slots=True)
class FactSource:
    """Where the rows of a fact live.

    `rows()` returns a `values_list` queryset whose columns are `columns`, in order, each
    an integer, short code, date or boolean: no personal value may be a fact. `models`
    are the tables behind it: a write to any of them must `touch` the fact (test).
    """

    fact: str
    columns: tuple[str, ...]
    rows: "Callable[[], QuerySet[Any, Any]]"
    models: tuple[str, ...]


fact_sources: Registry[FactSource] = Registry("fact source")


def published() -> frozenset[str]:
    """Return the facts that some capability publishes; the others of the catalogue are awaited."""
    return frozenset(fact_sources)


def publish(
    fact: str, columns: tuple[str, ...], *, models: tuple[str, ...]
) -> "Callable[[Callable[[], QuerySet[Any, Any]]], Callable[[], QuerySet[Any, Any]]]":
    """Register the decorated function as the source of `fact`.

    Args:
        fact: name in the catalogue.
        columns: the columns the queryset yields, in order; the catalogue's columns that
            are missing here are read as NULL.
        models: labels (`"meetings.Meeting"`) of the tables behind it.
    """

    def register(rows: "Callable[[], QuerySet[Any, Any]]") -> "Callable[[], QuerySet[Any, Any]]":
        fact_sources.add(fact, FactSource(fact=fact, columns=columns, rows=rows, models=models))
        return rows

    return register


@dataclass(frozen=True, slots=True)
class Described:
    """One fact row in words for a person, and the page it opens (`record` kind and id), if any."""

    title: str
    record: str = ""
    record_id: int | None = None


type Describer = Callable[[list[int]], dict[int, Described]]
describers: Registry[Describer] = Registry("fact describer")


def describe(fact: str) -> Callable[[Describer], Describer]:
    """Register the function that puts rows of `fact` into words: keys -> {key: Described}.

    It is asked only for rows that the caller may see.
    """

    def register(function: Describer) -> Describer:
        describers.add(fact, function)
        return function

    return register
