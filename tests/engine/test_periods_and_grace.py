"""Which period a record belongs to, and how time moves an unmet item."""

import pytest

from tests.engine.small import D, item
from tests.engine.worlds import COUNT, cells, meetings, one, world
from wuju.engine.items import Status
from wuju.engine.rules import Rules


def test_an_event_belongs_to_the_period_of_its_date() -> None:
    cell = one(COUNT, world(meetings("2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01")))
    assert (cell.numerator, cell.denominator, cell.status, cell.score) == (
        2,
        1,
        Status.MET,
        10_000,
    )
    assert (cell.evidence, cell.evidence_key) == (2, 3)


def test_a_record_after_as_of_is_not_yet_there() -> None:
    place = world(meetings("2026-08-20", "2026-08-21"))
    assert one(COUNT, place, 2026103).numerator == 1
    assert one(COUNT, place, 2026103, as_of=D("2026-08-21")).numerator == 2


def test_periods_run_from_the_horizon_to_the_one_that_has_begun() -> None:
    periods = [key[2] for key in cells(COUNT, world())]
    assert periods == [2026101, 2026102, 2026103]
    spring = [key[2] for key in cells(COUNT, world(), as_of=D("2026-03-31"))]
    assert spring == [2025101, 2025102, 2025103, 2025104, 2026101]


def test_a_new_pack_is_owed_from_its_first_full_period() -> None:
    rules = Rules((COUNT,), effective_from=D("2026-04-02"))
    assert [key[2] for key in cells(rules, world())] == [2026103]
    rules = Rules((COUNT,), effective_from=D("2026-04-01"))
    assert [key[2] for key in cells(rules, world())] == [2026102, 2026103]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2026-06-22", Status.OPEN),
        ("2026-06-23", Status.DUE_SOON),
        ("2026-06-30", Status.DUE_SOON),
        ("2026-07-01", Status.OVERDUE),
        ("2026-07-14", Status.OVERDUE),
        ("2026-07-15", Status.MISSED),
    ],
)
def test_time_moves_an_unmet_item_from_open_to_missed(as_of: str, status: Status) -> None:
    cell = one(COUNT, world(), as_of=D(as_of))
    assert cell.status is status
    assert cell.score == (0 if status is Status.MISSED else None)


def test_grace_and_soon_may_be_set_by_the_item() -> None:
    patient = item("a.count", of="meeting", grace_days=60, soon_days=0)
    assert one(patient, world(), 2026102).status is Status.OVERDUE
    assert one(patient, world(), 2026102, as_of=D("2026-06-29")).status is Status.OPEN


def test_a_back_dated_record_turns_missed_into_met() -> None:
    assert one(COUNT, world()).status is Status.MISSED
    assert one(COUNT, world(meetings("2026-05-09"))).status is Status.MET
