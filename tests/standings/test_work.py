"""A worker does the wide runs: beside the writers, exactly as a full run, once, and after whoever died."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW, TODAY, District
from tests.standings.conftest import committed
from tests.standings.test_live_standings import assert_equal_to_a_full_run, hold
from wuju.kit import locks
from wuju.org import actions as org
from wuju.standings import actions
from wuju.standings.actions import wide, work
from wuju.standings.evaluation import judge_tables
from wuju.standings.models import Freshness, Standing, WideRun
from wuju.standings.progress import done_runs, open_run
from wuju.standings.sources import WHOLE

AUGUST = dt.date(2026, 8, 16)
type Meanwhile = Callable[[Callable[[int], None]], None]


@pytest.fixture(autouse=True)
def _workers(settings: Any, tmp_path: Path) -> None:
    settings.WUJU_WORKERS = True
    settings.WUJU_HOME = tmp_path


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something happen after the records were read for the n-th time and before they are judged."""

    def happens(deed: Callable[[int], None]) -> None:
        turns = iter(range(1, 99))

        def judged(*args: Any, **kwargs: Any) -> Any:
            deed(next(turns))
            return judge_tables(*args, **kwargs)

        monkeypatch.setattr(work, "judge_tables", judged)

    return happens


def move(town: District, day: dt.date = dt.date(2026, 11, 1)) -> None:
    with committed():
        org.move_organization(
            organization_id=town.east_small.pk,
            parent_id=town.west.pk,
            on=day,
            actor=town.officer,
            at=NOW,
        )


def work_off() -> int:
    with committed():
        return actions.work_off(clock=lambda: NOW)


def test_a_wide_change_waits_for_the_worker_and_says_so(judged: District) -> None:
    before = set(Standing.objects.values_list())

    move(judged)
    with committed():
        hold(judged.east_branch, "members_meeting", AUGUST)

    assert Freshness.objects.get().computing_since == NOW
    assert set(Standing.objects.values_list()) == before
    run = open_run(scope=WHOLE)
    assert run is not None
    assert (run.why, run.step, run.started_at) == ("组织或规则变更", "", None)

    assert work_off() == 1

    assert open_run(scope=WHOLE) is None
    assert Freshness.objects.get().computing_since is None
    done = done_runs(scope=WHOLE)[0]
    assert (done.id, done.again, done.cells) == (run.id, 0, Standing.objects.count())
    assert_equal_to_a_full_run()
    assert work_off() == 0


def test_a_record_written_during_a_run_is_in_its_result(
    judged: District, meanwhile: Meanwhile
) -> None:
    def write_once(turn: int) -> None:
        if turn == 1:
            hold(judged.east_branch, "members_meeting", AUGUST)

    move(judged)
    meanwhile(write_once)

    assert work_off() == 1

    assert done_runs(scope=WHOLE)[0].again == 1
    assert_equal_to_a_full_run()


def test_writers_that_never_rest_are_made_to_wait_in_the_end(
    judged: District, meanwhile: Meanwhile
) -> None:
    days: list[int] = []

    def write(turn: int) -> None:
        days.append(turn)
        hold(judged.east_branch, "members_meeting", dt.date(2026, turn, 7))

    move(judged)
    meanwhile(write)

    assert work_off() == 1

    assert days == list(range(1, work.ATTEMPTS + 1))
    assert_equal_to_a_full_run()


def test_what_somebody_else_finished_meanwhile_is_not_undone(
    judged: District, meanwhile: Meanwhile
) -> None:
    """A command judges at once; a write after it is live, and the worker's answer is too old."""

    def finish(_turn: int) -> None:
        assert actions.ensure_day(today=TODAY)
        hold(judged.east_branch, "members_meeting", AUGUST)

    move(judged)
    meanwhile(finish)

    assert work_off() == 1

    assert Freshness.objects.get().computing_since is None
    assert_equal_to_a_full_run()


@pytest.mark.parametrize(
    ("death", "failed", "state"),
    [(RuntimeError, 1, WideRun.WAITING), (SystemExit, 0, WideRun.RUNNING)],
)
def test_a_run_that_broke_off_is_begun_anew_by_the_next_worker(
    judged: District,
    meanwhile: Meanwhile,
    death: type[BaseException],
    failed: int,
    state: str,
) -> None:
    """An error leaves its mark; a process that is gone leaves the run as it was."""
    move(judged)

    def die(turn: int) -> None:
        if turn == 1:
            raise death

    meanwhile(die)
    with pytest.raises(death):
        work_off()
    broken = WideRun.objects.exclude(state=WideRun.DONE).get()
    assert (broken.state, broken.failed) == (state, failed)
    assert Freshness.objects.get().computing_since == NOW

    assert work_off() == 1

    done = done_runs(scope=WHOLE)[0]
    assert (done.id, done.failed) == (broken.pk, failed)
    assert_equal_to_a_full_run()


def test_the_day_turns_in_the_worker(judged: District) -> None:
    tomorrow = TODAY + dt.timedelta(days=1)

    wide.turn_day(tomorrow)
    wide.turn_day(tomorrow)

    assert Freshness.objects.get().evaluated_on == TODAY
    assert [run.why for run in WideRun.objects.exclude(state="done")] == [wide.DAY_TURNED]
    later = NOW + dt.timedelta(days=1)
    assert actions.work_off(clock=lambda: later) == 1
    assert Freshness.objects.get().evaluated_on == tomorrow
    assert actions.work_off(clock=lambda: later) == 0


def test_a_worker_notices_by_itself_that_the_day_turned(judged: District) -> None:
    assert actions.work_off(clock=lambda: NOW + dt.timedelta(days=1)) == 1

    assert Freshness.objects.get().evaluated_on == TODAY + dt.timedelta(days=1)


def test_runs_done_long_ago_are_forgotten(judged: District) -> None:
    move(judged)
    work_off()
    old = NOW - dt.timedelta(days=61)
    WideRun.objects.update(asked_at=old, started_at=old, ended_at=old)

    move(judged, dt.date(2026, 11, 2))
    work_off()

    assert [run.asked_at for run in WideRun.objects.all()] == [NOW]


def test_only_one_is_alone(settings: Any, db: None) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        pytest.skip("one connection holds its own lock twice; test_many_writers has several")
    with locks.alone("wide-run") as first, locks.alone("wide-run") as second:
        assert (first, second) == (True, False)
        assert actions.work_off(clock=lambda: NOW) == 0
    with locks.alone("wide-run") as again:
        assert again
