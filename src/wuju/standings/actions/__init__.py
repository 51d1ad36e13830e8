"""Everything that changes standings: the live refresh, the wide run, feeds, waivers, grades, frozen runs."""

from .approvals import (
    ApplicantCannotApprove,
    UnknownItem,
    attest,
    declare_feed,
    waive,
)
from .nightly import Reconciliation, reconcile
from .refresh import refresh_touched
from .runs import NothingToFreeze, NotYet, PurposeNeeded, freeze_run
from .wide import catch_up, ensure_day, turn_day

__all__ = [
    "ApplicantCannotApprove",
    "NotYet",
    "NothingToFreeze",
    "PurposeNeeded",
    "Reconciliation",
    "UnknownItem",
    "attest",
    "catch_up",
    "declare_feed",
    "ensure_day",
    "freeze_run",
    "reconcile",
    "refresh_touched",
    "turn_day",
    "waive",
]
