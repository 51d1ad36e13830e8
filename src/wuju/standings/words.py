"""Statuses and targets in plain Chinese. Pure."""

from types import MappingProxyType

from wuju.engine.items import Item, Kind, Limit, Status
from wuju.rulepacks.stored import NumberText

STATUS_WORDS = MappingProxyType(
    {
        Status.NOT_APPLICABLE: "不适用",
        Status.EXEMPT: "免除",
        Status.UNVERIFIED: "未核实",
        Status.MET: "已完成",
        Status.OPEN: "进行中",
        Status.DUE_SOON: "将到期",
        Status.OVERDUE: "期满待录",
        Status.MISSED: "未达到",
    }
)
_PER = MappingProxyType({"month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"})
_COUNTED = MappingProxyType({Kind.COUNT: "次", Kind.STOCK: "", Kind.SET: "", Kind.LATEST: ""})


def status_word(status: Status, *, deadline: bool = False) -> str:
    """Return the word of a status; inside grace a deadline reads 逾期, everything else 期满待录."""
    if status is Status.OVERDUE and deadline:
        return "逾期"
    return STATUS_WORDS[status]


def target_words(item: Item, parameters: dict[str, int | str | None]) -> str:
    """Return the expectation as a phrase: 每季度至少 1 次, 每年达到 100%."""
    per = _PER[item.per]
    if item.target is None:
        return f"{per}齐全"
    limits = [_limit(limit, parameters) for limit in item.target.limits]
    unit = "" if any("%" in text for text in limits) else _COUNTED.get(item.kind, "")
    phrase = {
        "at_least": f"至少 {limits[0]}" if limits[0][:1].isdigit() else f"不少于{limits[0]}",
        "at_most": f"不超过 {limits[0]}",
        "equals": f"应为 {limits[0]}",
        "between": f"应在 {limits[0]} 至 {limits[-1]} 之间",
    }[item.target.operator]
    return f"{per}{phrase}{' ' + unit if unit else ''}"


def number_words(number: NumberText) -> str:
    """Say how sure a number is that no text we read settles; "" for one that was read.

    V2 was seen second-hand, elsewhere or in an older text; U is unverified, a default or undecided.
    """
    note = f"：{number.note}" if number.note else ""
    if number.mark == "V":
        return ""
    if number.value is None:
        return f"数字待定，没有读到写明它的文件（{number.mark}）{note}。"
    amount = amount_words(number.value, number.unit)
    if number.mark == "V2":
        return f"{amount}见于二手、外地或旧文本，未见原文（V2）{note}。"
    return f"{amount}是默认值，依据待核（U）{note}。"


def amount_words(value: int | str, unit: str) -> str:
    """Return a stored amount as people say it: tenths as decimals, 分 as 元, a share as it stands.

    >>> amount_words(560, "0.1学时/年"), amount_words(5000000, "分/年"), amount_words("100%", "比例")
    ('56 学时/年', '50000 元/年', '100%')
    """
    if unit == "比例" or not isinstance(value, int):
        return str(value)
    for small, large, per in (("0.1", "", 10), ("分", "元", 100)):
        if unit.startswith(small):
            whole, rest = divmod(value, per)
            shown = f"{whole}.{rest:0{len(str(per)) - 1}}" if rest else str(whole)
            return f"{shown} {large}{unit.removeprefix(small)}"
    return f"{value} {unit}"


def _limit(limit: Limit, parameters: dict[str, int | str | None]) -> str:
    text = str(limit)
    if text.startswith("$"):
        value = parameters.get(text[1:])
        return "（待定）" if value is None else str(value)
    if text.startswith("org."):
        return {"org.groups": "党小组数", "org.committee_seats": "核定职数"}.get(text, "核定数")
    return text
