"""What the tests of meetings and study share: a branch with a roster, and plain makers."""

import datetime as dt
from dataclasses import dataclass

import pytest

from tests.conftest import NOW, District, add_members
from wuju.guidance.meetings import actions
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.guidance.meetings.models import Meeting
from wuju.ledger.models import Event
from wuju.org.models import Organization

HELD = dt.date(2026, 11, 10)


@dataclass(frozen=True)
class Village:
    """东川一村党支部 with ten full members (two exempt, one secretary) and one probationary."""

    town: District
    branch: Organization
    members: list[int]
    exempt: list[int]
    probationary: int


@pytest.fixture
def village(town: District) -> Village:
    members = add_members(town.east_branch, 10, exempt=2)
    (probationary,) = add_members(town.east_branch, 1, category="probationary")
    return Village(town, town.east_branch, members, members[:2], probationary)


def draft(organization: Organization, **more: object) -> MeetingDraft:
    """Return a theme day on HELD; name what matters to the test."""
    values: dict[str, object] = {"kind": "theme_day", "held_on": HELD, "chair": "东一戊"}
    return MeetingDraft(organization_id=organization.pk, **(values | more))  # type: ignore[arg-type]


def make_meeting(village: Village, **more: object) -> Meeting:
    return actions.record_meeting(
        draft=draft(village.branch, **more), actor=village.town.east_secretary, at=NOW
    )


def events() -> list[str]:
    """Return the names of the events about meetings and study, the oldest first."""
    names = Event.objects.order_by("id").values_list("action", flat=True)
    return [name for name in names if name.split(".")[0].startswith(("meeting", "course"))]
