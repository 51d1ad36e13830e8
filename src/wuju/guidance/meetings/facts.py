"""What the engine may know about meetings: kinds, counts and codes, never who came or what was said."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import Described, describe, publish

from .models import Meeting, Resolution, Topic
from .words import DECLARED, KINDS, RULES, STATUSES, TOPICS


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


@describe("meeting")
def describe_meetings(keys: list[int]) -> dict[int, Described]:
    """Say day, kind and counters; never who came."""
    rows = Meeting.objects.filter(pk__in=keys).values_list(
        "id", "held_on", "kind", "status", "due", "present"
    )
    return {
        pk: Described(f"{day} {KINDS[kind]}，{_came(status, due, present)}", "meeting", pk)
        for pk, day, kind, status, due, present in rows
    }


def _came(status: str, due: int | None, present: int | None) -> str:
    if status != "held":
        return STATUSES[status]
    if due is None and present is None:
        return "未报人数"
    return f"应到 {'—' if due is None else due}，实到 {'—' if present is None else present}"


@describe("meeting_topic")
def describe_topics(keys: list[int]) -> dict[int, Described]:
    rows = Topic.objects.filter(pk__in=keys).values_list(
        "id", "meeting__held_on", "meeting__kind", "kind", "meeting_id"
    )
    return {
        pk: Described(f"{day} {KINDS[kind]}，内容：{TOPICS[topic]}", "meeting", meeting)
        for pk, day, kind, topic, meeting in rows
    }


@describe("resolution")
def describe_resolutions(keys: list[int]) -> dict[int, Described]:
    """Say by which rule a meeting voted, with the numbers; never on whom or what."""
    rows = Resolution.objects.filter(pk__in=keys).values_list(
        "id", "meeting__held_on", "meeting__kind", "rule", "due", "present", "ayes", "declared",
        "meeting_id",
    )  # fmt: skip
    return {
        pk: Described(
            f"{day} {KINDS[kind]}，{RULES[rule]}：应到 {due}，实到 {present}，赞成 {ayes}，"
            f"宣布{DECLARED[declared]}",
            "meeting",
            meeting,
        )
        for pk, day, kind, rule, due, present, ayes, declared, meeting in rows
    }
