"""Numbers and dates are written one way, in integers, and nothing known is a dash."""

import datetime as dt

import pytest

from tests.conftest import NOW
from wuju.web.templatetags import wuju as tags


@pytest.mark.parametrize(("value", "written"), [(8640, "86.40"), (10000, "100.00"), (5, "0.05")])
def test_basis_points(value: int, written: str) -> None:
    assert tags.bp(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(1630005, "16,300.05"), (-250, "-2.50"), (0, "0.00")]
)
def test_cents(value: int, written: str) -> None:
    assert tags.cents(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(16300000, "16.3"), (1, "0.000001"), (-150000000, "-150"), (123456789000, "123,456.789")],
)
def test_ten_thousands_keep_every_digit(value: int, written: str) -> None:
    assert tags.wan(value) == written


def test_a_percentage_is_cut_so_that_all_means_all() -> None:
    assert tags.percent(334, 335) == "99%"
    assert tags.percent(335, 335) == "100%"
    assert tags.percent(0, 0) == "—"


def test_pairs_and_tenths() -> None:
    assert tags.pair(25, 29) == "25/29"
    assert tags.pair(None, None) == "—"
    assert (tags.tenths(325), tags.tenths(320)) == ("32.5", "32")


def test_dates() -> None:
    day = dt.date(2026, 10, 5)
    assert (tags.zh_date(day), tags.zh_day(day), tags.iso(day)) == (
        "2026年10月5日",
        "10月5日",
        "2026-10-05",
    )
    assert tags.zh_time(NOW) == "2026年11月24日 9:30"


def test_a_moment_is_written_in_local_time() -> None:
    late = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)
    assert tags.zh_date(late) == "2026年11月24日"


@pytest.mark.parametrize(
    ("days", "written"), [(3, "还剩 3 天"), (0, "今天到期"), (-2, "已过 2 天"), (None, "")]
)
def test_days_left(days: int | None, written: str) -> None:
    assert tags.days_left(days) == written


@pytest.mark.parametrize("write", [tags.bp, tags.cents, tags.wan, tags.tenths])
def test_an_unknown_number_is_a_dash(write: object) -> None:
    assert write(None) == "—"  # type: ignore[operator]


def test_a_bar_never_leaves_its_frame() -> None:
    assert 'class="f1" width="29"' in tags.bar(40, 29)
    assert 'class="f1" width="0"' in tags.bar(0, 0)
