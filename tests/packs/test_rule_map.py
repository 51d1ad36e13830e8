"""rule_map.yaml answers for every rule that was read: what carries it, or why the software does not."""

import importlib

import pytest

from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.checks_rule_map import GUARD, read_rule_map
from wuju.rulepacks.loader import load_pack
from wuju.rulepacks.schema import MappedRule

PACK = load_pack(pack_home() / "national_2026")
RULES: dict[str, MappedRule] = read_rule_map(PACK.folder / "rule_map.yaml")[1]
# What was read, by subject, in order of number: how sure each reading is. V text, V2 second-hand, U unverified.
READ = {
    "ORG": "V V V V V V V U",
    "COM": "V V V V V V V V2 U V2",
    "OL": "V V V V V V V V2 V2 V V2 V V2 V V V",
    "VOTE": "V V V2 V2 V2 V2 V V U U V2 V V V V V V",
    "GRADE": "V V V2 V V",
    "ADM": "V V V V V V2 V2 V2 V V2 V2 V V2 V V V V2 V V V V V2 V V2 V2 V V2 design V",
    "EDU": "V V2 V2 V2 V V2 V2 V V",
    "DUE": "V2 V2 V2 V2 V2 V2 V V2 design",
    "MOB": "V2 V2 V V V",
    "TRF": "V V V2 V2 design",
    "LOST": "V V V V V V V U",
    "VC": "V V V V V V V U V2 V2 V2 U V design design V2",
    "FS": "V V2 V V2 V2 V2 V2 V2 V2 V V2 U",
    "HH": "V V2 V2 design",
    "CARE": "V V2 U U",
    "TOL": "V2 V2 design",
    "WK": "V2 V2 V2 V2 V2 V2 V2 V2 V2 U",
    "COV": "V2 V2 V2 V V2 V2 V2 design",
    "FIELD": "V V U V2 V U V",
    "FOUR": "V2 V2 V2 V V2 V2 V2 V V",
    "DUAL": "V2",
    "PSC": "V2 V2 V2 V2 V2 design article V2 U",
    "LC": "V U U V2 design",
    "CE": "V V V V V V V V V2 V2 article V2",
    "BD": "V V2 V2 V V2 V2 design V2",
    "DUTY": "V2 V",
    "RESP": "V V2 V2 V2 V",
    "ANN": "V V V2 V2 U V2 V2",
    "SUP": "V2 V2 V2 V2 V2 V2 V2",
    "LOOP": "design",
    "ACC": "V2 V2 U V2 V",
    "AWD": "V2 V2 U V2",
}


def test_every_rule_that_was_read_is_on_the_map_with_its_mark() -> None:
    first = {"DUE": 0}  # the table of rates comes before DUE-01
    read = {
        f"{subject}-{number:02}": mark
        for subject, marks in READ.items()
        for number, mark in enumerate(marks.split(), first.get(subject, 1))
    }

    assert {code: rule.mark for code, rule in RULES.items()} == read


@pytest.mark.parametrize(
    "code", [code for code, rule in RULES.items() if rule.mark in {"V", "V2"}]
)
def test_a_rule_that_was_read_is_carried_or_says_why_not(code: str) -> None:
    rule = RULES[code]

    assert rule.by or rule.because.strip()
    assert not rule.because or len(rule.because) >= 4


@pytest.mark.parametrize(
    "name", sorted({name for rule in RULES.values() for name in rule.by if name.startswith(GUARD)})
)
def test_a_guard_of_the_software_exists(name: str) -> None:
    """The linter holds everything else: items, parameters, parts and facts."""
    path = name.removeprefix(GUARD)
    module, _, function = path.rpartition(".")
    try:
        importlib.import_module(path)
    except ModuleNotFoundError:
        assert callable(getattr(importlib.import_module(module), function))


def test_every_item_parameter_procedure_and_classification_is_named() -> None:
    """A number or a procedure that no rule stands behind would be an invention."""
    named = {name for rule in RULES.values() for name in rule.by}
    parts = PACK.parts
    wanted = {*PACK.items}
    wanted |= {f"procedure:{code}" for code in parts.procedures}
    wanted |= {f"classification:{code}" for code in parts.classifications}
    wanted |= {f"vote:{code}" for code in parts.rules}

    assert wanted - named == set()


def test_what_is_not_read_in_the_text_is_a_parameter_or_says_so() -> None:
    """An item whose source was read at second hand compares itself with a $parameter or is tagged 依据待核."""
    for code, item in PACK.items.items():
        marks = {PACK.sources[item.source].mark}
        marks |= {PACK.parameters[name].mark for name in item.parameters}
        if marks != {"V"}:
            assert item.parameters, code
        if "U" in marks:
            assert "依据待核" in item.tags, code


def test_the_facts_that_carry_rules_are_in_the_catalogue() -> None:
    facts = {
        name.removeprefix("fact:").partition(".")[0]
        for rule in RULES.values()
        for name in rule.by
        if name.startswith("fact:")
    }

    assert facts <= set(catalog())
