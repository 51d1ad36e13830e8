"""A composite is explained by its parts: those with a score, those short of full, those without."""

import datetime as dt

import pytest

from tests.conftest import District
from tests.loops import cast
from wuju.kit.periods import Period
from wuju.standings.models import Standing
from wuju.standings.why import Why, why

NOT_YET = "还没有得分：未到期、免除、不适用或尚未核实"


def explained(town: District) -> Why:
    return why(
        scope=town.officer.scope,
        organization_id=town.east_branch.pk,
        item="accountability.closed_loop",
        period=Period.parse("2026"),
    )


def test_parts_without_a_score_are_named_with_the_reason(judged: District) -> None:
    found = explained(judged)

    assert (found.counted.total, found.missing.total) == (0, 0)
    assert [(row.title, row.reason, row.period) for row in found.excluded.rows] == [
        ("问题按期整改销号", NOT_YET, ""),
        ("整改由他人核实", NOT_YET, ""),
    ]


def test_parts_with_a_score_say_it_and_open_their_last_period(
    judged: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, day in (("RAISED", 2), ("NOTIFIED", 4), ("PLANNED", 9)):
        monkeypatch.setattr(cast, name, dt.date(2026, 3, day))
    cast.planned(judged)  # due in the second quarter, and never closed

    found = explained(judged)

    (row,) = found.counted.rows
    assert row.title == "问题按期整改销号，1 期，平均得分 0.00"
    assert (row.on, row.period) == (dt.date(2026, 6, 30), "2026Q2")
    assert found.missing == found.counted
    assert [row.title for row in found.excluded.rows] == ["整改由他人核实"]
    assert found.cell
    part = Standing.objects.get(
        organization=judged.east_branch, item=row.fact, period=Period.parse(row.period).number
    )
    assert found.cell.numerator == part.score == 0
    assert [line for line in found.lines() if line.endswith(" 1 条")] == [
        "计入 1 条",
        "未达到 1 条",
        "排除 1 条",
    ]
