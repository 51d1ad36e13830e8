"""The common tables of a wide run: everything about organization and period stands in one spine. Pure; text only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wuju.engine.dialects import quoted, text
from wuju.engine.prelude import Part, Prelude
from wuju.engine.program import CompiledItem, Relation

_ONCE = frozenset({"life", "profile", "fed"})
"""Read by the spine alone: not worth a table."""


def known_column(fact: str) -> str:
    """Return the spine's name for whether a fact's feed had started."""
    return quoted(f"known_{fact}")


@dataclass
class WidePrelude(Prelude):
    """The tables as for a few organizations, but the spine knows the feeds, and nothing is joined in vain.

    `heirs`: rows of some organization count for another, so that owners must be looked up.
    """

    heirs: bool = True
    facts: tuple[str, ...] = ()

    def common(self, items: Sequence[CompiledItem]) -> list[str]:
        pieces = [item.pieces for item in items if item.pieces]
        self.facts = tuple(sorted({fact for piece in pieces for fact in piece.known}))
        return super().common(items)

    def add(self, name: str, sql: str, columns: str = "", *, kept: bool = True) -> None:
        super().add(name, sql, columns, kept=kept and name not in _ONCE)

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    # ------------------------------------------------------------------ periods
    def period_table(self) -> None:
        super().period_table()
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
        columns = ", ".join(quoted(column) for column in source.columns)
        return f"(SELECT * FROM ({source.sql}) AS y({columns}))"

    def inherits(self) -> str:
        """Return a SELECT with a row if somebody's rows count for another, twice, or for nobody."""
        lineage, life = (
            self.source(name, {"org_id": "int", "owner_id": "int"}) for name in ("lineage", "life")
        )
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
        self.fed()
        waiver = self.source("waiver", _WAIVER)
        self.add(
            "waived",
            f"SELECT DISTINCT x.org_id, x.item, p.number AS period FROM {waiver} AS x JOIN period AS p"
            " ON x.from_on <= p.starts_on AND (x.until_on IS NULL OR x.until_on > p.ends_on)",
        )

    def fed(self) -> None:
        """Write when the feeds of each organization started, a column a fact."""
        owner, lineage = self.owner("x.org_id")
        starts = "".join(
            f", min(x.starts_on) FILTER (WHERE x.fact = {text(fact)}) AS {quoted(fact)}"
            for fact in self.facts
        )
        feed = self.source("feed", _FEED)
        self.add(
            "fed", f"SELECT {owner} AS org_id{starts} FROM {feed} AS x{lineage} GROUP BY {owner}"
        )

    def beside(self) -> tuple[str, str]:
        """Return for each fact whether its feed had started when the period began; a state's, when it is read."""
        columns = ""
        for fact in self.facts:
            day = "starts_on" if self.program.shapes[fact].date else "snapshot"
            columns += f", CAST(coalesce(e.{quoted(fact)} <= p.{day}, FALSE) AS TINYINT) AS {known_column(fact)}"
        return columns, " LEFT JOIN fed AS e ON e.org_id = l.org_id" if self.facts else ""

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


_FEED = {"org_id": "int", "fact": "text", "starts_on": "date"}
_WAIVER = {"org_id": "int", "item": "text", "from_on": "date", "until_on": "date"}
