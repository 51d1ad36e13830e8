"""What is exported comes back unchanged, and what came in wrong goes out with its reason."""

import csv
import datetime as dt
import io
import random
import time
from typing import Any

import openpyxl
import pytest

from tests.kit.sheets.samples import CATEGORIES, MEMBERS, VALID_ID, workbook
from wuju.kit.sheets.cells import DatePart
from wuju.kit.sheets.columns import SheetColumn
from wuju.kit.sheets.envelope import fingerprint
from wuju.kit.sheets.errors_book import write_error_book
from wuju.kit.sheets.headers import MissingColumns, NoHeader, PointsExport
from wuju.kit.sheets.reader import read_book
from wuju.kit.sheets.registry import ExportRow, SheetKind, StagedRow
from wuju.kit.sheets.staging import OtherKind, Staged, stage
from wuju.kit.sheets.writer import book_spec, write_book, write_csv

ZHAO: dict[str, object] = {
    "org": "T0001",
    "name": "赵甲乙",
    "id_number": VALID_ID,
    "born_on": DatePart(dt.date(1990, 1, 1)),
    "category": "full",
    "joined_on": DatePart(dt.date(2012, 7, 1), "month"),
    "phone": "13800000000",
    "mobile": False,
    "dues": 12050,
    "hours": 15,
}
QIAN: dict[str, object] = {
    "org": "T0002",
    "name": "=钱丙丁",
    "category": "probationary",
    "mobile": True,
}


def exported(*rows: dict[str, object], masked: frozenset[str] = frozenset()) -> bytes:
    target = io.BytesIO()
    lines = [
        ExportRow(row, key=f"k{place}", version=f"v{place}") for place, row in enumerate(rows)
    ]
    write_book(target, book_spec(MEMBERS, masked=masked, note="演示数据 · 均为虚构"), lines)
    return target.getvalue()


def back(data: bytes, name: str = "导出.xlsx") -> Staged:
    return stage(read_book(data, name), MEMBERS)


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_an_export_comes_back_with_the_same_values() -> None:
    staged = back(exported(ZHAO, QIAN))

    assert [row.values for row in staged.rows] == [ZHAO, QIAN]
    assert not any(row.problems for row in staged.rows)
    assert staged.unknown == ("行标识",)
    assert staged.notes == ()


def test_keys_versions_and_untouched_rows_are_recognised_after_sorting() -> None:
    book = opened(exported(ZHAO, QIAN))
    sheet = book.worksheets[0]
    first, second = ([cell.value for cell in sheet[line]] for line in (4, 5))
    for index, (up, down) in enumerate(zip(second, first, strict=True), start=1):
        sheet.cell(4, index).value, sheet.cell(5, index).value = up, down
    sheet.cell(4, 2).value = "钱丙戊"
    target = io.BytesIO()
    book.save(target)

    qian, zhao = back(target.getvalue()).rows

    assert (zhao.row_key, zhao.row_version, zhao.untouched) == ("k0", "v0", True)
    assert (qian.row_key, qian.row_version, qian.untouched) == ("k1", "v1", False)
    assert qian.values["name"] == "钱丙戊"


def test_rows_are_recognised_by_their_cells_when_the_token_column_is_gone() -> None:
    book = opened(exported(ZHAO, QIAN))
    book.worksheets[0].delete_cols(len(MEMBERS.columns) + 1)
    target = io.BytesIO()
    book.save(target)

    assert [row.row_key for row in back(target.getvalue()).rows] == ["k0", "k1"]


def test_a_masked_cell_means_unchanged() -> None:
    shown = ZHAO | {"id_number": "6211**********1234", "phone": "138****0000"}

    row = back(exported(shown, masked=frozenset({"id_number", "phone"}))).rows[0]
    row.compare(ZHAO, target=7)

    assert row.masked == {"id_number", "phone"}
    assert "id_number" not in row.values
    assert row.state == "same"
    assert row.cell_states["id_number"] == "masked"


def test_the_shadow_sheet_is_very_hidden() -> None:
    shadow = opened(exported(ZHAO))["_wuju"]

    assert shadow.sheet_state == "veryHidden"
    assert VALID_ID not in {cell.value for row in shadow for cell in row}


