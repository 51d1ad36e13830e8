"""The common tables of a wide run: everything about organization and period stands in one spine. Pure; text only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wuju.engine.dialects import quoted, text
from wuju.engine.prelude import Part, Prelude
from wuju.engine.program import CompiledItem, Relation

type Ask = Callable[[str], list[tuple[Any, ...]]]
"""Runs a SELECT and returns its rows."""

_ONCE = frozenset({"life", "profile", "fed"})
"""Read by the spine alone: not worth a table."""


def known_column(fact: str) -> str:
    """Return the spine's name for whether a fact's feed had started."""
    return quoted(f"known_{fact}")


@dataclass
class WidePrelude(Prelude):
    """The tables as for a few organizations, but the spine knows the feeds, and nothing is joined in vain.

    `kinds`: source → the types its columns have (`int`, `text`, `date`, `bool`).
    `heirs`: rows of some organization count for another, so that owners must be looked up.
    `late`: facts whose feeds had not started everywhere before the first day, so that every
    organization must be asked. `waived`: items that somebody is waived from. `learn` finds them.
    """

    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    heirs: bool = True
    late: tuple[str, ...] = ()
    waived: frozenset[str] = frozenset()

    def learn(self, ask: Ask, items: Sequence[CompiledItem]) -> None:
        """Find out once what no item needs to ask of every organization."""
        self.heirs = bool(ask(self.inherits()))
        waiver = self.source("waiver", _WAIVER)
        self.waived = frozenset(
            row[0] for row in ask(f"SELECT DISTINCT x.item FROM {waiver} AS x")
        )
        facts = {fact for item in items if item.pieces for fact in item.pieces.known}
        started = {row[0] for row in ask(self.started())} if facts else set()
        self.late = tuple(sorted(facts - started))

    def add(self, name: str, sql: str, columns: str = "", *, kept: bool = True) -> None:
        super().add(name, sql, columns, kept=kept and name not in _ONCE)

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    # ------------------------------------------------------------------ periods
    def period_table(self) -> None:
        """Write the periods; what follows from their days is worked out where they are kept."""
        date, as_of = self.words.date, self.words.date(self.as_of)
        rows = ", ".join(
            f"({p.number}, '{p.grain}', {date(p.starts_on)}, {date(p.ends_on)})"
            for p in self.periods
        )
        self.add(
            "period",
            f"SELECT *, least(ends_on, {as_of}) AS snapshot, {as_of} AS as_of, {as_of} - ends_on AS late,"
            " ends_on - starts_on + 1 AS days, CAST(ends_on - CAST((ends_on - starts_on + 1) // 2 AS INTEGER) AS DATE) AS born_by,"
            " CAST(starts_on + CAST((ends_on - starts_on + 1) // 2 + 1 AS INTEGER) AS DATE) AS kept_until"
            f" FROM (VALUES {rows}) AS v(number, grain, starts_on, ends_on)",
        )
        self.days_table()

    def days_table(self) -> None:
        """Write every day that counts with its period of each grain: a row finds its place by one equality."""
        every = (
            f"SELECT CAST(unnest(generate_series({self.day('first')}, {self.last_read()}, INTERVAL 1 DAY)) AS DATE)"
            " AS day"
        )
        self.add(
            "days",
            "SELECT d.day, p.number AS period, p.grain, p.starts_on, p.ends_on, p.snapshot, p.as_of, p.late"
            f" FROM ({every}) AS d JOIN period AS p ON p.starts_on <= d.day AND d.day <= p.snapshot",
        )

    def last_read(self) -> str:
        return self.words.date(max(period.snapshot(self.as_of) for period in self.periods))

    # ------------------------------------------------------------------ sources
    def source(self, name: str, types: Mapping[str, str]) -> str:
        """Return a source as text to read from: a name of its own costs more than it saves."""
        source = self.sources.get(name)
        if source is None:
            nulls = ", ".join(
                f"{self.words.null(kind)} AS {quoted(column)}" for column, kind in types.items()
            )
            return f"(SELECT {nulls} WHERE 1 = 0)"
        return f"({source.sql})"

    def columns(self, name: str, wanted: Iterable[str], types: Mapping[str, str]) -> str:
        """Select list of a source's columns; one that has the type already stands as it is."""
        known, listed = self.kinds.get(name, {}), list(wanted)
        cast = [column for column in listed if known.get(column) != types[column]]
        found = [f"x.{quoted(column)}" for column in listed if column not in cast]
        return ", ".join([*found, *([super().columns(name, cast, types)] if cast else [])])

    def inherits(self) -> str:
        """Return a SELECT with a row if somebody's rows count for another, twice, or for nobody."""
        lineage, life = self.source("lineage", _LINEAGE), self.source("life", _LIFE)
        return (
            f"WITH l AS MATERIALIZED (SELECT x.org_id, x.owner_id FROM {lineage} AS x)"
            " SELECT 1 FROM l WHERE org_id <> owner_id"
            " UNION ALL SELECT 1 FROM l GROUP BY org_id HAVING count(*) > 1"
            f" UNION ALL SELECT 1 FROM {life} AS x ANTI JOIN l ON l.org_id = x.org_id LIMIT 1"
        )

    def structure_tables(self) -> None:
        if self.heirs:
            self.structure("lineage")
        self.structure("life")
        if self.late:
            self.add("fed", self.fed())
        if self.waived:
            waiver = self.source("waiver", _WAIVER)
            self.add(
                "waived",
                f"SELECT DISTINCT x.org_id, x.item, p.number AS period FROM {waiver} AS x JOIN period AS p"
                " ON x.from_on <= p.starts_on AND (x.until_on IS NULL OR x.until_on > p.ends_on)",
            )

    def fed(self) -> str:
        """Return when the late feeds of each organization started, a column a fact."""
        starts = "".join(
            f", min(x.starts_on) FILTER (WHERE x.fact = {text(fact)}) AS {quoted(fact)}"
            for fact in self.late
        )
        owner, feeds = self.feeds()
        return f"SELECT {owner} AS org_id{starts} FROM {feeds} GROUP BY {owner}"

    def feeds(self) -> tuple[str, str]:
        """Return whose feed it is, and where feeds are read."""
        feed = f"{self.source('feed', _FEED)} AS x"
        if not self.heirs:
            return "x.org_id", feed
        return (
            "l.owner_id",
            f"{feed} JOIN {self.source('lineage', _LINEAGE)} AS l ON l.org_id = x.org_id",
        )

    def started(self) -> str:
        """Return a SELECT of the facts whose feeds had started for every organization on the first day."""
        (owner, feeds), life = self.feeds(), self.source("life", _LIFE)
        return (
            f"SELECT x.fact FROM {feeds} SEMI JOIN {life} AS f ON f.org_id = {owner} WHERE x.starts_on <= {self.day('first')}"
            f" GROUP BY x.fact HAVING count(DISTINCT {owner}) = (SELECT count(*) FROM {life} AS y)"
        )

    def beside(self) -> tuple[str, str]:
        """Return for each late fact whether its feed had started when the period began; a state's, when it is read."""
        columns = ""
        for fact in self.late:
            day = "starts_on" if self.program.shapes[fact].date else "snapshot"
            columns += f", e.{quoted(fact)} <= p.{day} AS {known_column(fact)}"
        return columns, " LEFT JOIN fed AS e ON e.org_id = l.org_id" if self.late else ""

    # ------------------------------------------------------------------ facts
    def owner(self, org: str) -> tuple[str, str]:
        return super().owner(org) if self.heirs else (org, "")

    def window(self, relation: Relation) -> list[str]:
        """Only rows up to the last day read can matter."""
        shape = self.program.shapes[relation.fact]
        if not shape.date:
            return super().window(relation)
        day = f"x.{quoted(shape.date)}"
        return [f"{day} >= {self.day('first')}", f"{day} <= {self.last_read()}"]

    def streams(self, items: Iterable[CompiledItem]) -> list[Part]:
        """Return the facts that these items read and that are not copied, each as a part of their statement."""
        names = {quoted(relation.name) for item in items for relation in item.relations}
        return [part for part in self.parts if part.name in names and not part.kept]


_LIFE = {"org_id": "int", "established_on": "date", "dissolved_on": "date"}
_LINEAGE = {"org_id": "int", "owner_id": "int"}
_FEED = {"org_id": "int", "fact": "text", "starts_on": "date"}
_WAIVER = {"org_id": "int", "item": "text", "from_on": "date", "until_on": "date"}
