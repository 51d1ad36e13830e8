"""E2xx: an item must mean something and be possible. Pure."""

from wuju.engine.conditions import BadCondition
from wuju.engine.items import Item, Kind
from wuju.engine.resolve import EVENTS_ONLY, resolve
from wuju.engine.rules import BadItem
from wuju.rulepacks.bench import Bench, Complaints, number
from wuju.rulepacks.complaints import suggestion
from wuju.rulepacks.loader import Spot

_KEYS = (
    *("of", "population", "where", "each", "numerator", "denominator", "sum", "due", "done"),
    *("value", "member", "all_of", "item", "panel", "scale", "parts", "evidence", "carry"),
)
_NEEDS: dict[Kind, tuple[str, ...]] = {
    Kind.COUNT: ("of", "target"),
    Kind.RATIO: ("of", "numerator", "denominator", "target"),
    Kind.DEADLINE: ("of", "due", "done", "target"),
    Kind.COVERAGE: ("population", "each", "target"),
    Kind.LATEST: ("of", "value", "target"),
    Kind.STOCK: ("of", "target"),
    Kind.SET: ("of", "member", "all_of"),
    Kind.ATTESTED: ("item", "panel", "scale", "target"),
    Kind.COMPOSITE: ("parts", "target"),
}
_MAY: dict[Kind, tuple[str, ...]] = {
    Kind.COUNT: ("where", "sum", "evidence"),
    Kind.RATIO: ("where", "evidence"),
    Kind.DEADLINE: ("where", "evidence"),
    Kind.COVERAGE: ("where",),
    Kind.LATEST: ("where", "carry", "evidence"),
    Kind.STOCK: ("where", "evidence"),
    Kind.SET: ("where", "evidence"),
    Kind.ATTESTED: (),
    Kind.COMPOSITE: (),
}
SHARES = frozenset({Kind.RATIO, Kind.DEADLINE, Kind.COVERAGE, Kind.SET})
_NUMBERS = frozenset({Kind.COUNT, Kind.STOCK, Kind.LATEST, Kind.ATTESTED})


def check(bench: Bench) -> Complaints:
    for spot, item in bench.judged:
        found = [
            *kind_keys(spot, item),
            *target(bench, spot, item),
            *scoring(bench, spot, item),
            *links(bench, spot, item),
        ]
        yield from found or resolved(bench, spot, item)
    yield from composites(bench)
    yield from reasons(bench)
    yield from projects(bench)
    yield from cases(bench)


def kind_keys(spot: Spot, item: Item) -> Complaints:
    """E201: an item has what its kind needs, and nothing of another kind."""
    needs, given = _NEEDS[item.kind], item.model_fields_set
    for key in needs:
        if not getattr(item, key):
            yield spot.complain("E201", f"{item.kind} 类还要写 {key}。", "kind")
    for key in _KEYS:
        if key in given and key not in needs and key not in _MAY[item.kind]:
            yield spot.complain("E201", f"{item.kind} 类用不到 {key}，请删去或改 kind。", key)


