"""Workbooks as a township keeps them: notes above the header, bands, a header twice, a slip of the pen."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from tests.desk.makers import id_number

GOOD = id_number("19700305", 101)
WRONG = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")
QUARTERS = (
    dt.date(2026, 2, 10),
    dt.date(2026, 5, 12),
    dt.date(2026, 8, 11),
    dt.date(2026, 10, 20),
)


def save(folder: Path, name: str, rows: Iterable[Sequence[object]], merged: str = "") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表"
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    path = folder / name
    book.save(path)
    return path


def roster(folder: Path) -> Path:
    """Seven rows: six can land, one of them once its number is put right; one names no branch."""
    first, small = "东川一村党支部", "东川二村党支部"
    people = (
        (first, "赵甲", id_number("19680412", 11), "男", "13800000001", "正式党员", "2001-07-01"),
        (first, "钱乙", id_number("19750809", 22), "女", "13800000002", "正式党员", "2005-07-01"),
        (first, "孙丙", WRONG, "男", None, "正式", "2010-07-01"),
        (first, "李丁", id_number("19880101", 44), "女", None, "正式", "2012-07-01"),
        (small, "周戊", id_number("19661111", 51), "男", None, "正式党员", "1998-07-01"),
        (small, "吴己", id_number("19791231", 62), "女", None, "正式党员", "2008-07-01"),
        ("不存在的党支部", "郑庚", id_number("19800101", 71), "男", None, "正式党员", None),
    )
    rows = [
        ("东川镇党员花名册",),
        ("注意：标红字段为必填项",),
        ("基本情况", None, None, None, None, "党内情况", None, None),
        (
            "所在党支部", "姓 名", "身份证", "性别", "联系电话",
            "党员类别", "入党时间", "入党时间",
        ),
        *((*person, None) for person in people),
        ("合计", "7 人"),
    ]  # fmt: skip
    return save(folder, "东川镇党员花名册.xlsx", rows, "A3:E3")


def meetings(folder: Path) -> Path:
    """The year of both branches but for one meeting: the third quarter's of 东川一村."""
    first, small = "东川一村党支部", "东川二村党支部"
    rows: list[Sequence[object]] = [
        ("2026年组织生活登记表",),
        ("党支部", "会议名称", "召开时间", "议题", "应到人数", "实到人数"),
    ]
    for branch, people in ((first, 4), (small, 2)):
        rows.extend(
            (branch, "支部大会", on, "讨论支部工作", people, people)
            for on in QUARTERS
            if (branch, on) != (first, QUARTERS[2])
        )
        rows.extend(
            (branch, "主题党日活动", f"2026.{month}.5", "学习", people, people - 1)
            for month in range(1, 12)
        )
    return save(folder, "东川镇组织生活登记表.xlsx", rows)
