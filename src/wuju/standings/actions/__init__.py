"""Everything that changes standings: the live refresh, the wide run, feeds, waivers, grades, frozen runs."""

from .above import (
    ApplicantCannotApprove,
    ApplicantNeeded,
    ApplicantOfAnotherUnit,
    AuthorityIsHere,
    AuthorityNeeded,
    NotAbove,
)
from .approvals import (
    CellRefused,
    DocumentNeeded,
    NobodyGraded,
    UnknownItem,
    WaiverDraft,
    WaiverMustLast,
    attest,
    declare_feed,
    waive,
    waive_each,
)
from .nightly import Reconciliation, reconcile
from .refresh import refresh_touched
from .runs import NothingToFreeze, NotYet, PurposeNeeded, freeze_run
from .wide import ask_for_day, catch_up, ensure_day, turn_day
from .work import work_off

__all__ = [
    "ApplicantCannotApprove",
    "ApplicantNeeded",
    "ApplicantOfAnotherUnit",
    "AuthorityIsHere",
    "AuthorityNeeded",
    "CellRefused",
    "DocumentNeeded",
    "NobodyGraded",
    "NotAbove",
    "NotYet",
    "NothingToFreeze",
    "PurposeNeeded",
    "Reconciliation",
    "UnknownItem",
    "WaiverDraft",
    "WaiverMustLast",
    "ask_for_day",
    "attest",
    "catch_up",
    "declare_feed",
    "ensure_day",
    "freeze_run",
    "reconcile",
    "refresh_touched",
    "turn_day",
    "waive",
    "waive_each",
    "work_off",
]
