"""Puts statements together at run time: periods, sources and structure around compiled items. Pure; text only."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wuju.engine.dialects import Columns, quoted
from wuju.engine.program import CompiledItem, Program, Relation, Source
from wuju.engine.resolve import DERIVED
from wuju.engine.rules import judged_periods
from wuju.kit.periods import GRAINS, Period

CELL_COLUMNS = (
    "org_id", "item_no", "period", "num", "den", "status", "score", "evidence", "evidence_key",
)  # fmt: skip
type Scored = Iterable[tuple[int, int, int, int]]
"""Judged cells: organization, item number, period, score."""
SCORED: Columns = (("org_id", "int"), ("item_no", "int"), ("period", "int"), ("score", "int"))
HALVES: Columns = (("org_id", "int"), ("period", "int"))
_STRUCTURE_TYPES = {
    "life": {"org_id": "int", "established_on": "date", "dissolved_on": "date"},
    "lineage": {"org_id": "int", "owner_id": "int"},
    "feed": {"org_id": "int", "fact": "text", "starts_on": "date"},
    "waiver": {"org_id": "int", "item": "text", "from_on": "date", "until_on": "date"},
    "closure": {
        "ancestor_id": "int",
        "descendant_id": "int",
        "from_on": "date",
        "until_on": "date",
    },
}


_PERIOD: Columns = (
    ("number", "int"),
    ("grain", "text"),
    ("starts_on", "date"),
    ("ends_on", "date"),
    ("snapshot", "date"),
    ("as_of", "date"),
    ("late", "int"),
    ("days", "int"),
    ("born_by", "date"),
    ("kept_until", "date"),
)


@dataclass(frozen=True)
class Scope:
    """Which organizations are judged, and whose rows count for them (unnamed: read the lineage)."""

    orgs: tuple[int, ...]
    origins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One common table. `kept`: read so often that it is worth computing once."""

    name: str
    columns: str
    sql: str
    kept: bool

    def text(self) -> str:
        columns = f"({self.columns})" if self.columns else ""
        return f"{self.name}{columns} AS {'' if self.kept else 'NOT '}MATERIALIZED ({self.sql})"


