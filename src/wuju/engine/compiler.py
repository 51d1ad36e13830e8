"""Compiles rules to SQL: the judging of every item around the rows of `rows`. Pure."""

from dataclasses import dataclass

from wuju.engine.conditions import TRUE
from wuju.engine.dialects import Dialect, DialectName, text
from wuju.engine.gathering import Gathering
from wuju.engine.items import Item, Kind, Status
from wuju.engine.program import CompiledItem, Gathered, Pieces, Program, Shape, Total
from wuju.engine.render import Needed, Renderer, profile_column
from wuju.engine.resolve import DERIVED, Resolved, levels, resolve
from wuju.engine.rows import RowQuery
from wuju.engine.rules import Rules
from wuju.engine.verdict import Verdict
from wuju.kit.facts import Catalog, FactSpec

BY_ROWS = frozenset({Kind.RATIO, Kind.DEADLINE, Kind.COVERAGE})
"""Kinds whose denominator comes from the rows; for the others it is a constant."""
_KINDS = {
    "ref": "int",
    "cents": "int",
    "tenths": "int",
    "int": "int",
    "item": "text",
    "code": "text",
}


def compile_rules(rules: Rules, catalog: Catalog, dialect: DialectName) -> Program:
    """Compile every item of the rules.

    Raises:
        BadCondition, BadItem: an item cannot be compiled; the linter says the same.
    """
    numbers = {item.code: no for no, item in enumerate(rules.items, 1)}
    compiled: dict[str, CompiledItem] = {}
    for level, items in enumerate(levels(rules)):
        for item in items:
            plan = resolve(item, rules, catalog)
            unit = _Unit(plan, catalog, Dialect(dialect), numbers, compiled)
            compiled[item.code] = unit.compiled(level, provisional=rules.provisional(item))
    ordered = tuple(compiled[item.code] for item in rules.items)
    relations = [r for item in ordered for r in (*item.relations, *item.row_relations)]
    names = {"org", *(relation.fact for relation in relations)} | ({"member"} & set(catalog))
    shapes = {name: _shape(catalog[name]) for name in sorted(names)}
    return Program(dialect, rules.digest, rules.effective_from, ordered, shapes)


def _shape(spec: FactSpec) -> Shape:
    types = {name: str(spec.type_of(name)) for name in spec.all_columns}
    return Shape(
        key=spec.key,
        org=spec.org,
        date=spec.date,
        valid=spec.valid,
        types={name: _KINDS.get(kind, kind) for name, kind in types.items()},
    )


