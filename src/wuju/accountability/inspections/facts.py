"""What the engine may know about inspections: that one was made, by whom, on what basis, over how many."""

from typing import Any

from django.db.models import Count, QuerySet

from wuju.kit.facts import Described, describe, publish
from wuju.kit.strict import filled

from .models import Inspection
from .words import KINDS


@publish(
    "inspection",
    (
        "inspection_id", "org_id", "started_on", "kind", "planned", "approved", "data_first",
        "sampled",
    ),
    models=("inspections.Inspection", "inspections.Visit"),
)  # fmt: skip
def inspections() -> QuerySet[Any, Any]:
    """One row an inspection, of the unit that makes it; who was in the team is not a fact."""
    return Inspection.objects.annotate(
        approved=filled("approval_number"), sampled=Count("visits")
    ).values_list(
        "id", "unit_id", "started_on", "kind", "planned", "approved", "data_first", "sampled"
    )


@describe("inspection")
def describe_inspections(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(
            f"{row.started_on} {row.title}（{KINDS[row.kind]}）", "inspection", row.pk
        )
        for row in Inspection.objects.filter(pk__in=keys)
    }
