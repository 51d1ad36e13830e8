"""One finding's page: its track, what counts as evidence, its kin, and what may be done next and why not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, TODAY, District
from wuju.kit.actors import Actor, OutsideScope
from wuju.loops import actions, queries
from wuju.loops.models import Loop

from . import cast


def page(loop: Loop, actor: Actor) -> queries.LoopPage:
    return queries.page(scope=actor.scope, loop_id=loop.pk, actor=actor, today=TODAY)


def test_the_track_shows_where_it_stands_and_since_when(town: District) -> None:
    track = page(cast.submitted(town), town.officer).track

    assert [stage.standing for stage in track] == ["done"] * 5 + ["now", "todo", "todo"]
    assert [stage.on for stage in track[:5]] == [
        cast.RAISED, cast.NOTIFIED, cast.PLANNED, cast.DONE, cast.SUBMITTED,
    ]  # fmt: skip
    assert track[0].by == "督查乙"


def test_a_result_that_went_back_stops_the_track(town: District) -> None:
    loop = cast.submitted(town)
    actions.verify(loop_id=loop.pk, accepted=False, note="没有开会", actor=town.inspector, at=NOW)

    track = page(loop, town.officer).track
    assert [stage.title for stage in track if stage.standing == "stop"] == ["整改"]


def test_evidence_says_what_counts_and_what_was_written_up_late(town: District) -> None:
    before = cast.RAISED - dt.timedelta(days=10)
    loop = cast.submitted(town, cast.effect(before, kind="process"), cast.effect())

    old, new = page(loop, town.officer).evidence
    assert (old.entered_late, old.counts) == (True, False)
    assert (new.entered_late, new.counts) == (False, True)


def test_steps_keep_who_did_and_who_entered(town: District) -> None:
    loop = cast.notified(town)
    clerk = cast.as_person(town.east_secretary, name="代录壬", user_id=31, on_behalf_of="东一戊")
    actions.object_to(
        loop_id=loop.pk, text="记录在另一本上", on=dt.date(2026, 9, 4), actor=clerk, at=NOW
    )

    step = page(loop, town.officer).steps[-1]
    assert (step.done_by, step.entered_by, step.late_entry) == ("东一戊", "代录壬", True)


def test_the_page_shows_the_kin_in_order(town: District) -> None:
    first = cast.closed(town)
    second = cast.raised(town)

    lineage = page(second, town.officer).lineage
    assert [(row.id, row.this) for row in lineage] == [(first.pk, False), (second.pk, True)]


def test_what_cannot_be_done_says_why(town: District) -> None:
    loop = cast.submitted(town, cast.effect(kind="process"))

    acts = {act.name: act for act in page(loop, town.inspector).acts}
    assert not acts["verify"].allowed
    assert "看不出成效" in acts["verify"].reasons[0]
    assert acts["return_evidence"].allowed
    secretary = {act.name: act for act in page(loop, town.east_secretary).acts}
    assert "您的角色不能办理" in secretary["verify"].reasons[0]
    assert secretary["submit_evidence"].allowed


def test_what_the_page_allows_the_action_allows(town: District) -> None:
    loop = cast.submitted(town)

    acts = {act.name: act for act in page(loop, town.inspector).acts}
    assert acts["verify"].allowed
    done = actions.verify(loop_id=loop.pk, accepted=True, actor=town.inspector, at=NOW)
    assert done.state == "verified"


def test_a_finding_of_another_township_does_not_exist(town: District) -> None:
    loop = cast.raised(town)

    with pytest.raises(OutsideScope):
        page(loop, town.west_officer)
    assert page(loop, town.east_officer).row.id == loop.pk


def test_the_page_is_cheap(town: District) -> None:
    loop = cast.closed(town)

    with CaptureQueriesContext(connection) as spent:
        page(loop, town.officer)
    assert len(spent) <= 10
