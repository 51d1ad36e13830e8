"""Recording a meeting: counted against the roster of its day, nobody's presence inferred."""

import dataclasses
import datetime as dt

import pytest

from tests.conftest import NOW, SYSTEM, add_members
from tests.guidance.conftest import HELD, Village, draft, events, make_meeting
from wuju.guidance.meetings import actions, attendance, checks
from wuju.guidance.meetings.drafts import ResolutionDraft
from wuju.guidance.meetings.models import Meeting
from wuju.kit.actors import NotGranted, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.markings import MarkedSecret
from wuju.org.models import Seat
from wuju.people.actions import transfer_member
from wuju.votes.quorum import VotesDoNotAddUp


def marks(meeting: Meeting) -> dict[int, str]:
    return dict(meeting.exceptions.values_list("member_id", "reason"))


def test_everybody_due_came_unless_somebody_says_otherwise(village: Village) -> None:
    meeting = make_meeting(village)

    assert (meeting.due, meeting.present, meeting.excused) == (
        9,
        9,
        0,
    )  # 11 on the roster, 2 exempt
    assert meeting.roster is not None
    assert meeting.roster.size == 11
    assert marks(meeting) == {}
    assert events() == ["meeting.recorded"]


def test_the_excused_and_the_absent_are_taken_off(village: Village) -> None:
    meeting = make_meeting(
        village, excused_ids=(village.members[3],), absent_ids=(village.members[4],)
    )

    assert (meeting.due, meeting.present, meeting.excused) == (9, 7, 1)
    assert marks(meeting) == {village.members[3]: "excused", village.members[4]: "absent"}


def test_an_exempt_member_who_came_counts(village: Village) -> None:
    meeting = make_meeting(village, came_ids=(village.exempt[0],))

    assert (meeting.due, meeting.present) == (10, 10)


def test_an_exempt_member_is_never_absent(village: Village) -> None:
    meeting = make_meeting(village, absent_ids=(village.exempt[0],))

    assert (meeting.due, meeting.present) == (9, 9)
    assert marks(meeting) == {}


def test_with_a_list_of_those_who_came_the_others_were_not_there(village: Village) -> None:
    came = (*village.members[1:8], village.probationary)  # one of the exempt among them

    meeting = make_meeting(village, attendee_ids=came)

    assert (meeting.due, meeting.present, meeting.excused) == (10, 8, 0)
    assert marks(meeting) == {
        village.members[1]: "came",
        village.members[8]: "absent",
        village.members[9]: "absent",
    }


def test_only_numbers_name_nobody(village: Village) -> None:
    meeting = make_meeting(village, attendance="counts", due=30, present=21, excused=4)

    assert (meeting.due, meeting.present, meeting.excused) == (30, 21, 4)
    assert meeting.roster is None
    assert marks(meeting) == {}


def test_the_roster_is_the_one_of_the_day(village: Village) -> None:
    transfer_member(
        member_id=village.members[9],
        to_organization_id=village.town.east_small.pk,
        on=dt.date(2026, 11, 5),
        actor=SYSTEM,
        at=NOW,
    )

    before = make_meeting(village, held_on=dt.date(2026, 11, 4))
    after = make_meeting(village, held_on=dt.date(2026, 11, 5))

    assert (before.due, after.due) == (9, 8)
    assert before.roster_id != after.roster_id


def test_a_committee_is_counted_by_its_seats(village: Village) -> None:
    Seat.objects.bulk_create(
        Seat(
            organization=village.branch,
            body="party_committee",
            post=post,
            holder="甲",
            from_on=dt.date(2024, 1, 1),
        )
        for post in ("secretary", "organization", "publicity")
    )

    meeting = make_meeting(village, kind="committee_meeting")

    assert (meeting.due, meeting.present) == (3, 3)


def test_a_decision_counts_those_with_a_vote(village: Village) -> None:
    vote = ResolutionDraft(
        text="通过年度计划", rule="members_decision", ayes=7, declared="passed", secret_ballot=True
    )

    meeting = make_meeting(
        village, kind="members_meeting", excused_ids=(village.members[3],), resolutions=(vote,)
    )

    resolution = meeting.resolutions.get()
    assert (meeting.due, meeting.present) == (9, 8)  # the probationary member was due and came
    assert (resolution.due, resolution.present) == (8, 7)  # but has no vote


