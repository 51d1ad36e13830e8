"""Landing and undoing meetings in bulk: one event, all or none, few statements."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, SYSTEM, add_members
from tests.guidance.conftest import Village, draft, events, make_meeting
from wuju.guidance.meetings import actions, checks, queries
from wuju.guidance.meetings.drafts import Correction, MeetingDraft, ResolutionDraft
from wuju.guidance.meetings.models import Meeting
from wuju.kit.actors import OrgScope, OutsideScope
from wuju.ledger import queries as ledger
from wuju.ledger.models import Event
from wuju.people.models import Roster

ALL = OrgScope.whole(because="the tests look at everything")


def daily(village: Village, how_many: int, *, start: int = 1) -> list[MeetingDraft]:
    vote = ResolutionDraft(text="同意", rule="members_decision", ayes=7, declared="passed")
    return [
        draft(
            village.branch,
            held_on=dt.date(2026, 1, 1) + dt.timedelta(days=n),
            absent_ids=(village.members[3],),
            topics=("theory_study",),
            resolutions=(vote,),
        )
        for n in range(start, start + how_many)
    ]


def land(drafts: list[MeetingDraft], **more: object) -> list[Meeting]:
    return actions.land_meetings(drafts=drafts, actor=SYSTEM, at=NOW, batch="b1", **more)  # type: ignore[arg-type]


def test_one_event_holds_the_images_of_all_rows(village: Village) -> None:
    made = land(daily(village, 20))

    assert [meeting.held_on for meeting in made] == [d.held_on for d in daily(village, 20)]
    assert events() == ["meetings.landed"]
    assert Event.objects.get(action="meetings.landed").chunks.count() == 4
    assert ledger.verify_records(scope=ALL) == []


def test_meetings_of_one_stretch_share_one_roster(village: Village) -> None:
    add_members(village.branch, 2, from_on=dt.date(2026, 1, 11))

    made = land(daily(village, 20))

    assert Roster.objects.count() == 2
    assert [meeting.due for meeting in made] == [9] * 9 + [11] * 11
    assert made[0].roster_id != made[-1].roster_id


def test_the_number_of_statements_does_not_grow_with_the_rows(village: Village) -> None:
    with CaptureQueriesContext(connection) as one:
        land(daily(village, 1))
    with CaptureQueriesContext(connection) as many:
        land(daily(village, 20, start=2))

    # the roster is stored by the first landing only
    assert len(many) <= len(one), [query["sql"][:150] for query in many]


def test_one_refused_row_lands_nothing(village: Village) -> None:
    drafts = daily(village, 3)
    bad = dataclasses.replace(drafts[1], held_on=dt.date(2030, 1, 1))

    with pytest.raises(checks.NotYetHeld):
        land([drafts[0], bad, drafts[2]])
    with pytest.raises(checks.AlreadyRecorded):
        land([drafts[0], drafts[0]])

    assert not Meeting.objects.exists()
    assert events() == []


def test_undo_takes_back_what_the_batch_made_and_restores_what_it_changed(
    village: Village,
) -> None:
    old = make_meeting(village, topic="原题")
    before = queries.draft_for(scope=ALL, meeting_id=old.pk)
    change = Correction(
        old.pk, 1, dataclasses.replace(before, topic="导入", topics=("criticism",))
    )
    made = land(daily(village, 2), corrections=[change])
    assert Meeting.objects.get(pk=old.pk).topic == "导入"

    undone = actions.undo_meetings(
        batch="b1",
        meeting_ids=[meeting.pk for meeting in made[:2]],
        restore=[Correction(old.pk, 2, before)],
        actor=SYSTEM,
        at=NOW,
    )

    assert undone == 3
    assert queries.draft_for(scope=ALL, meeting_id=old.pk) == before
    assert Meeting.objects.count() == 1
    assert events() == ["meeting.recorded", "meetings.landed", "meetings.undone"]
    assert ledger.verify_records(scope=ALL) == []


def test_refuses_to_undo_what_was_changed_since(village: Village) -> None:
    made = land(daily(village, 2))
    seen = queries.draft_for(scope=ALL, meeting_id=made[1].pk)
    actions.correct_meeting(
        meeting_id=made[1].pk,
        draft=dataclasses.replace(seen, topic="更正"),
        version=1,
        actor=village.town.east_secretary,
        at=NOW,
    )

    def undo(actor: object) -> None:
        actions.undo_meetings(
            batch="b1",
            meeting_ids=[meeting.pk for meeting in made],
            actor=actor,  # type: ignore[arg-type]
            at=NOW,
        )

    with pytest.raises(actions.ChangedSinceTheImport):
        undo(SYSTEM)
    with pytest.raises(OutsideScope):
        undo(village.town.west_officer)
    assert Meeting.objects.count() == 2
