"""Correcting and cancelling a meeting: the later of two writers is told what the first one wrote."""

import dataclasses
import datetime as dt

import pytest

from tests.conftest import NOW, add_members
from tests.guidance.conftest import HELD, Village, draft, events, make_meeting
from wuju.guidance.meetings import actions, checks, queries
from wuju.guidance.meetings.drafts import MeetingDraft, ResolutionDraft
from wuju.guidance.meetings.models import Meeting
from wuju.kit.actors import OrgScope, OutsideScope
from wuju.ledger import queries as ledger

ALL = OrgScope.whole(because="the tests look at everything")


def correct(village: Village, meeting: Meeting, version: int, **change: object) -> Meeting:
    seen = queries.draft_for(scope=ALL, meeting_id=meeting.pk)
    return actions.correct_meeting(
        meeting_id=meeting.pk,
        draft=dataclasses.replace(seen, **change),  # type: ignore[arg-type]
        version=version,
        actor=village.town.east_secretary,
        at=NOW + dt.timedelta(days=40),
    )


def test_overwrites_and_counts_again(village: Village) -> None:
    meeting = make_meeting(village, excused_ids=(village.members[3],), topics=("theory_study",))

    changed = correct(
        village, meeting, 1, excused_ids=(), absent_ids=tuple(village.members[4:6]), topic="学习"
    )

    stored = Meeting.objects.get()
    assert (stored.due, stored.present, stored.excused, stored.topic) == (9, 7, 0, "学习")
    assert (stored.version, changed.version) == (2, 2)
    assert [row.member_id for row in stored.exceptions.order_by("member_id")] == village.members[
        4:6
    ]
    assert [row.kind for row in stored.topics.all()] == ["theory_study"]
    assert events() == ["meeting.recorded", "meeting.corrected"]


def test_who_entered_it_and_when_stays(village: Village) -> None:
    meeting = make_meeting(village)

    correct(village, meeting, 1, topic="学习")

    stored = Meeting.objects.get()
    assert (stored.entered_on, stored.late) == (NOW.date(), False)


def test_what_hangs_on_it_keeps_its_rows_where_nothing_changed(village: Village) -> None:
    vote = ResolutionDraft(text="同意", rule="members_decision", ayes=8, declared="passed")
    meeting = make_meeting(village, resolutions=(vote,), topics=("criticism",))
    kept = meeting.resolutions.get().pk, meeting.topics.get().pk

    correct(village, meeting, 1, topic="学习", topics=("criticism", "major_matter"))

    stored = Meeting.objects.get()
    assert stored.resolutions.get().pk == kept[0]
    assert stored.topics.count() == 2


def test_a_draft_read_back_stores_the_same_meeting(village: Village) -> None:
    vote = ResolutionDraft(text="同意", rule="admission", ayes=8, declared="passed")
    meeting = make_meeting(
        village,
        resolutions=(vote,),
        topics=("criticism",),
        absent_ids=(village.members[5],),
        came_ids=(village.exempt[0],),
        hours_tenths=15,
    )
    before = {f.attname: getattr(meeting, f.attname) for f in Meeting._meta.concrete_fields}

    correct(village, meeting, 1)

    stored = Meeting.objects.get()
    after = {f.attname: getattr(stored, f.attname) for f in Meeting._meta.concrete_fields}
    assert after == before | {"version": 2}
    assert ledger.verify_records(scope=ALL) == []


def test_the_later_writer_sees_both_versions(village: Village) -> None:
    meeting = make_meeting(village, topic="原题")
    correct(village, meeting, 1, topic="先改")

    with pytest.raises(actions.ChangedMeanwhile, match="主题") as refusal:
        correct(village, meeting, 1, topic="后改")

    (difference,) = refusal.value.differences
    assert (difference.yours, difference.theirs) == ("后改", "先改")
    assert refusal.value.version == 2
    assert Meeting.objects.get().topic == "先改"
    assert events() == ["meeting.recorded", "meeting.corrected"]


def test_moving_it_to_another_organization_needs_both(village: Village) -> None:
    add_members(village.town.east_small, 3)
    meeting = make_meeting(village)
    moved = draft(village.town.east_small)

    def move(actor: str) -> Meeting:
        return actions.correct_meeting(
            meeting_id=meeting.pk,
            draft=moved,
            version=1,
            actor=getattr(village.town, actor),
            at=NOW,
        )

    with pytest.raises(OutsideScope):
        move("east_secretary")
    assert move("east_officer").due == 3


def test_refuses_to_become_a_meeting_on_record(village: Village) -> None:
    make_meeting(village)
    other = make_meeting(village, held_on=dt.date(2026, 11, 11))

    with pytest.raises(checks.AlreadyRecorded):
        correct(village, other, 1, held_on=HELD)


def cancel(village: Village, meeting: Meeting, **change: object) -> Meeting:
    values: dict[str, object] = {
        "version": 1,
        "reason": "重复录入",
        "actor": village.town.east_secretary,
    }
    return actions.cancel_meeting(meeting_id=meeting.pk, at=NOW, **(values | change))  # type: ignore[arg-type]


def test_a_cancelled_meeting_stays_and_frees_its_place(village: Village) -> None:
    meeting = make_meeting(village)

    cancel(village, meeting)

    assert Meeting.objects.get().status == "cancelled"
    assert events() == ["meeting.recorded", "meeting.cancelled"]
    make_meeting(village)
    with pytest.raises(actions.AlreadyCancelled):
        cancel(village, meeting, version=2)
    with pytest.raises(actions.AlreadyCancelled):
        correct(village, meeting, 2, topic="学习")


def test_refuses_to_cancel_without_reason_or_right(village: Village) -> None:
    meeting = make_meeting(village)

    with pytest.raises(actions.ReasonNeeded):
        cancel(village, meeting, reason=" ")
    with pytest.raises(OutsideScope):
        cancel(village, meeting, actor=village.town.west_officer)
    with pytest.raises(actions.ChangedMeanwhile):
        cancel(village, meeting, version=7)

    assert Meeting.objects.get().status == "held"
    assert events() == ["meeting.recorded"]


def test_a_draft_survives_the_way_through_text() -> None:
    from wuju.guidance.meetings.drafts import from_text, to_text

    full = MeetingDraft(
        organization_id=1,
        kind="members_meeting",
        held_on=HELD,
        attendee_ids=(1, 2),
        topics=("criticism",),
        resolutions=(
            ResolutionDraft(text="同意", rule="election", ayes=3, declared="passed", due=4),
        ),
    )

    assert from_text(to_text(full)) == full
