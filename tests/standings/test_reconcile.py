"""Every night the live standings are held against a full run; a difference is told, put right and put on the ledger."""

import datetime as dt

import pytest
from django.db import connection

from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.standings.conftest import judged
from tests.standings.test_live_standings import hold
from wuju.kit.periods import Period
from wuju.ledger.models import Event
from wuju.standings.actions import reconcile
from wuju.standings.actions.store import mark_computing
from wuju.standings.models import Freshness
from wuju.standings.reconcile import differences

__all__ = ["judged"]
ITEM = "meetings.members_meeting"
QUARTER = Period.parse("2026Q3").number


def spoil(table: str, change: str, town: District) -> None:
    """Change a stored number behind everybody's back."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {change} WHERE organization_id = %s AND item = %s AND period = %s",
            [town.east_branch.pk, ITEM, QUARTER],
        )
        assert cursor.rowcount == 1


def test_live_standings_equal_a_full_run(judged: District) -> None:
    hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16))

    found = reconcile(today=TODAY, actor=SYSTEM, at=NOW)

    assert (found.compared_for, found.differences) == (TODAY, ())
    assert found.cells > 0
    assert not Event.objects.filter(action="standings.reconciled").exists()


def test_a_planted_cell_and_a_planted_sum_are_told_and_put_right(judged: District) -> None:
    spoil("standings_standing", "status = 3, numerator = 1", judged)
    spoil("standings_rollupline", "missed = 0, met = 1", judged)

    found = reconcile(today=TODAY, actor=SYSTEM, at=NOW)

    cell, line = (difference.sentence for difference in found.differences)
    where = f"东川一村党支部 {ITEM} 2026年三季度的"
    assert cell.startswith(f"{where}状态与重算不符：")
    assert cell.endswith("：分子现为 1，重算应为 0，状态现为 已完成，重算应为 未达到。")
    assert line.startswith(f"{where}汇总与重算不符：")
    assert line.endswith("：已完成现为 1，重算应为 0，未达到现为 0，重算应为 1。")
    event = Event.objects.get(action="standings.reconciled")
    assert event.details == {"day": "2026-11-24", "cells": 1, "lines": 1}
    assert differences(today=TODAY) == []


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (f"DELETE FROM standings_standing WHERE item = '{ITEM}' AND period = {QUARTER}", "的状态缺失，重算应有。"),
        (f"UPDATE standings_standing SET item = 'gone' WHERE item = '{ITEM}' AND period = {QUARTER}", "的状态多出，重算没有。"),
        ("UPDATE standings_standing SET score = 1 WHERE score IS NULL", "得分现为 1，重算应为 空"),
    ],
    ids=["missing", "surplus", "empty"],
)  # fmt: skip
def test_a_missing_a_surplus_and_an_empty_number_are_told(
    judged: District, sql: str, sentence: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)

    assert any(sentence in found.sentence for found in differences(today=TODAY))


def test_the_turn_of_the_day_is_no_difference(judged: District) -> None:
    later = dt.date(2026, 12, 20)

    found = reconcile(today=later, actor=SYSTEM, at=NOW + dt.timedelta(days=26))

    assert (found.compared_for, found.differences) == (TODAY, ())
    assert Freshness.objects.get().evaluated_on == later


def test_standings_known_to_be_behind_are_computed_and_not_compared(judged: District) -> None:
    spoil("standings_standing", "numerator = 7", judged)
    mark_computing(NOW, "批量变更")

    found = reconcile(today=TODAY, actor=SYSTEM, at=NOW)

    assert (found.compared_for, found.differences) == (None, ())
    assert differences(today=TODAY) == []


def test_without_rules_there_is_nothing_to_compare(town: District) -> None:
    assert reconcile(today=TODAY, actor=SYSTEM, at=NOW).cells == 0