@dataclass
class Prelude:
    """The common tables of one statement, as `name AS (…)` parts with their parameters in order.

    `halves`: (organization, period) of those that began and ended inside a period and lived
    more than half of it; None asks the database to count the days on a calendar. `streamed`:
    facts are read from files as they are needed, never copied. `bound`: what differs from
    run to run is handed over by name (`handed_over`), so that the text stays the same.
    """

    program: Program
    sources: Mapping[str, Source]
    as_of: dt.date
    periods: Sequence[Period]
    scope: Scope | None = None
    halves: Sequence[tuple[int, int]] | None = None
    streamed: bool = False
    bound: bool = False
    parts: list[Part] = field(default_factory=list)
    params: list[object] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.words = self.program.words

    def build(self, items: Sequence[CompiledItem], relations: Iterable[Relation]) -> None:
        """Write every table the items read."""
        self.common(items)
        self.relations(relations)

    def common(self, items: Sequence[CompiledItem]) -> list[str]:
        """Write periods, structure and spine; return the profile columns in their order in the spine."""
        profile = {name for item in items for name in item.profile}
        heads = bool(profile.intersection(DERIVED)) and "member" in self.program.shapes
        self.period_table()
        self.structure_tables()
        if heads:
            self.head_count()
        self.spine(profile, heads=heads, halves=any(item.halves for item in items))
        return [*sorted(profile - set(DERIVED)), *sorted(profile & set(DERIVED))]

    def relations(self, relations: Iterable[Relation]) -> None:
        """Write the restricted views of facts, each once."""
        merged: dict[str, Relation] = {}
        for relation in relations:
            known = merged.get(relation.name)
            merged[relation.name] = known.merged(relation) if known else relation
        for role in ("own", "each", "parent"):
            for relation in merged.values():
                if relation.role == role:
                    self.relation(relation)

    def add(self, name: str, sql: str, columns: str = "", *, kept: bool = True) -> None:
        self.parts.append(Part(name, columns, sql, kept=kept))

    def rows(self, name: str, columns: Columns, rows: Iterable[Sequence[Any]]) -> None:
        """Write plain rows as a common table; their name is also the parameter's where bound."""
        names = ", ".join(quoted(column) for column, _ in columns)
        words = self.words
        sql = words.handed(name, len(columns)) if self.bound else words.values(columns, rows)
        self.add(name, sql, names)

    def day(self, name: str) -> str:
        """Return a day of `bounds` as SQL."""
        return f"%({name})s" if self.bound else self.words.date(self.bounds[name])

    @cached_property
    def bounds(self) -> dict[str, dt.date]:
        """First and last day judged, and the first on which states are read."""
        return {
            "first": min(period.starts_on for period in self.periods),
            "last": max(period.ends_on for period in self.periods),
            "read_from": min(period.snapshot(self.as_of) for period in self.periods),
        }

    def text(self) -> str:
        return "WITH " + ",\n".join(part.text() for part in self.parts)

    # ------------------------------------------------------------------ periods
    def period_table(self) -> None:
        """Write the periods: when, read on which day, how many days late, and the bounds of a half life."""
        self.rows("period", _PERIOD, period_rows(self.periods, self.as_of))

    def calendar_table(self) -> None:
        """Days of the judged periods, numbered: the only date arithmetic there is."""
        first = min(period.starts_on for period in self.periods)
        last = max(period.ends_on for period in self.periods)
        days = range((last - first).days + 2)
        rows = ", ".join(f"({self.words.date(first + dt.timedelta(days=n))}, {n})" for n in days)
        self.add("calendar", f"VALUES {rows}", "day, n")

    # ------------------------------------------------------------------ sources
    def source(self, name: str, types: Mapping[str, str]) -> str:
        """Open a source once and return its table's name; without a source it is empty."""
        table = f"src_{name}"
        if table in self.opened:
            return table
        self.opened.add(table)
        source = self.sources.get(name)
        if source is None:
            nulls = ", ".join(
                f"{self.words.null(kind)} AS {quoted(column)}" for column, kind in types.items()
            )
            self.add(table, f"SELECT {nulls} WHERE 1 = 0", kept=False)
            return table
        columns = ", ".join(quoted(column) for column in source.columns)
        sql = source.sql
        if self.bound:
            for parameter in names_of(name, source):
                sql = sql.replace("%s", f"%({parameter})s", 1)
        self.add(table, sql, columns, kept=False)
        self.params += source.params
        return table

    def columns(self, name: str, wanted: Iterable[str], types: Mapping[str, str]) -> str:
        """Select list of a source's columns, typed; those it lacks are NULL."""
        source = self.sources.get(name)
        found = []
        for column in wanted:
            kind = types[column]
            has = source is None or column in source.columns
            value = self.words.cast(f"x.{quoted(column)}", kind) if has else self.words.null(kind)
            found.append(f"{value} AS {quoted(column)}")
        return ", ".join(found)

    def structure(self, name: str, where: str = "") -> None:
        types = _STRUCTURE_TYPES[name]
        table = self.source(name, types)
        columns = self.columns(name, types, types)
        self.add(name, f"SELECT {columns} FROM {table} AS x{f' WHERE {where}' if where else ''}")

    def structure_tables(self) -> None:
        self.structure("lineage", self.within("x.owner_id"))
        self.structure("life", self.within("x.org_id"))
        self.structure("feed", self.within("x.org_id", origins=True))
        self.structure("waiver", self.within("x.org_id"))
        self.add(
            "fed",
            "SELECT l.owner_id AS org_id, x.fact, min(x.starts_on) AS starts_on"
            " FROM feed AS x JOIN lineage AS l ON l.org_id = x.org_id GROUP BY l.owner_id, x.fact",
        )
        self.add(
            "waived",
            "SELECT DISTINCT x.org_id, x.item, p.number AS period FROM waiver AS x JOIN period AS p"
            " ON x.from_on <= p.starts_on AND (x.until_on IS NULL OR x.until_on > p.ends_on)",
        )

    def within(self, column: str, *, origins: bool = False) -> str:
        if self.scope is None:
            return ""
        if origins and not self.scope.origins:
            return f"{column} IN (SELECT org_id FROM lineage)"
        if self.bound:
            return f"{column} IN (SELECT value FROM json_each(%({'origins' if origins else 'orgs'})s))"
        ids = self.scope.origins if origins else self.scope.orgs
        return f"{column} IN ({', '.join(str(int(org)) for org in ids) or 'NULL'})"

    # ------------------------------------------------------------------ facts
    def relation(self, relation: Relation) -> None:
        """Write one restricted view of a fact."""
        shape = self.program.shapes[relation.fact]
        table = self.source(relation.fact, shape.types)
        columns = self.columns(relation.fact, relation.columns, shape.types)
        found = self.window(relation) if relation.windowed else []
        owner, lineage = "", ""
        if relation.role == "own":
            found_by, lineage = self.owner(f"x.{quoted(shape.org)}")
            owner = f"{found_by} AS {quoted('owner_')}, "
            found.append(self.within(f"x.{quoted(shape.org)}", origins=True))
        elif self.scope is not None:
            column = relation.link or shape.key
            keys = " UNION ".join(
                f"SELECT {quoted(name)} FROM {quoted(child)}"
                for child, name in sorted(relation.via)
            )
            found.append(f"x.{quoted(column)} IN ({keys})")
        where = " AND ".join(condition for condition in found if condition)
        sql = f"SELECT {owner}{columns} FROM {table} AS x{lineage}{f' WHERE {where}' if where else ''}"
        self.add(quoted(relation.name), sql, kept=not self.streamed)

    def owner(self, org: str) -> tuple[str, str]:
        """Return for whom the rows of an organization count, and the join that tells."""
        return "l.owner_id", f" JOIN lineage AS l ON l.org_id = {org}"

    def window(self, relation: Relation) -> list[str]:
        """Only rows of the judged days can matter."""
        shape, last = self.program.shapes[relation.fact], self.day("last")
        if shape.date:
            day = f"x.{quoted(shape.date)}"
            return [f"{day} >= {self.day('first')}", f"{day} <= {last}"]
        start, until = shape.valid or ("", "")
        return [
            f"x.{quoted(start)} <= {last}",
            f"(x.{quoted(until)} IS NULL OR x.{quoted(until)} > {self.day('read_from')})",
        ]

    # ------------------------------------------------------------------ spine
    def head_count(self) -> None:
        """Members by the day they are read on: all, and full ones."""
        shape = self.program.shapes["member"]
        columns = (shape.key, *(shape.valid or ()), "category")
        self.relation(Relation("heads", "own", "member", columns, windowed=True))
        start, until = (f"b.{quoted(name)}" for name in shape.valid or ("", ""))
        self.add(
            "head_count",
            f"SELECT b.{quoted('owner_')} AS org_id, d.snapshot, count(*) AS members_total,"
            " count(*) FILTER (WHERE b.category = 'full') AS full_members"
            f" FROM heads AS b JOIN (SELECT DISTINCT snapshot FROM period) AS d"
            f" ON {start} <= d.snapshot AND ({until} IS NULL OR {until} > d.snapshot)"
            f" GROUP BY b.{quoted('owner_')}, d.snapshot",
        )

    def spine(self, profile: set[str], *, heads: bool, halves: bool) -> None:
        """Organization × period with the profile of the snapshot day and whether it was lived."""
        shape = self.program.shapes["org"]
        start, until = shape.valid or ("", "")
        table = self.source("org", shape.types)
        wanted = sorted(profile - set(DERIVED))
        needed = dict.fromkeys((shape.org, start, until, *wanted))
        self.add(
            "profile",
            f"SELECT {self.columns('org', needed, shape.types)} FROM {table} AS x"
            + (f" WHERE {scoped}" if (scoped := self.within(f"x.{quoted(shape.org)}")) else ""),
        )
        columns = "".join(f", f.{quoted(name)} AS {quoted(f'f_{name}')}" for name in wanted)
        for name in sorted(profile & set(DERIVED)):
            columns += (
                f", coalesce(h.{name}, 0) AS {quoted(f'f_{name}')}"
                if heads
                else f", 0 AS {quoted(f'f_{name}')}"
            )
        join = (
            " LEFT JOIN head_count AS h ON h.org_id = l.org_id AND h.snapshot = p.snapshot"
            if heads
            else ""
        )
        half = self.half() if halves else "0"
        beside, joined = self.beside()
        self.add(
            "spine",
            "SELECT l.org_id, p.number AS period, p.grain, p.starts_on, p.ends_on, p.snapshot, p.as_of, p.late,"
            " CASE WHEN l.established_on <= p.starts_on AND (l.dissolved_on IS NULL OR l.dissolved_on > p.ends_on)"
            f" THEN 1 ELSE 0 END AS lived_full, {half} AS lived_half{columns}{beside}"
            f" FROM life AS l JOIN profile AS f ON f.{quoted(shape.org)} = l.org_id JOIN period AS p"
            f" ON f.{quoted(start)} <= p.snapshot AND (f.{quoted(until)} IS NULL OR f.{quoted(until)} > p.snapshot){join}{joined}",
        )

    def beside(self) -> tuple[str, str]:
        """Return further columns of the spine, and the join they come from."""
        return "", ""

    def half(self) -> str:
        """Say whether more than half of the days were lived; two bounds do unless it began and ended inside."""
        both = "0"
        if self.halves is None:
            self.calendar_table()
            number = "(SELECT c.n FROM calendar AS c WHERE c.day = l.{})"
            lived = f"{number.format('dissolved_on')} - {number.format('established_on')}"
            both = f"CASE WHEN ({lived}) * 2 > p.days THEN 1 ELSE 0 END"
        elif self.halves or self.bound:
            self.rows("halves", HALVES, self.halves)
            known = "SELECT 1 FROM halves AS v WHERE v.org_id = l.org_id AND v.period = p.number"
            both = f"CASE WHEN EXISTS ({known}) THEN 1 ELSE 0 END"
        return (
            "CASE WHEN l.dissolved_on IS NULL OR l.dissolved_on > p.ends_on"
            " THEN CASE WHEN l.established_on <= p.born_by THEN 1 ELSE 0 END"
            " WHEN l.established_on <= p.starts_on"
            f" THEN CASE WHEN l.dissolved_on >= p.kept_until THEN 1 ELSE 0 END ELSE {both} END"
        )


