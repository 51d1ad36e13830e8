"""A small catalogue and the executors under test, shared by the engine's tests."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Self

from wuju.engine import live
from wuju.engine.compiler import compile_rules
from wuju.engine.items import Item
from wuju.engine.program import Params, Program, Source
from wuju.engine.resolve import DERIVED
from wuju.engine.results import Cell
from wuju.engine.rules import Rules
from wuju.engine.world import World
from wuju.kit.facts import Catalog, Column, FactSpec

D = dt.date.fromisoformat


def fact(
    name: str,
    columns: Mapping[str, str],
    *,
    date: str | None = None,
    valid: tuple[str, str] | None = None,
    absence: str = "none",
    parents: Mapping[str, str] | None = None,
) -> FactSpec:
    made = {}
    for column, kind in columns.items():
        type_, _, codes = kind.partition(":")
        values = tuple(codes.split("|")) if codes else ()
        made[column] = Column(column, type_, values=values)
    return FactSpec(
        name=name,
        title=name,
        owner="test",
        key="org_row_id" if name == "org" else f"{name}_id",
        org="org_id",
        date=date,
        valid=valid,
        absence=absence,
        sensitive=False,
        parents=dict(parents or {}),
        columns=made,
    )


SPAN = ("from_on", "until_on")
CATALOG: Catalog = {
    spec.name: spec
    for spec in (
        fact(
            "org",
            {"kind": "code:branch|committee", "field": "code:village|school", "groups": "int",
             "members_total": "int", "full_members": "int", "flagged": "bool"},
            valid=SPAN,
        ),
        fact("member", {"category": "code:full|probationary", "exempt": "bool", "state": "code:normal|lost"}, valid=SPAN),
        fact("meeting", {"kind": "code:members|committee|lecture", "status": "code:held|planned", "due": "int", "present": "int"}, date="held_on"),
        fact("topic", {"meeting_id": "ref", "kind": "code:study|money"}, date="held_on", parents={"meeting": "meeting_id"}),
        fact("course_hours", {"member_id": "ref", "hours": "tenths", "level": "code:base|county"}, date="held_on", parents={"member": "member_id"}),
        fact("term", {"expires_on": "date", "elected_on": "date"}, valid=("started_on", "ended_on")),
        fact("seat", {"post": "code:secretary|deputy|member", "woman": "bool"}, valid=SPAN, absence="unknown"),
        fact("loop_due", {"due_on": "date", "done_on": "date", "source": "code:visit|letter"}, date="opened_on"),
        fact("attestation", {"item": "item", "grade": "int"}, date="graded_on", absence="unknown"),
        fact("income", {"amount_cents": "cents", "earned": "bool"}, date="reported_on", absence="unknown"),
    )
}  # fmt: skip


def item(code: str, **given: Any) -> Item:
    """An item over branches, monthly, at least one, unless said otherwise."""
    base: dict[str, Any] = {
        "code": code,
        "title": code,
        "project": "branches",
        "applies_to": {"kind": ("branch",)},
        "kind": "count",
        "use": "result",
        "per": "quarter",
        "target": {"at_least": 1},
        "source": "test",
        "strength": "must",
    }
    return Item.model_validate({**base, **given})


# ---------------------------------------------------------------- executors
STRUCTURE = {
    "life": ("org_id", "established_on", "dissolved_on"),
    "lineage": ("org_id", "owner_id"),
    "feed": ("org_id", "fact", "starts_on"),
    "waiver": ("org_id", "item", "from_on", "until_on"),
    "closure": ("ancestor_id", "descendant_id", "from_on", "until_on"),
}


def tables(
    world: World, catalog: Catalog = CATALOG
) -> dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """Every table of a world: columns and rows in order."""
    rows: dict[str, Iterable[tuple[Any, ...]]] = {
        "life": world.life,
        "lineage": world.lineage,
        "feed": world.feeds,
        "waiver": world.waivers,
        "closure": world.closure,
    }
    found = {name: (columns, list(rows[name])) for name, columns in STRUCTURE.items()}
    for name, spec in catalog.items():
        derived = DERIVED if name == "org" else ()
        columns = tuple(c for c in spec.all_columns if c not in derived)
        found[name] = (
            columns,
            [tuple(row.get(c) for c in columns) for row in world.facts.get(name, ())],
        )
    return found


def sqlite_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


class Sqlite:
    """A world in SQLite, dates as ISO text, as the live path finds it."""

    def __init__(self, world: World, catalog: Catalog = CATALOG) -> None:
        self.db = sqlite3.connect(":memory:")
        self.sources: dict[str, Source] = {}
        for name, (columns, rows) in tables(world, catalog).items():
            self.db.execute(f"CREATE TABLE t_{name} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            values = [tuple(sqlite_value(v) for v in row) for row in rows]
            self.db.executemany(f"INSERT INTO t_{name} VALUES ({marks})", values)
            sql = f"SELECT {', '.join(columns)} FROM t_{name} WHERE %s = 1"
            self.sources[name] = Source(sql, (1,), columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def execute(self, sql: str, params: Params) -> list[tuple[Any, ...]]:
        if isinstance(params, Mapping):
            return self.db.execute(sql % {name: f":{name}" for name in params}, params).fetchall()
        assert sql.count("%") == len(params)
        return self.db.execute(sql.replace("%s", "?"), params).fetchall()

    def evaluate(self, program: Program, as_of: dt.date, **given: Any) -> list[Cell]:
        return live.evaluate(program, self.execute, self.sources, as_of=as_of, **given)


def on_sqlite(rules: Rules, world: World, as_of: dt.date, **given: Any) -> list[Cell]:
    program = Program.from_json(compile_rules(rules, CATALOG, "sqlite").to_json())
    with Sqlite(world) as database:
        return database.evaluate(program, as_of, **given)
