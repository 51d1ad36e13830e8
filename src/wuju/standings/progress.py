"""How far a wide run is, and what the last ones were: read while workers are at it."""

import datetime as dt
from dataclasses import dataclass

from wuju.kit.actors import OrgScope

from .models import WideRun

STEPS = {"": "等待开始", "reading": "读取记录", "judging": "逐项评判", "writing": "写入结果"}
SHOWN = 20


@dataclass(frozen=True, slots=True)
class RunRow:
    """One wide run. `again`: how often records changed meanwhile; `failed`: attempts that broke off."""

    id: int
    why: str
    asked_at: dt.datetime
    step: str
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    again: int
    failed: int
    cells: int | None

    @property
    def seconds(self) -> int | None:
        """Whole seconds of a worker, at least one; None while it is not done, or where no worker did it."""
        if not self.ended_at or not self.started_at or self.ended_at == self.started_at:
            return None
        return max(1, round((self.ended_at - self.started_at).total_seconds()))


def open_run(*, scope: OrgScope) -> RunRow | None:
    """Return the wide run that is outstanding or under way; there is one at a time."""
    del scope  # whether the numbers are being computed is no secret
    row = WideRun.objects.exclude(state=WideRun.DONE).order_by("id").first()
    return _row(row) if row else None


def done_runs(*, scope: OrgScope) -> list[RunRow]:
    """List the runs done last, the newest first."""
    del scope
    rows = WideRun.objects.filter(state=WideRun.DONE).order_by("-ended_at", "-id")
    return [_row(row) for row in rows[:SHOWN]]


def _row(row: WideRun) -> RunRow:
    return RunRow(
        id=row.pk,
        why=row.why,
        asked_at=row.asked_at,
        step=row.step,
        started_at=row.started_at,
        ended_at=row.ended_at,
        again=row.again,
        failed=row.failed,
        cells=row.cells,
    )
