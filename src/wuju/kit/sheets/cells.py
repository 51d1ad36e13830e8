"""Turns one cell into a typed value, or into a sentence that says what is wrong. Pure; never raises."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, Literal

from wuju.kit.identifiers import id_number_problem, phone_problem
from wuju.kit.sheets.columns import SheetColumn
from wuju.kit.sheets.headers import tidy

type Precision = Literal["day", "month", "year"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_TEXT: Final = 2000
LOST_DIGITS: Final = 10**15  # a spreadsheet keeps 15 digits of a number; the rest is gone

_EMPTY = frozenset(
    {"", "无", "—", "——", "-", "--", "/", "\\", "n/a", "#n/a", "null", "暂无", "空"}
)
_TRUE = frozenset(
    {"是", "√", "✓", "✔", "有", "完成", "已完成", "1", "y", "yes", "true", "对", "v"}
)
_FALSE = frozenset(
    {"否", "×", "✗", "✘", "x", "无", "未完成", "没有", "不是", "0", "n", "no", "false", "错", "未"}
)
_DIGITS_DATE = re.compile(r"^(\d{4})(\d{2})?(\d{2})?$")
_DATE = re.compile(r"^(\d{4})[-./年](?:(\d{1,2})(?:[-./月](?:(\d{1,2})日?)?)?)?$")
_TIME = re.compile(r"[ T]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_SPLIT = re.compile(r"[、，,;；\n\r]+")
_LABEL_PREFIX = re.compile(r"^\d+[_\-.、]")
_COUNT_SUFFIX = re.compile(r"(?:人|次|名|个|户|场|天|票|岁|年|学时|课时|小时)$")
_MONEY_FACTOR = {"": 100, "元": 100, "千元": 100_000, "万元": 1_000_000}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Why a cell cannot be taken; `asks` = it has two meanings and a person must say which."""

    sentence: str
    asks: bool = False


@dataclass(frozen=True, slots=True, order=True)
class DatePart:
    """A date known to the day, the month (its first day stands for it) or the year (1 January)."""

    date: dt.date
    precision: Precision = "day"

    def __str__(self) -> str:
        if self.precision == "day":
            return self.date.isoformat()
        return f"{self.date.year}" if self.precision == "year" else f"{self.date:%Y-%m}"


class _Wrong(Exception):
    """Internal: carries a CellProblem to `parse_cell`."""

    def __init__(self, sentence: str, *, asks: bool = False) -> None:
        super().__init__(sentence)
        self.problem = CellProblem(sentence, asks)


def parse_cell(
    value: object, column: SheetColumn, *, unit: str = "", date1904: bool = False
) -> object | CellProblem | None:
    """Return the typed value of a cell (see `ColumnType`), None if empty, or a CellProblem.

    `unit` is what the header says (万元, %); `date1904` concerns bare serial numbers.
    """
    try:
        if column.type in {"date", "date_part"}:
            return _date(value, column, date1904=date1904)
        if column.type == "bool":
            return _bool(value)
        if is_empty(value):
            return None
        return _PARSERS[column.type](value, column, unit or column.unit)
    except _Wrong as wrong:
        return wrong.problem


def is_empty(value: object) -> bool:
    """Say whether a cell is blank or says so (无, —, /)."""
    if value is None:
        return True
    return isinstance(value, str) and value.strip().lower() in _EMPTY


def plain(value: object) -> str:
    """Return a cell as text: whole numbers without .0, dates as 2026-11-24, outer blanks removed."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).strip() if value is not None else ""


def _half(value: object) -> str:
    """Return the text with full-width digits and marks made half-width, without blanks."""
    text = plain(value)
    return (
        text
        if text.isascii() and " " not in text
        else re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    )


# -------------------------------------------------------------------------------------- dates


def _date(value: object, column: SheetColumn, *, date1904: bool) -> object:
    part = read_date(value, date1904=date1904)
    if isinstance(part, CellProblem):
        return part
    if part is None or column.type == "date_part":
        return part
    if part.precision != "day":
        raise _Wrong(
            f"“{column.header}”只写到{'月' if part.precision == 'month' else '年'}，请写明几月几日。"
        )
    return part.date


def read_date(value: object, *, date1904: bool = False) -> DatePart | CellProblem | None:
    """Return the date in a cell with its precision, None if empty, or a CellProblem.

    >>> str(read_date("2017年9月"))
    '2017-09'
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return _in_range(DatePart(value), value)
    if is_empty(value):
        return None
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _number_date(value, date1904=date1904)
        return _text_date(_TIME.sub("", plain(value)), date1904=date1904)
    except _Wrong as wrong:
        return wrong.problem


