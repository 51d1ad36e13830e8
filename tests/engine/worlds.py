"""One branch and its rows in a few words, and the question every test asks: what is its standing?"""

import datetime as dt
from typing import Any

from tests.engine.small import CATALOG, D, item, on_sqlite
from wuju.engine.items import Item
from wuju.engine.oracle import evaluate
from wuju.engine.results import Cell
from wuju.engine.rules import Rules
from wuju.engine.world import World

OLD = D("2020-01-01")


AS_OF = D("2026-08-20")


def world(facts: dict[str, list[dict[str, Any]]] | None = None, **given: Any) -> World:
    """One branch, 1, of old standing with every feed started; rows get keys and the branch."""
    made: dict[str, list[dict[str, Any]]] = {"org": [{"kind": "branch", "from_on": OLD}]}
    made.update(facts or {})
    for name, rows in made.items():
        key = CATALOG[name].key
        for number, row in enumerate(rows, 1):
            row.setdefault(key, number)
            row.setdefault("org_id", 1)
    base: dict[str, Any] = {
        "life": [(1, OLD, None)],
        "lineage": [(1, 1)],
        "feeds": [(1, name, OLD) for name in CATALOG],
    }
    return World(facts=made, **{**base, **given})


def cells(
    thing: Item | Rules, place: World, as_of: dt.date = AS_OF
) -> dict[tuple[int, str, int], Cell]:
    rules = thing if isinstance(thing, Rules) else Rules((thing,))
    truth = evaluate(rules, CATALOG, place, as_of)
    assert on_sqlite(rules, place, as_of) == truth
    return {(cell.org_id, cell.item, cell.period): cell for cell in truth}


def one(thing: Item | Rules, place: World, period: int = 2026102, as_of: dt.date = AS_OF) -> Cell:
    rules = thing if isinstance(thing, Rules) else Rules((thing,))
    return cells(rules, place, as_of)[1, rules.items[-1].code, period]


def meetings(*days: str, **given: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "meeting": [
            {"held_on": D(day), "kind": "members", "status": "held", **given} for day in days
        ]
    }


COUNT = item("a.count", of="meeting", where="kind = 'members' AND status = 'held'", score="pass")


def people(*categories: str, **given: Any) -> list[dict[str, Any]]:
    return [
        {"category": c, "exempt": False, "state": "normal", "from_on": OLD, **given}
        for c in categories
    ]


RATIO = item(
    "a.ratio",
    kind="ratio",
    of="meeting",
    where="status = 'held'",
    numerator="2 * present >= due",
    denominator="TRUE",
    target={"at_least": "50%"},
    score="proportional",
)


def held(*pairs: tuple[int | None, int]) -> dict[str, list[dict[str, Any]]]:
    made = meetings(*["2026-05-01"] * len(pairs))
    for row, (present, due) in zip(made["meeting"], pairs, strict=True):
        row.update(present=present, due=due)
    return made


DEADLINE = item(
    "a.deadline",
    kind="deadline",
    of="loop_due",
    due="due_on",
    done="done_on",
    target={"at_least": "100%"},
)


def loops(*pairs: tuple[str, str | None]) -> dict[str, list[dict[str, Any]]]:
    rows = [
        {"due_on": D(due), "done_on": D(done) if done else None, "opened_on": OLD}
        for due, done in pairs
    ]
    return {"loop_due": rows}


HOURS = item(
    "a.hours",
    kind="coverage",
    population="member",
    where="state = 'normal'",
    each={"of": "course_hours", "sum": "hours", "at_least": 80, "where": "level = 'county'"},
    target={"at_least": "100%"},
)


LATEST = item(
    "a.latest", kind="latest", of="income", value="amount_cents", target={"at_least": 100}
)


def reported(*pairs: tuple[str, int | None]) -> dict[str, list[dict[str, Any]]]:
    return {"income": [{"reported_on": D(day), "amount_cents": cents} for day, cents in pairs]}


STOCK = item("a.stock", kind="stock", of="seat", where="post = 'deputy'", target={"at_least": 1})


def seats(*spans: tuple[str, str | None], post: str = "deputy") -> dict[str, list[dict[str, Any]]]:
    return {
        "seat": [
            {"from_on": D(a), "until_on": D(b) if b else None, "post": post} for a, b in spans
        ]
    }


ATTESTED = item("a.graded", kind="attested", item="branches.result", target={"at_least": 3})


def grades(*rows: tuple[str, int, str]) -> dict[str, list[dict[str, Any]]]:
    return {"attestation": [{"graded_on": D(d), "grade": g, "item": code} for d, g, code in rows]}
