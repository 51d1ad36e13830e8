"""Checks citizen id numbers, phone numbers and unified social credit codes, and says in Chinese what is wrong. Pure."""

import datetime as dt
import re
from typing import Final, Literal

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = tuple(3**power % 31 for power in range(17))
# First two digits of GB/T 2260, with Hong Kong, Macao and Taiwan residence permits (81-83).
_PROVINCES: Final = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_ID18 = re.compile(r"\d{17}[\dX]")
_ID15 = re.compile(r"\d{15}")
_MOBILE = re.compile(r"1\d{10}")  # operators keep opening new ranges
_LANDLINE = re.compile(r"0\d{2,3}[1-9]\d{6,7}|[1-9]\d{6,7}")
EARLIEST: Final = 1900


def check_digit(first17: str) -> str:
    """Return the last character of an id number (GB 11643, ISO 7064 MOD 11-2).

    >>> check_digit("11010519491231002")
    'X'
    """
    return _CHECKS[
        sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11
    ]


def id_number_problem(text: str, *, today: dt.date | None = None) -> str:
    """Return why `text` is no citizen id number, or "".

    15-digit numbers of the first generation pass when their date exists. The region is not
    checked: counties were abolished and people keep their numbers. `today` refuses birth
    dates in the future.
    """
    if _ID15.fullmatch(text):
        return (
            "" if _date("19" + text[6:12]) else "身份证号码（15 位）里的出生日期不存在，请核对。"
        )
    if not _ID18.fullmatch(text):
        return f"身份证号码应为 18 位，现在是 {len(text)} 位或含有其他字符，请核对。"
    born = _date(text[6:14])
    if born is None or born.year < EARLIEST or (today and born > today):
        return "身份证号码里的出生日期不对，请核对。"
    if check_digit(text[:17]) != text[17]:
        return "身份证号码的最后一位与前面不符，可能录错一位，请核对。"
    return ""


def id_number_warning(text: str) -> str:
    """Return a doubt about a valid id number that does not refuse it, or ""."""
    return "" if _PROVINCES.match(text) else "身份证号码的地区代码少见，请核对。"


def widen_id_number(text: str) -> str:
    """Return the 18-digit form of a 15-digit number (people born in the 1900s); others unchanged.

    >>> widen_id_number("110105491231002")
    '11010519491231002X'
    """
    if not _ID15.fullmatch(text):
        return text
    body = f"{text[:6]}19{text[6:]}"
    return body + check_digit(body)


def birth_date(id_number: str) -> dt.date | None:
    """Return the birth date inside an id number, None if it has none."""
    wide = widen_id_number(id_number)
    return _date(wide[6:14]) if len(wide) == 18 else None


def sex(id_number: str) -> Literal["male", "female", ""]:
    """Return the sex inside an id number (the 17th digit is odd for men), "" if it has none."""
    wide = widen_id_number(id_number)
    if len(wide) != 18 or not wide[16].isdecimal():
        return ""
    return "male" if int(wide[16]) % 2 else "female"


def phone_problem(text: str) -> str:
    """Return why `text` (digits only) is no mobile or landline number, or ""."""
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return ""
    return "电话号码应为 11 位手机号或带区号的座机号，请核对。"


def uscc_problem(text: str) -> str:
    """Return why `text` is no unified social credit code (GB 32100-2015), or ""."""
    if not re.fullmatch(f"[{_USCC_ALPHABET}]{{18}}", text):
        return "统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z），请核对。"
    total = sum(
        _USCC_ALPHABET.index(character) * weight
        for character, weight in zip(text, _USCC_WEIGHTS, strict=False)
    )
    if _USCC_ALPHABET[(31 - total % 31) % 31] != text[17]:
        return "统一社会信用代码的最后一位与前面不符，可能录错一位，请核对。"
    return ""


def _date(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
