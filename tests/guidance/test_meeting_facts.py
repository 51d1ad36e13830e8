"""Every write to a table behind a fact touches that fact, for the old and the new owner."""

import dataclasses

import pytest

from tests.conftest import NOW, SYSTEM, add_members
from tests.guidance.conftest import Village, draft
from wuju.guidance.meetings import actions
from wuju.guidance.meetings.drafts import MeetingDraft, ResolutionDraft
from wuju.kit import action
from wuju.kit.actors import OrgScope
from wuju.kit.facts import fact_sources

ALL = OrgScope.whole(because="the tests look at everything")
VOTE = ResolutionDraft(text="同意", rule="members_decision", ayes=8, declared="passed")
FACTS = {"meeting", "meeting_topic", "resolution"}


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[int]]:
    seen: dict[str, set[int]] = {}

    def remember(work: action.Touched, at: object) -> None:
        seen.clear()
        seen.update(work.orgs)

    monkeypatch.setattr(action, "refreshers", [remember])
    return seen


def full(village: Village) -> MeetingDraft:
    return draft(village.branch, topics=("criticism",), resolutions=(VOTE,))


def rows(fact: str) -> list[dict[str, object]]:
    source = fact_sources[fact]
    return [dict(zip(source.columns, row, strict=True)) for row in source.rows()]


def test_recording_touches_each_fact_it_adds_to(
    village: Village, touched: dict[str, set[int]]
) -> None:
    actions.record_meeting(draft=full(village), actor=SYSTEM, at=NOW)
    assert touched == {fact: {village.branch.pk} for fact in FACTS}

    actions.record_meeting(draft=draft(village.branch, ref="2"), actor=SYSTEM, at=NOW)
    assert touched == {"meeting": {village.branch.pk}}


def test_moving_touches_the_old_and_the_new_owner(
    village: Village, touched: dict[str, set[int]]
) -> None:
    add_members(village.town.east_small, 9)
    meeting = actions.record_meeting(draft=full(village), actor=SYSTEM, at=NOW)
    moved = dataclasses.replace(full(village), organization_id=village.town.east_small.pk)

    actions.correct_meeting(meeting_id=meeting.pk, draft=moved, version=1, actor=SYSTEM, at=NOW)

    assert touched == {fact: {village.branch.pk, village.town.east_small.pk} for fact in FACTS}


def test_dropping_a_topic_or_a_vote_touches_it(
    village: Village, touched: dict[str, set[int]]
) -> None:
    meeting = actions.record_meeting(draft=full(village), actor=SYSTEM, at=NOW)

    actions.correct_meeting(
        meeting_id=meeting.pk, draft=draft(village.branch), version=1, actor=SYSTEM, at=NOW
    )

    assert set(touched) == FACTS
    assert rows("resolution") == rows("meeting_topic") == []


def test_cancelling_touches_and_takes_the_rows_away(
    village: Village, touched: dict[str, set[int]]
) -> None:
    meeting = actions.record_meeting(draft=full(village), actor=SYSTEM, at=NOW)
    assert len(rows("resolution")) == len(rows("meeting_topic")) == 1

    actions.cancel_meeting(meeting_id=meeting.pk, version=1, reason="录错了", actor=SYSTEM, at=NOW)

    assert set(touched) == FACTS
    assert rows("resolution") == rows("meeting_topic") == []
    assert rows("meeting")[0]["status"] == "cancelled"


def test_landing_and_undoing_touch(village: Village, touched: dict[str, set[int]]) -> None:
    (meeting,) = actions.land_meetings(drafts=[full(village)], actor=SYSTEM, at=NOW, batch="b")
    assert touched == {fact: {village.branch.pk} for fact in FACTS}

    actions.undo_meetings(batch="b", meeting_ids=[meeting.pk], actor=SYSTEM, at=NOW)
    assert touched == {fact: {village.branch.pk} for fact in FACTS}
    assert rows("meeting") == []


def test_a_fact_row_says_counts_and_codes(village: Village) -> None:
    meeting = actions.record_meeting(draft=full(village), actor=SYSTEM, at=NOW)

    (row,) = rows("meeting")
    assert row == {
        "meeting_id": meeting.pk,
        "org_id": village.branch.pk,
        "held_on": meeting.held_on,
        "kind": "theme_day",
        "status": "held",
        "due": 9,
        "present": 9,
        "excused": 0,
        "attendance": "named",
        "lecturer": "none",
        "first_agenda": False,
        "entered_on": NOW.date(),
        "late": False,
    }
    (vote,) = rows("resolution")
    assert (vote["rule"], vote["due"], vote["ayes"]) == ("members_decision", 8, 8)
