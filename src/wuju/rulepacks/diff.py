"""What a district pack changes, one sentence a change: 国家 ≥1次/季 → 本区 ≥1次/月. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from wuju.engine.items import Item, Kind, Limit
from wuju.engine.rules import TO_CONFIRM, BadItem, OrgColumn, Rules, read_limit
from wuju.kit.periods import GRAINS
from wuju.rulepacks.loader import Pack
from wuju.rulepacks.procedures import Classification, Plan, Procedure

PER = {"month": "月", "quarter": "季", "half": "半年", "year": "年"}
UNDECIDED = "待定"
_SIGNS = {"at_least": "≥", "at_most": "≤", "equals": "＝"}
_STRENGTH = {"should": "一般", "must": "应当"}
_USE = {"procedure": "程序项", "result": "成效项"}


class Direction(StrEnum):
    TIGHTENED = "收紧"
    LOOSENED = "放宽"
    REMOVED = "取消"
    ADDED = "新增"
    CHANGED = "调整"
    CITED = "增引"  # another document beside the source: nothing else changes


@dataclass(frozen=True, slots=True)
class Change:
    """One item that differs. `because` and `source` are what the district pack gives for it."""

    item: str
    title: str
    direction: Direction
    sentence: str
    because: str = ""
    source: str = ""

    def __str__(self) -> str:
        reason = f"（{self.because}）" if self.because else ""
        return f"{self.direction} {self.item} {self.title}：{self.sentence}{reason}"


def diff(national: Pack, district: Pack) -> list[Change]:
    """List what the district pack adds to or changes in the national one, in order of the items.

    Parameters that the district sets anew show through the items that read them.
    """
    old, new = _rules(national), _rules(district)
    reasons = {change.refine: change for change in district.refinements}
    found: list[Change] = []
    for code, item in district.items.items():
        before = national.items.get(code)
        if before is None:
            said = "，".join([duty(item, new), _USE[item.use], *_unsure(item)])
            found.append(Change(code, item.title, Direction.ADDED, said))
            continue
        reason = reasons.get(code)
        because = (reason.because if reason else "") or _parameter_reason(item, district)
        source = (reason.source if reason else "") or ""
        for direction, said in _differences(before, old, item, new):
            found.append(Change(code, item.title, direction, said, because, source))
        cited = [code for code in item.also if code not in before.also]
        if cited and not (
            reason and reason.needs_reason
        ):  # there the document is told with the change
            said = "、".join(district.sources[code].article for code in cited)
            found.append(Change(code, item.title, Direction.CITED, said, because, source))
    gone = [item for code, item in national.items.items() if code not in district.items]
    found += [
        Change(each.code, each.title, Direction.REMOVED, f"本区取消“{each.title}”。")
        for each in gone
    ]
    return found


def lines(national: Pack, district: Pack) -> Iterator[str]:
    """Tell the whole comparison: how many changes of each kind, then project by project, the gravest first.

    Items that only have another document beside their source share a line.
    """
    changes = diff(national, district)
    number = Counter(change.direction for change in changes)
    names_and_versions = [
        f"《{each.file.title}》第 {each.file.version} 版" for each in (district, national)
    ]
    yield f"{'比'.join(names_and_versions)}："
    yield "、".join(f"{each} {number[each]} 项" for each in Direction) + "。"
    items = {**national.items, **district.items}
    names = {project.code: f"{project.number} {project.title}" for project in district.projects}
    for project in dict.fromkeys([*names, *(item.project for item in items.values())]):
        mine = [change for change in changes if items[change.item].project == project]
        if mine:
            yield names.get(project, project)
            yield from (f"  {line}" for line in _told(mine))
    for name, titles in _parts_added(national, district):
        yield f"新增{name} {len(titles)} 个：{'、'.join(titles)}。"


def _told(changes: list[Change]) -> Iterator[str]:
    order = list(Direction)
    for change in sorted(changes, key=lambda each: order.index(each.direction)):
        if change.direction is not Direction.CITED:
            yield str(change)
    cited: dict[str, list[str]] = {}
    for change in changes:
        if change.direction is Direction.CITED:
            cited.setdefault(change.sentence, []).append(change.title)
    for article, titles in cited.items():
        yield f"{Direction.CITED}{article}（{len(titles)} 项）：{'、'.join(titles)}"


def _parts_added(national: Pack, district: Pack) -> Iterator[tuple[str, list[str]]]:
    old, new = national.parts, district.parts
    kinds: list[tuple[str, Mapping[str, Procedure | Classification | Plan], set[str]]] = [
        ("程序", new.procedures, set(old.procedures)),
        ("分类", new.classifications, set(old.classifications)),
        ("计划", new.plans, set(old.plans)),
    ]
    for name, parts, known in kinds:
        if titles := [part.title for code, part in parts.items() if code not in known]:
            yield name, titles


def _unsure(item: Item) -> Iterator[str]:
    if TO_CONFIRM in item.tags:
        yield TO_CONFIRM


def duty(item: Item, rules: Rules) -> str:
    """Say what an item expects: ≥1次/季, ≥80%/年; 待定/年 or 只显示构成 while nobody has decided."""
    if item.target is None:
        return f"全部具备/{PER[item.per]}"
    limits = [_limit(limit, rules) for limit in item.target.limits]
    if UNDECIDED in limits:
        return "只显示构成" if item.kind is Kind.COMPOSITE else f"{UNDECIDED}/{PER[item.per]}"
    if item.target.operator == "between":
        said = f"{limits[0]}—{limits[1]}{_unit(item)}"
    else:
        said = f"{_SIGNS[item.target.operator]}{limits[0]}{_unit(item) if limits[0].isdigit() else ''}"
    return f"{said}/{PER[item.per]}"


def _rules(pack: Pack) -> Rules:
    values = {name: each.plain for name, each in pack.parameters.items()}
    return Rules(items=tuple(pack.items.values()), parameters=values)


def _unit(item: Item) -> str:
    if item.kind is Kind.COUNT:
        return "" if item.sum else "次"
    return {Kind.STOCK: "个", Kind.ATTESTED: "级"}.get(item.kind, "")


def _limit(limit: Limit, rules: Rules) -> str:
    text = str(limit)
    if not text.startswith("$"):
        return text
    value = rules.parameters.get(text[1:])
    return UNDECIDED if value is None else str(value)


def _parameter_reason(item: Item, district: Pack) -> str:
    reasons = [
        district.parameters[name].because
        for name in item.parameters
        if name in district.parameters
    ]
    return "；".join(reason for reason in reasons if reason)


def _differences(
    before: Item, old: Rules, item: Item, new: Rules
) -> Iterator[tuple[Direction, str]]:
    was, now = duty(before, old), duty(item, new)
    if was != now:
        yield _direction(before, old, item, new), f"国家 {was} → 本区 {now}"
    if before.strength != item.strength:
        direction = Direction.TIGHTENED if item.strength == "must" else Direction.LOOSENED
        words = (_STRENGTH[before.strength], _STRENGTH[item.strength])
        yield direction, f"国家 {words[0]} → 本区 {words[1]}"
    if before.grace != item.grace:
        direction = Direction.LOOSENED if item.grace > before.grace else Direction.TIGHTENED
        yield direction, f"录入宽限：国家 {before.grace} 天 → 本区 {item.grace} 天"
    if before.weight != item.weight:
        shown = "不计" if before.weight is None else str(before.weight)
        yield Direction.CHANGED, f"权重：国家 {shown} → 本区 {item.weight}"


def _direction(before: Item, old: Rules, item: Item, new: Rules) -> Direction:
    """Compare by what is owed in a year; the same over shorter periods is tighter."""
    was, now = _amount(before, old), _amount(item, new)
    same_sign = before.target and item.target and before.target.operator == item.target.operator
    if was is None or now is None or not same_sign or item.target is None:
        return Direction.CHANGED
    if was == now:
        shorter = GRAINS[item.per] < GRAINS[before.per]
        return Direction.TIGHTENED if shorter else Direction.LOOSENED
    if item.target.operator == "at_least":
        return Direction.TIGHTENED if now > was else Direction.LOOSENED
    if item.target.operator == "at_most":
        return Direction.TIGHTENED if now < was else Direction.LOOSENED
    return Direction.CHANGED


def _amount(item: Item, rules: Rules) -> Fraction | None:
    if item.target is None or len(item.target.limits) != 1:
        return None
    try:
        pair = read_limit(item.target.limits[0], item, rules)
    except BadItem:
        return None
    if pair is None or isinstance(pair, OrgColumn):
        return None
    yearly = Fraction(12, GRAINS[item.per]) if item.kind is Kind.COUNT else 1
    return Fraction(*pair) * yearly
