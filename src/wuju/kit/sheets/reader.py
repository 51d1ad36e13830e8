"""Reads .xlsx, .xls and CSV into plain rows, after looking at what the file really is. Pure but for the file."""

import csv
import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wuju.kit.errors import DomainError
from wuju.kit.sheets.envelope import ENVELOPE_SHEET, SheetMeta, read_meta

type Value = bool | int | float | str | dt.date | dt.datetime | dt.time | dt.timedelta | None
type Row = list[Value]

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_ROWS: Final = 60_000
MAX_UNPACKED: Final = 200 * 1024 * 1024
MAX_COLUMNS: Final = 256

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_BIFF_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_BIFF_DATEMODE, _BIFF_FILEPASS, _BIFF_EOF = 0x22, 0x2F, 0x0A
# A filled cell far outside the limits would make the reader allocate the whole rectangle.
_FAR_CELL = re.compile(
    rb"""\sr=["'](?:(?:[A-Z]{3,}|[J-Z][A-Z]|I[W-Z])\d+|[A-Z]+(?:6[1-9]\d{3}|[7-9]\d{4}|\d{6,}))["'][^>]*[^/]>(?:<is>|<f|<v>[^<])"""
)
_DATE1904 = re.compile(rb"""\bdate1904=["'](?:1|true)["']""")
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta", b"<style")


class UnreadableBook(DomainError):
    """The file cannot be read as a table; the sentence says why and what to do."""


@dataclass(slots=True)
class Sheet:
    """One sheet: rows from the first row of the sheet, so that index + 1 is the row number seen in Excel."""

    name: str
    rows: list[Row]
    is_hidden: bool = False


@dataclass(slots=True)
class Book:
    """A workbook or CSV file. `hidden` is what our own export wrote into its `_wuju` sheet, if it did."""

    filename: str
    sheets: list[Sheet]
    hidden: SheetMeta | None = None
    date1904: bool = False
    encoding: str = field(default="")  # CSV only


def read_book(source: Path | bytes, filename: str = "") -> Book:
    """Read a workbook or CSV file whatever its name says.

    Empty cells are None, numbers stay numbers (whole ones int), text stays text.

    Raises:
        UnreadableBook: too large, encrypted, a web page in disguise, or no known table.
    """
    name = filename or (source.name if isinstance(source, Path) else "")
    data = _load(source)
    if data.startswith(_ZIP):
        date1904 = _inspect_zip(data)
        return _read_excel(data, name, date1904=date1904)
    if data.startswith(_OLE):
        date1904 = _inspect_ole(data)
        return _read_excel(data, name, date1904=date1904)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower().startswith(_MARKUP):
        raise UnreadableBook(
            "这个文件实际是网页，不是表格，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"
        )
    return _read_csv(data, name)


def _load(source: Path | bytes) -> bytes:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableBook("文件超过 20 MB，请删去图片、空白格式或分成几个文件再上传。")
    data = source if isinstance(source, bytes) else source.read_bytes()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableBook("文件是空的，请检查后重新上传。")
    return data


# ------------------------------------------------------------------------------------- Excel


