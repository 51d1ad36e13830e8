"""The fact catalogue as people look it up, and its own consistency."""

from dataclasses import replace

import pytest

from wuju.kit.facts import TYPES
from wuju.rulepacks.catalog import UnknownFact, catalog, describe_facts

FORBIDDEN = (
    "登录",
    "打卡",
    "签到",
    "积分",
    "点赞",
    "在线时长",
    "定位",
    "照片",
    "login",
    "points",
    "gps",
)


def test_facts_are_listed_one_row_each() -> None:
    rows = describe_facts(catalog())

    meeting = next(row for row in rows if row["name"] == "meeting")
    assert [row["name"] for row in rows] == list(catalog())
    assert (meeting["title"], meeting["owner"], meeting["activity"]) == (
        "会议与组织生活",
        "guidance.meetings",
        True,
    )


def test_a_fact_that_no_capability_publishes_yet_says_so() -> None:
    meeting = catalog()["meeting"]
    two = {"meeting": meeting, "to_come": replace(meeting, awaited=True)}

    assert [row["supply"] for row in describe_facts(two)] == ["已接入", "数据尚未接入"]


def test_the_columns_of_a_fact_are_listed_with_type_unit_and_codes() -> None:
    rows = {row["name"]: row for row in describe_facts(catalog(), "meeting")}

    assert rows["held_on"]["type"] == "date"
    assert rows["present"]["unit"] == "人"
    assert "members_meeting" in rows["kind"]["values"]
    assert all(row["means"] for row in rows.values())


def test_a_misspelt_fact_gets_the_right_one_suggested() -> None:
    with pytest.raises(UnknownFact, match="meeting"):
        describe_facts(catalog(), "meetings")


@pytest.mark.parametrize("name", list(catalog()))
def test_a_fact_is_whole(name: str) -> None:
    fact = catalog()[name]

    assert (fact.date is None) != (fact.valid is None), "one time shape"
    assert fact.absence in {"none", "unknown"}
    for parent, key in fact.parents.items():
        assert parent in catalog()
        assert fact.columns[key].to == parent
    for column in fact.columns.values():
        assert column.type in TYPES
        assert column.means
        assert (column.type == "code") == bool(column.values)
        assert (column.type in {"int", "cents", "tenths"}) == bool(column.unit)
        assert not any(word in column.name + column.means for word in FORBIDDEN)