def test_who_did_and_who_entered_are_both_kept(village: Village) -> None:
    clerk = dataclasses.replace(village.town.east_officer, name="代录辛", on_behalf_of="东一戊")

    meeting = actions.record_meeting(
        draft=draft(village.branch, done_by="东一庚"), actor=clerk, at=NOW
    )

    assert (meeting.done_by, meeting.done_by_unit) == ("东一庚", "东川一村党支部")
    assert (meeting.entered_by, meeting.on_behalf_of) == ("代录辛", "东一戊")


@pytest.mark.parametrize(
    ("held_on", "late"), [(dt.date(2026, 11, 1), False), (dt.date(2026, 10, 31), True)]
)
def test_late_is_after_the_month_it_was_held_in(
    village: Village, held_on: dt.date, late: bool
) -> None:
    assert make_meeting(village, held_on=held_on).late is late


def test_a_plan_counts_nobody(village: Village) -> None:
    meeting = make_meeting(village, status="planned", held_on=dt.date(2026, 12, 5))

    assert (meeting.due, meeting.present, meeting.roster) == (None, None, None)


def test_a_reference_number_tells_two_meetings_of_a_day_apart(village: Village) -> None:
    make_meeting(village, ref="1")
    make_meeting(village, ref="2")

    with pytest.raises(checks.AlreadyRecorded, match="已经登记过"):
        make_meeting(village, ref=" ２")


REFUSED: list[tuple[dict[str, object], type[DomainError]]] = [
    ({"held_on": dt.date(2026, 11, 25)}, checks.NotYetHeld),
    ({"held_on": dt.date(2026, 11, 1), "status": "planned"}, actions.PlanIsPast),
    ({"held_on": dt.date(2014, 12, 31)}, checks.BeforeEstablishment),
    ({"held_on": dt.date(2020, 1, 1)}, attendance.NobodyIsOnTheRoster),
    ({"kind": "group_meeting"}, attendance.GroupKeepsCounts),
    ({"absent_ids": (999_999,)}, attendance.NotOnTheRosterOfThatDay),
    ({"attendee_ids": (999_999,)}, attendance.NotOnTheRosterOfThatDay),
    ({"guest_ids": (999_999,)}, OutsideScope),
    ({"attendance": "counts", "due": 9, "present": 8, "excused": 2}, attendance.NumbersDoNotAddUp),
    ({"kind": "tea_party"}, checks.NotWrittenRight),
    ({"topics": ("tea",)}, checks.NotWrittenRight),
    ({"note": "长" * 1001}, checks.NotWrittenRight),
    ({"note": "密级：机密"}, MarkedSecret),
    ({"hours_tenths": 1001}, checks.NotWrittenRight),
    (
        {
            "resolutions": (
                ResolutionDraft(text="同意", rule="election", ayes=99, declared="passed"),
            )
        },
        VotesDoNotAddUp,
    ),
]


@pytest.mark.parametrize(("change", "refusal"), REFUSED)
def test_refuses_what_cannot_be_and_leaves_no_trace(
    village: Village, change: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        make_meeting(village, **change)

    assert not Meeting.objects.exists()
    assert events() == []


def test_refuses_a_person_marked_twice(village: Village) -> None:
    with pytest.raises(attendance.MarkedTwice):
        make_meeting(village, absent_ids=(village.members[3],), attendee_ids=(village.members[3],))


def test_refuses_an_organization_outside_the_scope(village: Village) -> None:
    for stranger in (village.town.west_officer, village.town.east_officer):
        try:
            actions.record_meeting(draft=draft(village.branch), actor=stranger, at=NOW)
        except OutsideScope:
            assert stranger is village.town.west_officer
        else:
            assert stranger is village.town.east_officer

    assert Meeting.objects.count() == 1


def test_refuses_a_role_that_keeps_no_records(village: Village) -> None:
    with pytest.raises(NotGranted, match="登记会议"):
        actions.record_meeting(draft=draft(village.branch), actor=village.town.inspector, at=NOW)

    assert not Meeting.objects.exists()


def test_refuses_a_meeting_after_the_branch_was_dissolved(village: Village) -> None:
    add_members(village.town.east_small, 3)
    small = village.town.east_small
    small.dissolved_on = HELD
    small.save(update_fields=["dissolved_on"])

    actions.record_meeting(draft=draft(small), actor=village.town.east_officer, at=NOW)
    with pytest.raises(checks.AfterDissolution):
        actions.record_meeting(
            draft=draft(small, held_on=HELD + dt.timedelta(days=1)),
            actor=village.town.east_officer,
            at=NOW,
        )