def test_an_export_of_another_kind_is_refused() -> None:
    other = SheetKind(code="other", title="会议记录", natural_key="编号", columns=MEMBERS.columns)

    with pytest.raises(OtherKind, match="党员名册"):
        stage(read_book(exported(ZHAO), "a.xlsx"), other, titles={MEMBERS.code: MEMBERS.title})


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-甲", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']
)
def test_no_cell_is_ever_a_formula(text: str) -> None:
    data = exported({"org": "T1", "name": text})
    cell = opened(data).worksheets[0].cell(4, 2)

    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert back(data).rows[0].values["name"] == text.strip()


@pytest.mark.parametrize("text", ["=1+1", "+86", "-甲", "@SUM(A1)"])
def test_csv_cells_are_guarded_and_come_back(text: str) -> None:
    data = write_csv(book_spec(MEMBERS), [ExportRow({"org": "T1", "name": text, "dues": -300})])
    line = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1]

    assert line[1] == "'" + text
    assert "-3" in line
    row = back(data, "a.csv").rows[0]
    assert row.values == {"org": "T1", "name": text, "dues": -300}


def test_ids_stay_text_dates_are_dates_and_the_header_is_frozen() -> None:
    sheet = opened(exported(ZHAO)).worksheets[0]
    line = {sheet.cell(3, index).value: sheet.cell(4, index) for index in range(1, 13)}

    assert line["公民身份号码"].value == VALID_ID
    assert line["公民身份号码"].data_type == "s"
    assert line["出生日期"].value == dt.datetime.fromisoformat("1990-01-01")
    assert line["缴纳党费(元)"].value == 120.5
    assert sheet.freeze_panes == "A4"
    assert sheet["A2"].value == "演示数据 · 均为虚构"


def test_code_columns_offer_their_labels() -> None:
    book = opened(exported(ZHAO))
    offered = {
        str(v.sqref).split(":")[0]: v.formula1
        for v in book.worksheets[0].data_validations.dataValidation
    }
    labels = [
        cell.value
        for (cell,) in zip(
            *book["_wuju"][offered["E4"].split("!")[1].replace("$", "")], strict=True
        )
    ]

    assert labels == list(CATEGORIES.values())
    assert "J4" in offered


def test_a_messy_sheet_is_staged_with_row_numbers_and_sentences() -> None:
    data = workbook(
        [
            ["试验镇党员名册"],
            ["填报单位：试验一村", None, None, "单位：元"],
            ["基本信息", None, None, "阶段1", None],
            ["所在党支部", "姓名", "身份证", "党员类别", "出生年月", "缴纳党费", "备注"],
            ["T0001", "赵甲乙", VALID_ID, "223_正式党员", 199001, "12元", None],
            [],
            ["T0001", None, VALID_ID, "团员", 1998.1, 3, None],
            ["T0001", "钱丙丁", 621102199001011234, None, None, None, None],
            ["所在党支部", "姓名", "身份证", "党员类别", "出生年月", "缴纳党费", "备注"],
            ["合计", None, None, None, None, 15, None],
            ["注：以上数据截至11月底"],
        ],
        merge=["A1:G1", "A3:C3", "D3:G3"],
    )
    staged = back(data)

    assert [row.number for row in staged.rows] == [5, 7, 8]
    assert staged.skipped == (9, 10, 11)
    good, bad, lost = staged.rows
    assert good.values["born_on"] == DatePart(dt.date(1990, 1, 1), "month")
    assert good.values["dues"] == 1200
    assert good.lands
    assert set(bad.problems) == {"name", "category", "born_on"}
    assert bad.state == "error"
    assert "后几位已丢失" in lost.problems["id_number"]
    assert staged.notes == ("以下列没有用到：备注。", "跳过合计、说明行 3 行。")


def test_a_row_that_only_asks_waits_for_a_person() -> None:
    row = back(workbook([["党支部", "姓名", "出生年月"], ["T1", "赵甲乙", 1998.1]])).rows[0]

    assert row.state == "ask"
    assert not row.lands


