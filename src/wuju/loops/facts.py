"""What the engine may know about findings: the finding itself and its deadlines."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import Described, describe, publish

from .lifecycle import STATES
from .models import Deadline, Loop


@publish(
    "finding",
    (
        "finding_id", "org_id", "opened_on", "origin", "state", "due_on", "closed_on",
        "verified_by_other", "reopened", "extensions", "imported",
    ),
    models=("loops.Loop",),
)  # fmt: skip
def findings() -> QuerySet[Any, Any]:
    """One row a finding; the closure is the first verified one."""
    return Loop.objects.values_list(
        "id", "organization_id", "opened_on", "origin", "state", "due_on", "closed_first_on",
        "verified_by_other", "reopened", "extensions", "imported",
    )  # fmt: skip


@publish(
    "loop_due",
    (
        "due_id", "org_id", "due_on", "original_due_on", "closed_on", "verified_by_other",
        "reopened", "imported", "origin", "state",
    ),
    models=("loops.Deadline", "loops.Loop"),
)  # fmt: skip
def deadlines() -> QuerySet[Any, Any]:
    """One row a round: a reopened finding owes again, and its first answer stands."""
    return Deadline.objects.values_list(
        "id", "loop__organization_id", "due_on", "original_due_on", "closed_on",
        "verified_by_other", "reopened", "imported", "loop__origin", "loop__state",
    )  # fmt: skip


@describe("finding")
def describe_findings(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(f"{row.title}（问题 {row.number}，{STATES[row.state]}）", "loop", row.pk)
        for row in Loop.objects.filter(pk__in=keys)
    }


@describe("loop_due")
def describe_deadlines(keys: list[int]) -> dict[int, Described]:
    """Say what was due and when it was closed; a reopened finding is a second round of itself."""
    rows = Deadline.objects.filter(pk__in=keys).select_related("loop")
    return {
        row.pk: Described(
            f"{row.loop.title}（问题 {row.loop.number}，"
            + (f"{row.closed_on} 销号）" if row.closed_on else "没有销号）"),
            "loop",
            row.loop_id,
        )
        for row in rows
    }
