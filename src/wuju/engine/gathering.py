"""What a wide run reads for one item, in pieces: where rows are found, which count, and what is added up. Pure.

The statements of `rows` list rows and are made for a few organizations at a time. Over all of
them at once it is cheaper to add up while reading, to place a row by its day before anything
is known of its organization, and to read the rows of one fact once for many items: `fusing`
puts together what is found and placed alike.
"""

from dataclasses import dataclass

from wuju.engine.conditions import TRUE, Node
from wuju.engine.dialects import quoted, text
from wuju.engine.items import Kind
from wuju.engine.program import Gathered, Total
from wuju.engine.render import Needed, Renderer
from wuju.engine.resolve import Measure, PlannedEach
from wuju.engine.rows import RowQuery

AT_MOST_BITS = 60
"""Kinds of a set that fit into the bits of one integer."""


@dataclass
class Gathering(RowQuery):
    """Builds the pieces of one item but composites, in DuckDB's words."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.by_day = self.fits_calendar()

    def fits_calendar(self) -> bool:
        """Whether a row finds its period by its day alone, without asking about its organization.

        On the spine a row meets every period of its organization before all but one are
        dropped; on the calendar it meets one.
        """
        plan = self.plan
        on_profile = any(_on_profile(node) for node in plan.nodes())
        dated = self.spec.name != "org" and bool(plan.due or self.spec.date)
        newest_ever = plan.item.kind is Kind.LATEST and plan.item.carry
        return dated and not on_profile and not newest_ever and plan.item.kind is not Kind.COVERAGE

    def gathered(self) -> Gathered:
        """Return the pieces; afterwards `relations` and `needed` say what they read."""
        if self.plan.each:
            found = self.members(self.plan.each)
        else:
            found = self.found(self.where(), self.totals())
        self.add_relations()
        return found

    def found(self, where: str, totals: tuple[Total, ...]) -> Gathered:
        """Put together what is read of a row that stands for itself."""
        base = self.base()  # what it reads must be known before the parents are joined
        return Gathered(
            source=self.source(),
            placed=f"{base} AND {self.places()}",
            org=f"b.{quoted('owner_')}" if self.by_day else "s.org_id",
            where=where,
            all_rows=self.keeps,
            totals=totals,
        )

    # ------------------------------------------------------------------ finding and placing
    def base(self) -> str:
        if not self.by_day:
            return super().base()
        return f"s.day = {self.dated()}{self.attested() if self.keeps else ''}"

    def source(self) -> str:
        if not self.by_day:
            return super().source()
        own = f"{quoted('o_' + self.spec.name)} AS b"
        return f"days AS s CROSS JOIN {own}{self.parent_joins(self.render)}"

    def places(self) -> str:
        """Return the period alone by day; whom the item is about is asked when it is judged."""
        return f"s.grain = '{self.plan.item.per}'" if self.by_day else super().places()

    def where(self) -> str:
        """Return the condition of a counted row."""
        plan, found = self.plan, [self.condition()]
        if self.by_day:
            found.append(self.attested().removeprefix(" AND "))
        if plan.item.kind in {Kind.LATEST, Kind.ATTESTED}:
            found.append(f"{self.render.sql(plan.value or TRUE)} IS NOT NULL")
        return " AND ".join(part for part in found if part)

    # ------------------------------------------------------------------ adding up
    def totals(self) -> tuple[Total, ...]:
        """Return what is added up over the counted rows."""
        plan, kind = self.plan, self.plan.item.kind
        key = self.render.column(self.spec.key)
        if kind in {Kind.LATEST, Kind.ATTESTED}:
            return self.newest_of(key)
        pair: tuple[Total, ...]
        rows = (Total("evidence", "count(*)"), Total("evidence_key", f"max({key})"), *self.seen())
        if plan.numerator and plan.denominator:
            pair = (self.total("num", plan.numerator), self.total("den", plan.denominator))
        elif plan.due and plan.done:
            due, done = self.render.sql(plan.due), self.render.sql(plan.done)
            pair = (
                Total("num", "count(*)", condition=f"{done} <= {due}"),
                Total("den", "count(*)"),
            )
        elif kind is Kind.SET:
            return (self.kinds(), *rows)
        else:
            pair = (self.total("num", Measure(TRUE, plan.value)),)
        return (*pair, *rows)

    def total(self, name: str, part: Measure) -> Total:
        condition = "" if part.where == TRUE else self.render.sql(part.where)
        if part.sum is None:
            return Total(name, "count(*)", condition=condition)
        return Total(name, f"CAST(sum({self.render.sql(part.sum)})", " AS BIGINT)", condition)

    def kinds(self) -> Total:
        """Count the kinds present; few enough are a bit each, and nothing has to be told apart."""
        value, kinds = self.render.sql(self.plan.value or TRUE), sorted(set(self.plan.item.all_of))
        if len(kinds) > AT_MOST_BITS:
            return Total("num", f"count(DISTINCT {value})")
        bits = " ".join(f"WHEN {text(kind)} THEN {1 << no}" for no, kind in enumerate(kinds))
        return Total("num", f"bit_count(bit_or(CASE {value} {bits} ELSE 0 END)", ")")

    def newest_of(self, key: str) -> tuple[Total, ...]:
        """Take the value of the last row; ties go to the larger key."""
        day, value = (
            self.render.column(self.spec.date or ""),
            self.render.sql(self.plan.value or TRUE),
        )
        place = f"{{'day': {day}, 'key': {key}}}"
        return (
            Total("num", f"arg_max({value}, {place})"),
            Total("evidence", "least(count(*)", ", 1)"),
            Total("evidence_key", f"(max({place})", ").key"),
            *self.seen(),
        )

    def seen(self) -> tuple[Total, ...]:
        """How many rows say that somebody has looked; none where no row says that nothing happened."""
        return (Total("seen", "count(*)", counted=False),) if self.keeps else ()

    # ------------------------------------------------------------------ coverage
    def members(self, each: PlannedEach) -> Gathered:
        """Members, and what each of them has: added up by member first where that needs no organization."""
        rows = Renderer(each.fact, "e", self.dialect, Needed(profile=self.needed.profile))
        key = self.render.column(self.spec.key)
        if not each.fact.date or any(
            _on_profile(node) for node in (each.measure.where, each.measure.sum)
        ):
            return self.by_spine(each)
        joined = self.by_member(each, rows)
        parts = [part for part in (self.plan.where, self.plan.exempt) if part != TRUE]
        found = self.found(
            " AND ".join(self.render.sql(part) for part in parts), self.covered(each, key, "e")
        )
        link = f"LEFT JOIN ({joined}) AS e ON e.member = {key} AND e.period = s.period"
        return Gathered(
            f"{found.source} {link}",
            found.placed,
            found.org,
            found.where,
            found.all_rows,
            found.totals,
        )

    def by_member(self, each: PlannedEach, rows: Renderer) -> str:
        """Add up what a member has by the period of its day."""
        where = "" if each.measure.where == TRUE else rows.sql(each.measure.where)
        value = f"CAST(sum({rows.sql(each.measure.sum)})" if each.measure.sum else "CAST(count(*)"
        unknown = each.fact.absence == "unknown"
        kept = f" FILTER (WHERE {where})" if where and unknown else ""
        looked = ", count(*) AS looked" if unknown else ""
        member, day = rows.column(each.link), rows.column(each.fact.date or "")
        dropped = f" AND {where}" if where and not unknown else ""
        self.add_each(each, rows)
        return (
            f"SELECT {member} AS member, s.period, {value}{kept} AS BIGINT) AS v{looked}"
            f" FROM days AS s CROSS JOIN {quoted(self.each_name(each))} AS e{self.parent_joins(rows)}"
            f" WHERE s.day = {day} AND s.grain = '{self.plan.item.per}'{dropped} GROUP BY {member}, s.period"
        )

    def by_spine(self, each: PlannedEach) -> Gathered:
        """Members with their rows joined to organization and period, as everywhere else."""
        inner = self.of_members(each)
        where = "g.keep = 1" if self.keeps else ""
        totals = self.covered(each, "g.k", "g")
        return Gathered(
            f"({inner}) AS g", "1 = 1", "g.org_id", where, self.keeps, totals, "g.period"
        )

    def covered(self, each: PlannedEach, key: str, alias: str) -> tuple[Total, ...]:
        least = "NULL" if each.at_least is None else str(each.at_least)
        looked = (Total("seen", f"CAST(sum({alias}.looked)", " AS BIGINT)"),)
        return (
            Total("num", "count(*)", condition=f"coalesce({alias}.v, 0) >= {least}"),
            Total("den", "count(*)"),
            Total("evidence", "count(*)"),
            Total("evidence_key", f"max({key})"),
            *(looked if each.fact.absence == "unknown" else self.seen()),
        )


def _on_profile(node: Node | None) -> bool:
    return node is not None and any(leaf.op == "org" for leaf in node.walk())
