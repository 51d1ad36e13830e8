"""Conditions: what may be written, and the sentence that refuses the rest."""

import datetime as dt

import pytest

from tests.engine.small import CATALOG
from wuju.engine.conditions import BadCondition, Node, Reader, columns_read
from wuju.engine.truth import value_of

PARAMETERS: dict[str, int | str | None] = {
    "few": 2,
    "share": "80%",
    "day": "2026-03-01",
    "code": "visit",
    "open": None,
}


def read(text: str, fact: str = "meeting", expects: str = "bool") -> Node:
    return Reader(CATALOG[fact], CATALOG, PARAMETERS).read(text, expects)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a; drop table meeting", "分号"),
        ("", "不能为空"),
        ("kind IN (SELECT kind)", "只能写一列值"),
        ("lower(kind) = 'members'", "不能写“LOWER(kind)”"),
        ("upper(kind) = 'members'", "不能写“UPPER(kind)”"),
        ("present = (SELECT 1)", "不能写"),
        ("CASE WHEN TRUE THEN FALSE END", "不能写"),
        ("present = -5", "不能写“-5”"),
        ("present / due > 1", "不能写“present / due”"),
        ("present = 1.5", "整数"),
        ("kind LIKE 'm'", "不能写“kind LIKE"),
        ("presents = 1", "没有列“presents”，是不是想写“present”"),
        ("kind = 'member'", "没有代码“member”，是不是想写“members”"),
        ("topic.kind = 'study'", "没有上级“topic”"),
        ("org.kinds = 'branch'", "是不是想写“kind”"),
        ("a.b.kind = 'x'", "层次太多"),
        ("present = $fews", "参数“$fews”没有定义，是不是想写“$few”"),
        ("present >= $share", "是比例，只能写在目标里"),
        ("held_on > '2026-13-01'", "不是日期"),
        ("held_on > 5", "这里要日期，写的却是整数"),
        ("present", "这里要是或否，写的却是整数"),
        ("kind = 5", "写的却是"),
        ("kind > 'a'", "不能用 > 比较"),
        ("held_on + 1 > held_on", "这里要整数，写的却是日期"),
        ("present IS 5", "IS 后面"),
        ("kind = 'a%'", "百分号"),
        ("(present = 1", "看不懂"),
        ("present = 1 OR " * 300 + "TRUE", "太长"),
    ],
)
def test_bad_text_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(BadCondition) as refusal:
        read(text)
    assert why in str(refusal.value)
    assert str(refusal.value).startswith("条件“")
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize(
    "text",
    [
        "kind = 'members' AND status <> 'planned' OR NOT (present < due)",
        "2 * present >= due AND 2 * present - due > $few",
        "held_on BETWEEN period_start AND as_of",
        "held_on >= '2026-01-01' AND held_on >= $day",
        "kind NOT IN ('members', 'lecture')",
        "present IS NOT NULL AND present <> $open",
        "org.full_members >= 7 AND org.flagged IS TRUE",
        "meeting.kind = 'members'",
        "TRUE",
    ],
)
def test_the_language_reads(text: str) -> None:
    assert read(text).type == "bool"


def test_a_parent_is_read_through_its_reference() -> None:
    leaves = [
        node for node in read("meeting.status = 'held'", "topic").walk() if node.op == "parent"
    ]
    assert [(leaf.fact, leaf.value) for leaf in leaves] == [("meeting", "status")]


def test_a_dollar_inside_quotes_is_text() -> None:
    reader = Reader(CATALOG["attestation"], CATALOG, {})
    node = reader.read("item = '$few'")
    assert node.args[1].value == "$few"


def test_columns_read_names_fact_and_column() -> None:
    found = columns_read("kind = 'study' AND meeting.due > $n AND org.flagged", "topic", CATALOG)
    assert found == {("topic", "kind"), ("meeting", "due"), ("org", "flagged")}


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("present = 1", None),
        ("present = 1 AND FALSE", False),
        ("present = 1 OR TRUE", True),
        ("NOT (present = 1)", None),
        ("present IS NULL", True),
        ("(present = 1) IS TRUE", False),
        ("due IN (1, NULL)", None),
        ("due IN (4, NULL)", True),
        ("due NOT IN (1, present)", None),
        ("present IN (1)", None),
        ("due BETWEEN 5 AND present", False),
        ("due BETWEEN 4 AND present", None),
        ("present + 1 > 0", None),
        ("held_on < '2026-06-01'", True),
    ],
)
def test_truth_is_three_valued(text: str, truth: bool | None) -> None:
    row: dict[str, int | dt.date] = {"due": 4, "held_on": dt.date(2026, 5, 1)}
    assert value_of(read(text), lambda node: row.get(str(node.value))) is truth
