"""Conditions read parents, the profile, the period and the day."""

from typing import Any

from tests.engine.small import D, item
from tests.engine.worlds import OLD, meetings, one, people, world
from wuju.engine.items import Status


def test_a_condition_reads_the_parent_row() -> None:
    thing = item("a.topic", of="topic", where="kind = 'study' AND meeting.status = 'held'")
    facts = meetings("2026-05-01") | {
        "topic": [
            {"held_on": D("2026-05-01"), "kind": "study", "meeting_id": key}
            for key in (1, 2, None)
        ]
    }
    assert one(thing, world(facts)).numerator == 1


def test_a_parent_that_is_a_state_is_read_on_the_snapshot_day() -> None:
    thing = item("a.hours", of="course_hours", where="member.category = 'full'")
    members = people("probationary", "full")
    members[0].update(until_on=D("2026-06-15"))
    members[1].update(member_id=1, from_on=D("2026-06-15"))
    facts = {"member": members, "course_hours": [{"member_id": 1, "held_on": D("2026-05-01")}]}
    assert one(thing, world(facts)).numerator == 1


def test_a_condition_reads_the_profile_the_period_and_the_day() -> None:
    where = "org.flagged AND due_on BETWEEN period_start AND period_end AND done_on <= as_of"
    thing = item("a.loop", of="loop_due", where=where)
    rows = [{"opened_on": D("2026-05-01"), "due_on": D(due), "done_on": D("2026-08-20")}
            for due in ("2026-06-30", "2026-07-01")]  # fmt: skip
    org: dict[str, Any] = {"kind": "branch", "from_on": OLD, "flagged": True}
    assert one(thing, world({"org": [org], "loop_due": rows})).numerator == 1
    org = {"kind": "branch", "from_on": OLD, "flagged": False}
    assert one(thing, world({"org": [org], "loop_due": rows})).numerator == 0


def test_the_profile_itself_may_be_counted() -> None:
    thing = item(
        "a.profile", kind="stock", of="org", where="members_total > 1", target={"at_most": 0}
    )
    assert one(thing, world({"member": people("full", "full")}, feeds=[])).status is Status.MISSED
    assert one(thing, world({"member": people("full")}, feeds=[])).status is Status.MET