def _inspect_zip(data: bytes) -> bool:
    """Refuse bombs and non-workbooks; return whether dates count from 1904."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED or len(entries) > 5000:
                raise UnreadableBook(
                    "文件解压后过大，可能已损坏或含有大量空白格式，请另存为新文件再上传。"
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableBook(
                    "这个压缩文件不是 Excel 工作簿，请上传 .xlsx、.xls 或 .csv 文件。"
                )
            for entry in entries:
                # Reading checks the declared size and the checksum, so a bomb cannot lie.
                _refuse_far_cells(entry.filename, archive.read(entry))
            return bool(_DATE1904.search(archive.read("xl/workbook.xml")))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
        raise UnreadableBook(
            "文件已损坏或加了密码，请用 WPS 或 Excel 打开、去掉密码后另存再上传。"
        ) from broken


def _refuse_far_cells(name: str, content: bytes) -> None:
    if name.startswith("xl/worksheets/") and _FAR_CELL.search(content):
        raise UnreadableBook(
            f"表格超过 {MAX_ROWS:,} 行或 {MAX_COLUMNS} 列，请分成几个文件，或删去表格外围的零散内容再上传。"
        )


def _inspect_ole(data: bytes) -> bool:
    """Refuse encrypted files; return whether dates count from 1904."""
    if _ENCRYPTED_PACKAGE in data:
        raise UnreadableBook("文件加了密码，请去掉打开密码后再上传。")
    position = data.find(_BIFF_BOF)
    for _ in range(400 if position >= 0 else 0):
        if position + 6 > len(data):
            break
        record, length = struct.unpack_from("<HH", data, position)
        if record == _BIFF_FILEPASS:
            raise UnreadableBook("文件加了密码，请去掉打开密码后再上传。")
        if record == _BIFF_DATEMODE:
            return bool(struct.unpack_from("<H", data, position + 4)[0])
        if record == _BIFF_EOF:
            break
        position += 4 + length
    return False


def _read_excel(data: bytes, filename: str, *, date1904: bool) -> Book:
    from python_calamine import (  # noqa: PLC0415 - 20 ms that only imports pay
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    sheets: list[Sheet] = []
    meta: SheetMeta | None = None
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for info in workbook.sheets_metadata:
            if info.typ != SheetTypeEnum.WorkSheet:
                continue
            table = workbook.get_sheet_by_name(info.name)
            if table.height > MAX_ROWS + 1000:
                raise UnreadableBook(f"“{info.name}”超过 {MAX_ROWS:,} 行，请分成几个文件再上传。")
            rows = table.to_python(skip_empty_area=False)
            if info.name == ENVELOPE_SHEET:
                meta = read_meta(rows)
                continue
            hidden = info.visible != SheetVisibleEnum.Visible
            sheets.append(Sheet(info.name, [_clean(row) for row in rows], is_hidden=hidden))
    except CalamineError as broken:
        raise UnreadableBook(
            "文件打不开，可能已损坏或加了密码，请用 WPS 或 Excel 另存为 .xlsx 再上传。"
        ) from broken
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableBook("工作簿里没有内容，请检查后重新上传。")
    return Book(filename, sheets, meta, date1904)


def _clean(row: Sequence[Value]) -> Row:
    """Return the row with "" as None and whole floats as int."""
    return [
        (int(cell) if type(cell) is float and cell.is_integer() else cell) if cell != "" else None
        for cell in row
    ]


# --------------------------------------------------------------------------------------- CSV


def _read_csv(data: bytes, filename: str) -> Book:
    text, encoding = _decode(data)
    if "\0" in text:
        raise UnreadableBook("看不懂这个文件，请上传 .xlsx、.xls 或 .csv 表格。")
    rows: list[Row] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append([_csv_cell(cell) for cell in cells])
            if len(rows) > MAX_ROWS + 1000:
                raise UnreadableBook(f"文件超过 {MAX_ROWS:,} 行，请分成几个文件再上传。")
    except csv.Error as broken:
        raise UnreadableBook(
            "CSV 文件有一格过长或引号不成对，请用 WPS 或 Excel 打开后另存再上传。"
        ) from broken
    return Book(filename, [Sheet(Path(filename).stem or "CSV", rows)], encoding=encoding)


def _decode(data: bytes) -> tuple[str, str]:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # "Unicode 文本" saved by Excel
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableBook("看不懂这个文件的编码，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。")


def _delimiter(text: str) -> str:
    """Return the separator that most of the first lines hold, a comma if none does."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in (",", "\t", ";", "|")}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _csv_cell(cell: str) -> Value:
    text = cell.strip()
    # Our own CSV writes '=1+1 so that no spreadsheet runs it; see writer.guard_csv.
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r":
        text = text[1:]
    return text or None
