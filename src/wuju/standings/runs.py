"""Frozen runs as lists show them, and where their files lie."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from wuju.kit.actors import TOP, OrgScope
from wuju.kit.errors import DomainError

from .models import FrozenRun


class UnknownRun(DomainError):
    def __init__(self, run_id: int) -> None:
        super().__init__(f"没有第 {run_id} 号冻结的评判，请用 wuju run list 查看。")


@dataclass(frozen=True, slots=True)
class FrozenRunRow:
    """One frozen run: what for, of which day, and the digests that pin it."""

    id: int
    title: str
    as_of: dt.date
    frozen_at: dt.datetime
    frozen_by: str
    packs: str
    packs_hash: str
    facts_hash: str
    results_hash: str
    manifest_hash: str
    engine: str
    folder: str
    fact_rows: int
    cells: int
    lines: int


def frozen_runs(*, scope: OrgScope) -> list[FrozenRunRow]:
    """List the frozen runs, the newest first.

    Raises:
        OutsideScope: the scope is not the whole district.
    """
    scope.require(TOP)
    return [_row(run) for run in FrozenRun.objects.order_by("-id")]


def frozen_run(*, scope: OrgScope, run_id: int) -> FrozenRunRow:
    """Return one frozen run.

    Raises:
        OutsideScope: the scope is not the whole district.
        UnknownRun: no run has this number.
    """
    scope.require(TOP)
    run = FrozenRun.objects.filter(pk=run_id).first()
    if run is None:
        raise UnknownRun(run_id)
    return _row(run)


def folder_of(name: str) -> Path:
    """Return where the files of a run lie."""
    return Path(settings.WUJU_HOME) / "runs" / name


def _row(run: FrozenRun) -> FrozenRunRow:
    return FrozenRunRow(
        id=run.pk,
        title=run.title,
        as_of=run.as_of,
        frozen_at=run.frozen_at,
        frozen_by=run.frozen_by,
        packs=run.packs,
        packs_hash=run.packs_hash,
        facts_hash=run.facts_hash,
        results_hash=run.results_hash,
        manifest_hash=run.manifest_hash,
        engine=run.engine,
        folder=run.folder,
        fact_rows=run.fact_rows,
        cells=run.cells,
        lines=run.lines,
    )
