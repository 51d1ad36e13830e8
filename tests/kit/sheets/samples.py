"""Sheets as people really keep them, and a kind that reads them."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from wuju.kit.sheets.columns import SheetColumn
from wuju.kit.sheets.registry import SheetKind

CATEGORIES = {"full": "正式党员", "probationary": "预备党员", "activist": "入党积极分子"}

MEMBERS = SheetKind(
    code="test_members",
    title="党员名册",
    natural_key="公民身份号码",
    columns=(
        SheetColumn(name="org", header="组织代码", type="id", aliases=("所在组织", "所在党支部", "党支部"), required=True),
        SheetColumn(name="name", header="姓名", required=True, max_length=40),
        SheetColumn(name="id_number", header="公民身份号码", type="id_number", aliases=("身份证", "身份证号码"), personal=True),
        SheetColumn(name="born_on", header="出生日期", type="date_part", aliases=("出生年月", "出生时间")),
        SheetColumn(name="category", header="人员类别", type="code", aliases=("党员类别",), values=CATEGORIES, synonyms={"中共党员": "full"}),
        SheetColumn(name="joined_on", header="加入党组织日期", type="date_part", aliases=("入党时间", "入党日期")),
        SheetColumn(name="approved_on", header="党委审批时间", type="date_part"),
        SheetColumn(name="approved_again_on", header="党委审批时间2", type="date_part"),
        SheetColumn(name="phone", header="手机号码", type="phone", aliases=("联系电话", "联系方式"), personal=True),
        SheetColumn(name="mobile", header="是否流动", type="bool"),
        SheetColumn(name="dues", header="缴纳党费", type="cents"),
        SheetColumn(name="hours", header="学时", type="tenths"),
    ),
)  # fmt: skip


def id_number(first17: str) -> str:
    from wuju.kit.identifiers import check_digit

    return first17 + check_digit(first17)


VALID_ID = id_number("62110219900101123")


def workbook(
    rows: Sequence[Sequence[object]], *, merge: Sequence[str] = (), title: str = "Sheet1"
) -> bytes:
    """Return an .xlsx with these rows, made by another library than the one under test."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merge:
        sheet.merge_cells(area)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
