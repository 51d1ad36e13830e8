"""What kinds of file are read, and which are refused with a sentence."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.kit.sheets.biff import biff
from tests.kit.sheets.samples import saved, workbook
from wuju.kit.sheets import reader
from wuju.kit.sheets.reader import UnreadableBook, read_book

ROWS: list[list[object]] = [
    ["姓名", "人数", "日期"],
    ["赵甲乙", 3, dt.date(2026, 11, 24)],
    ["钱丙丁", 2.5, None],
]


def test_reads_xlsx_with_numbers_as_numbers_and_text_as_text() -> None:
    book = read_book(workbook([*ROWS, ["007", "2026", None]]), "名册.xlsx")

    assert book.sheets[0].rows == [
        ["姓名", "人数", "日期"],
        ["赵甲乙", 3, dt.date(2026, 11, 24)],
        ["钱丙丁", 2.5, None],
        ["007", "2026", None],
    ]


def test_looks_at_the_content_and_not_at_the_name(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(workbook(ROWS))

    assert read_book(path).sheets[0].rows[1][0] == "赵甲乙"


def test_row_numbers_are_those_seen_in_excel_even_below_blank_rows() -> None:
    book = read_book(workbook([[], [], ["姓名"], ["赵甲乙"]]), "a.xlsx")

    assert book.sheets[0].rows[2] == ["姓名"]


def test_reads_xls() -> None:
    book = read_book(biff([["姓名", "人数"], ["赵甲乙", 3.0]]), "名册.xls")

    assert book.sheets[0].rows == [["姓名", "人数"], ["赵甲乙", 3]]
    assert not book.date1904


def test_knows_an_xls_that_counts_from_1904() -> None:
    assert read_book(biff([["姓名"]], date1904=True), "名册.xls").date1904


def test_dates_of_a_1904_workbook_are_right() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active["A1"] = dt.date(1998, 2, 1)

    read = read_book(saved(book), "mac.xlsx")

    assert read.date1904
    assert read.sheets[0].rows == [[dt.date(1998, 2, 1)]]


def test_hidden_sheets_are_marked() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("字典").sheet_state = "veryHidden"
    assert book.active is not None
    book.active["A1"] = "姓名"

    assert [sheet.is_hidden for sheet in read_book(saved(book), "a.xlsx").sheets] == [False, True]


@pytest.mark.parametrize(
    "data",
    [
        "姓名,人数\n赵甲乙,3\n".encode(),
        b"\xef\xbb\xbf" + "姓名,人数\n赵甲乙,3\n".encode(),
        "姓名,人数\r\n赵甲乙,3\r\n".encode("gb18030"),
        "姓名\t人数\n赵甲乙\t3\n".encode("utf-16"),
        "姓名;人数\n赵甲乙;3\n".encode(),
        '"姓名","人数"\n"赵甲乙","3"\n'.encode("gbk"),
    ],
    ids=["utf8", "bom", "gb18030", "utf16-tab", "semicolon", "gbk-quoted"],
)
def test_reads_csv_in_the_encodings_offices_use(data: bytes) -> None:
    assert read_book(data, "名册.csv").sheets[0].rows == [["姓名", "人数"], ["赵甲乙", "3"]]


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for part in range(3):
            archive.writestr(f"xl/media/{part}", b"\0" * (70 * 1024 * 1024))
    return target.getvalue()


def _far_cell() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "姓名"
    book.active["XFD900000"] = "远"
    return saved(book)


def _other_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return target.getvalue()


def _encrypted() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(600)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(600)
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "网页"),
        (_bomb(), "解压后过大"),
        (_far_cell(), "行"),
        (_other_zip(), "不是 Excel"),
        (_encrypted(), "密码"),
        (biff([["姓名"]], encrypted=True), "密码"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "看不懂"),
        (workbook(ROWS)[:-200], "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "打不开"),
    ],
    ids=[
        "empty",
        "html",
        "xml",
        "bomb",
        "far",
        "docx",
        "encrypted",
        "xls-encrypted",
        "png",
        "cut",
        "ole",
    ],
)
def test_refuses_what_is_no_table_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableBook, match=says) as refusal:
        read_book(data, "x.xls")

    assert str(refusal.value).endswith("。")


def test_styled_but_empty_cells_far_away_are_no_reason_to_refuse() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "姓名"
    book.active["A1000000"].font = Font(bold=True)

    assert read_book(saved(book), "a.xlsx").sheets[0].rows == [["姓名"]]


def test_refuses_more_rows_and_bytes_than_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_ROWS", 10)
    many = workbook([["姓名"]] * 1100)
    with pytest.raises(UnreadableBook, match="请分成几个文件"):
        read_book(many, "a.xlsx")
    with pytest.raises(UnreadableBook, match="请分成几个文件"):
        read_book(b"a,b\n" * 1100, "a.csv")

    monkeypatch.setattr(reader, "MAX_BYTES", 100)
    with pytest.raises(UnreadableBook, match="20 MB"):
        read_book(many, "a.xlsx")