@dataclass
class _Unit:
    """Compiles one item."""

    plan: Resolved
    catalog: Catalog
    dialect: Dialect
    numbers: dict[str, int]
    compiled_parts: dict[str, CompiledItem]

    @property
    def item(self) -> Item:
        return self.plan.item

    def compiled(self, level: int, *, provisional: bool) -> CompiledItem:
        item, composite = self.item, self.item.kind is Kind.COMPOSITE
        wide_run = self.dialect.name == "duckdb"
        build = Gathering if wide_run else RowQuery
        query = None if composite else build(self.plan, self.catalog, self.dialect)
        needed = query.needed if query else Needed()
        pieces, sql = None, ""
        if wide_run:
            pieces = self.pieces(self.gathered(query), needed)
        else:
            sql = self.judged(self.measure(query) if query else self.composite(), needed)
        wide = None if composite else RowQuery(self.plan, self.catalog, self.dialect, wide=True)
        rows_sql = wide.sql() if wide else ""
        needed.profile |= wide.needed.profile if wide else set()
        return CompiledItem(
            no=self.numbers[item.code],
            code=item.code,
            kind=item.kind,
            grain=item.per,
            level=level,
            sql=sql,
            rows_sql=rows_sql,
            fact="" if composite else self.plan.own.name,
            all_of=item.all_of,
            relations=tuple(query.relations) if query else (),
            row_relations=tuple(wide.relations) if wide else (),
            profile=tuple(sorted(needed.profile)),
            reads=self.reads(query, needed),
            parts=tuple(item.parts),
            halves=item.owe_partial,
            provisional=provisional,
            applies=tuple((name, tuple(values)) for name, values in item.applies_to.items()),
            dated=not composite and self.dated(),
            pieces=pieces,
        )

    def dated(self) -> bool:
        """Say whether a row of the events the item reads bears on no period but that of its day."""
        item, plan = self.item, self.plan
        if plan.each:
            return bool(plan.each.fact.date)
        return bool(plan.own.date) and not item.carry and item.due in {None, "", plan.own.date}

    def reads(self, query: RowQuery | None, needed: Needed) -> tuple[str, ...]:
        found = {"org"} | {relation.fact for relation in (query.relations if query else ())}
        if needed.profile.intersection(DERIVED):
            found.add("member")
        for part in self.item.parts:
            found |= set(self.compiled_parts[part].reads)
        return tuple(sorted(found))

    # ------------------------------------------------------------------ measuring
    def measure(self, query: RowQuery) -> str:
        """Sum the rows of each organization and period."""
        rows = query.sql()
        kept = " FILTER (WHERE r.keep = 1)" if query.keeps else ""
        cast, plan = self.dialect.cast, self.plan
        num = f"count(DISTINCT r.num){kept}" if plan.item.kind is Kind.SET else f"sum(r.num){kept}"
        columns = [f"{cast(num, 'int')} AS num"]
        if plan.item.kind in BY_ROWS:
            columns.append(f"{cast(f'sum(r.den){kept}', 'int')} AS den")
        columns += [f"count(*){kept} AS evidence", f"max(r.k){kept} AS evidence_key"]
        if seen := self.seen(kept):
            columns.append(f"{cast(seen, 'int')} AS seen")
        return f"SELECT r.org_id, r.period, {', '.join(columns)} FROM ({rows}) AS r GROUP BY r.org_id, r.period"

    def seen(self, kept: str) -> str:
        """How many rows say that somebody has looked; "" where no row says that nothing happened."""
        each = self.plan.each
        if each and each.fact.absence == "unknown":
            return f"sum(r.looked){kept}"
        return "count(*)" if self.plan.own.absence == "unknown" else ""

    def composite(self) -> str:
        """Weighted mean, over the parts judged at all, of the mean score of their judged sub-periods."""
        inner = (
            f"SELECT s.org_id, s.period, {self.part_columns()}"
            f" FROM spine AS s JOIN scored AS c ON c.org_id = s.org_id JOIN period AS q ON q.number = c.period"
            f" WHERE s.grain = '{self.item.per}' AND c.item_no IN ({self.part_numbers()})"
            " AND q.starts_on >= s.starts_on AND q.ends_on <= s.ends_on"
            " GROUP BY s.org_id, s.period, c.item_no"
        )
        num, den = self.mean_of_parts()
        return (
            f"SELECT r.org_id, r.period, {num} AS num, {den} AS den, count(*) AS evidence, 0 AS evidence_key"
            f" FROM ({inner}) AS r GROUP BY r.org_id, r.period"
        )

    def part_numbers(self) -> str:
        return ", ".join(str(self.numbers[code]) for code in self.item.parts)

    def part_columns(self) -> str:
        """Return weight and mean score of one part over its judged sub-periods, grouped by part."""
        weights = " ".join(
            f"WHEN {self.numbers[code]} THEN {weight}" for code, weight in self.item.parts.items()
        )
        mean = self.dialect.divide(self.dialect.cast("sum(c.score)", "int"), "count(*)")
        return f"CASE c.item_no {weights} END AS weight, {mean} AS mean"

    def mean_of_parts(self) -> tuple[str, str]:
        """Return the weighted mean of the parts `r` and whether there is one."""
        cast = self.dialect.cast
        total = self.dialect.divide(
            cast("sum(r.weight * r.mean)", "int"), cast("sum(r.weight)", "int")
        )
        some = "CASE WHEN sum(r.weight) = 0 THEN 0 ELSE {} END"
        return some.format(total), some.format(1)

    # ------------------------------------------------------------------ pieces
    def gathered(self, query: "RowQuery | None") -> Gathered:
        if isinstance(query, Gathering):
            return query.gathered()
        inner = (
            f"SELECT c.org_id, p.number AS period, {self.part_columns()} FROM cells AS c"
            " JOIN period AS q ON q.number = c.period"
            " JOIN period AS p ON q.starts_on >= p.starts_on AND q.ends_on <= p.ends_on"
            f" WHERE p.grain = '{self.item.per}' AND c.item_no IN ({self.part_numbers()}) AND c.score IS NOT NULL"
            " GROUP BY c.org_id, p.number, c.item_no"
        )
        num, den = self.mean_of_parts()
        totals = (
            Total("num", num),
            Total("den", den),
            Total("evidence", "count(*)"),
            Total("evidence_key", "0"),
        )
        return Gathered(
            f"({inner}) AS r",
            "1 = 1",
            "r.org_id",
            "",
            all_rows=False,
            totals=totals,
            period="r.period",
        )

    def pieces(self, gathered: Gathered, needed: Needed) -> Pieces:
        verdict = Verdict(self.plan, self.dialect, named=True)
        return Pieces(
            gathered=gathered,
            owed=self.owed(needed),
            known=tuple(spec.name for spec in self.plan.feeds),
            constant=None if self.counts_den() else self.constant(),
            applies=self.applies(needed),
            figures=verdict.figures(needed),
            status=verdict.status(),
            score=verdict.score(),
        )

    def counts_den(self) -> bool:
        return self.item.kind in BY_ROWS or self.item.kind is Kind.COMPOSITE

    def constant(self) -> int:
        return len(set(self.item.all_of)) if self.item.kind is Kind.SET else 1

    # ------------------------------------------------------------------ judging
    def judged(self, measure: str, needed: Needed) -> str:
        """Wrap the measure: who owes, who is exempt, who is known, then status and score."""
        item = self.item
        den = "coalesce(m.den, 0)" if self.counts_den() else str(self.constant())
        verdict = Verdict(self.plan, self.dialect)
        figures = verdict.figures(needed)
        limits = "".join(f", {sql} AS {name}" for name, sql in figures)
        placed = (
            f"SELECT s.org_id, s.period, s.late, {self.gate(needed)} AS gate, coalesce(m.num, 0) AS num, {den} AS den,"
            f" coalesce(m.evidence, 0) AS evidence, coalesce(m.evidence_key, 0) AS evidence_key{limits}"
            f" FROM spine AS s LEFT JOIN ({measure}) AS m ON m.org_id = s.org_id AND m.period = s.period"
            f"{self.joins()} WHERE s.grain = '{item.per}'{self.applies(needed)}"
        )
        zeroed = ", ".join(
            f"CASE WHEN i.gate < {Status.UNVERIFIED} THEN 0 ELSE i.{name} END AS {name}"
            for name in ("num", "den", "evidence", "evidence_key")
        )
        names = "".join(f", i.{name}" for name, _ in figures)
        status = f"SELECT i.org_id, i.period, {zeroed}, {verdict.status()} AS status{names} FROM ({placed}) AS i"
        cast = self.dialect.cast
        numbers = ", ".join(
            f"{cast(f'j.{name}', 'int')} AS {name}"
            for name in ("num", "den", "status", "evidence", "evidence_key")
        )
        return (
            f"SELECT {cast('j.org_id', 'int')} AS org_id, {self.dialect.integer(self.numbers[item.code])} AS item_no,"
            f" {cast('j.period', 'int')} AS period, {numbers}, {verdict.score()} AS score FROM ({status}) AS j"
        )

    def applies(self, needed: Needed) -> str:
        """Return the condition on the organizations the item is about, with an AND before each part."""
        found = ""
        for column, values in self.item.applies_to.items():
            needed.profile.add(column)
            codes = ", ".join(text(value) for value in values)
            found += f" AND {profile_column(column)} IN ({codes})"
        return found

    def owed(self, needed: Needed) -> str:
        """Return the condition under which an organization owes the item in a period."""
        owed = "s.lived_half = 1" if self.item.owe_partial else "s.lived_full = 1"
        if self.plan.only_if != TRUE:
            on_org = Renderer(self.catalog["org"], "s", self.dialect, needed)
            owed += f" AND {on_org.sql(self.plan.only_if)}"
        return owed

    def gate(self, needed: Needed) -> str:
        """0 not owed, 1 waived, 2 nobody has looked, 3 to be judged."""
        known = [
            f"f{no}.starts_on <= {'s.starts_on' if spec.date else 's.snapshot'}"
            for no, spec in enumerate(self.plan.feeds)
        ]
        each = self.plan.each
        if self.plan.fact and "unknown" in {
            self.plan.fact.absence,
            each.fact.absence if each else "",
        }:
            known.append("m.seen > 0")
        looked = f"CASE WHEN {' AND '.join(known)} THEN 3 ELSE 2 END" if known else "3"
        return f"CASE WHEN {self.owed(needed)} THEN CASE WHEN w.org_id IS NULL THEN {looked} ELSE 1 END ELSE 0 END"

    def joins(self) -> str:
        waived = (
            f" LEFT JOIN (SELECT org_id, period FROM waived WHERE item = {text(self.item.code)}) AS w"
            " ON w.org_id = s.org_id AND w.period = s.period"
        )
        feeds = "".join(
            f" LEFT JOIN (SELECT org_id, starts_on FROM fed WHERE fact = {text(spec.name)}) AS f{no}"
            f" ON f{no}.org_id = s.org_id"
            for no, spec in enumerate(self.plan.feeds)
        )
        return waived + feeds
