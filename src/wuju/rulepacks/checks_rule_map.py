"""E230: every rule read is carried by something that exists, or says why not; every item has a rule. Pure.

`rule_map.yaml` is for readers and editors: it decides no answer and is no part of the content of a pack.
"""

from collections.abc import Iterable
from pathlib import Path

from wuju.rulepacks.bench import Bench, Complaints
from wuju.rulepacks.complaints import Complaint, suggestion
from wuju.rulepacks.loader import Pack
from wuju.rulepacks.reading import Document, read
from wuju.rulepacks.schema import MappedRule
from wuju.rulepacks.shape import build

GUARD = "guard:"
"""A function of the software; packs know no code, so a test holds that these exist."""


def check(bench: Bench) -> Complaints:
    path = bench.pack.folder / "rule_map.yaml"
    if not path.exists():
        return
    document, rules, faults = read_rule_map(path)
    yield from faults
    known = carriers(bench)
    for code, rule in rules.items():
        if not rule.by and not rule.because:
            why = f"“{code}”要写 by，或用 because 写明软件为什么不管。"
            yield document.complain("E230", why, code)
        for name in rule.by:
            if name not in known and not name.startswith(GUARD):
                why = f"“{code}”说的“{name}”不存在{suggestion(name, list(known))}"
                yield document.complain("E230", why, code, "by")
    yield from _unnamed(bench.pack, document, rules.values())


def read_rule_map(path: Path) -> tuple[Document, dict[str, MappedRule], list[Complaint]]:
    """Read the map of a pack: its document, rule → what carries it in file order, faults of shape."""
    document = read(path, name=path.relative_to(path.parents[1]).as_posix())
    faults, rules = list(document.faults), dict[str, MappedRule]()
    for code, body in (document.data or {}).items():
        rule, wrong = build(MappedRule, body, document, code)
        faults += wrong
        if rule is not None:
            rules[code] = rule
    return document, rules, faults


def carriers(bench: Bench) -> set[str]:
    """Return everything a rule can be carried by, as the map names it."""
    pack, parts = bench.pack, bench.pack.parts
    found = {*pack.items, *(f"${name}" for name in pack.parameters)}
    tables: dict[str, Iterable[str]] = {
        "procedure": parts.procedures,
        "vote": parts.rules,
        "classification": parts.classifications,
        "plan": parts.plans,
        "exempt": pack.exempt,
        "fact": bench.catalog,
    }
    found |= {f"{kind}:{code}" for kind, codes in tables.items() for code in codes}
    for spec in bench.catalog.values():
        found |= {f"fact:{spec.name}.{column}" for column in spec.all_columns}
    return found


def _unnamed(pack: Pack, document: Document, rules: Iterable[MappedRule]) -> Complaints:
    named = {name for rule in rules for name in rule.by}
    for code in pack.items:
        if code in pack.own and code not in named:
            why = f"清单项“{code}”没有写在任何一条规定后面，请在 rule_map.yaml 补上。"
            yield document.complain("E230", why)
