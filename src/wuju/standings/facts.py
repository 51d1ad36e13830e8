"""What the engine may know about grades and waivers."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import publish

from .models import Attestation, Waiver


@publish(
    "attestation",
    ("attestation_id", "org_id", "graded_on", "item", "grade", "panel_size"),
    models=("standings.Attestation",),
)
def attestations() -> QuerySet[Any, Any]:
    """One row a grade; who gave it is not a fact."""
    return Attestation.objects.values_list(
        "id", "organization_id", "graded_on", "item", "grade", "panel_size"
    )


@publish(
    "waiver",
    ("waiver_id", "org_id", "from_on", "until_on", "item"),
    models=("standings.Waiver",),
)
def waivers() -> QuerySet[Any, Any]:
    """One row an approved exemption."""
    return Waiver.objects.values_list("id", "organization_id", "from_on", "until_on", "item")
