"""What the engine may know about circulars: that one was issued, in what order and how long."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import Described, describe, publish
from wuju.kit.strict import filled

from .models import Bulletin
from .words import CIRCULARS


@publish(
    "bulletin",
    (
        "bulletin_id", "org_id", "issued_on", "kind", "document", "characters", "comprehensive",
        "names_organizations", "naming_approved",
    ),
    models=("bulletins.Bulletin",),
)  # fmt: skip
def bulletins() -> QuerySet[Any, Any]:
    """One row a 通报, of the unit that issued it; notices to one organization are no circulars."""
    return (
        Bulletin.objects.filter(kind__in=sorted(CIRCULARS))
        .annotate(document=filled("number"), is_naming_approved=filled("naming_approved"))
        .values_list(
            "id", "issuer_id", "issued_on", "kind", "document", "characters", "comprehensive",
            "names_organizations", "is_naming_approved",
        )
    )  # fmt: skip


@describe("bulletin")
def describe_bulletins(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(f"{row.number} {row.title}", "bulletin", row.pk)
        for row in Bulletin.objects.filter(pk__in=keys)
    }
