"""Worked cases: read from a pack, turned into a small world, and compared with the oracle. Pure."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wuju.engine.results import Cell
from wuju.engine.world import World
from wuju.kit.facts import Catalog
from wuju.kit.periods import Period
from wuju.rulepacks.complaints import Complaint
from wuju.rulepacks.loader import Pack, Spot
from wuju.rulepacks.reading import read
from wuju.rulepacks.schema import Case, CaseGroup, Expectation, Profile
from wuju.rulepacks.shape import build

LONG_AGO = dt.date(2020, 1, 1)
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "member": {
        "category": "full",
        "state": "normal",
        "exempt": False,
        "post": "none",
        "from_on": LONG_AGO,
    },
    "finding": {"imported": False, "reopened": 0},
    "loop_due": {"imported": False, "reopened": 0, "state": "rectifying"},
}

type Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case of a pack with the item it is about and the place it is written."""

    item: str
    case: Case
    profiles: tuple[dict[str, Any], ...]
    spot: Spot

    @property
    def title(self) -> str:
        return f"{self.item}：{self.case.name}"


def read_cases(pack: Pack) -> tuple[list[WorkedCase], list[Complaint]]:
    """Read `cases/*.yaml` of the pack's own folder, in file order."""
    found: list[WorkedCase] = []
    faults: list[Complaint] = []
    for path in sorted((pack.folder / "cases").glob("*.yaml")):
        document = read(path, name=path.relative_to(pack.folder.parent).as_posix())
        faults += document.faults
        for number, body in enumerate(document.data or []):
            group, wrong = build(CaseGroup, body, document, number)
            faults += wrong
            if group is not None:
                spots = [Spot(document, (number, "cases", i)) for i in range(len(group.cases))]
                found += [
                    WorkedCase(group.item, case, _profiles(case.org or group.org), spot)
                    for case, spot in zip(group.cases, spots, strict=True)
                ]
    return found, faults


def build_world(worked: WorkedCase, catalog: Catalog) -> World:
    """Turn the short form into rows.

    A profile is organization 1 unless it says otherwise, established and valid since
    2020. `full_members` and `members_total` in a profile become that many members, unless
    the case lists `member` rows itself. Every feed has started in 2020 unless `feeds` says
    when (null: it has not started). Rows without a key are numbered from 1.
    """
    profiles = [{"org_id": 1, "valid_from": LONG_AGO, **each} for each in worked.profiles]
    facts: dict[str, Rows] = {}
    for name, table in worked.case.facts.items():
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        key = catalog[name].key
        start = {"org_id": 1, **_DEFAULTS.get(name, {})}
        facts[name] = [{**start, key: i, **row} for i, row in enumerate(rows, 1)]
    facts.setdefault("member", list(_members(profiles)))
    keyed = [
        {"org_row_id": i, "established_on": LONG_AGO, **each} for i, each in enumerate(profiles, 1)
    ]
    orgs = sorted({each["org_id"] for each in keyed})
    heirs = [(line["org"], line["owner"]) for line in worked.case.lineage]
    return World(
        facts={**facts, "org": keyed},
        life=[_life(org, keyed, heirs) for org in orgs],
        lineage=[*((org, org) for org in orgs), *heirs],
        feeds=list(_feeds(orgs, worked.case, catalog)),
        waivers=list(_waivers(facts.get("waiver", []))),
        closure=[(org, org, LONG_AGO, None) for org in orgs],
    )


def run_case(
    worked: WorkedCase, pack: Pack, catalog: Catalog, evaluate: Callable[..., list[Cell]]
) -> list[str]:
    """Return a sentence for every answer that differs from the expected one; none means it holds.

    `evaluate` is the oracle, or anything that answers like it.
    """
    rules = pack.rules(catalog).subset([worked.item])
    expected = worked.case.expect
    since = worked.case.since or min(Period.parse(each.period).starts_on for each in expected)
    world = build_world(worked, catalog)
    cells = evaluate(rules, catalog, world, worked.case.as_of, since)
    answers = {(cell.org_id, cell.period): cell for cell in cells if cell.item == worked.item}
    said: list[str] = []
    for each in expected:
        cell = answers.get((each.org, Period.number_of(each.period)))
        said += [f"{worked.title} {each.period} {line}" for line in _compare(each, cell)]
    return said


def _compare(expected: Expectation, cell: Cell | None) -> Iterator[str]:
    got: dict[str, Any] = {"status": "not_applicable"}  # the item does not reach this organization
    if cell is not None:
        names = ("numerator", "denominator", "score", "evidence")
        got = {name: getattr(cell, name) for name in names} | {"status": cell.status.code}
    for name in sorted(expected.model_fields_set - {"period", "org"}):
        want = getattr(expected, name)
        if name in got and got[name] != want:
            yield f"{name} 应为 {want}，算得 {got[name]}。"


def _profiles(given: Profile | None) -> tuple[dict[str, Any], ...]:
    if given is None:
        return ({},)
    return given if isinstance(given, tuple) else (given,)


def _members(profiles: Rows) -> Iterator[dict[str, Any]]:
    for profile in profiles:
        full = profile.pop("full_members", 0)
        total = profile.pop("members_total", full)
        for i in range(1, max(full, total) + 1):
            yield {
                **_DEFAULTS["member"],
                "member_id": profile["org_id"] * 1000 + i,
                "org_id": profile["org_id"],
                "category": "full" if i <= full else "probationary",
                "from_on": profile["valid_from"],
                "until_on": profile.get("valid_until"),
            }


def _life(
    org: int, profiles: Rows, heirs: list[tuple[int, int]]
) -> tuple[int, dt.date, dt.date | None]:
    """Return a line of life; a successor is as old as its earliest predecessor."""
    mine = [each for each in profiles if each["org_id"] == org]
    line = {org} | {before for before, after in heirs if after == org}
    started = min(each["established_on"] for each in profiles if each["org_id"] in line)
    return org, started, mine[-1].get("dissolved_on")


def _feeds(orgs: list[int], case: Case, catalog: Catalog) -> Iterator[tuple[int, str, dt.date]]:
    for fact in catalog:
        day = case.feeds.get(fact, LONG_AGO)
        if day is not None:
            yield from ((org, fact, day) for org in orgs)


def _waivers(rows: Rows) -> Iterator[tuple[int, str, dt.date, dt.date | None]]:
    for row in rows:
        yield row["org_id"], row["item"], row["from_on"], row.get("until_on")
