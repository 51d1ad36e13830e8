"""Deadlines are dates; clocks of days count working days, holidays and made-up working days included."""

import datetime as dt

import pytest

from tests.conftest import NOW, District
from wuju.loops import actions, schedule
from wuju.loops.models import Deadline, Loop, Step

from . import cast


def test_the_clocks_step_over_the_national_day_holidays() -> None:
    before = dt.date(2026, 9, 29)  # 1–7 October 2026 are days off

    assert schedule.DESIGN.objection.after(before) > dt.date(2026, 10, 7)
    assert (schedule.DESIGN.notice.after(before) - before).days > 5


def test_a_deadline_that_falls_on_a_day_off_moves_to_the_next_working_day() -> None:
    assert schedule.DESIGN.due_on("by_date", dt.date(2026, 9, 3)) == dt.date(2026, 10, 8)
    assert schedule.DESIGN.due_on("at_once", dt.date(2026, 9, 3)) == dt.date(2026, 9, 10)


@pytest.mark.parametrize("nature", ["at_once", "by_date", "long_term"])
def test_the_notice_sets_a_deadline_by_the_nature_of_the_finding(
    town: District, nature: str
) -> None:
    loop = cast.notified(town, nature=nature)

    assert loop.due_on == loop.original_due_on == schedule.DESIGN.due_on(nature, cast.NOTIFIED)
    assert Deadline.objects.get(loop=loop).due_on == loop.due_on


def test_the_plan_is_never_due_after_the_work(town: District) -> None:
    loop = cast.notified(town, nature="at_once")

    assert loop.plan_due_on == loop.due_on


def test_a_rejected_objection_gives_back_the_working_days_it_took(town: District) -> None:
    loop = cast.notified(town)
    assert loop.due_on
    assert loop.plan_due_on
    actions.object_to(
        loop_id=loop.pk,
        text="记录在另一本上",
        on=dt.date(2026, 9, 4),  # Friday
        actor=town.east_secretary,
        at=NOW,
    )
    ruled = actions.rule_on_objection(
        loop_id=loop.pk,
        upheld=False,
        reason="另一本是一季度的",
        on=dt.date(2026, 9, 8),  # Tuesday: Friday and Monday were lost
        actor=town.officer,
        at=NOW,
    )

    assert ruled.state == "notified"
    assert ruled.due_on == schedule.later(loop.due_on, 2)
    assert ruled.plan_due_on == schedule.later(loop.plan_due_on, 2)
    assert ruled.original_due_on == loop.due_on
    step = Step.objects.get(loop=loop, name="reject_objection")
    assert (step.due_before_on, step.due_after_on) == (loop.due_on, ruled.due_on)


def test_a_deferral_keeps_both_dates_and_its_approval(town: District) -> None:
    loop = cast.planned(town)
    actions.defer(
        loop_id=loop.pk,
        until=dt.date(2026, 12, 31),
        reason="秋收",
        approval="试组复〔2026〕5号",
        actor=town.officer,
        at=NOW,
    )

    step = Step.objects.get(loop=loop, name="defer")
    assert (step.due_before_on, step.due_after_on, step.approval) == (
        loop.due_on, dt.date(2026, 12, 31), "试组复〔2026〕5号",
    )  # fmt: skip
    deadline = Deadline.objects.get(loop=loop)
    assert (deadline.original_due_on, deadline.due_on) == (loop.due_on, dt.date(2026, 12, 31))
    assert Loop.objects.get(pk=loop.pk).state == "plan_accepted"


def test_a_closed_finding_is_looked_at_again_after_thirty_days(town: District) -> None:
    loop = cast.closed(town)

    assert loop.revisit_due_on == dt.date(2026, 10, 28)
