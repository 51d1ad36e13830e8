"""Reading meetings: inside the scope only, page by page, in a fixed number of queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, SYSTEM, add_members
from tests.guidance.conftest import HELD, Village, draft, make_meeting
from wuju.guidance.meetings import actions, queries
from wuju.guidance.meetings.drafts import ResolutionDraft
from wuju.kit.actors import OrgScope, OutsideScope

ALL = OrgScope.whole(because="the tests look at everything")


def land(village: Village, how_many: int) -> None:
    actions.land_meetings(
        drafts=[
            draft(village.branch, held_on=dt.date(2026, 3, 1), ref=str(n), topic=f"第{n}次")
            for n in range(how_many)
        ],
        actor=SYSTEM,
        at=NOW,
    )


def test_pages_tile_the_list_the_newest_first(village: Village) -> None:
    land(village, 7)
    make_meeting(village)
    whole = queries.meetings(scope=ALL).rows

    pages, after = [], ""
    while True:
        page = queries.meetings(scope=ALL, after=after or None, limit=3)
        pages.append(page.rows)
        after = page.next
        if not after:
            break

    assert [len(page) for page in pages] == [3, 3, 2]
    assert tuple(row for page in pages for row in page) == whole
    assert whole[0].held_on == HELD
    assert [row.id for row in whole[1:]] == sorted((row.id for row in whole[1:]), reverse=True)


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_list_costs_one_query_and_a_meeting_four(village: Village, how_many: int) -> None:
    land(village, how_many)

    with CaptureQueriesContext(connection) as spent:
        page = queries.meetings(scope=village.town.east_officer.scope)
    assert (len(page.rows), len(spent)) == (how_many, 1)

    with CaptureQueriesContext(connection) as spent:
        queries.meeting(scope=ALL, meeting_id=page.rows[0].id)
    assert len(spent) == 4

    with CaptureQueriesContext(connection) as spent:
        queries.timeline(scope=ALL, organization_id=village.branch.pk)
    assert len(spent) == 1


def test_filters_narrow_the_list(village: Village) -> None:
    add_members(village.town.east_small, 3)
    actions.record_meeting(
        draft=draft(village.town.east_small, topic="重温入党誓词"), actor=SYSTEM, at=NOW
    )
    make_meeting(village, kind="party_lecture", held_on=dt.date(2026, 10, 9), topic="讲党史")

    def found(**wanted: object) -> list[str]:
        return [row.topic for row in queries.meetings(scope=ALL, **wanted).rows]  # type: ignore[arg-type]

    assert found() == ["重温入党誓词", "讲党史"]
    assert found(organization_id=village.branch.pk) == ["讲党史"]
    assert found(kind="party_lecture") == ["讲党史"]
    assert found(since=dt.date(2026, 10, 10)) == ["重温入党誓词"]
    assert found(until=dt.date(2026, 10, 9)) == ["讲党史"]
    assert found(text="党史") == ["讲党史"]
    assert found(text="二村") == ["重温入党誓词"]


def test_a_stranger_sees_nothing(village: Village) -> None:
    meeting = make_meeting(village)
    stranger = village.town.west_officer.scope

    assert queries.meetings(scope=stranger).rows == ()
    assert queries.timeline(scope=stranger, organization_id=village.branch.pk) == []
    for read in (queries.meeting, queries.attendance_of, queries.draft_for):
        with pytest.raises(OutsideScope):
            read(scope=stranger, meeting_id=meeting.pk)
        read(scope=village.town.east_officer.scope, meeting_id=meeting.pk)


def test_refuses_a_place_that_is_none(village: Village) -> None:
    with pytest.raises(queries.UnknownPlace):
        queries.meetings(scope=ALL, after="第二页")


def test_a_vote_is_explained_beside_what_was_declared(village: Village) -> None:
    vote = ResolutionDraft(text="同意", rule="members_decision", ayes=4, declared="passed")
    meeting = make_meeting(village, kind="members_meeting", resolutions=(vote,))

    (row,) = queries.meeting(scope=ALL, meeting_id=meeting.pk).resolutions

    assert row.declared_label == "通过"
    assert row.outcome == "应到8人，实到8人，到会符合规定；过半数为5票，赞成4票，未通过。"
    assert not row.agrees


def test_the_list_of_those_who_came_follows_the_roster(village: Village) -> None:
    meeting = make_meeting(
        village, absent_ids=(village.members[3],), came_ids=(village.exempt[0],)
    )

    found = queries.attendance_of(scope=ALL, meeting_id=meeting.pk)

    states = {row.member_id: row.state_label for row in found.rows}
    assert len(states) == 11
    assert states[village.members[3]] == "未到"
    assert states[village.exempt[0]] == "不作硬性要求，已到会"
    assert states[village.exempt[1]] == "不作硬性要求"
    assert states[village.members[5]] == "到会"
    assert found.note == ""


def test_a_committee_lists_its_own_circle(village: Village) -> None:
    meeting = make_meeting(village, kind="committee_meeting")

    found = queries.attendance_of(scope=ALL, meeting_id=meeting.pk)

    assert [(row.member_id, row.state_label) for row in found.rows] == [
        (village.members[0], "到会")
    ]


def test_numbers_alone_have_no_list(village: Village) -> None:
    meeting = make_meeting(village, attendance="counts", due=9, present=8)

    found = queries.attendance_of(scope=ALL, meeting_id=meeting.pk)

    assert (found.rows, found.note) == ((), queries.NO_LIST)
