"""Id numbers, phones and credit codes are checked the way real people's pass."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuju.kit.identifiers import (
    birth_date,
    check_digit,
    id_number_problem,
    id_number_warning,
    phone_problem,
    sex,
    uscc_problem,
    widen_id_number,
)

BODY = "62110219900101123"
ID = BODY + check_digit(BODY)


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)),
    st.integers(0, 999),
    st.integers(110000, 659999),
)
def test_every_well_formed_number_passes_and_tells_birth_and_sex(
    born: dt.date, serial: int, region: int
) -> None:
    body = f"{region}{born:%Y%m%d}{serial:03d}"
    number = body + check_digit(body)

    assert id_number_problem(number) == ""
    assert birth_date(number) == born
    assert sex(number) == ("male" if serial % 2 else "female")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, shift: int) -> None:
    wrong = f"{ID[:place]}{(int(ID[place]) + shift) % 10}{ID[place + 1 :]}"

    assert id_number_problem(wrong).endswith("请核对。")


@pytest.mark.parametrize(
    ("number", "says"),
    [("123", "18 位"), (ID[:-1] + "x", "18 位"), ("621102199013011234", "出生日期"), ("621102180001011234", "出生日期"), ("621102901301123", "出生日期")],
)  # fmt: skip
def test_other_numbers_are_refused_with_a_sentence(number: str, says: str) -> None:
    assert says in id_number_problem(number)


def test_a_birth_in_the_future_is_refused_when_the_day_is_known() -> None:
    assert id_number_problem(ID) == ""
    assert "出生日期" in id_number_problem(ID, today=dt.date(1989, 1, 1))


def test_an_abolished_county_is_no_reason_to_refuse() -> None:
    body = "62242119700101123"
    assert id_number_problem(body + check_digit(body)) == ""


def test_an_unknown_province_is_only_a_doubt() -> None:
    assert id_number_warning(ID) == ""
    assert id_number_warning("99" + ID[2:]) != ""


def test_old_numbers_of_15_digits_pass_and_widen() -> None:
    assert id_number_problem("110105491231002") == ""
    assert widen_id_number("110105491231002") == "11010519491231002X"
    assert birth_date("110105491231002") == dt.date(1949, 12, 31)
    assert sex("110105491231002") == "female"


def test_what_has_no_birth_date_has_none() -> None:
    assert birth_date("123") is None
    assert sex("123") == ""


@pytest.mark.parametrize(
    "phone", ["13800000000", "19900000000", "09328210000", "8210000", "01088880000"]
)
def test_phones_people_have_pass(phone: str) -> None:
    assert phone_problem(phone) == ""


@pytest.mark.parametrize("phone", ["", "1380000000", "138000000000", "23800000000", "电话"])
def test_other_phones_are_refused(phone: str) -> None:
    assert phone_problem(phone).endswith("请核对。")


def test_credit_codes_are_checked() -> None:
    assert uscc_problem("91350100M000100Y43") == ""
    assert "最后一位" in uscc_problem("91350100M000100Y44")
    assert "18 位" in uscc_problem("91350100M000100Y4I")
