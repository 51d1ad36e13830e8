"""The worked example of docs/packs.md is not a sketch: it loads, and its cases hold."""

import re
from typing import get_args

from wuju.engine import oracle
from wuju.engine.items import Item, Kind
from wuju.rulepacks.cases import WorkedCase, run_case
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.checks_phrases import read_phrases
from wuju.rulepacks.loader import Spot, load_pack
from wuju.rulepacks.procedures import GuardKind, Step, VoteRule
from wuju.rulepacks.reading import Document, _parsed
from wuju.rulepacks.schema import CaseGroup, Phrase, Refine

PAGE = (pack_home().parent / "docs" / "packs.md").read_text("utf-8")


def block(label: str) -> Document:
    found = re.search(rf"```yaml {label}\n(.*?)```", PAGE, re.DOTALL)
    assert found, f"docs/packs.md has no block {label}"
    return _parsed(found.group(1), f"docs/packs.md {label}")


def test_the_item_of_the_page_is_the_item_of_the_pack() -> None:
    shown = Item.model_validate(block("item").data[0])

    assert shown == load_pack(pack_home() / "national_2026").items[shown.code]


def test_the_cases_of_the_page_hold() -> None:
    document = block("case")
    group = CaseGroup.model_validate(document.data[0])
    pack = load_pack(pack_home() / "national_2026")

    for case in group.cases:
        profile = case.org or group.org
        assert isinstance(profile, dict)
        worked = WorkedCase(group.item, case, (profile,), Spot(document, ()))
        assert run_case(worked, pack, catalog(), oracle.evaluate) == []


def test_the_page_names_every_kind() -> None:
    for kind in Kind:
        assert f"| {kind} " in PAGE


def test_the_step_and_the_rule_of_the_page_have_the_right_shape() -> None:
    parts = load_pack(pack_home() / "national_2026").parts

    step = Step.model_validate(block("step").data[0])
    rule = VoteRule.model_validate(block("vote").data[0])

    kept = parts.procedures["loop"].by_code[step.code]
    assert (step.number, step.actor, step.state) == (kept.number, kept.actor, kept.state)
    assert set(step.guards) <= set(kept.guards)
    assert rule == parts.rules[rule.code]


def test_the_phrase_of_the_page_is_the_phrase_of_the_pack() -> None:
    shown = Phrase.model_validate(block("phrase").data[0])

    assert shown in [
        phrase for _, phrase in read_phrases(load_pack(pack_home() / "anding_2026"))[0]
    ]


def test_the_page_names_every_kind_of_guard() -> None:
    for kind in get_args(GuardKind.__value__):
        assert re.search(rf"\b{kind}\b", PAGE), kind


def test_the_refinements_of_the_page_have_the_right_shape() -> None:
    lines = re.findall(r"^- (\{refine: .*?\})(?: +#.*)?$", PAGE, re.MULTILINE)

    assert len(lines) == 2
    for line in [*lines, *re.findall(r"`- (\{refine: .*?\})`", PAGE)]:
        Refine.model_validate(_parsed(line, "docs/packs.md").data)