def _in_range(part: DatePart, seen: object) -> DatePart | CellProblem:
    if FIRST_YEAR <= part.date.year <= LAST_YEAR:
        return part
    return CellProblem(f"日期“{seen}”的年份不对，请核对。")


def _number_date(value: float, *, date1904: bool) -> DatePart | CellProblem:
    text = plain(value)
    if "." in text and FIRST_YEAR <= value < LAST_YEAR + 1:
        year, fraction = text.split(".")
        if fraction == "1":
            # 1998.10 typed as a number is stored as 1998.1: January and October look the same.
            raise _Wrong(
                f"“{text}”是数字，分不清是{year}年1月还是{year}年10月，请改写成{year}-01或{year}-10。",
                asks=True,
            )
        return _text_date(text, date1904=date1904)
    if len(text) in {6, 8} or FIRST_YEAR <= value <= LAST_YEAR:
        return _text_date(text, date1904=date1904)
    if 1 <= value < 80_000:
        return _serial(int(value), date1904=date1904)
    raise _Wrong(f"看不懂日期“{text}”，请写成 2026-11-24 或 2026年11月。")


def _serial(days: int, *, date1904: bool) -> DatePart:
    if date1904:
        return DatePart(dt.date(1904, 1, 1) + dt.timedelta(days))
    # Serial 60 is 29 February 1900, a day that never was; all later numbers are one too high.
    return DatePart(dt.date(1899, 12, 30) + dt.timedelta(days + (days < 60)))


def _text_date(text: str, *, date1904: bool = False) -> DatePart | CellProblem:
    clean = _half(text).rstrip(".-/")
    if re.fullmatch(r"\d{5}", clean):
        return _serial(int(clean), date1904=date1904)
    found = _DIGITS_DATE.match(clean) or _DATE.match(clean)
    if not found:
        raise _Wrong(f"看不懂日期“{text}”，请写成 2026-11-24 或 2026年11月。")
    year, month, day = (int(group) if group else None for group in found.groups())
    try:
        date = dt.date(year or 0, month or 1, day or 1)
    except ValueError:
        raise _Wrong(f"没有“{text}”这一天，请核对。") from None
    precision: Precision = "day" if day else ("month" if month else "year")
    return _in_range(DatePart(date, precision), text)


# ------------------------------------------------------------------------------- other types


def _bool(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    text = _half(value).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text in _EMPTY:
        return None
    raise _Wrong(f"“{plain(value)}”看不出是还是否，请填“是”或“否”。")


def _text(value: object, column: SheetColumn, _unit: str) -> str:
    text = plain(value)
    limit = column.max_length or MAX_TEXT
    if len(text) > limit:
        raise _Wrong(f"“{column.header}”有 {len(text)} 字，超过 {limit} 字，请精简。")
    return text


def _id(value: object, column: SheetColumn, _unit: str) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) >= LOST_DIGITS:
            raise _Wrong(
                f"“{column.header}”按数字存放，后几位已丢失，请把该列改成文本格式后重新填写。"
            )
        if isinstance(value, float) and not value.is_integer():
            raise _Wrong(f"“{column.header}”应是编号，“{value}”带小数，请核对。")
    text = _half(value).lstrip("'`‘’")
    if re.fullmatch(r"\d(?:\.\d+)?e\+?\d+", text, re.IGNORECASE):
        raise _Wrong(f"“{column.header}”变成了科学计数“{text}”，后几位已丢失，请按文本重新填写。")
    return text


def _id_number(value: object, column: SheetColumn, unit: str) -> str:
    text = _id(value, column, unit).upper()
    problem = id_number_problem(text)
    if problem:
        raise _Wrong(problem)
    return text


def _phone(value: object, column: SheetColumn, unit: str) -> str:
    text = re.sub(r"[-() ]", "", _id(value, column, unit)).removeprefix("+86")
    problem = phone_problem(text)
    if problem:
        raise _Wrong(problem)
    return text


def _code(value: object, column: SheetColumn, _unit: str) -> str:
    text = plain(value)
    code = _code_lookup(column).get(tidy(text)) or _code_lookup(column).get(
        tidy(_LABEL_PREFIX.sub("", text))
    )
    if code is None:
        labels = "、".join(list(column.values.values())[:12])
        raise _Wrong(f"“{column.header}”没有“{text[:20]}”这一项，可填：{labels}。")
    return code


