"""A period may be said as people say it: 本月, 上季度, 上年; labels go on meaning what they mean."""

import datetime as dt

import pytest

from wuju.kit.periods import GrainUnknown, UnknownPeriod, read_period

NOVEMBER = dt.date(2026, 11, 24)
NEW_YEAR = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("word", "in_november", "on_new_year"),
    [
        ("本月", "2026-11", "2026-01"),
        ("本季度", "2026Q4", "2026Q1"),
        ("本半年", "2026H2", "2026H1"),
        ("本年", "2026", "2026"),
        ("上月", "2026-10", "2025-12"),
        ("上季度", "2026Q3", "2025Q4"),
        ("上年", "2025", "2025"),
        (" 上月 ", "2026-10", "2025-12"),
        ("2026Q3", "2026Q3", "2026Q3"),
        ("2026-09", "2026-09", "2026-09"),
    ],
)
def test_words_are_seen_from_today(word: str, in_november: str, on_new_year: str) -> None:
    assert read_period(word, today=NOVEMBER).label == in_november
    assert read_period(word, today=NEW_YEAR).label == on_new_year


def test_the_first_half_is_of_this_year_even_while_it_runs() -> None:
    assert read_period("上半年", today=NOVEMBER).label == "2026H1"
    assert read_period("上半年", today=dt.date(2026, 3, 1)).label == "2026H1"


@pytest.mark.parametrize(
    ("grain", "present", "last"),
    [
        ("month", "2026-11", "2026-10"),
        ("quarter", "2026Q4", "2026Q3"),
        ("half", "2026H2", "2026H1"),
        ("year", "2026", "2025"),
    ],
)
def test_this_and_the_last_period_count_in_the_grain_given(
    grain: str, present: str, last: str
) -> None:
    assert read_period("本期", today=NOVEMBER, grain=grain).label == present
    assert read_period("上期", today=NOVEMBER, grain=grain).label == last


def test_without_a_grain_the_period_of_an_item_is_refused() -> None:
    with pytest.raises(GrainUnknown, match="是哪一项清单"):
        read_period("上期", today=NOVEMBER)


@pytest.mark.parametrize("text", ["", "九月", "下月", "2026Q5"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(UnknownPeriod):
        read_period(text, today=NOVEMBER)
