"""Everything that writes imports and exports: stage, answer, land, undo, expire; hand over."""

from .answering import NoSuchRow, NotAQuestion, correct_cell, resolve_ask
from .batch import AlreadyLanded, NotWaiting
from .exporting import export_problems, export_records
from .landing import (
    ChangedMeanwhile,
    NotLanded,
    NoUndo,
    expire_batches,
    land_batch,
    undo_batch,
)
from .staging import KEPT_DAYS, remember_headers, stage_upload

__all__ = [
    "KEPT_DAYS",
    "AlreadyLanded",
    "ChangedMeanwhile",
    "NoSuchRow",
    "NoUndo",
    "NotAQuestion",
    "NotLanded",
    "NotWaiting",
    "correct_cell",
    "expire_batches",
    "export_problems",
    "export_records",
    "land_batch",
    "remember_headers",
    "resolve_ask",
    "stage_upload",
    "undo_batch",
]
