"""What the columns of a header mean when a person had to say so. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from wuju.kit.sheets.columns import SheetColumn
from wuju.kit.sheets.headers import HeaderMap, find_header, tidy
from wuju.kit.sheets.reader import Book, Sheet, read_book
from wuju.kit.sheets.registry import SheetKind


@dataclass(frozen=True, slots=True)
class HeaderOffer:
    """One sheet's header as understood so far, for the person who explains the rest.

    mapped: header as written -> column name. `missing` are headers of required columns,
    `free` the columns nothing maps to yet.
    """

    sheet: str
    fingerprint: str
    mapped: dict[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    free: tuple[SheetColumn, ...]


def fingerprint(sheet: Sheet, header: HeaderMap) -> str:
    """Return the digest of a header's cells, the same whatever stands above and below it."""
    lines = [[tidy(cell) for cell in row] for row in sheet.rows[header.first : header.body]]
    return hashlib.sha256(repr([_trimmed(line) for line in lines]).encode()).hexdigest()


def _trimmed(line: list[str]) -> list[str]:
    while line and not line[-1]:
        line = line[:-1]
    return line


def header_offers(content: bytes, filename: str, kind: SheetKind) -> list[HeaderOffer]:
    """Return what is understood of each visible sheet of a file that has a header for this kind.

    Raises:
        UnreadableBook: see `kit.sheets.reader`.
    """
    found = []
    for sheet in read_book(content, filename).sheets:
        header = None if sheet.is_hidden else find_header(sheet.rows, kind.columns)
        if header is None:
            continue
        found.append(
            HeaderOffer(
                sheet=sheet.name,
                fingerprint=fingerprint(sheet, header),
                mapped={m.header: m.column.name for m in header.mapped.values()},
                unknown=header.unknown,
                missing=header.missing,
                free=tuple(c for c in kind.columns if c.name not in header.mapped),
            )
        )
    return found


def relabel(book: Book, kind: SheetKind, memory: Mapping[str, Mapping[str, str]]) -> None:
    """Write our own headers over those that `memory` explains, in place.

    Args:
        memory: fingerprint of a header -> {header as written: column name}.
    """
    if not memory:
        return
    for sheet in book.sheets:
        header = find_header(sheet.rows, kind.columns)
        meanings = memory.get(fingerprint(sheet, header)) if header else None
        if header is None or meanings is None:
            continue
        ours = {tidy(text): kind.column(name).header for text, name in meanings.items()}
        for row in sheet.rows[header.first : header.body]:
            row[:] = [ours.get(tidy(cell), cell) if cell is not None else None for cell in row]
