"""YAML by the C parser: the words of the 1.2 core schema, places counted in characters."""

import datetime as dt

import pytest
from yaml import YAMLError

from wuju.kit import yaml12


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("1.5", 1.5),
        ("2026-01-31", dt.date(2026, 1, 31)),
        ("no", "no"),
        ("on", "on"),
        ("Y", "Y"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2026-06", "2026-06"),
        ("2026Q1", "2026Q1"),
        ("'12'", "12"),
    ],
)
def test_a_plain_word_is_what_it_looks_like(text: str, value: object) -> None:
    read = yaml12.load(f"- {text}")[0]

    assert (type(read), read) == (type(value), value)


def test_a_place_counts_characters_not_bytes() -> None:
    node = yaml12.compose("标题: 甲\n清单: {期限: 三日, 次数: 4}\n")

    assert node is not None
    (_, _), (_, inner) = node.value
    _, (key, _) = inner.value
    assert (key.start_mark.line, key.start_mark.column) == (1, 13)


def test_an_empty_text_has_no_document_and_a_broken_one_is_refused() -> None:
    assert yaml12.compose("# nothing\n") is None
    with pytest.raises(YAMLError):
        yaml12.compose("a: [b")
    with pytest.raises(YAMLError):
        yaml12.compose("a: \x07")
