"""E309, E310: nothing is asked for twice, and no form slips in without a basis, an owner and an end. Pure.

Source: 《整治形式主义为基层减负若干规定》, 《关于防治“指尖上的形式主义”的若干意见》: one platform, one table, no
repeated reporting. A form that is needed is registered, with its basis, owner and day of expiry; a
pack has no place for those three, so it cannot ask for one.
"""

import re
from collections.abc import Iterator

from wuju.engine.items import Item
from wuju.rulepacks.bench import Bench, Complaints
from wuju.rulepacks.loader import Spot
from wuju.rulepacks.procedures import Plan, Procedure
from wuju.rulepacks.reading import Steps

_HELD = re.compile("名册|花名册|统计表|汇总表|明细表|台账")
_HANDED_IN = re.compile("填报|月报|季报|周报|日报|报送率|上报率|报数|材料报送|报送材料|接龙")
_FORM = re.compile(f"报表|{_HANDED_IN.pattern}")
_MEASURED_BY = (
    *("kind", "of", "population", "where", "each", "numerator", "denominator", "sum", "due"),
    *("done", "value", "member", "all_of", "item", "parts", "only_if", "per"),
)


def check(bench: Bench) -> Complaints:
    yield from duplicates(bench)
    for spot, item in bench.judged:
        yield from forms(spot, item)
    for spot, part in bench.own_parts:
        for steps, title, text in _asked(part):
            yield from again(spot, steps, title, text)


def duplicates(bench: Bench) -> Complaints:
    """E309: two items that count the same rows of the same organizations are one duty said twice."""
    seen: dict[tuple[object, ...], list[Item]] = {}
    judged = {item.code: spot for spot, item in bench.judged}
    for item in bench.pack.items.values():
        measure = tuple(str(getattr(item, key)) for key in _MEASURED_BY)
        for other in seen.get(measure, []):
            if item.code in judged and _overlap(item, other):
                why = f"“{item.title}”数的就是“{other.code}”，请删去，或对那一项写 refine。"
                yield judged[item.code].complain("E309", why, "code")
        seen.setdefault(measure, []).append(item)


def _overlap(one: Item, other: Item) -> bool:
    """Whether some organization may owe both: no column of `applies_to` keeps them apart."""
    shared = one.applies_to.keys() & other.applies_to.keys()
    return all(set(one.applies_to[key]) & set(other.applies_to[key]) for key in shared)


def forms(spot: Spot, item: Item) -> Complaints:
    """E310: how many forms were handed in measures nothing but the handing in."""
    if _HANDED_IN.search(item.title):
        why = f"“{item.title}”考核的是填报，请改为工作本身的事实；要用的报表另行登记。"
        yield spot.complain("E310", why, "title")


def again(spot: Spot, steps: Steps, title: str, text: str) -> Complaints:
    """E309, E310 for what a step or milestone leaves behind."""
    if found := _HELD.search(text):
        why = f"“{title}”要的{found.group()}由已有数据带出，不得再要一遍，请删去“{text}”。"
        yield spot.complain("E309", why, *steps)
    if _FORM.search(text):
        why = (
            f"“{title}”要求“{text}”，没有依据、责任部门和失效日期，请先登记报表，或改为已有记录。"
        )
        yield spot.complain("E310", why, *steps)


def _asked(part: object) -> Iterator[tuple[Steps, str, str]]:
    """Yield the place, title and words of everything a procedure or plan asks somebody to hand in."""
    if isinstance(part, Procedure):
        for no, step in enumerate(part.steps):
            for i, document in enumerate(step.documents):
                yield ("steps", no, "documents", i), step.title, document
    if isinstance(part, Plan):
        for no, milestone in enumerate(part.milestones):
            yield ("milestones", no, "evidence"), milestone.title, milestone.evidence
