"""Everything that changes findings, by stage of their life."""

from .closing import NewDueNeeded, close, revisit, verify
from .landing import ChangedSince, FindingChange, NotForImport, land_loops
from .parts import LandedFinding
from .raising import (
    DueTooEarly,
    FindingDraft,
    object_to,
    raise_finding,
    rule_on_objection,
    send_notice,
    withdraw,
)
from .rectifying import (
    EvidenceDraft,
    MeasureAlreadyDone,
    MeasureDraft,
    MeasureOfAnEarlierRound,
    NoMeasures,
    Plan,
    accept_plan,
    complete_measure,
    defer,
    propose_measures,
    return_plan,
    submit_evidence,
)
from .step import StepRefused
from .undoing import undo_loops

__all__ = [
    "ChangedSince", "DueTooEarly", "EvidenceDraft", "FindingChange", "FindingDraft",
    "LandedFinding", "MeasureAlreadyDone", "MeasureDraft",
    "MeasureOfAnEarlierRound", "NewDueNeeded", "NoMeasures",
    "NotForImport", "Plan", "StepRefused", "accept_plan", "close", "complete_measure", "defer",
    "land_loops", "object_to", "propose_measures", "raise_finding", "return_plan", "revisit",
    "rule_on_objection", "send_notice", "submit_evidence", "undo_loops", "verify", "withdraw",
]  # fmt: skip
