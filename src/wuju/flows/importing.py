"""Import a file in one go: look at every cell, land what is right, write beside it what is wrong."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wuju.desk import actions, queries, store, vault
from wuju.desk.kinds import checked_options, require_import
from wuju.desk.words import ROW_STATES
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.sheets.reader import MAX_BYTES

_SHOWN = 20  # problems told in words; the workbook holds them all


class NoSuchFile(DomainError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"没有“{path.name}”这个文件，请核对路径。")


class FileTooLarge(DomainError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"“{path.name}”超过 {MAX_BYTES // 1024 // 1024} 兆，请删去图片和多余的表，或拆成几份。"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or with `check` would do.

    counts: row state (new, update, same, error, ask) -> rows. landed: rows written.
    problems: (row of the sheet, sentence) of the first rows that do not land.
    """

    title: str
    checked_only: bool
    counts: Mapping[str, int]
    landed: int
    batch: int | None = None
    problems: tuple[tuple[int, str], ...] = ()
    remarks: tuple[str, ...] = ()
    workbook: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "title": self.title,
            "check": self.checked_only,
            "counts": dict(self.counts),
            "landed": self.landed,
            "batch": self.batch,
            "problems": [{"row": row, "problem": text} for row, text in self.problems],
            "remarks": list(self.remarks),
            "workbook": self.workbook,
        }

    def lines(self) -> list[str]:
        """Return the report as sentences."""
        counts = self.counts
        wrong = counts["error"] + counts["ask"]
        states = "，".join(f"{word} {counts[state]} 行" for state, word in ROW_STATES.items())
        found = [
            f"{self.title}：{states}。",
            "只作检查，没有改动任何数据。" if self.checked_only else f"已落库 {self.landed} 行。",
            *self.remarks,
            *(f"第 {row} 行：{text}" for row, text in self.problems),
        ]
        if wrong > len(self.problems):
            found.append(f"另有 {wrong - len(self.problems)} 行有问题。")
        if self.workbook:
            found.append(f"有问题的行写在“{self.workbook}”，改好后再导入。")
        return found


@dataclass(slots=True)
class _Found:
    """What looking at a file found."""

    counts: dict[str, int]
    problems: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def import_file(
    *,
    kind: str,
    path: Path,
    options: Mapping[str, str],
    check: bool,
    actor: Actor,
    at: dt.datetime,
) -> Report:
    """Import a workbook or CSV; rows in error or in question stay out and come back in a workbook.

    Args:
        check: only look; nothing is written, neither records nor files.

    Raises:
        NoSuchFile, FileTooLarge: the path cannot be read.
        NotGranted, OptionMissing and every refusal of `desk.actions.stage_upload`.
    """
    content = _content(path)
    if actor.scope.roots and not actor.scope.covers(actor.unit_path):
        # A scope narrowed below the person's own unit: the import belongs where it may write.
        actor = replace(actor, unit_path=actor.scope.roots[0])
    if check:
        return _look(kind, path, content, options, actor, at)
    batch = actions.stage_upload(
        kind=kind, content=content, filename=path.name, options=options, actor=actor, at=at
    )
    landed = 0
    if batch.rows_new or batch.rows_update:
        batch = actions.land_batch(batch_id=batch.pk, actor=actor, at=at)
        landed = batch.rows_new + batch.rows_update
    seen = queries.batch(scope=actor.scope, batch_id=batch.pk)
    preview = queries.preview(
        scope=actor.scope, batch_id=batch.pk, size=_SHOWN, states=queries.PROBLEMS
    )
    target = ""
    if preview.total:
        target = _write_problems(
            path, actions.export_problems(batch_id=batch.pk, actor=actor, at=at)
        )
    return Report(
        title=seen.title,
        checked_only=False,
        counts=seen.counts,
        landed=landed,
        batch=batch.pk,
        problems=tuple((row.number, _sentence(row)) for row in preview.rows),
        remarks=(*preview.notes, *preview.remarks),
        workbook=target,
    )


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise NoSuchFile(path)
    if path.stat().st_size > MAX_BYTES:
        raise FileTooLarge(path)
    return path.read_bytes()


def _write_problems(path: Path, book: bytes) -> str:
    """Write the error workbook beside the input, over an older one; return its name."""
    target = path.with_name(f"{path.stem}.问题.xlsx")
    target.write_bytes(book)
    return target.name


def _sentence(row: queries.RowView) -> str:
    return "".join([*(cell.problem for cell in row.cells), row.problem])


def _look(
    kind: str,
    path: Path,
    content: bytes,
    options: Mapping[str, str],
    actor: Actor,
    at: dt.datetime,
) -> Report:
    """Match the rows as staging does, and keep nothing."""
    sheet_kind = require_import(actor, kind)
    answers = checked_options(sheet_kind, options)
    staged = store.read_upload(sheet_kind, content, path.name, {})
    records = [
        vault.Record(given=vault.copy_of(row), row=row, cells=staged.cells[row.number])
        for row in staged.rows
    ]
    remarks = store.match(sheet_kind, records, scope=actor.scope, today=at.date(), options=answers)
    found = _found(records)
    return Report(
        title=sheet_kind.title,
        checked_only=True,
        counts=found.counts,
        landed=0,
        problems=tuple(found.problems),
        remarks=(*staged.notes, *remarks),
    )


def _found(records: Sequence[vault.Record]) -> _Found:
    tally = store.tally(store.letters(records))
    found = _Found({name.removeprefix("rows_"): count for name, count in tally.items()})
    for record in records:
        if record.row.state in queries.PROBLEMS and len(found.problems) < _SHOWN:
            found.problems.append((record.row.number, "".join(record.row.problems.values())))
    return found
