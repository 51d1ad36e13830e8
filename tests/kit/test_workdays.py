"""Working days follow the State Council's notices, and month ends stay month ends."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuju.kit.workdays import (
    BadNotice,
    Notices,
    add_months,
    add_working_days,
    is_working_day,
    read_notices,
    shipped_notices,
    working_days_between,
)

D = dt.date
DAYS = st.dates(D(2015, 1, 1), D(2035, 12, 31))


@pytest.fixture
def notices(tmp_path: Path) -> Notices:
    path = tmp_path / "holidays.yaml"
    path.write_text(
        "notices:\n- year: 2027\n  source: 示例通知\n  off: [2027-01-01, 2027-02-05..2027-02-11]\n  on: [2027-02-14]\n",
        "utf-8",
    )
    return read_notices(path)


def test_holidays_and_make_up_days_of_known_years() -> None:
    assert not is_working_day(D(2026, 10, 1))
    assert is_working_day(D(2026, 10, 10))  # a Saturday worked for the long holiday
    assert not is_working_day(D(2026, 11, 22))
    assert is_working_day(D(2026, 11, 24))


def test_unknown_years_have_plain_weekends() -> None:
    assert is_working_day(D(2031, 10, 1))
    assert not is_working_day(D(2031, 10, 4))


def test_a_notice_comes_first_in_its_year_and_only_there(notices: Notices) -> None:
    assert not is_working_day(D(2027, 2, 9), notices)
    assert is_working_day(D(2027, 2, 14), notices)
    assert not is_working_day(D(2027, 2, 13), notices)
    assert not is_working_day(D(2026, 10, 1), notices)


def test_the_shipped_file_can_be_read() -> None:
    assert isinstance(shipped_notices(), Notices)


@pytest.mark.parametrize(
    "body",
    [
        "- {year: 2027, off: [2027-01-01]}",
        "- {year: 2027, source: x, off: [2026-01-01]}",
        "- {year: 2027, source: x, off: [2027-01-05..2027-01-01]}",
        "- {year: 2027, source: x, off: [2027-01-02], on: [2027-01-02]}",
    ],
    ids=["no source", "other year", "backwards", "both"],
)
def test_a_wrong_notice_does_not_load(tmp_path: Path, body: str) -> None:
    path = tmp_path / "holidays.yaml"
    path.write_text(f"notices:\n{body}\n", "utf-8")

    with pytest.raises(BadNotice):
        read_notices(path)


def test_working_days_skip_the_long_holiday() -> None:
    assert add_working_days(D(2026, 9, 30), 1) == D(2026, 10, 8)
    assert add_working_days(D(2026, 10, 8), -1) == D(2026, 9, 30)
    assert working_days_between(D(2026, 9, 30), D(2026, 10, 8)) == 1


def test_zero_rolls_to_the_next_working_day() -> None:
    assert add_working_days(D(2026, 10, 3), 0) == D(2026, 10, 8)
    assert add_working_days(D(2026, 11, 24), 0) == D(2026, 11, 24)


@given(DAYS, st.integers(1, 60))
def test_counting_undoes_adding(day: dt.date, count: int) -> None:
    due = add_working_days(day, count)

    assert is_working_day(due)
    assert working_days_between(day, due) == count
    assert working_days_between(due, day) == -count


@given(DAYS, st.integers(-60, 60))
def test_months_end_where_months_end(day: dt.date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + dt.timedelta(days=1)).day == 1


def test_the_last_of_august_plus_six_months() -> None:
    assert add_months(D(2027, 8, 31), 6) == D(2028, 2, 29)
