"""Counting the rows behind one cell, for the oracle: one method a kind. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from wuju.engine.conditions import Node, Scalar
from wuju.engine.items import Kind
from wuju.engine.resolve import Measure, PlannedEach, Resolved
from wuju.engine.truth import holds, value_of
from wuju.engine.world import Row, World, valid
from wuju.kit.facts import Catalog, FactSpec
from wuju.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Place:
    """One organization in one period, with the profile valid on the snapshot day."""

    org_id: int
    period: Period
    as_of: dt.date
    profile: Row

    @property
    def day(self) -> dt.date:
        return self.period.snapshot(self.as_of)

    def holds(self, day: dt.date | None) -> bool:
        """Whether a day lies in the period and is not in the future."""
        return day is not None and self.period.starts_on <= day <= self.day


@dataclass(frozen=True, slots=True)
class Tally:
    """The pair, the keys of the counted rows, how many they are, and whether anybody looked."""

    numerator: int
    denominator: int
    keys: Sequence[int]
    evidence: int
    seen: bool = True


class Tallier:
    """Reads the world; finds, places and counts rows."""

    def __init__(self, catalog: Catalog, world: World) -> None:
        self.catalog, self.world = catalog, world

    # ------------------------------------------------------------------ rows
    @cache  # noqa: B019 - lives as long as one evaluation
    def owned(self, fact: str) -> dict[int, list[Row]]:
        """Rows of a fact by the organization they count for: its own and its predecessors'."""
        spec, owners = self.catalog[fact], defaultdict(list)
        for org_id, owner in self.world.lineage:
            owners[org_id].append(owner)
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.world.facts.get(fact, ()):
            for owner in owners[row[spec.org]]:
                found[owner].append(row)
        return found

    @cache  # noqa: B019
    def by(self, fact: str, column: str) -> dict[Any, list[Row]]:
        """Return the rows of a fact by the value of one column."""
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self.world.facts.get(fact, ()):
            found[row.get(column)].append(row)
        return found

    @cache  # noqa: B019
    def feed_starts(self) -> dict[tuple[int, str], dt.date]:
        """Return when a fact's feed started for an organization: the earliest in its lineage."""
        owners, found = defaultdict(list), dict[tuple[int, str], dt.date]()
        for org_id, owner in self.world.lineage:
            owners[org_id].append(owner)
        for org_id, fact, day in self.world.feeds:
            for owner in owners[org_id]:
                found[owner, fact] = min(day, found.get((owner, fact), day))
        return found

    def states(self, fact: str, org_id: int, day: dt.date) -> list[Row]:
        spec = self.catalog[fact]
        return [row for row in self.owned(fact).get(org_id, ()) if _valid(spec, row, day)]

    def placed(self, spec: FactSpec, rows: Iterable[Row], place: Place) -> list[Row]:
        """Return the events dated in the period up to as_of, or the states valid on the snapshot day."""
        if spec.date:
            return [row for row in rows if place.holds(row.get(spec.date))]
        return [row for row in rows if _valid(spec, row, place.day)]

    def rows(self, spec: FactSpec, place: Place) -> list[Row]:
        if spec.name == "org":
            return [place.profile]
        return self.placed(spec, self.owned(spec.name).get(place.org_id, ()), place)

    # ------------------------------------------------------------------ values
    def look(self, spec: FactSpec, row: Row, place: Place) -> Callable[[Node], Scalar]:
        clock = {
            "as_of": place.as_of,
            "period_start": place.period.starts_on,
            "period_end": place.period.ends_on,
        }

        def read(leaf: Node) -> Scalar:
            name = str(leaf.value)
            if leaf.op == "clock":
                return clock[name]
            if leaf.op == "org":
                return place.profile.get(name)
            if leaf.op == "own":
                return row.get(name)
            return self.parent(leaf.fact, row.get(spec.parents[leaf.fact]), place).get(name)

        return read

    def parent(self, fact: str, key: int | None, place: Place) -> Row:
        """Return the row a reference points at; a state is the one valid on the snapshot day."""
        spec = self.catalog[fact]
        for row in self.by(fact, spec.key).get(key, ()) if key is not None else ():
            if not spec.valid or _valid(spec, row, place.day):
                return row
        return {}

    def holds(self, node: Node, spec: FactSpec, row: Row, place: Place) -> bool:
        return holds(node, self.look(spec, row, place))

    def holds_for_org(self, node: Node, place: Place) -> bool:
        return holds(node, self.look(self.catalog["org"], place.profile, place))

    def number(self, node: Node, spec: FactSpec, row: Row, place: Place) -> int | None:
        value = value_of(node, self.look(spec, row, place))
        return None if value is None else int(value)  # type: ignore[arg-type]

    def measured(self, part: Measure, spec: FactSpec, rows: Sequence[Row], place: Place) -> int:
        chosen = [row for row in rows if self.holds(part.where, spec, row, place)]
        if part.sum is None:
            return len(chosen)
        return sum(self.number(part.sum, spec, row, place) or 0 for row in chosen)

    # ------------------------------------------------------------------ kinds
    def tally(self, plan: Resolved, place: Place) -> Tally:
        """Count the rows of one cell of any kind but composite."""
        spec = plan.own
        rows = self.deadline_rows(plan, place) if plan.due else self.candidates(plan, place)
        kept = [row for row in rows if self.holds(plan.where, spec, row, place)]
        if plan.item.kind is Kind.COVERAGE:
            return self.coverage(plan, rows, kept, place)
        numerator, denominator, counted = _KINDS[plan.item.kind](self, plan, kept, place)
        keys = [row[spec.key] for row in counted]
        seen = bool(rows) or spec.absence != "unknown"
        return Tally(numerator, denominator, keys, len(keys), seen)

    def candidates(self, plan: Resolved, place: Place) -> list[Row]:
        """Return the rows in question, before `where`."""
        spec, item = plan.own, plan.item
        if item.kind is Kind.LATEST and item.carry:
            owned = self.owned(spec.name).get(place.org_id, ())
            return [row for row in owned if (day := row.get(spec.date or "")) and day <= place.day]
        rows = self.rows(spec, place)
        if item.kind is Kind.ATTESTED:
            return [row for row in rows if row["item"] == item.item]
        return rows

    def deadline_rows(self, plan: Resolved, place: Place) -> list[Row]:
        """Rows whose due day lies in the period and has come."""
        spec = plan.own
        owned = self.owned(spec.name).get(place.org_id, ())
        rows = [place.profile] if spec.name == "org" else owned
        return [row for row in rows if place.holds(self.day(plan.due, spec, row, place))]

    def day(self, node: Node | None, spec: FactSpec, row: Row, place: Place) -> dt.date | None:
        value = value_of(node, self.look(spec, row, place)) if node else None
        return value if isinstance(value, dt.date) else None

    def count(self, plan: Resolved, kept: list[Row], place: Place) -> tuple[int, int, list[Row]]:
        if plan.value is None:
            return len(kept), 1, kept
        values = [self.number(plan.value, plan.own, row, place) or 0 for row in kept]
        return sum(values), 1, kept

    def ratio(self, plan: Resolved, kept: list[Row], place: Place) -> tuple[int, int, list[Row]]:
        parts = [part for part in (plan.numerator, plan.denominator) if part]
        numerator, denominator = (self.measured(part, plan.own, kept, place) for part in parts)
        return numerator, denominator, kept

    def deadline(
        self, plan: Resolved, kept: list[Row], place: Place
    ) -> tuple[int, int, list[Row]]:
        done = 0
        for row in kept:
            due = self.day(plan.due, plan.own, row, place)
            day = self.day(plan.done, plan.own, row, place)
            done += bool(day and due and day <= due and day <= place.as_of)
        return done, len(kept), kept

    def latest(self, plan: Resolved, kept: list[Row], place: Place) -> tuple[int, int, list[Row]]:
        """Return the newest row that says a value; ties go to the larger key."""
        spec, newest = plan.own, None
        for row in sorted(kept, key=lambda row: (row[spec.date or ""], row[spec.key])):
            if plan.value and self.number(plan.value, spec, row, place) is not None:
                newest = row
        if newest is None or plan.value is None:
            return 0, 1, []
        return self.number(plan.value, spec, newest, place) or 0, 1, [newest]

    def members(self, plan: Resolved, kept: list[Row], place: Place) -> tuple[int, int, list[Row]]:
        """Return the distinct required kinds that are present."""
        found = {}
        for row in kept:
            value = value_of(plan.value, self.look(plan.own, row, place)) if plan.value else None
            if value in plan.item.all_of:
                found[row[plan.own.key]] = (value, row)
        kinds = {value for value, _ in found.values()}
        return len(kinds), len(set(plan.item.all_of)), [row for _, row in found.values()]

    def coverage(self, plan: Resolved, rows: list[Row], kept: list[Row], place: Place) -> Tally:
        """Members who have what each must have; their rows count wherever they were recorded."""
        spec, each = plan.own, plan.each
        if each is None:
            raise AssertionError(plan.item.code)
        people = [row for row in kept if self.holds(plan.exempt, spec, row, place)]
        satisfied, looked = 0, each.fact.absence != "unknown"
        for person in people:
            linked = self.linked(each, person[spec.key], place)
            value = self.measured(each.measure, each.fact, linked, place)
            satisfied += each.at_least is not None and value >= each.at_least
            looked = looked or bool(linked)
        keys = [person[spec.key] for person in people]
        seen = looked and (bool(rows) or spec.absence != "unknown")
        return Tally(satisfied, len(people), keys, len(keys), seen)

    def linked(self, each: PlannedEach, key: int, place: Place) -> list[Row]:
        rows = self.by(each.fact.name, each.link).get(key, ())
        return self.placed(each.fact, rows, place)


_KINDS = {
    Kind.COUNT: Tallier.count,
    Kind.RATIO: Tallier.ratio,
    Kind.DEADLINE: Tallier.deadline,
    Kind.LATEST: Tallier.latest,
    Kind.STOCK: Tallier.count,
    Kind.SET: Tallier.members,
    Kind.ATTESTED: Tallier.latest,
}


def _valid(spec: FactSpec, row: Row, day: dt.date) -> bool:
    start, until = spec.valid or ("", "")
    return valid(row.get(start), row.get(until), day)
