"""Everything that reads findings. Each takes a scope, returns plain rows."""

from .lists import (
    Board,
    Filters,
    Lane,
    PeriodSummary,
    RegisterPage,
    TodayCount,
    board,
    by_ids,
    closed_between,
    of_organization,
    raised_between,
    register,
    summary,
    today_counts,
    townships,
)
from .page import ActRow, LoopPage, page
from .rows import LoopRow

__all__ = [
    "ActRow", "Board", "Filters", "Lane", "LoopPage", "LoopRow", "PeriodSummary", "RegisterPage",
    "TodayCount", "board", "by_ids", "closed_between", "of_organization", "page",
    "raised_between", "register", "summary", "today_counts", "townships",
]  # fmt: skip
