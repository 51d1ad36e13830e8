"""semantics.yaml: every sentence about what the rules mean has a worked case and a property, and these exist."""

import ast
from pathlib import Path
from typing import Any

import pytest

from wuju.kit import yaml12
from wuju.rulepacks.cases import read_cases
from wuju.rulepacks.loader import load_packs

ROOT = Path(__file__).parents[2]
SENTENCES: list[dict[str, Any]] = yaml12.load(
    Path(__file__).with_name("semantics.yaml").read_text("utf-8")
)
TOPICS = {
    "feeds", "periods", "people by date", "tree by date", "pack by date", "grace", "waivers", "deadlines",
    "score", "roll-up", "kinds", "midnight",
}  # fmt: skip
CASES = {worked.title for pack in load_packs().values() for worked in read_cases(pack)[0]}
named = pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence["says"][:60])


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_topic_of_the_rules_is_there() -> None:
    assert {sentence["topic"] for sentence in SENTENCES} == TOPICS


@named
def test_a_sentence_has_a_case_or_says_why_there_can_be_none(sentence: dict[str, Any]) -> None:
    assert set(sentence["cases"]) <= CASES
    assert bool(sentence["cases"]) != bool(sentence.get("why_no_case"))


@named
def test_a_sentence_is_held_by_tests_that_exist(sentence: dict[str, Any]) -> None:
    assert sentence["tests"]
    assert bool(sentence["properties"]) != bool(sentence.get("why_no_property"))
    for name in [*sentence["properties"], *sentence["tests"]]:
        file, _, function = name.partition("::")
        assert not function or function in functions(ROOT / file), name
        assert (ROOT / file).is_file(), name


@named
def test_a_property_is_tried_on_many_examples(sentence: dict[str, Any]) -> None:
    """Drawn by hypothesis, or run over all items and cases of the packs."""
    for name in sentence["properties"]:
        file, _, function = name.partition("::")
        marks = ast.unparse(ast.Tuple(functions(ROOT / file)[function].decorator_list))
        assert "given(" in marks or "parametrize" in marks, name