def test_the_sheet_that_fits_is_chosen_among_several() -> None:
    book = openpyxl.Workbook()
    cover: Any = book.active
    cover.append(["填表说明"])
    book.create_sheet("数据").append(["党支部", "姓名"])
    book["数据"].append(["T1", "赵甲乙"])
    hidden: Any = book.create_sheet("字典")
    hidden.append(["党支部", "姓名", "手机号码"])
    hidden.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)

    assert back(target.getvalue()).sheet == "数据"


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ([["甲", "乙"], [1, 2]], NoHeader),
        ([["姓名", "手机号码"], ["赵甲乙", None]], MissingColumns),
        ([["组织", "总获得积分", "活跃学员"], ["甲", 1, 2]], PointsExport),
    ],
)
def test_a_sheet_that_cannot_be_this_kind_is_refused(
    rows: list[list[object]], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        back(workbook(rows))


def test_the_error_workbook_shows_each_wrong_cell_and_can_be_imported_again() -> None:
    data = workbook(
        [
            ["党支部", "姓名", "身份证", "备注"],
            ["T1", "赵甲乙", VALID_ID, None],
            ["T1", None, "123", "@x"],
        ]
    )
    target = io.BytesIO()

    assert write_error_book(target, back(data)) == 1

    sheet = opened(target.getvalue()).active
    assert [cell.value for cell in sheet[1]] == ["党支部", "姓名", "身份证", "备注", "问题"]
    assert sheet["C2"].fill.fgColor.rgb == "FFF8D7DA"
    assert "18 位" in sheet["C2"].comment.text
    assert sheet["D2"].data_type == "s"
    assert str(sheet["E2"].value).startswith("原第 3 行：")
    again = back(target.getvalue())
    assert again.rows[0].values["org"] == "T1"


def test_the_error_workbook_hides_what_it_is_told_to() -> None:
    data = workbook([["党支部", "姓名", "身份证"], ["T1", None, VALID_ID]])
    target = io.BytesIO()
    write_error_book(target, back(data), hide=frozenset({"id_number"}))

    assert opened(target.getvalue()).active["C2"].value == "6211**********" + VALID_ID[-4:]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-甲", "@SUM(A1)", '=HYPERLINK("x")'])
def test_no_cell_of_the_error_workbook_is_ever_a_formula(text: str) -> None:
    """Right, wrong and masked cells, and a header of their own making."""
    lines = io.StringIO()
    csv.writer(lines).writerows(
        [["党支部", "姓名", "身份证", "出生日期", text], [text, "", text, text, text]]
    )
    target = io.BytesIO()
    staged = back(lines.getvalue().encode(), "a.csv")
    write_error_book(target, staged, hide=frozenset({"id_number"}))

    cells = [cell for line in opened(target.getvalue()).active for cell in line]
    runs = [cell for cell in cells if str(cell.value or "")[:1] in {"=", "+", "-", "@"}]
    assert len(runs) == 5
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in runs)


def test_comparing_tells_new_changed_and_same_cells() -> None:
    row = StagedRow(2, values={"name": "赵甲乙", "hours": 15})

    row.compare({"name": "赵甲乙", "hours": 10}, target=3)
    assert (row.state, row.target, row.cell_states) == (
        "update",
        3,
        {"name": "same", "hours": "change"},
    )

    row.compare(None)
    assert (row.state, row.target) == ("new", None)

    row.fail("hours", "学时不对。")
    row.compare({"name": "赵甲乙"}, target=3)
    assert row.state == "error"
    assert row.cell_states["hours"] == "error"


def test_a_column_that_cannot_work_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="needs values"):
        SheetColumn(name="x", header="列", type="code")
    with pytest.raises(ValueError, match="synonyms"):
        SheetColumn(name="x", header="列", type="code", values={"a": "甲"}, synonyms={"乙": "b"})


def test_fingerprints_notice_every_change() -> None:
    assert fingerprint(["a", None, 3]) != fingerprint(["a", 3, None])
    assert fingerprint([dt.date(2026, 1, 2)]) == fingerprint(
        [dt.datetime(2026, 1, 2, tzinfo=dt.UTC)]
    )


def test_reading_and_writing_stay_quick() -> None:
    rng = random.Random(7)
    rows = [
        ExportRow(ZHAO | {"org": f"T{rng.randrange(9999):04d}"}, key=str(n)) for n in range(2000)
    ]
    target = io.BytesIO()
    start = time.process_time()
    write_book(target, book_spec(MEMBERS), rows)
    wrote = time.process_time() - start
    start = time.process_time()
    staged = back(target.getvalue())
    read = time.process_time() - start

    assert len(staged.rows) == 2000
    assert wrote < 4
    assert read < 2