def periods_of(
    program: Program,
    items: Iterable[CompiledItem],
    as_of: dt.date,
    since: dt.date | None,
    days: Collection[dt.date] | None = None,
) -> list[Period]:
    """Return the periods the items are judged in, by grain in order; only those with one of `days`."""
    grains = {item.grain for item in items}
    return [
        period
        for grain in GRAINS
        if grain in grains
        for period in judged_periods(program.effective_from, grain, as_of, since)
        if days is None or any(day in period for day in days)
    ]


def cell_text(prelude: Prelude, items: Sequence[CompiledItem], scored: Scored) -> str:
    """Return one statement with the cells of items of one level, over common tables already written.

    Args:
        scored: for composites, the judged cells of their parts.
    """
    prelude.relations(relation for item in items for relation in item.relations)
    if any(item.parts for item in items):
        prelude.rows("scored", SCORED, scored)
    names = ", ".join(CELL_COLUMNS)
    body = "\nUNION ALL ".join(f"SELECT {names} FROM ({item.sql}) AS u" for item in items)
    return f"{prelude.text()}\n{body}"


def period_rows(periods: Iterable[Period], as_of: dt.date) -> list[tuple[Any, ...]]:
    """Return the rows of the period table."""
    return [
        (
            p.number, p.grain, p.starts_on, p.ends_on, p.snapshot(as_of), as_of,
            (as_of - p.ends_on).days, p.days, p.ends_on - dt.timedelta(p.days // 2),
            p.starts_on + dt.timedelta(p.days // 2 + 1),
        )
        for p in periods
    ]  # fmt: skip


def names_of(name: str, source: Source) -> list[str]:
    """Return the names under which the parameters of a source are handed over."""
    return [f"{name}_{no}" for no in range(len(source.params))]
