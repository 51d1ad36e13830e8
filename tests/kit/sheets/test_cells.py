"""Every cell becomes a typed value or a sentence."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.sheets.samples import CATEGORIES, VALID_ID
from wuju.kit.sheets.cells import CellProblem, DatePart, parse_cell, plain, read_date
from wuju.kit.sheets.columns import ColumnType, SheetColumn
from wuju.kit.sheets.writer import cell_value

D = dt.date


def column(kind: ColumnType, max_length: int = 0) -> SheetColumn:
    values = CATEGORIES if kind == "code" else {}
    synonyms = {"党员": "full"} if values else {}
    return SheetColumn(
        name="x", header="列", type=kind, values=values, synonyms=synonyms, max_length=max_length
    )


def problem(value: object, kind: ColumnType, unit: str = "") -> CellProblem:
    parsed = parse_cell(value, column(kind), unit=unit)
    assert isinstance(parsed, CellProblem)
    assert parsed.sentence.endswith("。")
    return parsed


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("1998-02", DatePart(D(1998, 2, 1), "month")),
        ("1998.02", DatePart(D(1998, 2, 1), "month")),
        ("1998.1", DatePart(D(1998, 1, 1), "month")),  # as text the author wrote January
        (1998.02, DatePart(D(1998, 2, 1), "month")),
        (1998.12, DatePart(D(1998, 12, 1), "month")),
        ("199802", DatePart(D(1998, 2, 1), "month")),
        (199802, DatePart(D(1998, 2, 1), "month")),
        ("2019/10/24", DatePart(D(2019, 10, 24))),
        ("2019/1/4", DatePart(D(2019, 1, 4))),
        ("20191024", DatePart(D(2019, 10, 24))),
        (20191024, DatePart(D(2019, 10, 24))),
        (43762, DatePart(D(2019, 10, 24))),
        ("43762", DatePart(D(2019, 10, 24))),
        (43762.5, DatePart(D(2019, 10, 24))),
        (1, DatePart(D(1900, 1, 1))),
        (60, DatePart(D(1900, 2, 28))),
        (61, DatePart(D(1900, 3, 1))),
        ("2017年9月", DatePart(D(2017, 9, 1), "month")),
        ("2017年9月3日", DatePart(D(2017, 9, 3))),
        ("2017 年 9 月 3 日", DatePart(D(2017, 9, 3))),
        ("２０１７．０９．０３", DatePart(D(2017, 9, 3))),
        ("2017年", DatePart(D(2017, 1, 1), "year")),
        (2017, DatePart(D(2017, 1, 1), "year")),
        ("2017-09-03 00:00:00", DatePart(D(2017, 9, 3))),
        (dt.datetime(2017, 9, 3, 8, 30, tzinfo=dt.UTC), DatePart(D(2017, 9, 3))),
        (D(2017, 9, 3), DatePart(D(2017, 9, 3))),
        ("无", None),
        ("—", None),
        (None, None),
    ],
)
def test_reads_dates_as_people_write_them(cell: object, part: DatePart | None) -> None:
    assert read_date(cell) == part


def test_serials_of_a_1904_workbook_are_right() -> None:
    assert read_date(42300, date1904=True) == DatePart(D(2019, 10, 24))


def test_a_numeric_1998_1_asks_whether_january_or_october() -> None:
    asked = problem(1998.1, "date_part")

    assert asked.asks
    assert "1998-01" in asked.sentence
    assert "1998-10" in asked.sentence


@pytest.mark.parametrize(
    "cell",
    ["1998-13", "2023-02-29", "98.02", "昨天", 1e9, -3, "3026-01-01", D(1700, 1, 1), 1998.13],
)
def test_refuses_days_that_are_none(cell: object) -> None:
    assert not problem(cell, "date_part").asks


def test_a_day_is_needed_where_the_column_says_so() -> None:
    assert parse_cell("2026-11-24", column("date")) == D(2026, 11, 24)
    assert "请写明几月几日" in problem("2026年11月", "date").sentence


@pytest.mark.parametrize(
    ("cell", "value"),
    [("是", True), ("√", True), ("有", True), ("完成", True), (1, True), ("１", True), (True, True),
     ("否", False), ("×", False), ("无", False), ("未完成", False), (0, False), (0.0, False), ("", None), ("—", None)],
)  # fmt: skip
def test_reads_yes_and_no(cell: object, value: bool | None) -> None:
    assert parse_cell(cell, column("bool")) is value


def test_a_perhaps_is_refused() -> None:
    assert "是还是否" in problem("可能", "bool").sentence


@pytest.mark.parametrize(
    ("cell", "value"), [("35人", 35), ("3 次", 3), (3.0, 3), ("1,234", 1234), ("１２", 12), (0, 0)]
)
def test_reads_counts(cell: object, value: int) -> None:
    assert parse_cell(cell, column("int")) == value


@pytest.mark.parametrize("cell", ["三个", 3.5, -1, "1e99", "nan", "10多人"])
def test_refuses_what_is_no_count(cell: object) -> None:
    problem(cell, "int")


def test_hours_are_tenths() -> None:
    assert [parse_cell(cell, column("tenths")) for cell in (1.5, "2学时", "0.1")] == [15, 20, 1]
    problem(1.55, "tenths")


@pytest.mark.parametrize(
    ("cell", "unit", "points"),
    [("95%", "", 9500), (0.95, "", 9500), (95, "", 9500), (95, "%", 9500), ("95.25%", "%", 9525), (1, "", 10000), (0, "%", 0), ("5‰", "", 50)],
)  # fmt: skip
def test_reads_percentages_and_fractions(cell: object, unit: str, points: int) -> None:
    assert parse_cell(cell, column("basis_points"), unit=unit) == points


def test_a_fraction_under_a_percent_header_asks() -> None:
    assert problem(0.95, "basis_points", "%").asks


@pytest.mark.parametrize(
    ("cell", "unit", "cents"),
    [(3.5, "万元", 3_500_000), ("3.5万元", "元", 3_500_000), ("3.5万", "", 3_500_000), (1200.55, "", 120055),
     ("1,200.55元", "万元", 120055), ("￥12", "", 1200), (0.1 + 0.2, "元", 30), (-3, "元", -300), (2, "千元", 200_000)],
)  # fmt: skip
def test_amounts_become_cents(cell: object, unit: str, cents: int) -> None:
    assert parse_cell(cell, column("cents"), unit=unit) == cents


@pytest.mark.parametrize("cell", [1.005, "约3万元", 1e15])
def test_refuses_amounts_that_cannot_be_cents(cell: object) -> None:
    problem(cell, "cents", "元")


def test_an_id_number_in_a_numeric_cell_has_lost_digits() -> None:
    assert "后几位已丢失" in problem(621102199001011234, "id_number").sentence
    assert "后几位已丢失" in problem(6.21102199001011e17, "id_number").sentence
    assert "后几位已丢失" in problem("6.21102E+17", "id").sentence


def test_ids_are_text_and_checked() -> None:
    assert parse_cell(VALID_ID.lower() + " ", column("id_number")) == VALID_ID
    assert parse_cell(f"'{VALID_ID}", column("id_number")) == VALID_ID
    assert parse_cell(110105491231002, column("id_number")) == "110105491231002"
    assert parse_cell(7.0, column("id")) == "7"
    assert parse_cell("007", column("id")) == "007"
    wrong_last = VALID_ID[:-1] + ("1" if VALID_ID[-1] != "1" else "2")
    assert "最后一位" in problem(wrong_last, "id_number").sentence
    problem(7.5, "id")


def test_phones_lose_their_dashes() -> None:
    assert parse_cell(13800000000, column("phone")) == "13800000000"
    assert parse_cell("+86 138-0000-0000", column("phone")) == "13800000000"
    assert parse_cell("0932-8210000", column("phone")) == "09328210000"
    problem("138000", "phone")
    problem("23800000000", "phone")


def test_codes_are_taken_by_code_label_synonym_and_prefix() -> None:
    cells = ("full", "正式党员", " 正式 党员", "党员", "223_正式党员", "FULL")
    assert {parse_cell(cell, column("code")) for cell in cells} == {"full"}
    assert "可填：正式党员、预备党员" in problem("团员", "code").sentence


def test_lists_are_cut_at_every_mark() -> None:
    assert parse_cell("赵甲、钱乙，孙丙;李丁\n周戊", column("list")) == (
        "赵甲",
        "钱乙",
        "孙丙",
        "李丁",
        "周戊",
    )


def test_long_text_is_refused() -> None:
    assert parse_cell(" 决议 ", column("text")) == "决议"
    assert isinstance(parse_cell("字" * 41, column("text", max_length=40)), CellProblem)


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
TYPES: list[ColumnType] = [
    "text", "id", "id_number", "phone", "code", "date", "date_part", "bool", "int", "tenths", "basis_points", "cents", "list",
]  # fmt: skip


@given(value=ANYTHING, kind=st.sampled_from(TYPES), unit=st.sampled_from(["", "元", "万元", "%"]))
def test_nothing_a_cell_can_hold_raises(value: object, kind: ColumnType, unit: str) -> None:
    parsed = parse_cell(value, column(kind), unit=unit)

    if isinstance(parsed, CellProblem):
        assert parsed.sentence.endswith("。")


@given(
    st.dates(D(1900, 1, 1), D(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]),
)
def test_a_date_comes_back_from_every_way_of_writing_it(day: dt.date, how: str) -> None:
    assert read_date(day.strftime(how)) == DatePart(day)


@given(st.integers(-(10**12), 10**12))
def test_cents_come_back_from_the_amount_as_written(cents: int) -> None:
    money = column("cents")
    assert parse_cell(cell_value(cents, money), money, unit="元") == cents
    assert parse_cell(str(Decimal(cents) / 100), money) == cents


@given(st.integers(0, 10_000))
def test_basis_points_come_back(points: int) -> None:
    rate = column("basis_points")
    assert parse_cell(cell_value(points, rate), rate, unit="%") == points


def test_plain_text_of_a_number_has_no_point() -> None:
    assert [plain(value) for value in (3.0, 2.5, True, D(2026, 1, 2), None)] == [
        "3",
        "2.5",
        "是",
        "2026-01-02",
        "",
    ]
