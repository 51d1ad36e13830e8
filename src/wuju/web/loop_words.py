"""The shape and word of a finding, wherever it is listed. Pure."""

from dataclasses import dataclass

from wuju.loops.lifecycle import CLOSED
from wuju.loops.queries import LoopRow

SOON = 7  # days


@dataclass(frozen=True, slots=True)
class LoopStatus:
    """`code` is a key of the statuses a template draws; `word` replaces its usual word."""

    code: str
    word: str


def loop_status(row: LoopRow) -> LoopStatus:
    """Say where a finding stands: overdue and due soon before the state itself."""
    if row.state == "closed_final" or (row.state in CLOSED and not row.overdue):
        return LoopStatus("met", row.state_label)
    if row.state == "withdrawn":
        return LoopStatus("exempt", row.state_label)
    if row.overdue:
        return LoopStatus("overdue", "回访逾期" if row.state in CLOSED else "逾期")
    if row.days_left is not None and row.days_left <= SOON:
        return LoopStatus("due_soon", "将到期")
    return LoopStatus("open", row.state_label)
