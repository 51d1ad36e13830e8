"""Compiles rules to SQL: the judging of every item around the rows of `rows`. Pure."""

from dataclasses import dataclass

from wuju.engine.conditions import TRUE
from wuju.engine.dialects import Dialect, DialectName, text
from wuju.engine.items import Item, Kind, Status
from wuju.engine.program import CompiledItem, Program, Shape
from wuju.engine.render import Needed, Renderer, profile_column
from wuju.engine.resolve import DERIVED, Resolved, levels, resolve
from wuju.engine.rows import RowQuery
from wuju.engine.rules import OrgColumn, Pair, Rules
from wuju.kit.facts import Catalog, FactSpec

FULL = 10_000
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
        query = None if composite else RowQuery(self.plan, self.catalog, self.dialect)
        measure = self.measure(query) if query else self.composite()
        wide = None if composite else RowQuery(self.plan, self.catalog, self.dialect, wide=True)
        rows_sql = wide.sql() if wide else ""
        needed = query.needed if query else Needed()
        needed.profile |= wide.needed.profile if wide else set()
        sql = self.judged(measure, needed)
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
        parts = {self.numbers[code]: weight for code, weight in self.item.parts.items()}
        weights = " ".join(f"WHEN {no} THEN {weight}" for no, weight in parts.items())
        cast, divide = self.dialect.cast, self.dialect.divide
        mean = divide(cast("sum(c.score)", "int"), "count(*)")
        numbers = ", ".join(str(no) for no in parts)
        inner = (
            f"SELECT s.org_id, s.period, CASE c.item_no {weights} END AS weight, {mean} AS mean"
            f" FROM spine AS s JOIN scored AS c ON c.org_id = s.org_id JOIN period AS q ON q.number = c.period"
            f" WHERE s.grain = '{self.item.per}' AND c.item_no IN ({numbers})"
            " AND q.starts_on >= s.starts_on AND q.ends_on <= s.ends_on"
            " GROUP BY s.org_id, s.period, c.item_no"
        )
        total = divide(cast("sum(r.weight * r.mean)", "int"), cast("sum(r.weight)", "int"))
        return (
            f"SELECT r.org_id, r.period, CASE WHEN sum(r.weight) = 0 THEN 0 ELSE {total} END AS num,"
            " CASE WHEN sum(r.weight) = 0 THEN 0 ELSE 1 END AS den, count(*) AS evidence, 0 AS evidence_key"
            f" FROM ({inner}) AS r GROUP BY r.org_id, r.period"
        )

    # ------------------------------------------------------------------ judging
    def judged(self, measure: str, needed: Needed) -> str:
        """Wrap the measure: who owes, who is exempt, who is known, then status and score."""
        item = self.item
        constant = len(set(item.all_of)) if item.kind is Kind.SET else 1
        by_rows = item.kind in BY_ROWS or item.kind is Kind.COMPOSITE
        den = "coalesce(m.den, 0)" if by_rows else str(constant)
        placed = (
            f"SELECT s.org_id, s.period, s.late, {self.gate(needed)} AS gate, coalesce(m.num, 0) AS num, {den} AS den,"
            f" coalesce(m.evidence, 0) AS evidence, coalesce(m.evidence_key, 0) AS evidence_key{self.limit_columns(needed)}"
            f" FROM spine AS s LEFT JOIN ({measure}) AS m ON m.org_id = s.org_id AND m.period = s.period"
            f"{self.joins()} WHERE {self.applies(needed)}"
        )
        zeroed = ", ".join(
            f"CASE WHEN i.gate < {Status.UNVERIFIED} THEN 0 ELSE i.{name} END AS {name}"
            for name in ("num", "den", "evidence", "evidence_key")
        )
        status = f"SELECT i.org_id, i.period, {zeroed}, {self.status()} AS status{self.limit_names()} FROM ({placed}) AS i"
        cast = self.dialect.cast
        numbers = ", ".join(
            f"{cast(f'j.{name}', 'int')} AS {name}"
            for name in ("num", "den", "status", "evidence", "evidence_key")
        )
        return (
            f"SELECT {cast('j.org_id', 'int')} AS org_id, {self.dialect.integer(self.numbers[item.code])} AS item_no,"
            f" {cast('j.period', 'int')} AS period, {numbers}, {self.score()} AS score FROM ({status}) AS j"
        )

    def applies(self, needed: Needed) -> str:
        found = [f"s.grain = '{self.item.per}'"]
        for column, values in self.item.applies_to.items():
            needed.profile.add(column)
            codes = ", ".join(text(value) for value in values)
            found.append(f"{profile_column(column)} IN ({codes})")
        return " AND ".join(found)

    def gate(self, needed: Needed) -> str:
        """0 not owed, 1 waived, 2 nobody has looked, 3 to be judged."""
        owed = "s.lived_half = 1" if self.item.owe_partial else "s.lived_full = 1"
        if self.plan.only_if != TRUE:
            on_org = Renderer(self.catalog["org"], "s", self.dialect, needed)
            owed += f" AND {on_org.sql(self.plan.only_if)}"
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
        return (
            f"CASE WHEN {owed} THEN CASE WHEN w.org_id IS NULL THEN {looked} ELSE 1 END ELSE 0 END"
        )

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

    def limit_columns(self, needed: Needed) -> str:
        found = ""
        for no, limit in enumerate(self.plan.limits):
            if isinstance(limit, OrgColumn):
                needed.profile.add(limit.column)
                found += f", {profile_column(limit.column)} AS limit_{no}"
        return found

    def limit_names(self) -> str:
        return "".join(
            f", i.limit_{no}"
            for no, limit in enumerate(self.plan.limits)
            if isinstance(limit, OrgColumn)
        )

    def limit(self, no: int, alias: str) -> tuple[str, str]:
        """(numerator, denominator) of a limit as SQL; an undecided one is NULL."""
        limit = self.plan.limits[no]
        if isinstance(limit, OrgColumn):
            return f"{alias}.limit_{no}", "1"
        above, below = limit or (None, 1)
        return self.dialect.null("int") if above is None else self.dialect.integer(above), str(
            below
        )

    def status(self) -> str:
        plan = self.plan
        time = _late(self.item, to_confirm=plan.to_confirm)
        late = Status.UNVERIFIED if plan.to_confirm else Status.MISSED
        unmet = str(int(late)) if plan.operator == "at_most" else time
        met = (
            f"CASE WHEN i.late > 0 THEN {Status.MET} ELSE {time} END"
            if plan.waits
            else str(int(Status.MET))
        )
        missing = [
            f"WHEN i.limit_{no} IS NULL THEN {Status.UNVERIFIED}"
            for no, limit in enumerate(plan.limits)
            if isinstance(limit, OrgColumn)
        ]
        if plan.undecided:
            judged = f"ELSE {Status.UNVERIFIED} END"
        else:
            judged = f"{' '.join(missing)} WHEN {self.meets()} THEN {met} ELSE {unmet} END"
        return f"CASE WHEN i.gate < 3 THEN i.gate WHEN i.den <= 0 THEN {Status.NOT_APPLICABLE} {judged}"

    def meets(self) -> str:
        """num/den against the limits, by cross-product."""
        operator, last = self.plan.operator, len(self.plan.limits) - 1
        above = _compare("i.num", ">=", self.limit(0, "i"), "i.den")
        below = _compare("i.num", "<=", self.limit(last, "i"), "i.den")
        if operator == "at_least":
            return above
        return below if operator == "at_most" else f"{above} AND {below}"

    def score(self) -> str:
        scoring = self.plan.scoring
        if not scoring or self.plan.undecided:
            return self.dialect.null("int")
        if scoring == "bands":
            value = self.banded()
            body = f"CASE WHEN j.status IN ({Status.MET}, {Status.MISSED}) THEN {value} END"
        else:
            missed = self.share() if scoring == "proportional" else "0"
            body = f"CASE j.status WHEN {Status.MET} THEN {FULL} WHEN {Status.MISSED} THEN {missed} END"
        return self.dialect.cast(body, "int")

    def banded(self) -> str:
        bands: tuple[tuple[Pair, int], ...] = self.plan.bands
        whens = " ".join(
            f"WHEN {_compare('j.num', '>=', (self.dialect.integer(pair[0]), str(pair[1])), 'j.den')} THEN {score}"
            for pair, score in bands
        )
        return f"CASE {whens} ELSE 0 END"

    def share(self) -> str:
        """Return the unmet part of a proportional score; below zero and without a threshold it is 0."""
        above, below = self.limit(0, "j")
        limit = self.plan.limits[0]
        if isinstance(limit, tuple) and limit[0] <= 0:
            return "0"
        value = self.dialect.divide(f"j.num * {below} * {FULL}", f"{above} * j.den")
        return f"CASE WHEN j.num <= 0 OR {above} <= 0 THEN 0 ELSE {value} END"


def _compare(num: str, sign: str, limit: tuple[str, str], den: str) -> str:
    return f"{num} * {limit[1]} {sign} {limit[0]} * {den}"


def _late(item: Item, *, to_confirm: bool) -> str:
    """How late an unmet item is; a shortfall against an unconfirmed rule is unverified."""
    overdue, missed = (
        (Status.UNVERIFIED, Status.UNVERIFIED) if to_confirm else (Status.OVERDUE, Status.MISSED)
    )
    return (
        f"CASE WHEN i.late > {item.grace} THEN {missed} WHEN i.late > 0 THEN {overdue}"
        f" WHEN i.late >= -{item.soon} THEN {Status.DUE_SOON} ELSE {Status.OPEN} END"
    )
