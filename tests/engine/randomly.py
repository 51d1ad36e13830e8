"""Small random districts and packs: births, mergers, moves, transfers, back-dated rows, waivers, feeds."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from tests.engine.small import CATALOG, D, item
from wuju.engine.items import Item
from wuju.engine.rules import Rules
from wuju.engine.world import World
from wuju.kit.facts import FactSpec

LONG_AGO = D("2020-01-01")
EDGES = [
    D(text) + dt.timedelta(days=shift)
    for text in (
        "2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-01-31", "2026-02-28",
        "2026-03-31", "2026-04-02", "2026-05-15", "2026-06-30", "2026-07-02", "2026-09-30", "2026-12-31",
    )
    for shift in (-1, 0, 1, 2)
]  # fmt: skip
AS_OF = [
    D(t)
    for t in (
        "2026-01-01",
        "2026-03-31",
        "2026-04-01",
        "2026-07-02",
        "2026-07-14",
        "2026-08-20",
        "2026-12-31",
    )
]

WHERE = {
    "meeting": ["kind = 'members' AND status = 'held'", "status <> 'planned'", "2 * present >= due", "NOT (present < due)",
                "kind IN ('members', 'lecture')", "held_on BETWEEN period_start AND as_of", "present IS NULL OR due - present > $few"],
    "topic": ["meeting.status = 'held'", "kind = 'study' AND meeting.due > 3", "meeting.kind NOT IN ('lecture')"],
    "course_hours": ["member.category = 'full'", "level = 'county'", "org.kind = 'branch'", "held_on >= $first_day"],
    "term": ["expires_on <= as_of", "elected_on IS NOT NULL", "expires_on > period_end OR elected_on IS NULL"],
    "seat": ["woman", "NOT woman", "post = 'deputy'", "post <> 'member' AND woman IS NOT NULL"],
    "loop_due": ["source = 'visit'", "done_on IS NULL OR done_on >= opened_on", "org.flagged"],
    "attestation": ["grade > 1"],
    "income": ["earned", "amount_cents > 0", "earned IS NOT TRUE"],
    "member": ["state = 'normal'", "category = 'full' AND NOT exempt", "exempt IS NULL"],
    "org": ["groups > 1", "full_members >= 2", "flagged OR groups IS NULL"],
}  # fmt: skip
GUARDS = [
    "org.full_members >= 2",
    "groups > 0",
    "org.field = 'village'",
    "flagged",
    "org.members_total < 3 OR NOT flagged",
]
SHARES = {"ratio", "deadline", "coverage", "set", "composite"}
TARGETS_OF_SHARES: list[dict[str, Any]] = [
    {"at_least": "100%"}, {"at_least": "2/3"}, {"at_least": "$share"}, {"at_least": "12.5%"}, {"at_most": "50%"},
    {"at_most": 0}, {"between": ["1/3", "100%"]}, {"between": ["25%", "$share"]}, {"equals": "100%"}, {"equals": 0},
]  # fmt: skip
TARGETS_OF_NUMBERS: list[dict[str, Any]] = [
    {"at_least": 1}, {"at_least": 2}, {"at_least": "org.groups"}, {"at_most": 1}, {"at_most": "org.members_total"},
    {"between": [1, 2]}, {"between": [0, "org.full_members"]}, {"equals": 1}, {"equals": "$few"}, {"at_least": 0},
]  # fmt: skip
ODD_TARGETS: list[dict[str, Any]] = [
    {"at_least": "$undecided"}, {"between": ["1/3", "org.full_members"]}, {"at_most": "12.5%"}, {"equals": "org.groups"},
]  # fmt: skip
PARAMETERS: dict[str, int | str | None] = {
    "few": 2,
    "first_day": "2026-02-01",
    "share": "60%",
    "undecided": None,
    "enough": 3,
}


def example(seed: int, orgs: int, rows: int, size: int) -> tuple[Rules, World, dt.date]:
    """What every property is tried on: a pack, a district and a day, all drawn from one seed."""
    rng = random.Random(seed)
    return pack(rng, size), district(rng, orgs, rows), rng.choice(AS_OF)


def target_of(rng: random.Random, kind: str) -> dict[str, Any]:
    """A target that the kind can meet and miss; sometimes one that fits badly."""
    if rng.random() < 0.15:
        return rng.choice(ODD_TARGETS)
    return rng.choice(TARGETS_OF_SHARES if kind in SHARES else TARGETS_OF_NUMBERS)


def pack(rng: random.Random, size: int) -> Rules:
    """A pack of `size` items over all kinds and two composites over them."""
    kinds = list(SHAPES)
    first = rng.randrange(len(kinds))
    plain = [
        some_item(rng, f"x.n{number}", kinds[(first + number) % len(kinds)])
        for number in range(size)
    ]
    codes = [each.code for each in plain]
    judged = [each.code for each in plain if each.score and each.use == "result"]
    inner = composite(rng, "y.inner", judged or codes)
    outer = composite(rng, "y.outer", [*codes, "y.inner"])
    exempt = {"member": "NOT exempt"} if rng.random() < 0.5 else {}
    start = rng.choice([LONG_AGO, LONG_AGO, LONG_AGO, D("2026-01-01"), D("2026-02-03")])
    items = [outer, *plain, inner]
    return Rules(tuple(items), PARAMETERS, exempt, effective_from=start)


def composite(rng: random.Random, code: str, parts: Sequence[str]) -> Item:
    chosen = rng.sample(parts, k=min(len(parts), 4))
    return item(
        code,
        kind="composite",
        parts={part: rng.randint(0, 3) for part in chosen},
        per=rng.choice(["half", "year"]),
        target=rng.choice([*TARGETS_OF_SHARES, {"at_least": 5000}, {"at_most": "$share"}]),
        only_if=rng.choice([*([None] * 14), *GUARDS]),
        **scored(rng),
    )


def scored(rng: random.Random) -> dict[str, Any]:
    """How an item is scored, if at all."""
    score = rng.choice([None, "pass", "pass", "proportional", "proportional", "bands", "bands"])
    return {"score": score} | (
        {"bands": (("90%", 10_000), ("1/2", 6000), (0, 100))} if score == "bands" else {}
    )


def some_item(rng: random.Random, code: str, kind: str) -> Item:
    made: dict[str, Any] = {"kind": kind, **SHAPES[kind](rng)}
    made["per"] = rng.choice(["month", "quarter", "half", "year"])
    made["target"] = target_of(rng, kind)
    made["applies_to"] = rng.choice(
        [{"kind": ("branch",)}, {"kind": ("branch", "committee")}, {"field": ("village",)}]
    )
    made |= scored(rng)
    made["use"] = rng.choice(["result", "result", "result", "procedure"])
    made["tags"] = rng.choice([(), (), (), (), ("依据待核",)])
    made["only_if"] = rng.choice([*([None] * 14), *GUARDS])
    made["partial"] = rng.choice([None, "skip", "owe"])
    made["grace_days"] = rng.choice([None, 0, 30])
    made["soon_days"] = rng.choice([None, 0, 30])
    return item(code, **made)


def of(rng: random.Random, *facts: str) -> dict[str, Any]:
    name = rng.choice(facts)
    return {"of": name, "where": rng.choice([None, *WHERE[name]])}


def count(rng: random.Random) -> dict[str, Any]:
    made = of(rng, "meeting", "topic", "course_hours", "income", "loop_due")
    sums = {"meeting": "present - due", "income": "amount_cents * 2", "course_hours": "hours"}
    return made | {"sum": rng.choice([None, sums.get(made["of"])])}


def ratio(rng: random.Random) -> dict[str, Any]:
    made = of(rng, "meeting", "seat", "member", "income", "org", "term")
    if made["of"] == "meeting" and rng.random() < 0.5:
        numerator = {"sum": "present", "where": "present <= due"}
        return made | {"numerator": numerator, "denominator": {"sum": "due"}}
    return made | {"numerator": rng.choice(WHERE[made["of"]]), "denominator": "TRUE"}


def deadline(rng: random.Random) -> dict[str, Any]:
    made = of(rng, "loop_due", "term")
    days = ("due_on", "done_on") if made["of"] == "loop_due" else ("expires_on", "elected_on")
    return made | dict(zip(("due", "done"), days, strict=True))


def coverage(rng: random.Random) -> dict[str, Any]:
    each: dict[str, Any] = {
        "of": "course_hours",
        "at_least": rng.choice([1, 40, "$enough", "$undecided"]),
    }
    each |= rng.choice([{"sum": "hours"}, {"count": "rows"}])
    each["where"] = rng.choice([None, *WHERE["course_hours"]])
    return {"population": "member", "where": rng.choice([None, *WHERE["member"]]), "each": each}


def latest(rng: random.Random) -> dict[str, Any]:
    name, value = rng.choice(
        [("income", "amount_cents"), ("meeting", "present"), ("income", "amount_cents - 50")]
    )
    where = rng.choice([None, *WHERE[name]])
    return {"of": name, "where": where, "value": value, "carry": rng.random() < 0.4}


def stock(rng: random.Random) -> dict[str, Any]:
    return of(rng, "seat", "member", "term", "org")


def kinds_present(rng: random.Random) -> dict[str, Any]:
    return of(rng, "seat") | {"member": "post", "all_of": ["secretary", "deputy"]}


def attested(rng: random.Random) -> dict[str, Any]:
    return {"item": rng.choice(["x.n1", "x.n2"])}


SHAPES = {
    "count": count,
    "ratio": ratio,
    "deadline": deadline,
    "coverage": coverage,
    "latest": latest,
    "stock": stock,
    "set": kinds_present,
    "attested": attested,
}


# ---------------------------------------------------------------- worlds
def district(rng: random.Random, orgs: int, rows: int) -> World:
    """A district of `orgs` organizations and up to `rows` rows of every fact.

    A district is calm or wild in each respect (lives, profiles, feeds): in a district wild in
    all of them next to nothing is owed and fed, so that nothing but the exceptions is tried.
    """
    ids = list(range(1, orgs + 1))
    calm = {name: rng.random() < 0.6 for name in ("life", "profile", "feed")}
    facts: dict[str, list[dict[str, Any]]] = {}
    for name, spec in CATALOG.items():
        facts[name] = (
            profiles(rng, ids, calm=calm["profile"])
            if name == "org"
            else some_rows(rng, spec, ids, rows)
        )
    return World(
        facts=facts,
        life=[(org, *life(rng, calm=calm["life"])) for org in ids if rng.random() < 0.97],
        lineage=[(org, org) for org in ids] + mergers(rng, ids),
        feeds=feeds(rng, ids, calm=calm["feed"]),
        waivers=waivers(rng, ids),
        closure=closure(rng, ids),
    )  # fmt: skip


def feeds(rng: random.Random, ids: list[int], *, calm: bool) -> list[tuple[int, str, dt.date]]:
    sure = 0.97 if calm else 0.75
    return [
        (org, name, LONG_AGO if rng.random() < sure else rng.choice(EDGES))
        for org in ids
        for name in CATALOG
        if rng.random() < sure
    ]


def life(rng: random.Random, *, calm: bool) -> tuple[dt.date, dt.date | None]:
    born = LONG_AGO if rng.random() < (0.95 if calm else 0.5) else rng.choice(EDGES)
    gone = rng.choice(EDGES) if rng.random() < (0.05 if calm else 0.3) else None
    return born, gone if gone and gone > born else None


def mergers(rng: random.Random, ids: list[int]) -> list[tuple[int, int]]:
    pairs = {(rng.choice(ids), rng.choice(ids)) for _ in range(rng.randint(0, 2))}
    return sorted((a, b) for a, b in pairs if a != b)


def spans(rng: random.Random) -> list[tuple[dt.date, dt.date | None]]:
    """One or two spans that do not overlap, open or closed at the end."""
    cut = rng.choice(EDGES)
    end = rng.choice([None, None, *[edge for edge in EDGES if edge > cut]])
    return rng.choice([[(LONG_AGO, None)], [(LONG_AGO, cut), (cut, end)], [(cut, end)]])


def profiles(rng: random.Random, ids: list[int], *, calm: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for org in ids:
        for start, until in [(LONG_AGO, None)] if calm else spans(rng):
            row = {
                "org_row_id": len(found) + 1,
                "org_id": org,
                "from_on": start,
                "until_on": until,
            }
            row["kind"] = rng.choice(["branch", "branch", "branch", "committee"])
            row["field"] = rng.choice(["village", "school", None])
            row["groups"] = rng.choice([None, 0, 1, 2])
            row["flagged"] = rng.choice([True, False, None])
            found.append(row)
    return found


def some_rows(
    rng: random.Random, spec: FactSpec, ids: list[int], rows: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for key in range(1, rng.choice([rows, rows, rng.randint(0, rows)]) + 1):
        if spec.date:
            found.append({spec.key: key, "org_id": rng.choice(ids), spec.date: rng.choice(EDGES)})
            continue
        start, until = spec.valid or ("", "")
        for a, b in spans(rng):  # a transfer is a second span elsewhere
            found.append({spec.key: key, "org_id": rng.choice(ids), start: a, until: b})
    for row in found:
        for name, column in spec.columns.items():
            row.setdefault(name, value(rng, name, column.type, column.values))
    return found


def value(rng: random.Random, name: str, kind: str, codes: tuple[str, ...]) -> Any:
    """A value of the type, sometimes NULL, often at an edge."""
    if rng.random() < 0.1:
        return None
    if name == "exempt":
        return rng.random() < 0.25  # most members are counted
    if name == "grade":
        return rng.choice([0, 1, 1, 2, 3])
    choices: dict[str, Sequence[Any]] = {
        "date": EDGES,
        "bool": (True, False),
        "item": ("x.n1", "x.n2"),
        "ref": range(1, 7),
        "cents": (-(10**12), -1, 0, 1, 100, 10**12),
        "tenths": range(-2, 60),
    }
    return rng.choice(codes or choices.get(kind, range(9)))


def waivers(rng: random.Random, ids: list[int]) -> list[tuple[int, str, dt.date, dt.date | None]]:
    found: list[tuple[int, str, dt.date, dt.date | None]] = []
    for _ in range(rng.randint(0, 12)):
        start = rng.choice([LONG_AGO, LONG_AGO, rng.choice(EDGES)])
        found.append(
            (
                rng.choice(ids),
                rng.choice([*(f"x.n{number}" for number in range(16)), "y.inner", "y.outer"]),
                start,
                rng.choice([None, None, rng.choice(EDGES)]),
            )
        )
    return found


def closure(rng: random.Random, ids: list[int]) -> list[tuple[int, int, dt.date, dt.date | None]]:
    """A tree of lower numbers over higher ones, in which subtrees may move once."""
    found: list[tuple[int, int, dt.date, dt.date | None]] = [
        (org, org, LONG_AGO, None) for org in ids
    ]
    cut = rng.choice(EDGES)
    for start, until in ((LONG_AGO, cut), (cut, None)):
        parents = {org: rng.randint(1, org - 1) for org in ids if org > 1}
        for org in ids:
            node = org
            while node in parents:
                node = parents[node]
                found.append((node, org, start, until))
    return found
