"""An item resolved against catalogue and parameters: every text read, every limit a pair. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from wuju.engine.conditions import TRUE, Node, Reader
from wuju.engine.items import Each, Item, Kind, SumPart
from wuju.engine.rules import TO_CONFIRM, BadItem, OrgColumn, Pair, Rules, read_limit
from wuju.kit.facts import Catalog, FactSpec

EVENTS_ONLY = frozenset({Kind.COUNT, Kind.LATEST, Kind.ATTESTED})
LATE = frozenset({Kind.RATIO, Kind.STOCK})
"""Kinds that read met only when the period is over, whatever the target."""

type Limits = tuple[Pair | OrgColumn | None, ...]
DERIVED = ("members_total", "full_members")
"""Profile columns that the engine counts from the members valid on the snapshot day."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How many: a sum over the rows where `where` holds, or (no `sum`) their number."""

    where: Node
    sum: Node | None = None


@dataclass(frozen=True, slots=True)
class PlannedEach:
    """What each member of a population must have."""

    fact: FactSpec
    link: str
    measure: Measure
    at_least: int | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """An item ready for the oracle or the compiler.

    `where` holds the exemption of the population too, apart as `exempt`. `feeds` names
    the facts that must have started. `waits`: met is said only when the period is over.
    `undecided`: a parameter has no value. `scoring`: "" for none, pass, proportional, bands.
    """

    item: Item
    fact: FactSpec | None
    where: Node
    exempt: Node
    numerator: Measure | None
    denominator: Measure | None
    due: Node | None
    done: Node | None
    value: Node | None
    evidence: Node | None
    only_if: Node
    each: PlannedEach | None
    operator: str
    limits: Limits
    bands: tuple[tuple[Pair, int], ...]
    feeds: tuple[FactSpec, ...]
    waits: bool
    undecided: bool
    scoring: str

    @property
    def to_confirm(self) -> bool:
        return TO_CONFIRM in self.item.tags

    @property
    def own(self) -> FactSpec:
        """The fact whose rows are counted; only composites have none."""
        if self.fact is None:
            raise BadItem(self.item.code, "是组合项，没有自己的事实")
        return self.fact

    def nodes(self) -> Iterator[Node]:
        """Yield every tree over the item's own fact (not `only_if`, not `each`)."""
        measures = [m for m in (self.numerator, self.denominator) if m]
        found = [self.where, self.exempt, self.due, self.done, self.value, self.evidence]
        found += [node for m in measures for node in (m.where, m.sum)]
        yield from (node for node in found if node is not None)


def resolve(item: Item, rules: Rules, catalog: Catalog) -> Resolved:
    """Check one item and resolve its texts and limits; the linter calls this for every item.

    Raises:
        BadCondition: a condition cannot be read.
        BadItem: the item lacks something its kind needs, or says what it cannot mean.
    """
    return _Resolver(item, rules, catalog).resolved()


def levels(rules: Rules) -> list[list[Item]]:
    """Return the items in evaluation order: first all but composites, then composites by depth.

    Raises:
        BadItem: a part does not exist, or composites contain each other.
    """
    plain = [item for item in rules.items if item.kind is not Kind.COMPOSITE]
    waiting = [item for item in rules.items if item.kind is Kind.COMPOSITE]
    done = {item.code for item in plain}
    ordered = [plain]
    for item in waiting:
        if missing := [part for part in item.parts if part not in rules.by_code]:
            raise BadItem(item.code, f"的组成项“{missing[0]}”不存在")
    while waiting:
        ready = [item for item in waiting if done.issuperset(item.parts)]
        if not ready:
            raise BadItem(waiting[0].code, "的组成项互相包含，请去掉循环")
        ordered.append(ready)
        done |= {item.code for item in ready}
        waiting = [item for item in waiting if item.code not in done]
    return ordered


