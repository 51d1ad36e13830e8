"""The board, the register, what waits for whom, what a period brought: always inside the scope."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, TODAY, District
from wuju.kit.actors import OrgScope
from wuju.loops import actions, queries

from . import cast


def land(town: District, how_many: int) -> None:
    actions.land_loops(
        findings=[
            actions.LandedFinding(
                cast.draft(town.east_branch if n % 2 else town.west_branch, title=f"问题{n}"),
                opened_on=cast.RAISED,
                notified_on=cast.NOTIFIED,
                due_on=TODAY - dt.timedelta(days=1) if n % 5 == 0 else TODAY,
            )
            for n in range(how_many)
        ],
        actor=town.officer,
        at=NOW,
    )


def test_the_board_shows_stages_and_the_overdue_apart(town: District) -> None:
    cast.raised(town)
    land(town, 10)
    cast.closed(town)

    board = queries.board(scope=town.officer.scope, today=TODAY)

    assert {lane.title: lane.count for lane in board.lanes if lane.count} == {
        "立项": 1, "通知": 10, "销号": 1,
    }  # fmt: skip
    assert board.overdue.count == 2
    assert {row.days_left for row in board.overdue.rows} == {-1}


def test_a_township_sees_its_own_board(town: District) -> None:
    land(town, 10)

    board = queries.board(scope=town.west_officer.scope, today=TODAY)

    paths = {row.path for lane in board.lanes for row in lane.rows}
    assert paths == {town.west_branch.path}
    assert queries.board(scope=OrgScope(), today=TODAY).overdue.count == 0


def test_the_register_pages_without_gaps_or_repeats(town: District) -> None:
    land(town, 25)
    seen: list[int] = []
    after = ""
    while True:
        page = queries.register(
            scope=town.officer.scope, filters=queries.Filters(), after=after, today=TODAY, size=10
        )
        seen += [row.id for row in page.rows]
        after = page.after
        if not after:
            break

    assert page.total == len(seen) == len(set(seen)) == 25
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("filters", "how_many"),
    [
        (queries.Filters(states=("notified",)), 10),
        (queries.Filters(states=("closed",)), 1),
        (queries.Filters(overdue=True), 2),
        (queries.Filters(text="问题7"), 1),
        (queries.Filters(text="2026-0003"), 1),
        (queries.Filters(text="西川"), 5),
        (queries.Filters(category="disclosure"), 0),
        (queries.Filters(origin="inspection", overdue=True), 2),
    ],
    ids=str,
)
def test_the_register_is_narrowed(town: District, filters: queries.Filters, how_many: int) -> None:
    land(town, 10)
    cast.closed(town)

    page = queries.register(scope=town.officer.scope, filters=filters, today=TODAY)

    assert page.total == len(page.rows) == how_many


def test_the_register_is_narrowed_to_a_township(town: District) -> None:
    land(town, 10)

    page = queries.register(
        scope=town.officer.scope, filters=queries.Filters(under=town.west.path), today=TODAY
    )

    assert {row.path for row in page.rows} == {town.west_branch.path}
    nothing = queries.register(
        scope=town.east_officer.scope, filters=queries.Filters(under=town.west.path), today=TODAY
    )
    assert nothing.total == 0


@pytest.mark.parametrize("how_many", [1, 100])
def test_lists_cost_the_same_however_long(town: District, how_many: int) -> None:
    land(town, how_many)

    with CaptureQueriesContext(connection) as spent:
        queries.register(scope=town.officer.scope, filters=queries.Filters(), today=TODAY)
    assert len(spent) == 2
    with CaptureQueriesContext(connection) as spent:
        queries.board(scope=town.officer.scope, today=TODAY)
    assert len(spent) == 4


def test_today_says_what_waits_for_each_role(town: District) -> None:
    cast.raised(town)
    cast.submitted(town)
    cast.verified(town)
    land(town, 10)

    def lines(actor: object) -> dict[str, int]:
        found = queries.today_counts(scope=actor.scope, actor=actor, today=TODAY)  # type: ignore[attr-defined, arg-type]
        return {line.code: line.count for line in found}

    officer = lines(town.officer)
    assert (officer["to_notify"], officer["to_verify"], officer["to_close"]) == (1, 1, 1)
    secretary = lines(town.east_secretary)
    assert secretary["to_plan"] == 5
    assert not {"to_notify", "to_verify", "to_close"} & set(secretary)
    assert "to_notify" not in lines(town.inspector)
    assert lines(town.inspector)["to_verify"] == 1


def test_a_period_is_summed_by_class_with_only_verified_closures(town: District) -> None:
    cast.closed(town)
    actions.land_loops(
        findings=[
            actions.LandedFinding(
                cast.draft(town.west_branch, category="disclosure"),
                opened_on=cast.RAISED,
                due_on=cast.DONE,
                closed_on=cast.CLOSED,
            )
        ],
        actor=town.officer,
        at=NOW,
    )

    first, last = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
    found = queries.summary(scope=town.officer.scope, first=first, last=last)

    assert {row.category: (row.raised, row.closed) for row in found} == {
        "org_life": (1, 1),
        "disclosure": (1, 0),
    }
    closed = queries.closed_between(scope=town.officer.scope, first=first, last=last, today=TODAY)
    assert [row.category for row in closed] == ["org_life"]
