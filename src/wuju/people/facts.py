"""What the engine may know about members: pseudonymous keys and codes, never a name or number."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import publish

from .models import Membership


@publish(
    "member",
    (
        "member_id", "org_id", "from_on", "until_on", "category", "state", "exempt_reason", "post",
        "joined_on", "full_on", "migrant",
    ),
    models=("people.Membership", "people.Member"),
)  # fmt: skip
def memberships() -> QuerySet[Any, Any]:
    """One row a membership; a person's rows never overlap."""
    return Membership.objects.values_list(
        "member_id", "organization_id", "from_on", "until_on", "category", "state",
        "exempt_reason", "post", "member__joined_on", "member__full_on", "migrant",
    )  # fmt: skip
