"""What the engine may know about findings: the finding itself and its deadlines."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import publish

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