def target(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E202: a target can be missed and can be met."""
    if item.target is None:
        return
    limits = [number(limit, item, bench.rules) for limit in item.target.limits]
    known = [limit for limit in limits if limit is not None]
    if item.kind in SHARES and any(limit > 1 for limit in known):
        yield spot.complain(
            "E202", f"{item.kind} 类的目标是比例，不能大于 100%，请写成百分比。", "target"
        )
    if item.kind in _NUMBERS and any("%" in str(limit) for limit in item.target.limits):
        yield spot.complain("E202", f"{item.kind} 类的目标是数目，不能写百分比。", "target")
    if any(limit < 0 for limit in known):
        yield spot.complain("E202", "目标不能是负数。", "target")
    if item.target.operator == "between" and len(known) == 2 and known[0] > known[1]:
        yield spot.complain("E202", "between 要从小到大写。", "target")
    if item.target.operator == "at_least" and known == [0] and item.score != "proportional":
        yield spot.complain("E202", "at_least 为 0 总能达到，请写出要求或去掉这一项。", "target")


def scoring(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E203, E210: a proportional score divides by its threshold; bands are ordered."""
    operator = item.target.operator if item.target else ""
    if item.score == "proportional":
        limit = number(item.target.limits[0], item, bench.rules) if item.target else None
        if operator != "at_least" or limit == 0:
            yield spot.complain("E203", "按比例计分须有大于 0 的 at_least 目标。", "score")
    if (item.score == "bands") != bool(item.bands):
        yield spot.complain("E210", "score: bands 与 bands 列表须同时写。", "score")
    steps = [number(band[0], item, bench.rules) for band in item.bands]
    firm = [step for step in steps if step is not None]
    if firm != sorted(set(firm)) or any(not 0 <= band[1] <= 10_000 for band in item.bands):
        yield spot.complain("E210", "bands 要按数值从小到大写，分值在 0 到 10000 之间。", "bands")


def links(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E206, E207: rows hang on the population; events are counted, states are stocked."""
    spec = bench.catalog.get(item.fact or "")
    each = bench.catalog.get(item.each.of) if item.each else None
    if (
        each is not None
        and item.population in bench.catalog
        and item.population not in each.parents
    ):
        why = f"“{each.title}”不指向“{item.population}”，不能按它归集，请换一个 each.of。"
        yield spot.complain("E206", why, "each", "of")
    if spec and item.kind in EVENTS_ONLY and not spec.date:
        why = f"{item.kind} 类数的是按日期发生的事，“{spec.title}”是状态，请用 stock。"
        yield spot.complain("E207", why, "kind")
    if spec and item.kind is Kind.STOCK and not spec.valid:
        why = f"stock 类数的是状态，“{spec.title}”是按日期发生的事，请用 count。"
        yield spot.complain("E207", why, "kind")


def resolved(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E200: whatever else the engine itself would refuse."""
    if item.fact is not None and item.fact not in bench.catalog:
        return
    try:
        resolve(item, bench.rules, bench.catalog)
    except BadItem as refusal:
        yield spot.complain("E200", str(refusal))
    except BadCondition:
        return  # E107 says it with its place


def composites(bench: Bench) -> Complaints:
    """E204, E205: the parts exist and do not contain each other."""
    items = bench.pack.items
    for spot, item in bench.judged:
        for part in item.parts:
            if part not in items:
                near = suggestion(part, list(items))
                yield spot.complain("E205", f"没有组成项“{part}”{near}", "parts", part)
        if item.code in _below(bench, item):
            why = f"“{item.code}”经组成项又包含自己，请去掉循环。"
            yield spot.complain("E204", why, "parts")


def _below(bench: Bench, item: Item) -> set[str]:
    """Return every code reached through parts, the item's own only if there is a cycle."""
    seen: set[str] = set()
    waiting = list(item.parts)
    while waiting:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            found = bench.pack.items.get(code)
            waiting += found.parts if found else ()
    return seen


def reasons(bench: Bench) -> Complaints:
    """E209: a district says why it changes what is owed."""
    for change in bench.pack.refinements:
        if change.needs_reason and not change.because:
            spot = bench.pack.places[f"refine:{change.refine}"]
            why = "改了目标、周期或力度，请用 because 写明理由。"
            yield spot.complain("E209", why, "refine")


def projects(bench: Bench) -> Complaints:
    """E211: every initiative is carried by items or parts, or says which capability it awaits.

    A procedure, classification or plan without items may still await the capability that
    will work by it.
    """
    spot = bench.pack.places.get("projects")
    if spot is None:
        return
    known = bench.carriers
    for i, project in enumerate(bench.pack.projects):
        for j, initiative in enumerate(project.initiatives):
            steps = (i, "initiatives", j)
            for code in initiative.covered_by:
                if code not in known:
                    near = suggestion(code, list(known))
                    yield spot.complain("E211", f"没有清单项或程序“{code}”{near}", *steps)
            judged = any(code in bench.pack.items for code in initiative.covered_by)
            if judged == bool(initiative.awaits) and (judged or not initiative.covered_by):
                why = f"“{initiative.phrase}”要写 covered_by 或 awaits；有清单项的不写 awaits。"
                yield spot.complain("E211", why, *steps)


def cases(bench: Bench) -> Complaints:
    """E212: a worked case speaks of items, facts and columns that exist."""
    for worked in bench.cases:
        if worked.item not in bench.pack.items:
            near = suggestion(worked.item, list(bench.pack.items))
            yield worked.spot.complain("E212", f"算例所说的清单项“{worked.item}”不存在{near}")
        for name, table in worked.case.facts.items():
            spec = bench.catalog.get(name)
            if spec is None:
                near = suggestion(name, list(bench.catalog))
                yield worked.spot.complain("E212", f"事实目录里没有“{name}”{near}", "facts", name)
                continue
            for column in table.columns:
                if spec.type_of(column) is None:
                    near = suggestion(column, list(spec.all_columns))
                    why = f"“{name}”没有列“{column}”{near}"
                    yield worked.spot.complain("E212", why, "facts", name)
            if any(len(row) != len(table.columns) for row in table.rows):
                yield worked.spot.complain("E212", "有一行的格数与列数不同。", "facts", name)
