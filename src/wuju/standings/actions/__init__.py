"""Everything that changes standings: the live refresh, the wide run, feeds, waivers, grades."""

from .approvals import (
    ApplicantCannotApprove,
    UnknownItem,
    attest,
    declare_feed,
    waive,
)
from .refresh import refresh_touched
from .wide import catch_up, ensure_day, turn_day

__all__ = [
    "ApplicantCannotApprove",
    "UnknownItem",
    "attest",
    "catch_up",
    "declare_feed",
    "ensure_day",
    "refresh_touched",
    "turn_day",
    "waive",
]
