"""Everything that changes members: land a roster, overwrite, transfer, reveal; roster snapshots."""

from .affiliation import (
    NotOnTheRoster,
    ReasonNeeded,
    TransferBeforeArrival,
    move_everybody,
    reveal_identifier,
    transfer_member,
)
from .changing import MemberChange, change_members, homes_of
from .landing import MemberDraft, land_members, undo_members
from .rosters import ensure_rosters

__all__ = [
    "MemberChange",
    "MemberDraft",
    "NotOnTheRoster",
    "ReasonNeeded",
    "TransferBeforeArrival",
    "change_members",
    "ensure_rosters",
    "homes_of",
    "land_members",
    "move_everybody",
    "reveal_identifier",
    "transfer_member",
    "undo_members",
]