class _Resolver:
    def __init__(self, item: Item, rules: Rules, catalog: Catalog) -> None:
        self.item, self.rules, self.catalog = item, rules, catalog
        self.fact = None if item.kind is Kind.COMPOSITE else self.spec(item.fact)
        org = self.spec("org")
        self.on_org = Reader(org, catalog, rules.parameters)
        self.reader = Reader(self.fact, catalog, rules.parameters) if self.fact else self.on_org

    def refuse(self, why: str) -> BadItem:
        return BadItem(self.item.code, why)

    def spec(self, name: str | None) -> FactSpec:
        if name is None:
            raise self.refuse("没有写 of，不知道数什么")
        if name not in self.catalog:
            raise self.refuse(f"用到的事实“{name}”不在事实目录里")
        return self.catalog[name]

    def resolved(self) -> Resolved:
        item = self.item
        self.check_shape()
        operator, limits = self.target()
        each = self.each(item.each) if item.kind is Kind.COVERAGE else None
        return Resolved(
            item=item,
            fact=self.fact,
            where=self.condition(item.where),
            exempt=self.exempt(),
            numerator=self.measure(item.numerator),
            denominator=self.measure(item.denominator),
            due=self.expression(item.due, "date"),
            done=self.expression(item.done, "date"),
            value=self.value(),
            evidence=self.expression(item.evidence, "bool"),
            only_if=self.on_org.read(item.only_if) if item.only_if else TRUE,
            each=each,
            operator=operator,
            limits=limits,
            bands=self.bands(),
            feeds=self.feeds(each),
            waits=operator != "at_least" or item.kind in LATE,
            undecided=any(self.rules.parameters.get(name) is None for name in item.parameters),
            scoring=self.scoring(operator),
        )

    # ------------------------------------------------------------------ shape
    def check_shape(self) -> None:
        item, fact = self.item, self.fact
        for name in _NEEDS.get(item.kind, ()):
            if not getattr(item, name):
                raise self.refuse(f"是 {item.kind} 类，还要写 {name}")
        if fact and item.kind in EVENTS_ONLY and not fact.date:
            raise self.refuse(f"是 {item.kind} 类，只能数按日期发生的事，“{fact.title}”是一种状态")
        if fact and item.kind is Kind.STOCK and not fact.valid:
            raise self.refuse(f"是 stock 类，只能数一种状态，“{fact.title}”是按日期发生的事")
        for column in item.applies_to:
            if not self.on_org.fact.type_of(column):
                raise self.refuse(f"的 applies_to 用到组织概况里没有的“{column}”")
        self.check_words()

    def check_words(self) -> None:
        """Refuse signs in plain words that would have to be escaped in SQL."""
        item = self.item
        words = [*item.all_of, item.item or "", *(w for v in item.applies_to.values() for w in v)]
        if any(sign in word for word in words for sign in "%'\\"):
            raise self.refuse("的代码里有引号、百分号或反斜线")

    def condition(self, text: str | None) -> Node:
        return self.reader.read(text) if text else TRUE

    def expression(self, text: str | None, expects: str) -> Node | None:
        return self.reader.read(text, expects) if text else None

    def value(self) -> Node | None:
        """Say what one row contributes: `value` of latest, `sum` of count, `member` of set, the grade."""
        item = self.item
        if item.kind is Kind.ATTESTED:
            return self.reader.read("grade", "int")
        if item.kind is Kind.SET:
            return self.expression(item.member, "text")
        return self.expression(item.sum if item.kind is Kind.COUNT else item.value, "int")

    def measure(self, part: "str | SumPart | None") -> Measure | None:
        if part is None:
            return None
        if isinstance(part, SumPart):
            return Measure(self.condition(part.where), self.reader.read(part.sum, "int"))
        return Measure(self.condition(part))

    def exempt(self) -> Node:
        text = self.rules.exempt.get(self.item.population or "")
        return self.condition(text) if self.item.kind is Kind.COVERAGE else TRUE

    def each(self, each: Each | None) -> PlannedEach:
        if each is None or self.fact is None:
            raise self.refuse("是 coverage 类，还要写 each")
        spec = self.spec(each.of)
        link = spec.parents.get(self.fact.name)
        if link is None:
            raise self.refuse(f"的“{spec.title}”不指向“{self.fact.title}”，无法按人（户）归集")
        reader = Reader(spec, self.catalog, self.rules.parameters)
        total = reader.read(each.sum, "int") if each.sum else None
        where = reader.read(each.where) if each.where else TRUE
        least = read_limit(each.at_least, self.item, self.rules)
        if isinstance(least, OrgColumn) or (least is not None and least[1] != 1):
            raise self.refuse("的 each.at_least 须是整数或 $参数")
        return PlannedEach(spec, link, Measure(where, total), least[0] if least else None)

    # ------------------------------------------------------------------ judging
    def target(self) -> tuple[str, Limits]:
        target = self.item.target
        if target is None:
            if self.item.kind is not Kind.SET:
                raise self.refuse("没有写 target")
            return "at_least", ((1, 1),)
        limits = tuple(read_limit(limit, self.item, self.rules) for limit in target.limits)
        for limit in limits:
            if isinstance(limit, OrgColumn):
                self.on_org.read(limit.column, "int")
        return target.operator, limits

    def scoring(self, operator: str) -> str:
        item = self.item
        if item.use != "result" or not item.score or self.item_to_confirm():
            return ""
        return item.score if operator == "at_least" else "pass"

    def item_to_confirm(self) -> bool:
        return TO_CONFIRM in self.item.tags

    def bands(self) -> tuple[tuple[Pair, int], ...]:
        """Return the bands highest first, as they are compared; a pack writes them in rising order."""
        found = []
        for limit, score in self.item.bands:
            pair = read_limit(limit, self.item, self.rules)
            if isinstance(pair, OrgColumn) or not 0 <= score <= 10_000:
                raise self.refuse("的 bands 须是 [数值, 0–10000 的分值]")
            if pair is not None:
                found.append((pair, score))
        if self.item.score == "bands" and not self.item.bands:
            raise self.refuse("按档计分，还要写 bands")
        return tuple(sorted(found, key=lambda band: Fraction(*band[0]), reverse=True))

    def feeds(self, each: PlannedEach | None) -> tuple[FactSpec, ...]:
        """Return the facts that must have started; the profile is always there, people attest by hand."""
        if self.item.kind in {Kind.COMPOSITE, Kind.ATTESTED}:
            return ()
        found = [self.fact, each.fact if each else None]
        return tuple(spec for spec in found if spec and spec.name != "org")


_NEEDS: dict[Kind, tuple[str, ...]] = {
    Kind.COUNT: ("of",),
    Kind.RATIO: ("of", "numerator", "denominator"),
    Kind.DEADLINE: ("of", "due", "done"),
    Kind.COVERAGE: ("population", "each"),
    Kind.LATEST: ("of", "value"),
    Kind.STOCK: ("of",),
    Kind.SET: ("of", "member", "all_of"),
    Kind.ATTESTED: ("item",),
    Kind.COMPOSITE: ("parts",),
}
