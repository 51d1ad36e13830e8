"""Which items can be judged: those over facts that somebody publishes; the others are awaited. Pure."""

import re
from collections.abc import Collection
from dataclasses import replace

from wuju.engine.items import Item, Kind
from wuju.engine.rules import Rules

_QUOTED = re.compile(r"'[^']*'")
_TABLE = re.compile(r"\b([a-z_][a-z0-9_]*)\s*\.\s*[a-z_]")


def facts_read(item: Item, rules: Rules) -> frozenset[str]:
    """Return the facts whose rows an item reads; a composite reads the scores of its parts alone.

    The profile of the organization (`org`) is always there. Texts are not parsed: the only
    tables they can name are the facts above their own (docs/packs.md).
    """
    texts = list(item.texts)
    if item.kind is Kind.COVERAGE:
        texts.append(rules.exempt.get(item.population or "", ""))
    found = {item.fact, item.each.of if item.each else None}
    found |= {name for text in texts for name in _TABLE.findall(_QUOTED.sub("", text))}
    return frozenset(name for name in found if name and name != "org")


def awaited(rules: Rules, published: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the items that cannot be judged → the facts they wait for, in order of the items.

    A composite waits only where every one of its parts does.
    """
    found: dict[str, tuple[str, ...]] = {}
    for item in rules.items:
        lacking = facts_read(item, rules).difference(published)
        if lacking and item.kind is not Kind.COMPOSITE:
            found[item.code] = tuple(sorted(lacking))
    while more := {
        item.code: tuple(sorted({fact for part in item.parts for fact in found[part]}))
        for item in rules.items
        if item.parts and item.code not in found and found.keys() >= item.parts.keys()
    }:
        found |= more
    return {item.code: found[item.code] for item in rules.items if item.code in found}


def supplied(rules: Rules, published: Collection[str]) -> Rules:
    """Return the rules with the items that can be judged; composites are made of these alone."""
    waiting = awaited(rules, published)
    if not waiting:
        return rules
    kept = (item for item in rules.items if item.code not in waiting)
    return replace(rules, items=tuple(_without(item, waiting) for item in kept))


def _without(item: Item, waiting: Collection[str]) -> Item:
    parts = {code: weight for code, weight in item.parts.items() if code not in waiting}
    return item if len(parts) == len(item.parts) else item.model_copy(update={"parts": parts})