def _code_lookup(column: SheetColumn) -> dict[str, str]:
    return _build_lookup(tuple(column.values.items()), tuple(column.synonyms.items()))


@lru_cache(maxsize=256)
def _build_lookup(
    values: tuple[tuple[str, str], ...], synonyms: tuple[tuple[str, str], ...]
) -> dict[str, str]:
    lookup = {tidy(label): code for label, code in synonyms}
    lookup |= {tidy(label): code for code, label in values}
    lookup |= {tidy(code): code for code, _ in values}
    return lookup


def _decimal(
    value: object, column: SheetColumn, strip: re.Pattern[str] = _COUNT_SUFFIX
) -> Decimal:
    text = strip.sub("", _half(value).replace(",", "").rstrip("。"))
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Wrong(f"“{column.header}”应填数字，“{plain(value)[:20]}”看不懂。") from None
    if not number.is_finite():
        raise _Wrong(f"“{column.header}”应填数字，“{plain(value)[:20]}”看不懂。")
    return number


def _whole(number: Decimal, sentence: str) -> int:
    """Return the number if it is whole but for the dust of binary fractions, else refuse."""
    nearest = number.to_integral_value()
    if abs(number - nearest) > Decimal("0.0001"):
        raise _Wrong(sentence)
    return int(nearest)


def _int(value: object, column: SheetColumn, _unit: str) -> int:
    number = _decimal(value, column)
    if number < 0 or number > 10**12:
        raise _Wrong(f"“{column.header}”不能是 {plain(value)[:20]}，请核对。")
    return _whole(number, f"“{column.header}”应填整数，“{plain(value)[:20]}”带小数。")


def _tenths(value: object, column: SheetColumn, _unit: str) -> int:
    number = _decimal(value, column)
    if number < 0 or number > 10**9:
        raise _Wrong(f"“{column.header}”不能是 {plain(value)[:20]}，请核对。")
    return _whole(number * 10, f"“{column.header}”最多一位小数，“{plain(value)[:20]}”请核对。")


_PERCENT_SIGN = re.compile(r"[%‰]$")


def _basis_points(value: object, column: SheetColumn, unit: str) -> int:
    """Return hundredths of a per cent. 95 % and 0.95 are both 9500; under a % header, 0.95 asks."""
    text = _half(value)
    number = _decimal(value, column, _PERCENT_SIGN)
    if text.endswith("‰"):
        factor = 10
    elif text.endswith("%") or number > 1:
        factor = 100
    elif unit == "%" and number != 0:
        raise _Wrong(f"“{text}”分不清是 {text}% 还是 {number * 100}%，请写上百分号。", asks=True)
    else:
        factor = 10_000
    basis = _whole(number * factor, f"“{column.header}”的百分数最多两位小数，“{text}”请核对。")
    if not 0 <= basis <= 100_000:
        raise _Wrong(f"“{column.header}”的百分数“{text}”不合理，请核对。")
    return basis


_MONEY_SUFFIX = re.compile(r"(?:人民币|rmb|¥|￥|圆|元|万|千)+$|^[¥￥]", re.IGNORECASE)


def _cents(value: object, column: SheetColumn, unit: str) -> int:
    """Return 分. A unit in the cell (3.5万元) wins over the header's, the header's over the column's."""
    text = _half(value)
    own = next((name for name in ("万元", "千元", "元") if text.endswith(name)), "")
    own = own or ("万元" if text.endswith("万") else "")
    factor = _MONEY_FACTOR.get(own or unit, 100)
    number = _decimal(_MONEY_SUFFIX.sub("", _MONEY_SUFFIX.sub("", text)), column)
    cents = number * factor
    if abs(cents) > 10**15:
        raise _Wrong(f"“{column.header}”的金额“{text[:20]}”过大，请核对单位。")
    return _whole(cents, f"“{column.header}”的金额应精确到分，“{text[:20]}”请核对。")


def _list(value: object, _column: SheetColumn, _unit: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _SPLIT.split(plain(value)))
    return tuple(part for part in parts if part)


_PARSERS: Final[dict[str, Callable[[object, SheetColumn, str], object]]] = {
    "text": _text,
    "id": _id,
    "id_number": _id_number,
    "phone": _phone,
    "code": _code,
    "int": _int,
    "tenths": _tenths,
    "basis_points": _basis_points,
    "cents": _cents,
    "list": _list,
}
