"""Which items two packs disagree on, and what has to be judged anew for each. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wuju.engine.items import Item, Kind
from wuju.engine.rejudging import can_rejudge, counts_alike, judges_alike, reads_alike
from wuju.engine.resolve import Resolved, resolve
from wuju.engine.rules import TO_CONFIRM, Rules
from wuju.kit.facts import Catalog
from wuju.rulepacks.diff import duty

_STRENGTH = {"should": "一般", "must": "应当"}


@dataclass(frozen=True, slots=True)
class Difference:
    """The items that differ, by what their cells need; codes in order, the removed ones last.

    `worded`: only words or weights differ, the cells are the same. `again`: the kept
    numbers are judged by the plan. `measured`: the facts are read. `removed`: no longer asked.
    """

    old: Rules
    new: Rules
    worded: tuple[str, ...] = ()
    again: Mapping[str, Resolved] = field(default_factory=dict)
    measured: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        differing = {*self.worded, *self.again, *self.measured}
        return (*(item.code for item in self.new.items if item.code in differing), *self.removed)

    @property
    def compared(self) -> tuple[str, ...]:
        """Codes whose cells were judged before and may read otherwise, or not at all, now."""
        return tuple(
            code for code in self.codes if code not in self.worded and code in self.old.by_code
        )

    def kind(self, code: str) -> str:
        """Return added, removed or changed."""
        if code not in self.old.by_code:
            return "added"
        return "changed" if code in self.new.by_code else "removed"

    def title(self, code: str) -> str:
        return (self.new.by_code.get(code) or self.old.by_code[code]).title

    def sentence(self, code: str) -> str:
        """Say what differs: 要求 ≥1次/季 → ≥1次/月；权重 2 → 3."""
        before, after = self.old.by_code.get(code), self.new.by_code.get(code)
        if after is None:
            return f"不再要求 {duty(self.old.by_code[code], self.old)}"
        if before is None:
            return f"新增要求 {duty(after, self.new)}"
        said = list(self._said(before, after))
        if not said and code in self.measured:
            said = ["数法有改动，或随组成项重算"]
        return "；".join(said or ["判法有改动" if code in self.again else "文字有改动"])

    def _said(self, before: Item, after: Item) -> Iterator[str]:
        was, now = duty(before, self.old), duty(after, self.new)
        if was != now:
            yield f"要求 {was} → {now}"
        if before.weight != after.weight:
            yield f"权重 {_shown(before.weight)} → {_shown(after.weight)}"
        if before.strength != after.strength:
            yield f"力度 {_STRENGTH[before.strength]} → {_STRENGTH[after.strength]}"
        if before.grace != after.grace:
            yield f"录入宽限 {before.grace} 天 → {after.grace} 天"
        if (TO_CONFIRM in before.tags) != (TO_CONFIRM in after.tags):
            yield f"{'加注' if TO_CONFIRM in after.tags else '不再标注'}“{TO_CONFIRM}”"


def _shown(weight: int | None) -> str:
    return "不计" if weight is None else str(weight)


def differing(old: Rules, new: Rules, catalog: Catalog) -> Difference:
    """Sort the items of two packs.

    Raises:
        BadItem, BadCondition: an item of `new` cannot be judged.
    """
    worded: list[str] = []
    again: dict[str, Resolved] = {}
    measured: set[str] = set()
    for item in new.items:
        before = old.by_code.get(item.code)
        if before is None:
            measured.add(item.code)
        elif before == item and _given(before, old) == _given(item, new):
            continue
        elif reads_alike(before, item) and _given(before, old) == _given(item, new):
            worded.append(item.code)
        else:
            plans = resolve(before, old, catalog), resolve(item, new, catalog)
            if counts_alike(*plans) and judges_alike(*plans):
                worded.append(item.code)
            elif can_rejudge(*plans):
                again[item.code] = plans[1]
            else:
                measured.add(item.code)
    measured |= _following(new, {*again, *measured})
    return Difference(
        old=old,
        new=new,
        worded=tuple(code for code in worded if code not in measured),
        again=again,
        measured=tuple(item.code for item in new.items if item.code in measured),
        removed=tuple(item.code for item in old.items if item.code not in new.by_code),
    )


def _given(item: Item, rules: Rules) -> tuple[Any, ...]:
    """Return the values an item reads beside its own text: its parameters and the exemption."""
    exempt = rules.exempt.get(item.population or "") if item.kind is Kind.COVERAGE else None
    names = (*item.parameters, *re.findall(r"\$(\w+)", exempt or ""))
    return exempt, tuple((name, rules.parameters.get(name)) for name in names)


def _following(rules: Rules, moved: set[str]) -> set[str]:
    """Return the composites that are judged by the scores of moved items, through any depth."""
    found: set[str] = set()
    while True:
        more = {
            item.code
            for item in rules.items
            if item.code not in found and (moved | found).intersection(item.parts)
        }
        if not more:
            return found
        found |= more
