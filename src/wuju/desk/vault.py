"""How rows of an import are kept: compressed and encrypted, because they hold personal values. Pure but for the key."""

import base64
import datetime as dt
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from wuju.kit import crypto
from wuju.kit.sheets.cells import CellProblem, DatePart, parse_cell, plain
from wuju.kit.sheets.reader import Row
from wuju.kit.sheets.registry import RowChange, SheetKind, StagedRow

CHUNK: Final = 500
_CONTEXT: Final = "desk.BatchChunk"


@dataclass(slots=True)
class Record:
    """One row as kept.

    given: the row as staged, before it was matched; matching starts from it every time.
    row: the row as last matched. cells: the raw cells, for the preview and the error book.
    choice: answer to a question about the row, a key of `words.CHOICES` or "".
    fixes: column name -> text a person gave instead of a cell that asks.
    """

    given: StagedRow
    row: StagedRow
    cells: Row
    choice: str = ""
    fixes: dict[str, str] = field(default_factory=dict)


def seal(content: object) -> str:
    """Return JSON content compressed, then encrypted."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return crypto.encrypt(base64.b64encode(zlib.compress(text, 1)).decode(), _CONTEXT)


def unseal(cipher: str) -> Any:
    """Return what `seal` was given."""
    return json.loads(zlib.decompress(base64.b64decode(crypto.decrypt(cipher, _CONTEXT))))


def copy_of(row: StagedRow) -> StagedRow:
    """Return a row that shares nothing that matching changes."""
    return StagedRow(
        number=row.number,
        values=dict(row.values),
        problems=dict(row.problems),
        masked=row.masked,
        row_key=row.row_key,
        row_version=row.row_version,
        untouched=row.untouched,
        state=row.state,
        cell_states=dict(row.cell_states),
    )


def fresh(record: Record, kind: SheetKind) -> StagedRow:
    """Return the row as staged, with the corrections a person made, ready to be matched."""
    row = copy_of(record.given)
    for name, text in record.fixes.items():
        value = parse_cell(text, kind.column(name))
        if isinstance(value, CellProblem):
            continue
        row.problems.pop(name, None)
        row.cell_states.pop(name, None)
        if value is not None:
            row.values[name] = value
    if record.fixes and not row.problems:
        row.state = "new"
    return row


def to_json(record: Record) -> list[Any]:
    """Return the record as JSON; see `from_json` for the order."""
    given, row = record.given, record.row
    return [
        given.number,
        {name: _out(value) for name, value in given.values.items()},
        [given.state, given.problems, sorted(given.masked), given.row_key, given.row_version,
         given.untouched, given.cell_states],
        [row.state, row.key, row.target, row.row_version, row.problems, row.cell_states, row.notes],
        [_out(cell) for cell in record.cells],
        record.choice,
        record.fixes,
    ]  # fmt: skip


def from_json(line: list[Any]) -> Record:
    number, values, first, last, cells, choice, fixes = line
    state, problems, masked, row_key, row_version, untouched, cell_states = first
    given = StagedRow(
        number=number,
        values={name: _in(value) for name, value in values.items()},
        problems=problems,
        masked=frozenset(masked),
        row_key=row_key,
        row_version=row_version,
        untouched=untouched,
        state=state,
        cell_states=cell_states,
    )
    row = copy_of(given)
    row.state, row.key, row.target, row.row_version, row.problems, row.cell_states, row.notes = (
        last
    )
    return Record(given, row, [_in(cell) for cell in cells], choice, fixes)


def _out(value: object) -> Any:
    """Return a typed value or raw cell as JSON; what JSON does not know becomes a one-key object."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, DatePart):
        return {"p": [value.date.isoformat(), value.precision]}
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, tuple):
        return list(value)
    return plain(value)


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, dict):
        return value
    if "p" in value:
        return DatePart(dt.date.fromisoformat(value["p"][0]), value["p"][1])
    if "t" in value:
        return dt.datetime.fromisoformat(value["t"])
    return dt.date.fromisoformat(value["d"])


def changes_to_json(changes: Sequence[RowChange]) -> list[list[Any]]:
    return [[c.number, c.model, c.pk, c.before, c.after] for c in changes]


def changes_from_json(lines: list[list[Any]]) -> list[RowChange]:
    return [RowChange(*line) for line in lines]
