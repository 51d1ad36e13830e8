"""When a number meets its target, and what score follows."""

from typing import Any

import pytest

from tests.engine.small import D, item
from tests.engine.worlds import COUNT, LATEST, OLD, held, meetings, one, reported, world
from wuju.engine.items import Status
from wuju.engine.rules import Rules


def test_at_most_exceeded_is_missed_at_once_and_kept_only_at_the_end() -> None:
    cap = item("a.cap", of="meeting", target={"at_most": 1}, score="pass")
    place = world(meetings("2026-04-02", "2026-04-03"))
    assert one(cap, place, as_of=D("2026-04-02")).status is Status.OPEN
    broken = one(cap, place, as_of=D("2026-04-03"))
    assert (broken.status, broken.score) == (Status.MISSED, 0)
    kept = one(cap, world(), as_of=D("2026-07-01"))
    assert (kept.status, kept.score) == (Status.MET, 10_000)


@pytest.mark.parametrize(
    ("target", "met"),
    [
        ({"between": [1, 2]}, True),
        ({"between": [3, 7]}, False),
        ({"equals": 2}, True),
        ({"equals": 1}, False),
        ({"at_least": 2}, True),
        ({"at_least": "201%"}, False),
        ({"at_least": "2/1"}, True),
        ({"at_most": "5/3"}, False),
    ],
)
def test_every_form_of_target(target: dict[str, Any], met: bool) -> None:
    thing = item("a.target", of="meeting", target=target)
    place = world(meetings("2026-04-02", "2026-04-03"))
    assert one(thing, place).status is (Status.MET if met else Status.MISSED)


def test_a_target_may_be_a_column_of_the_profile_and_unknown_is_unverified() -> None:
    thing = item("a.groups", of="meeting", target={"at_least": "org.groups"}, score="proportional")
    facts = {"org": [{"kind": "branch", "from_on": OLD, "groups": 3}], **meetings("2026-05-01")}
    cell = one(thing, world(facts))
    assert (cell.status, cell.score) == (Status.MISSED, 3333)
    assert one(thing, world(meetings("2026-05-01"))).status is Status.UNVERIFIED


@pytest.mark.parametrize("value", [2, "200%", "2/1", None])
def test_a_target_may_be_a_parameter_and_an_undecided_one_is_unverified(
    value: int | str | None,
) -> None:
    thing = item("a.param", of="meeting", target={"at_least": "$n"}, score="pass")
    cell = one(Rules((thing,), {"n": value}), world(meetings("2026-05-01")))
    assert cell.status is (Status.UNVERIFIED if value is None else Status.MISSED)
    assert (cell.numerator, cell.score) == (1, None if value is None else 0)


def test_an_undecided_parameter_inside_a_condition_leaves_the_numbers() -> None:
    thing = item("a.param", of="meeting", where="present >= $n")
    cell = one(Rules((thing,), {"n": None}), world(held((9, 9))))
    assert (cell.numerator, cell.denominator, cell.status) == (0, 1, Status.UNVERIFIED)


def test_a_rule_to_be_confirmed_is_never_held_against_anybody() -> None:
    soft = COUNT.model_copy(update={"tags": ("依据待核",)})
    missed, met = one(soft, world()), one(soft, world(meetings("2026-05-01")))
    assert (missed.status, missed.score) == (Status.UNVERIFIED, None)
    assert (met.status, met.score) == (Status.MET, None)
    assert one(soft, world(), 2026103).status is Status.OPEN


def test_a_procedure_is_never_scored() -> None:
    assert one(COUNT.model_copy(update={"use": "procedure"}), world()).score is None


@pytest.mark.parametrize(
    ("cents", "score"), [(99, 9900), (100, 10_000), (900, 10_000), (-7, 0), (0, 0)]
)
def test_a_proportional_score_is_capped_and_never_negative(cents: int, score: int) -> None:
    thing = LATEST.model_copy(update={"score": "proportional"})
    assert one(thing, world(reported(("2026-06-01", cents)))).score == score


def test_a_proportional_score_without_a_threshold_is_all_or_nothing() -> None:
    thing = item(
        "a.zero",
        kind="latest",
        of="income",
        value="amount_cents",
        target={"at_least": 0},
        score="proportional",
    )
    assert one(thing, world(reported(("2026-06-01", 5)))).score == 10_000
    assert one(thing, world(reported(("2026-06-01", -5)))).score == 0


BANDS = ((100, 10_000), (80, 8000), (60, 6000))


@pytest.mark.parametrize("bands", [BANDS, BANDS[::-1]], ids=["falling", "rising"])
@pytest.mark.parametrize(("cents", "score"), [(100, 10_000), (80, 8000), (79, 6000), (59, 0)])
def test_bands_are_compared_highest_first(
    cents: int, score: int, bands: tuple[tuple[int, int], ...]
) -> None:
    thing = LATEST.model_copy(update={"score": "bands", "bands": bands})
    assert one(thing, world(reported(("2026-06-01", cents)))).score == score


@pytest.mark.parametrize("cents", [10**12, -(10**12), 10**12 - 1])
def test_the_largest_amounts_stay_exact(cents: int) -> None:
    thing = item(
        "a.big",
        kind="latest",
        of="income",
        value="amount_cents",
        target={"at_least": 10**12},
        score="proportional",
    )
    cell = one(thing, world(reported(("2026-06-01", cents))))
    assert cell.score == max(cents * 10_000 // 10**12, 0)
