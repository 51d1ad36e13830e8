"""What the engine may know about meetings: kinds, counts and codes, never who came or what was said."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import publish

from .models import Meeting, Resolution, Topic


@publish(
    "meeting",
    (
        "meeting_id", "org_id", "held_on", "kind", "status", "due", "present", "excused",
        "attendance", "lecturer", "first_agenda", "entered_on", "late",
    ),
    models=("meetings.Meeting",),
)  # fmt: skip
def meetings() -> QuerySet[Any, Any]:
    """One row a meeting; `entered_on` and `late` are information only."""
    return Meeting.objects.values_list(
        "id", "organization_id", "held_on", "kind", "status", "due", "present", "excused",
        "attendance", "lecturer", "first_agenda", "entered_on", "late",
    )  # fmt: skip


@publish(
    "meeting_topic",
    ("topic_id", "org_id", "held_on", "meeting_id", "kind"),
    models=("meetings.Topic", "meetings.Meeting"),
)
def topics() -> QuerySet[Any, Any]:
    """One row a topic of a meeting that was held."""
    return Topic.objects.filter(meeting__status="held").values_list(
        "id", "meeting__organization_id", "meeting__held_on", "meeting_id", "kind"
    )


@publish(
    "resolution",
    ("resolution_id", "org_id", "held_on", "meeting_id", "rule", "due", "present", "ayes",
     "declared"),
    models=("meetings.Resolution", "meetings.Meeting"),
)  # fmt: skip
def resolutions() -> QuerySet[Any, Any]:
    """One row a vote of a meeting that was held."""
    return Resolution.objects.filter(meeting__status="held").values_list(
        "id", "meeting__organization_id", "meeting__held_on", "meeting_id", "rule", "due",
        "present", "ayes", "declared",
    )  # fmt: skip
