"""A write judges the periods of the days it touches, before and after: no more, and never fewer."""

import datetime as dt
import random

import pytest

from tests.conftest import NOW, SYSTEM, District, add_members
from tests.standings.test_live_standings import assert_equal_to_a_full_run, hold, status
from wuju.engine.items import Status
from wuju.guidance.meetings import actions as meetings
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.guidance.meetings.models import Meeting
from wuju.guidance.study import actions as study
from wuju.guidance.study.drafts import CourseDraft
from wuju.kit.action import Touched
from wuju.org.models import Organization
from wuju.people.models import Membership

JULY, OCTOBER = dt.date(2026, 7, 8), dt.date(2026, 10, 9)


def correct(meeting: Meeting, to: Organization, kind: str, on: dt.date) -> None:
    draft = MeetingDraft(
        organization_id=to.pk, kind=kind, held_on=on, attendance="counts", due=3, present=3
    )
    meetings.correct_meeting(
        meeting_id=meeting.pk, version=meeting.version, draft=draft, actor=SYSTEM, at=NOW
    )


def test_days_unknown_once_are_unknown() -> None:
    touched = Touched()
    touched.add("meeting", [1], [JULY])
    touched.add("meeting", [2], [OCTOBER])
    assert touched.days_of(["meeting"]) == {JULY, OCTOBER}

    touched.add("member", [1], None)
    touched.add("member", [1], [JULY])
    assert touched.days_of(["meeting", "member"]) is None


def test_a_meeting_moved_to_another_quarter_leaves_the_old_one(judged: District) -> None:
    branch = judged.east_branch
    hold(branch, "members_meeting", JULY)
    assert status(branch, "meetings.members_meeting", "2026Q3") is Status.MET

    correct(Meeting.objects.get(), branch, "members_meeting", OCTOBER)

    assert status(branch, "meetings.members_meeting", "2026Q3") is Status.MISSED
    assert status(branch, "meetings.members_meeting", "2026Q4") is Status.MET
    assert_equal_to_a_full_run()


def test_a_meeting_moved_to_another_branch_leaves_the_old_one(judged: District) -> None:
    hold(judged.east_branch, "members_meeting", JULY)

    correct(Meeting.objects.get(), judged.west_branch, "members_meeting", OCTOBER)

    assert status(judged.east_branch, "meetings.members_meeting", "2026Q3") is Status.MISSED
    assert status(judged.west_branch, "meetings.members_meeting", "2026Q4") is Status.MET
    assert_equal_to_a_full_run()


def test_hours_and_their_deletion_are_judged_in_their_year(judged: District) -> None:
    add_members(judged.east_branch, 2, from_on=dt.date(2024, 1, 1))
    members = Membership.objects.filter(organization=judged.east_branch).values_list(
        "member_id", flat=True
    )
    for year in (2025, 2026):
        on = dt.date(year, 5, 20)
        study.record_course(
            draft=CourseDraft(
                organization_id=judged.east_branch.pk,
                name="党员轮训",
                started_on=on,
                ended_on=on,
                hours=dict.fromkeys(members, 400),
            ),
            actor=SYSTEM,
            at=NOW,
        )
    assert_equal_to_a_full_run()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_corrections_and_cancellations_equal_a_full_run(
    judged: District, seed: int
) -> None:
    rng = random.Random(seed)
    branches = [judged.east_branch, judged.east_small, judged.west_branch]
    kinds = ["members_meeting", "theme_day", "party_lecture"]
    used: set[tuple[int, str, dt.date]] = set()
    for _ in range(25):
        branch, kind = rng.choice(branches), rng.choice(kinds)
        day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(327))
        if (branch.pk, kind, day) in used:
            continue
        used.add((branch.pk, kind, day))
        there = list(Meeting.objects.filter(status="held").order_by("id"))
        if not there or rng.random() < 0.5:
            hold(branch, kind, day)
        elif rng.random() < 0.7:
            correct(rng.choice(there), branch, kind, day)
        else:
            gone = rng.choice(there)
            meetings.cancel_meeting(
                meeting_id=gone.pk, version=gone.version, reason="登记错了", actor=SYSTEM, at=NOW
            )

    assert_equal_to_a_full_run()
