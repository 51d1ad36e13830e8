"""Items that cannot mean anything are refused with a sentence that says what to write."""

from typing import Any

import pytest

from tests.engine.small import CATALOG, item
from wuju.engine.compiler import compile_rules
from wuju.engine.resolve import levels
from wuju.engine.rules import BadItem, Rules

STOCK: dict[str, Any] = {"kind": "stock", "of": "seat"}
EACH: dict[str, Any] = {"of": "course_hours", "at_least": 1}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"of": "meetings"}, "不在事实目录里"),
        ({}, "没有写 of"),
        ({"of": "meeting", "target": None}, "没有写 target"),
        ({"of": "seat"}, "只能数按日期发生的事"),
        ({"kind": "stock", "of": "meeting"}, "只能数一种状态"),
        ({"kind": "ratio", "of": "meeting", "numerator": "TRUE"}, "还要写 denominator"),
        ({"kind": "deadline", "of": "loop_due", "due": "due_on"}, "还要写 done"),
        ({"kind": "coverage", "population": "member"}, "还要写 each"),
        ({"kind": "coverage", "population": "seat", "each": EACH}, "不指向"),
        (
            {"kind": "coverage", "population": "member", "each": {**EACH, "at_least": "80%"}},
            "整数或 $参数",
        ),
        ({"kind": "composite", "parts": {}}, "还要写 parts"),
        ({**STOCK, "target": {"at_least": "some"}}, "看不懂"),
        ({**STOCK, "target": {"at_least": "1/0"}}, "看不懂"),
        ({**STOCK, "target": {"at_least": "$nothing"}}, "没有定义"),
        ({**STOCK, "applies_to": {"area_kind": ("village",)}}, "没有的“area_kind”"),
        ({**STOCK, "score": "bands"}, "还要写 bands"),
        ({**STOCK, "score": "bands", "bands": ((1, 20_000),)}, "bands 须是"),
        ({"kind": "set", "of": "seat", "member": "post", "all_of": ["a'b"]}, "引号"),
    ],
)
def test_a_bad_item_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(BadItem) as refusal:
        compile_rules(Rules((item("a.bad", **given),)), CATALOG, "sqlite")
    assert why in str(refusal.value)
    assert str(refusal.value).startswith("清单项“a.bad”")


def composite(code: str, *parts: str) -> Any:
    return item(code, kind="composite", parts=dict.fromkeys(parts, 1))


def test_composites_may_not_contain_each_other() -> None:
    with pytest.raises(BadItem, match="互相包含"):
        levels(Rules((composite("a.one", "a.two"), composite("a.two", "a.one"))))


def test_a_part_must_exist() -> None:
    with pytest.raises(BadItem, match=r"“a\.gone”不存在"):
        levels(Rules((composite("a.one", "a.gone"),)))
