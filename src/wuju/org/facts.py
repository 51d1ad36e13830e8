"""What the engine may know about organizations: profile, terms, seats, and the structure tables."""

from typing import Any

from django.db.models import QuerySet

from wuju.kit.facts import Described, describe, publish

from .models import Profile, Seat, Term, TermReminder, Vacancy
from .words import POSTS


@publish(
    "org",
    (
        "org_row_id", "org_id", "valid_from", "valid_until", "kind", "field", "area_kind", "tag",
        "groups", "committee_seats", "joint_units", "households", "established_on", "dissolved_on",
    ),
    models=("org.Profile", "org.Organization"),
)  # fmt: skip
def profiles() -> QuerySet[Any, Any]:
    """One row a profile, valid between its dates."""
    return Profile.objects.values_list(
        "id", "organization_id", "valid_from", "valid_until", "kind", "field", "area_kind", "tag",
        "groups", "committee_seats", "joint_units", "households",
        "organization__established_on", "organization__dissolved_on",
    )  # fmt: skip


@publish(
    "term",
    (
        "term_id", "org_id", "started_on", "ended_on", "expires_on", "elected_on", "report_due_on",
        "reported_on", "years", "shift_days", "shift_approved",
    ),
    models=("org.Term",),
)  # fmt: skip
def terms() -> QuerySet[Any, Any]:
    """One row a term."""
    return Term.objects.values_list(
        "id", "organization_id", "started_on", "ended_on", "expires_on", "elected_on",
        "report_due_on", "reported_on", "years", "shift_days", "shift_approved",
    )  # fmt: skip


@publish(
    "seat",
    (
        "seat_id", "org_id", "from_on", "until_on", "body", "post", "first_post", "woman", "filed",
        "training_due_on", "trained_on",
    ),
    models=("org.Seat",),
)  # fmt: skip
def seats() -> QuerySet[Any, Any]:
    """One row a seat; who holds it is not a fact."""
    return Seat.objects.values_list(
        "id", "organization_id", "from_on", "until_on", "body", "post", "first_post", "woman",
        "filed", "training_due_on", "trained_on",
    )  # fmt: skip


@publish(
    "seat_vacancy",
    ("vacancy_id", "org_id", "overlong_on", "filled_on", "post", "vacant_from"),
    models=("org.Vacancy",),
)
def vacancies() -> QuerySet[Any, Any]:
    """One row a vacancy; it counts from the day it became overlong."""
    return Vacancy.objects.values_list(
        "id", "organization_id", "overlong_on", "filled_on", "post", "vacant_from"
    )


@publish(
    "term_reminder",
    ("reminder_id", "org_id", "due_on", "sent_on"),
    models=("org.TermReminder",),
)
def reminders() -> QuerySet[Any, Any]:
    """One row a reminder owed by the upper organization."""
    return TermReminder.objects.values_list("id", "organization_id", "due_on", "sent_on")


@describe("term")
def describe_terms(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(
            f"{row.started_on} 起的一届，{row.expires_on} 届满，"
            + (f"{row.elected_on} 完成换届" if row.elected_on else "尚未换届"),
            "org",
            row.organization_id,
        )
        for row in Term.objects.filter(pk__in=keys)
    }


@describe("seat")
def describe_seats(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(f"{POSTS[row.post]}，{row.from_on} 任职", "org", row.organization_id)
        for row in Seat.objects.filter(pk__in=keys)
    }


@describe("term_reminder")
def describe_reminders(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(
            f"{row.term.organization.short_name}换届提醒，"
            + (f"{row.sent_on} 发出" if row.sent_on else "尚未发出"),
            "org",
            row.term.organization_id,
        )
        for row in TermReminder.objects.filter(pk__in=keys).select_related("term__organization")
    }


@describe("seat_vacancy")
def describe_vacancies(keys: list[int]) -> dict[int, Described]:
    return {
        row.pk: Described(
            f"{POSTS[row.post]}自 {row.vacant_from} 空缺", "org", row.organization_id
        )
        for row in Vacancy.objects.filter(pk__in=keys)
    }
