"""The days of the loop are the adopted pack's, and a finding keeps those of the day it was opened."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NOW, SYSTEM, District
from tests.web.judged import adopt_pack
from wuju.accountability.bulletins.actions import NoticeDraft, issue_notice
from wuju.loops import actions, queries
from wuju.loops.clocks import clocks_by_day, clocks_on
from wuju.loops.models import Loop
from wuju.loops.schedule import DESIGN, Span
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home

from . import cast
from .test_guards import refused

type Adopt = Callable[..., None]
FROM = dt.date(2026, 9, 1)  # the changed version is in force when the cast raises its findings


@pytest.fixture
def adopt(tmp_path: Path, db: None) -> Adopt:
    """Return what adopts the national pack with numbers of its own, as the county might decide."""

    def adopt(version: int = 2, effective_from: dt.date = FROM, **days: str) -> None:
        folder = tmp_path / f"v{version}" / "national_2026"
        shutil.copytree(pack_home() / "national_2026", folder)
        file = folder / "pack.yaml"
        text = file.read_text("utf-8").replace("version: 1", f"version: {version}", 1)
        text = text.replace("effective_from: 2026-01-01", f"effective_from: {effective_from}", 1)
        file.write_text(text, "utf-8")
        for name, value in days.items():
            change(folder / "parameters.yaml", f"{name}: {{value: ", value)
        install_pack(folder=folder, document=f"试组〔2026〕{version}号", actor=SYSTEM, at=NOW)

    return adopt


def change(file: Path, before: str, value: str) -> None:
    text = file.read_text("utf-8")
    start = text.index(before) + len(before)
    end = text.index(",", start)
    file.write_text(text[:start] + value + text[end:], "utf-8")


def test_without_a_pack_the_clocks_are_those_of_the_design(db: None) -> None:
    assert clocks_on(FROM) == DESIGN


def test_the_adopted_pack_sets_every_limit(adopt: Adopt) -> None:
    adopt(
        loop_notice_days="2",
        loop_objection_days="4",
        loop_plan_days="6",
        loop_revisit_days="90",
        loop_deferrals="1",
        loop_at_once_days="3",
    )

    clocks = clocks_on(FROM)

    assert (clocks.notice, clocks.objection, clocks.plan) == (Span(2), Span(4), Span(6))
    assert (clocks.revisit, clocks.deferrals) == (Span(90, "days"), 1)
    assert dict(clocks.rectify) == {"at_once": 3, "by_date": 30, "long_term": 180}


def test_what_nobody_has_decided_is_as_in_the_design(adopt: Adopt) -> None:
    adopt(loop_revisit_days="null", loop_plan_days="6")

    assert (clocks_on(FROM).revisit, clocks_on(FROM).plan) == (DESIGN.revisit, Span(6))


def test_each_day_has_the_version_that_was_in_force(adopt: Adopt) -> None:
    adopt(version=1, effective_from=dt.date(2026, 3, 1), loop_revisit_days="60")
    adopt(version=2, effective_from=dt.date(2026, 9, 1), loop_revisit_days="90")

    on = clocks_by_day()

    days = [dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 8, 31), dt.date(2026, 9, 1)]
    assert [on(day).revisit.number for day in days] == [30, 60, 60, 90]


def test_the_dates_of_a_finding_follow_the_adopted_numbers(town: District, adopt: Adopt) -> None:
    adopt(loop_notice_days="2", loop_plan_days="3", loop_by_date_days="10", loop_revisit_days="90")

    loop = cast.notified(town)

    assert loop.notice_due_on == dt.date(2026, 9, 3)  # two working days after 1 September
    assert loop.plan_due_on == dt.date(2026, 9, 8)
    assert loop.due_on == dt.date(2026, 9, 14)  # the 13th is a Sunday
    closed = cast.closed(town)
    assert closed.revisit_due_on == dt.date(2026, 12, 28)  # the 27th is a Sunday


def test_a_finding_keeps_the_clocks_of_the_day_it_was_opened(town: District, adopt: Adopt) -> None:
    adopt_pack()
    loop = cast.verified(town)  # opened on 1 September under thirty days
    adopt(version=9, effective_from=dt.date(2026, 9, 2), loop_revisit_days="90")

    closed = actions.close(loop_id=loop.pk, on=cast.CLOSED, actor=town.officer, at=NOW)

    assert closed.revisit_due_on == DESIGN.revisit.after(cast.CLOSED)


def test_a_longer_objection_window_is_open_longer_and_said_so(
    town: District, adopt: Adopt
) -> None:
    adopt(loop_objection_days="5")
    loop = cast.notified(town)  # Thursday 3 September

    def object_on(day: int) -> Loop:
        return actions.object_to(
            loop_id=loop.pk,
            text="记录在另一本上",
            on=dt.date(2026, 9, day),
            actor=town.east_secretary,
            at=NOW,
        )

    refused(lambda: object_on(11), because="5个工作日内（2026年9月10日以前）")
    found = queries.page(
        scope=town.officer.scope, loop_id=loop.pk, actor=town.officer, today=NOW.date()
    )
    assert found.objection_until == dt.date(2026, 9, 10)
    assert object_on(10).state == "objected"


def test_a_second_deferral_needs_approval_where_the_pack_says_so(
    town: District, adopt: Adopt
) -> None:
    adopt(loop_deferrals="1")
    loop = cast.planned(town)

    def defer(month: int, approval: str = "") -> Loop:
        return actions.defer(
            loop_id=loop.pk,
            until=dt.date(2027, month, 10),
            reason="秋收",
            approval=approval,
            actor=town.officer,
            at=NOW,
        )

    defer(1)
    refused(lambda: defer(2), because="再次延期须由上级批准")
    assert defer(2, approval="试组复〔2026〕5号").extensions == 2


def test_a_notice_prints_the_window_of_the_adopted_pack(town: District, adopt: Adopt) -> None:
    adopt(loop_objection_days="10")
    loop = cast.raised(town)

    notice = issue_notice(draft=NoticeDraft(loop_ids=[loop.pk]), actor=town.officer, at=NOW)

    text = "".join(notice.blocks.values_list("text", flat=True))
    assert "12月8日以前书面提出" in text  # ten working days after 24 November


def test_a_landed_history_runs_by_the_version_of_its_own_day(town: District, adopt: Adopt) -> None:
    from tests.loops.test_landing import verified_history

    adopt(version=1, effective_from=dt.date(2026, 3, 1), loop_revisit_days="60")
    adopt(version=2, effective_from=dt.date(2026, 3, 3), loop_revisit_days="90")

    history = verified_history(town.east_branch)  # opened on 2 March, closed on 1 April
    ((made,), _) = actions.land_loops(findings=[history], actor=town.officer, at=NOW)

    assert made.revisit_due_on == dt.date(2026, 6, 1)  # 31 May is a Sunday
