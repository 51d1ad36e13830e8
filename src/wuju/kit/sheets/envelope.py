"""The hidden sheet `_wuju`: what an export writes beside its rows so that they can come back. Pure."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

ENVELOPE_SHEET: Final = "_wuju"
# Hidden last column: which line of `_wuju` a row belongs to, even once rows are sorted.
TOKEN_HEADER: Final = "行标识"  # noqa: S105 - a header, not a secret
FORMAT: Final = "wuju-sheet-1"
MASK_CHARACTER: Final = "*"


@dataclass(frozen=True, slots=True)
class RowMeta:
    """Beside one exported row: its key, its version, and a fingerprint of its cells as written."""

    key: str
    version: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SheetMeta:
    """Beside one export: its kind, the masked columns, and a RowMeta per token."""

    kind: str
    masked: frozenset[str]
    columns: tuple[str, ...]
    rows: Mapping[str, RowMeta] = field(default_factory=dict)


def fingerprint(cells: Sequence[object]) -> str:
    """Return 16 hex digits that change when any cell changes, and not when Excel stores it otherwise.

    >>> fingerprint(["巉口村", 3, None]) == fingerprint(["巉口村 ", 3.0, ""])
    True
    """
    text = "\x1f".join(_plain(cell) for cell in cells)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return " ".join(str(cell).split())


def is_masked(value: object) -> bool:
    """Say whether a cell holds a masked value (6211**********1234), which means unchanged."""
    return isinstance(value, str) and MASK_CHARACTER * 2 in value


def read_meta(rows: Sequence[Sequence[object]]) -> SheetMeta | None:
    """Read the `_wuju` sheet: None if it is not ours or was damaged."""
    lines = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    if not lines or lines[0][:1] != [FORMAT]:
        return None
    head = {
        line[0]: [cell for cell in line[1:] if cell]
        for line in lines
        if line[0] in {"kind", "masked", "columns"}
    }
    if not head.get("kind"):
        return None
    entries = {
        line[1]: RowMeta(line[2], line[3], line[4])
        for line in lines
        if line[0] == "row" and len(line) >= 5
    }
    return SheetMeta(
        kind=head["kind"][0],
        masked=frozenset(head.get("masked", ())),
        columns=tuple(head.get("columns", ())),
        rows=entries,
    )
