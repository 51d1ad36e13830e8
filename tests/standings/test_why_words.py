"""A row behind a number is put into words, or goes by the title of its fact; never as somebody else's."""

import datetime as dt

import pytest

from tests.conftest import District
from tests.standings.test_live_standings import hold
from wuju.kit.periods import Period
from wuju.standings.why import why
from wuju.standings.words import amount_words


def titles(town: District) -> list[str]:
    found = why(
        scope=town.officer.scope,
        organization_id=town.east_branch.pk,
        item="meetings.members_meeting",
        period=Period.parse("2026Q3"),
    )
    return [row.title for row in found.counted.rows]


def test_a_row_is_put_into_words(judged: District) -> None:
    hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16))

    assert titles(judged) == ["2026-08-16 支部党员大会，应到 3，实到 3"]


def test_a_row_of_a_fact_without_words_goes_by_its_title(
    judged: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16))
    monkeypatch.setattr("wuju.standings.why.describers", {})

    assert titles(judged) == ["会议与组织生活"]


# ---------------------------------------------------------------------------------- how sure a number is
def numbers(town: District, item: str, period: str) -> tuple[str, ...]:
    return why(
        scope=town.officer.scope,
        organization_id=town.east_branch.pk,
        item=item,
        period=Period.parse(period),
    ).numbers


def test_a_number_read_in_the_text_needs_no_words(judged: District) -> None:
    assert numbers(judged, "meetings.members_meeting", "2026Q3") == ()


def test_a_number_seen_second_hand_says_so(judged: District) -> None:
    (lectures,) = numbers(judged, "meetings.party_lecture", "2026")
    hours = numbers(judged, "study.secretary_hours", "2026")

    assert lectures.startswith(
        "4 次/年见于二手、外地或旧文本，未见原文（V2）：条例没有按季度的次数"
    )
    assert any(each.startswith("56 学时/年见于二手") for each in hours)


def test_an_unverified_number_is_a_default_or_undecided(judged: District) -> None:
    (verified,) = numbers(judged, "findings.verified", "2026H2")
    (reopened,) = numbers(judged, "findings.reopened", "2026")

    assert verified == "100%是默认值，依据待核（U）。"
    assert reopened == "数字待定，没有读到写明它的文件（U）。"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (560, "0.1学时/年", "56 学时/年"),
        (205, "0.1日", "20.5 日"),
        (4999999, "分/年", "49999.99 元/年"),
        (30, "日", "30 日"),
        ("100%", "比例", "100%"),
    ],
)
def test_an_amount_is_said_as_people_say_it(value: int | str, unit: str, said: str) -> None:
    assert amount_words(value, unit) == said


def test_an_explanation_says_it_in_text_and_data(judged: District) -> None:
    found = why(
        scope=judged.officer.scope,
        organization_id=judged.east_branch.pk,
        item="meetings.party_lecture",
        period=Period.parse("2026"),
    )

    assert found.numbers[0] in found.lines()
    assert found.as_dict()["numbers"] == list(found.numbers)
