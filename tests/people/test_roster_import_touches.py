"""Standings are computed again for every organization whose members a roster changed."""

import datetime as dt

import pytest

from tests.conftest import NOW, District
from tests.desk.makers import id_number, land, workbook
from wuju.desk import actions
from wuju.kit import action
from wuju.kit.action import Touched

HEAD = ("组织代码", "姓名", "公民身份号码", "人员类别", "加入党组织日期", "转正日期")
ZHAO = id_number("19800305", 101)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    found: list[set[int]] = []

    def watch(touched: Touched, at: dt.datetime) -> None:
        found.append(set(touched.orgs.get("member", ())))

    monkeypatch.setattr(action, "refreshers", [watch])
    return found


def test_new_changed_moved_and_undone(town: District, seen: list[set[int]]) -> None:
    one, two = town.east_branch.pk, town.east_small.pk
    officer = town.east_officer

    land(
        workbook(HEAD, ("SD-E1", "赵甲", ZHAO, "正式", "2003-07-01", None)),
        officer,
        as_of="2026-08-31",
    )
    assert seen.pop() == {one}

    dated = ("SD-E1", "赵甲", ZHAO, "正式", "2003-07-01", "2004-07-01")
    land(workbook(HEAD, dated), officer, as_of="2026-09-30")
    assert seen.pop() == {one}

    batch = land(workbook(HEAD, ("SD-E2", *dated[1:])), officer, as_of="2026-10-31")
    assert seen.pop() == {one, two}

    actions.undo_batch(batch_id=batch.pk, actor=officer, at=NOW)
    assert seen.pop() == {one, two}
