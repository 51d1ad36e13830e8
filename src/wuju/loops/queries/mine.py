"""What one account raised, for the person who raised it."""

import datetime as dt

from wuju.kit.actors import OrgScope
from wuju.loops.models import Loop

from .rows import LoopRow, rows_of


def raised_by_account(
    *, scope: OrgScope, user_id: int, today: dt.date, limit: int = 50
) -> list[LoopRow]:
    """List the running findings this account raised, nearest deadline first, those without one last."""
    found = Loop.objects.visible_to(scope).running().filter(raised_user_id=user_id)
    rows = rows_of(found.order_by("id")[:limit], today)
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or row.opened_on, row.id))
