"""The rows behind the cells of one item, as SQL: one method a kind. Pure.

Every kind becomes one SELECT over `spine AS s` (organization × period with its profile)
with the columns org_id, period, k (key), num and den (what the row adds), and where asked
keep (0 or 1), looked, row_org, day and why. The measure sums it, explain lists it.
"""

from dataclasses import dataclass, field

from wuju.engine.conditions import TRUE
from wuju.engine.dialects import Dialect, quoted, text
from wuju.engine.items import Kind
from wuju.engine.program import Relation
from wuju.engine.render import Needed, Renderer
from wuju.engine.resolve import Measure, PlannedEach, Resolved
from wuju.kit.facts import Catalog


@dataclass
class RowQuery:
    """Builds the row query of one item but composites.

    `wide` asks for all rows of the period with `keep` and the explaining columns;
    otherwise only the counted rows are read, unless `absence: unknown` needs the rest.
    """

    plan: Resolved
    catalog: Catalog
    dialect: Dialect
    wide: bool = False
    relations: list[Relation] = field(default_factory=list)
    needed: Needed = field(default_factory=Needed)

    def __post_init__(self) -> None:
        self.spec = self.plan.own
        self.render = Renderer(self.spec, "b", self.dialect, self.needed)
        unknown = self.spec.absence == "unknown"
        self.keeps = self.wide or unknown

    # ------------------------------------------------------------------ the query
    def sql(self) -> str:
        """Return the SELECT; afterwards `relations` and `needed` say what it reads."""
        kind = self.plan.item.kind
        if kind is Kind.COVERAGE:
            body = self.coverage()
        elif kind in {Kind.LATEST, Kind.ATTESTED}:
            body = self.newest()
        else:
            body = self.plain()
        self.add_relations()
        return body

    def add_relations(self) -> None:
        if self.spec.name != "org":
            item = self.plan.item
            windowed = item.kind is not Kind.DEADLINE and not item.carry
            own = Relation(
                f"o_{self.spec.name}",
                "own",
                self.spec.name,
                _sorted(self.needed.own),
                windowed=windowed,
            )
            self.relations.insert(0, own)
        self.add_parents(self.render, "o_")

    def add_parents(self, render: Renderer, prefix: str, suffix: str = "") -> None:
        child = f"{prefix}{render.fact.name}{suffix}"
        for name, columns in render.needed.parents.items():
            parent, reference = self.catalog[name], render.fact.parents[name]
            read = {*columns, parent.key, *(parent.valid or ())}
            self.relations.append(
                Relation(f"p_{name}", "parent", name, _sorted(read), via=((child, reference),))
            )

    def base(self) -> str:
        """Where a row belongs to the place, before any condition of the item."""
        plan, spec = self.plan, self.spec
        until = "s.ends_on" if self.wide else "s.snapshot"
        if plan.due:
            due = self.render.sql(plan.due)
            return f"{due} >= s.starts_on AND {due} <= {until}"
        if spec.name == "org":
            return "1 = 1"
        if spec.date:
            day = self.render.column(spec.date)
            since = (
                ""
                if plan.item.kind is Kind.LATEST and plan.item.carry
                else f"{day} >= s.starts_on AND "
            )
            return f"{since}{day} <= {until}{self.attested()}"
        return _valid(self.render)

    def attested(self) -> str:
        if self.plan.item.kind is not Kind.ATTESTED:
            return ""
        return f" AND {self.render.column('item')} = {text(str(self.plan.item.item))}"

    def source(self) -> str:
        """FROM clause: the spine, the rows, and the parents they read."""
        parents = self.parent_joins(self.render)
        if self.spec.name == "org":
            return f"spine AS s{parents}"
        own = f"{quoted('o_' + self.spec.name)} AS b ON b.{quoted('owner_')} = s.org_id"
        return f"spine AS s JOIN {own}{parents}"

    def places(self) -> str:
        """Return the condition on organizations and periods the item is about."""
        plan = self.plan
        found = [f"s.grain = '{plan.item.per}'"]
        for column, values in plan.item.applies_to.items():
            codes = ", ".join(text(value) for value in values)
            found.append(f"s.{quoted('f_' + column)} IN ({codes})")
        return " AND ".join(found)

    def parent_joins(self, render: Renderer) -> str:
        return "".join(
            f" LEFT JOIN {quoted('p_' + name)} AS {(alias := render.parent_alias(name))}"
            f" ON {alias}.{quoted(self.catalog[name].key)} = {render.column(render.fact.parents[name])}"
            + (
                f" AND {_valid(Renderer(self.catalog[name], alias, self.dialect, Needed()))}"
                if self.catalog[name].valid
                else ""
            )
            for name in sorted(render.needed.parents)
        )

    # ------------------------------------------------------------------ kinds
    def plain(self) -> str:
        """count, ratio, deadline, stock, set: a row stands for itself."""
        num, den = self.contribution()
        keep, where = self.keep()
        columns = f"{num} AS num, {den} AS den{keep}{self.about(self.reason())}"
        base = self.base()
        key = self.render.column(self.spec.key)
        head = f"SELECT s.org_id, s.period, {key} AS k, {columns}"
        return f"{head} FROM {self.source()} WHERE {base} AND {self.places()}{where}"

    def contribution(self) -> tuple[str, str]:
        """Say what one row adds to numerator and denominator; for a set, its kind."""
        plan = self.plan
        if plan.numerator and plan.denominator:
            return self.measured(plan.numerator), self.measured(plan.denominator)
        if plan.due and plan.done:
            due, done = self.render.sql(plan.due), self.render.sql(plan.done)
            # Counted rows are due by as_of, so what is done in time is done by then.
            return f"CASE WHEN {done} <= {due} THEN 1 ELSE 0 END", "1"
        if plan.value is None:
            return "1", "1"
        value = self.render.sql(plan.value)
        return (value if plan.item.kind is Kind.SET else f"coalesce({value}, 0)"), "1"

    def measured(self, part: Measure) -> str:
        value = f"coalesce({self.render.sql(part.sum)}, 0)" if part.sum else "1"
        where = self.render.sql(part.where)
        return value if part.where == TRUE else f"CASE WHEN {where} THEN {value} ELSE 0 END"

    def condition(self) -> str:
        """Return the rows the item counts: `where`, and for a set the kinds it asks for."""
        found = [] if self.plan.where == TRUE else [self.render.sql(self.plan.where)]
        if self.plan.item.kind is Kind.SET and self.plan.value:
            kinds = ", ".join(text(kind) for kind in self.plan.item.all_of)
            found.append(f"{self.render.sql(self.plan.value)} IN ({kinds})")
        if self.wide and (day := self.dated()):
            found.append(f"{day} <= s.snapshot")
        return " AND ".join(found)

    def dated(self) -> str:
        """Return the day by which a row is placed, if it has one."""
        if self.plan.due:
            return self.render.sql(self.plan.due)
        return self.render.column(self.spec.date) if self.spec.date else ""

    def keep(self) -> tuple[str, str]:
        """(column, further WHERE): the condition either marks the rows or drops them."""
        condition = self.condition()
        if self.keeps:
            return f", CASE WHEN {condition or '1 = 1'} THEN 1 ELSE 0 END AS keep", ""
        return "", f" AND {condition}" if condition else ""

    def newest(self) -> str:
        """Latest and attested: of the rows that say a value, the last; ties go to the larger key."""
        value = self.render.sql(self.plan.value or TRUE)
        conditions = [part for part in (self.condition(), f"{value} IS NOT NULL") if part]
        good = f"CASE WHEN {' AND '.join(conditions)} THEN 1 ELSE 0 END"
        key, day = self.render.column(self.spec.key), self.render.column(self.spec.date or "")
        why = self.about(self.reason())
        base = self.base()
        filtered = "" if self.keeps else f" AND {' AND '.join(conditions)}"
        inner = (
            f"SELECT s.org_id, s.period, {key} AS k, {value} AS num, {good} AS good,"
            f" row_number() OVER (PARTITION BY s.org_id, s.period, {good} ORDER BY {day} DESC, {key} DESC) AS place"
            f"{why} FROM {self.source()} WHERE {base} AND {self.places()}{filtered}"
        )
        if not self.keeps:
            return f"SELECT n.org_id, n.period, n.k, n.num, 1 AS den FROM ({inner}) AS n WHERE n.place = 1"
        about = (
            ", n.row_org, n.day, n.failing, CASE WHEN n.good = 1 THEN 'older' ELSE n.why END AS why"
            if self.wide
            else ""
        )
        return (
            "SELECT n.org_id, n.period, n.k, n.num, 1 AS den,"
            f" CASE WHEN n.good = 1 AND n.place = 1 THEN 1 ELSE 0 END AS keep{about} FROM ({inner}) AS n"
        )

    def coverage(self) -> str:
        """Members who have what each must have; their rows count wherever they were recorded."""
        each = self.plan.each
        if each is None:
            raise AssertionError(self.plan.item.code)
        inner = self.of_members(each)
        least = "NULL" if each.at_least is None else str(each.at_least)
        satisfied = f"coalesce(g.v, 0) >= {least}"
        about = (
            f", g.row_org, {self.dialect.null('date')} AS day,"
            f" CASE WHEN {satisfied} THEN 0 ELSE 1 END AS failing,"
            " CASE WHEN g.asked = 1 THEN 'exempt' ELSE 'where' END AS why"
            if self.wide
            else ""
        )
        kept = ", g.keep" if self.keeps else ""
        return (
            f"SELECT g.org_id, g.period, g.k, CASE WHEN {satisfied} THEN 1 ELSE 0 END AS num,"
            f" 1 AS den, g.looked{kept}{about} FROM ({inner}) AS g"
        )

    def of_members(self, each: PlannedEach) -> str:
        """Return the members of each organization and period with what they have."""
        rows = Renderer(each.fact, "e", self.dialect, Needed(profile=self.needed.profile))
        value, joins = self.each_value(each, rows), self.each_join(each, rows)
        spec, render = self.spec, self.render
        counted = [
            render.sql(part) for part in (self.plan.where, self.plan.exempt) if part != TRUE
        ]
        condition = " AND ".join(counted)
        keep = (
            f", max(CASE WHEN {condition or '1 = 1'} THEN 1 ELSE 0 END) AS keep"
            if self.keeps
            else ""
        )
        where = f" AND {condition}" if condition and not self.keeps else ""
        key, org = render.column(spec.key), render.column(spec.org)
        why = (
            f", {org} AS row_org, max(CASE WHEN {render.sql(self.plan.where)} THEN 1 ELSE 0 END) AS asked"
            if self.wide
            else ""
        )
        base = self.base()
        return (
            f"SELECT s.org_id, s.period, {key} AS k, {value} AS v, count(e.{quoted(each.fact.key)}) AS looked{keep}{why}"
            f" FROM {self.source()}{joins} WHERE {base} AND {self.places()}{where}"
            f" GROUP BY s.org_id, s.period, {key}, {org}"
        )

    def each_value(self, each: PlannedEach, rows: Renderer) -> str:
        value = rows.sql(each.measure.sum) if each.measure.sum else "1"
        when = f"{rows.column(each.fact.key)} IS NOT NULL"
        if each.measure.where != TRUE:
            when += f" AND {rows.sql(each.measure.where)}"
        return self.dialect.cast(f"sum(CASE WHEN {when} THEN {value} END)", "int")

    def each_join(self, each: PlannedEach, rows: Renderer) -> str:
        spec = each.fact
        link = f"{rows.column(each.link)} = {self.render.column(self.spec.key)}"
        day = rows.column(spec.date) if spec.date else ""
        placed = f"{day} >= s.starts_on AND {day} <= s.snapshot" if day else _valid(rows)
        name = quoted(self.each_name(each))
        joins = f" LEFT JOIN {name} AS e ON {link} AND {placed}{self.parent_joins(rows)}"
        self.add_each(each, rows)
        return joins

    def each_name(self, each: PlannedEach) -> str:
        return f"e_{each.fact.name}__{self.spec.name}"

    def add_each(self, each: PlannedEach, rows: Renderer) -> None:
        """Note that the rows of members are read, with all that was rendered of them."""
        relation = Relation(
            self.each_name(each),
            "each",
            each.fact.name,
            _sorted(rows.needed.own),
            windowed=True,
            link=each.link,
            via=((f"o_{self.spec.name}", self.spec.key),),
        )
        self.relations.append(relation)
        self.add_parents(rows, "e_", f"__{self.spec.name}")

    # ------------------------------------------------------------------ explaining
    def reason(self) -> str:
        """Why a row is not counted, as SQL text."""
        day = self.dated()
        late = (
            f"WHEN {day} > s.snapshot THEN {text('not_due' if self.plan.due else 'not_yet')} "
            if day
            else ""
        )
        where = self.plan.where
        other = "'other_kind'" if self.plan.item.kind is Kind.SET else "'no_value'"
        fails = "1 = 0" if where == TRUE else f"({self.render.sql(where)}) IS NOT TRUE"
        return f"CASE {late}WHEN {fails} THEN 'where' ELSE {other} END"

    def about(self, reason: str) -> str:
        if not self.wide:
            return ""
        day = self.dated() or (self.render.column(self.spec.valid[0]) if self.spec.valid else "")
        org = self.render.column(self.spec.org)
        return f", {org} AS row_org, {day} AS day, {self.failing()} AS failing, {reason} AS why"

    def failing(self) -> str:
        """Whether a counted row falls short: by `evidence`, or because it adds to one side only."""
        plan = self.plan
        if plan.evidence is not None:
            return f"CASE WHEN {self.render.sql(plan.evidence)} THEN 1 ELSE 0 END"
        if plan.item.kind in {Kind.RATIO, Kind.DEADLINE}:
            num, den = self.contribution()
            return f"CASE WHEN {num} < {den} THEN 1 ELSE 0 END"
        return "0"


def _valid(render: Renderer) -> str:
    start, until = (render.column(name) for name in render.fact.valid or ("", ""))
    return f"{start} <= s.snapshot AND ({until} IS NULL OR {until} > s.snapshot)"


def _sorted(columns: "set[str]") -> tuple[str, ...]:
    return tuple(sorted(columns))
