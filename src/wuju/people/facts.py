"""What the engine may know about members: pseudonymous keys and codes, never a name or number."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import Described, describe, publish

from .models import Member, Membership


@publish(
    "member",
    (
        "member_id", "org_id", "from_on", "until_on", "category", "state", "exempt", "post",
        "joined_on", "full_on", "migrant",
    ),
    models=("people.Membership", "people.Member"),
)  # fmt: skip
def memberships() -> QuerySet[Any, Any]:
    """One row a membership; a person's rows never overlap."""
    return Membership.objects.values_list(
        "member_id", "organization_id", "from_on", "until_on", "category", "state",
        "exempt", "post", "member__joined_on", "member__full_on", "migrant",
    )  # fmt: skip


@describe("member")
def describe_members(keys: list[int]) -> dict[int, Described]:
    """Name only; the row says whether a duty reaches this person, never how well they did."""
    return {
        row.pk: Described(row.name, "member", row.pk) for row in Member.objects.filter(pk__in=keys)
    }
