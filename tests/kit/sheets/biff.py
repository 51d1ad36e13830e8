"""Writes the smallest .xls (BIFF8 in an OLE2 container) that readers accept, for tests only."""

import struct
from collections.abc import Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _unicode(text: str, *, long: bool) -> bytes:
    return struct.pack("<HB" if long else "<BB", len(text), 1) + text.encode("utf-16-le")


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _stream(rows: Sequence[Sequence[str | float]], *, date1904: bool, encrypted: bool) -> bytes:
    head = _bof(0x0005)
    if encrypted:
        head += _record(0x2F, bytes(54))
    head += _record(0x42, struct.pack("<H", 1200)) + _record(
        0x22, struct.pack("<H", int(date1904))
    )
    sheet_name = _unicode("表1", long=False)
    bound_size = 4 + 6 + len(sheet_name)
    start = len(head) + bound_size + 4
    head += _record(0x85, struct.pack("<IH", start, 0) + sheet_name) + _record(0x0A)
    body = _bof(0x0010)
    width = max(len(row) for row in rows)
    body += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for line, row in enumerate(rows):
        for index, cell in enumerate(row):
            place = struct.pack("<HHH", line, index, 0)
            if isinstance(cell, str):
                body += _record(0x0204, place + _unicode(cell, long=True))
            else:
                body += _record(0x0203, place + struct.pack("<d", cell))
    return head + body + _record(0x0A)


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def biff(
    rows: Sequence[Sequence[str | float]], *, date1904: bool = False, encrypted: bool = False
) -> bytes:
    """Return an .xls file with one sheet."""
    stream = _stream(rows, date1904=date1904, encrypted=encrypted).ljust(4096, b"\0")
    stream = stream.ljust(-(-len(stream) // SECTOR) * SECTOR, b"\0")
    sectors = len(stream) // SECTOR
    fat = [FAT, END, *range(3, 2 + sectors), END]
    fat += [FREE] * (128 - len(fat))
    directory = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    directory = directory.ljust(SECTOR, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", FREE) * 108
    )
    return header + struct.pack("<128I", *fat) + directory + stream
