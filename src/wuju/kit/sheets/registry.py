"""Kinds of sheets: what can be imported and exported, and the functions a capability lends for it. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from wuju.kit.actors import Actor, OrgScope
from wuju.kit.registry import Registry
from wuju.kit.sheets.columns import SheetColumn

type RowState = Literal["new", "update", "same", "error", "ask"]
type CellState = Literal["new", "change", "same", "error", "masked"]
type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


@dataclass(slots=True)
class StagedRow:
    """One row of a sheet on its way in. `stage` fills the first part, `prepare` the second.

    number: row in the sheet, from 1, as the user sees it.
    values: column name -> typed value (see `ColumnType`); a column that is missing, empty
        or masked has no entry. Use `values.get(name)`.
    problems: column name (or "" for the whole row) -> sentence.
    masked: columns whose cell is masked, which means unchanged.
    row_key, row_version: what our own export wrote beside the row, else "".
    untouched: the row came from our own export and no cell of it was changed.

    state: "ask" = a person must choose; "error" and "ask" rows do not land.
    key: natural key in words, to show and to find twins inside one sheet.
    target: primary key of the record it updates, None for a new one.
    """

    number: int
    values: dict[str, object] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    masked: frozenset[str] = frozenset()
    row_key: str = ""
    row_version: str = ""
    untouched: bool = False
    state: RowState = "new"
    key: str = ""
    target: int | None = None
    cell_states: dict[str, CellState] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def lands(self) -> bool:
        return self.state in {"new", "update"}

    def fail(self, column: str, sentence: str) -> None:
        """Mark a cell (or the row, with "") as wrong; the first sentence a column gets stays."""
        self.problems.setdefault(column, sentence)
        if column:
            self.cell_states[column] = "error"
        self.state = "error"

    def ask(self, column: str, sentence: str) -> None:
        """Mark a cell (or the row, with "") as a question to the person who imports."""
        self.problems.setdefault(column, sentence)
        if self.state != "error":
            self.state = "ask"

    def compare(self, existing: Mapping[str, object] | None, target: int | None = None) -> None:
        """Set `state`, `target` and `cell_states` against the record as it is (None = new).

        Only columns the sheet fills are compared: an empty or masked cell changes nothing.
        Rows already in error, or asking, keep their state.
        """
        self.target = target
        changed = False
        for name, value in self.values.items():
            if name in self.problems:
                continue
            if existing is None:
                self.cell_states[name] = "new"
            elif name in existing and existing[name] != value:
                self.cell_states[name] = "change"
                changed = True
            else:
                self.cell_states[name] = "same"
        for name in self.masked:
            self.cell_states[name] = "masked"
        if self.state not in {"error", "ask"}:
            self.state = "new" if existing is None else ("update" if changed else "same")


@dataclass(frozen=True, slots=True)
class RowChange:
    """What landing did to one record: enough to show it, to root it in the ledger, and to undo it.

    `before` is None for a created record. Values are JSON; personal values never appear in
    the clear: leave them out, or put the encrypted form.
    """

    number: int
    model: str
    pk: int
    before: dict[str, Json] | None
    after: dict[str, Json]


@dataclass(frozen=True, slots=True)
class LandingResult:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    undo: tuple[RowChange, ...] = ()
    notes: tuple[str, ...] = ()  # sentences for the person, e.g. who is missing from a roster


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row to write: column name -> typed value, and the key and version that come back with it."""

    values: Mapping[str, object]
    key: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSpec:
    """One question asked once per import, e.g. 名册截至日期. The answer is text; "" = not answered."""

    name: str
    label: str
    type: Literal["date", "choice", "text", "org"] = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    help: str = ""


class Prepare(Protocol):
    """Matches and validates staged rows, in place, outside the landing transaction; writes nothing.

    Resolves organizations inside `scope`, natural keys and references in bulk queries (a
    fixed number of queries however many rows), then fills `state`, `key`, `target`,
    `cell_states`, `problems` and `notes`. Rows whose state is already "error" are skipped
    but may be given further problems. A partial match asks; it never guesses.
    """

    def __call__(
        self,
        rows: Sequence[StagedRow],
        *,
        scope: OrgScope,
        today: dt.date,
        options: Mapping[str, str],
    ) -> None: ...


class Land(Protocol):
    """Writes rows that land ("new", "update") in one short transaction: bulk statements, one ledger event.

    It is an action (or calls exactly one): it re-checks scope and the version of each target,
    and refuses the whole batch with a DomainError if a target changed since `prepare`.
    `batch` names the import and goes into the ledger event. <= 5 s per 30,000 rows.
    """

    def __call__(
        self,
        rows: Sequence[StagedRow],
        *,
        actor: Actor,
        at: dt.datetime,
        batch: str,
        options: Mapping[str, str],
    ) -> LandingResult: ...


class Undo(Protocol):
    """Takes a landed batch back, last change first, as a new action with its own ledger event.

    Refuses with a DomainError if a record was changed by anyone since. Returns how many
    records were put back.
    """

    def __call__(
        self, changes: Sequence[RowChange], *, actor: Actor, at: dt.datetime, batch: str
    ) -> int: ...


class Export(Protocol):
    """Yields the rows visible in `scope` on `today`, in official order, typed as the columns say."""

    def __call__(self, *, scope: OrgScope, today: dt.date) -> Iterable[ExportRow]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetKind:
    """One kind of sheet. `natural_key` says in Chinese by what a row is recognised.

    A kind without `land` can only be exported, one without `export` only imported.
    `order` is the place in lists and in a full load: organizations before members before meetings.
    """

    code: str
    title: str
    columns: tuple[SheetColumn, ...]
    natural_key: str
    prepare: Prepare | None = None
    land: Land | None = None
    undo: Undo | None = None
    export: Export | None = None
    options: tuple[OptionSpec, ...] = ()
    order: int = 100
    help: str = ""

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"sheet kind {self.code!r}: a column name occurs twice")
        if (self.land is None) != (self.prepare is None):
            raise ValueError(f"sheet kind {self.code!r}: prepare and land come together")

    def column(self, name: str) -> SheetColumn:
        """Return the column called `name`; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


sheet_kinds: Registry[SheetKind] = Registry("sheet kind")


def register(kind: SheetKind) -> SheetKind:
    """Add a kind under its own code, for a capability's `sheets.py`."""
    return sheet_kinds.add(kind.code, kind)
