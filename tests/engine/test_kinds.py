"""What each of the nine kinds counts."""

from tests.engine.small import D, item
from tests.engine.worlds import (
    ATTESTED,
    COUNT,
    DEADLINE,
    HOURS,
    LATEST,
    RATIO,
    STOCK,
    cells,
    grades,
    held,
    loops,
    meetings,
    one,
    people,
    reported,
    seats,
    world,
)
from wuju.engine.items import Status
from wuju.engine.rules import Rules


def test_a_count_may_sum_a_column() -> None:
    total = item("a.sum", of="income", sum="amount_cents", target={"at_least": 500})
    pairs = [("2026-05-01", 300), ("2026-06-01", 250), ("2026-06-02", None)]
    cell = one(total, world(reported(*pairs)))
    assert (cell.numerator, cell.evidence, cell.status) == (550, 3, Status.MET)


def test_a_ratio_counts_conditions_and_unknown_is_not_true() -> None:
    cell = one(RATIO, world(held((5, 10), (4, 10), (None, 10))))
    assert (cell.numerator, cell.denominator, cell.status, cell.score) == (
        1,
        3,
        Status.MISSED,
        6666,
    )


def test_a_ratio_of_sums() -> None:
    ratio = item(
        "a.sums",
        kind="ratio",
        of="meeting",
        numerator={"sum": "present", "where": "present <= due"},
        denominator={"sum": "due"},
        target={"at_least": "80%"},
    )
    cell = one(ratio, world(held((8, 10), (12, 10), (None, 10))))
    assert (cell.numerator, cell.denominator) == (8, 30)


def test_a_ratio_reads_met_only_when_the_period_is_over() -> None:
    place = world(held((10, 10)))
    assert one(RATIO, place, as_of=D("2026-06-30")).status is Status.DUE_SOON
    assert one(RATIO, place, as_of=D("2026-07-01")).status is Status.MET


def test_a_deadline_belongs_to_the_period_of_its_due_day() -> None:
    pairs = [("2026-06-30", "2026-06-30"), ("2026-06-10", "2026-06-11"), ("2026-05-01", None),
             ("2026-07-01", "2026-05-01")]  # fmt: skip
    cell = one(DEADLINE, world(loops(*pairs)))
    assert (cell.numerator, cell.denominator, cell.evidence) == (1, 3, 3)


def test_what_is_not_yet_due_is_not_in_the_denominator() -> None:
    place = world(loops(("2026-08-20", "2026-08-01"), ("2026-08-21", "2026-08-01")))
    assert one(DEADLINE, place, 2026103).denominator == 1
    early = one(DEADLINE, place, 2026103, as_of=D("2026-07-15"))
    assert (early.denominator, early.status) == (0, Status.NOT_APPLICABLE)


def test_coverage_counts_members_whose_rows_stand_anywhere() -> None:
    hours = [
        {"member_id": 1, "hours": 50, "level": "county", "held_on": D("2026-04-01"), "org_id": 9},
        {"member_id": 1, "hours": 30, "level": "county", "held_on": D("2026-06-30")},
        {"member_id": 2, "hours": 79, "level": "county", "held_on": D("2026-05-01")},
        {"member_id": 2, "hours": 99, "level": "base", "held_on": D("2026-05-01")},
        {"member_id": 2, "hours": 99, "level": "county", "held_on": D("2026-07-01")},
    ]
    cell = one(HOURS, world({"member": people("full", "full"), "course_hours": hours}))
    assert (cell.numerator, cell.denominator, cell.evidence, cell.evidence_key) == (1, 2, 2, 2)


def test_the_population_is_those_valid_on_the_snapshot_day() -> None:
    members = people("full", "full", "full")
    members[0]["until_on"] = D("2026-06-30")
    members[1]["from_on"] = D("2026-07-01")
    assert one(HOURS, world({"member": members})).denominator == 1


def test_exempt_members_leave_the_denominator() -> None:
    members = people("full", "full")
    members[0]["exempt"] = True
    rules = Rules((HOURS,), exempt={"member": "NOT exempt"})
    assert one(rules, world({"member": members})).denominator == 1
    members[1]["exempt"] = True
    assert one(rules, world({"member": members})).status is Status.NOT_APPLICABLE


def test_coverage_may_count_rows() -> None:
    twice = item("a.twice", kind="coverage", population="member", target={"at_least": 1},
                 each={"of": "course_hours", "count": "rows", "at_least": 2})  # fmt: skip
    hours = [{"member_id": 1, "held_on": D("2026-04-01")}] * 2
    cell = one(
        twice, world({"member": people("full"), "course_hours": [dict(row) for row in hours]})
    )
    assert (cell.numerator, cell.status) == (1, Status.MET)


def test_latest_takes_the_newest_of_the_period_and_ties_go_to_the_larger_key() -> None:
    pairs = [("2026-06-01", 10), ("2026-06-30", 20), ("2026-06-30", 30), ("2026-07-01", 40)]
    cell = one(LATEST, world(reported(*pairs)))
    assert (cell.numerator, cell.denominator, cell.evidence, cell.evidence_key) == (30, 1, 1, 3)


def test_a_row_without_a_value_is_not_the_newest() -> None:
    assert one(LATEST, world(reported(("2026-06-01", 10), ("2026-06-30", None)))).numerator == 10


def test_latest_looks_before_the_period_only_when_carried() -> None:
    place = world(reported(("2024-06-01", 150)))
    assert one(LATEST, place).status is Status.UNVERIFIED
    carried = one(LATEST.model_copy(update={"carry": True}), place)
    assert (carried.numerator, carried.status) == (150, Status.MET)


def test_a_stock_is_read_on_the_snapshot_day() -> None:
    place = world(
        seats(("2026-06-30", None), ("2026-01-01", "2026-06-30"), ("2026-01-01", "2026-07-01"))
    )
    cell = one(STOCK, place)
    assert (cell.numerator, cell.evidence, cell.evidence_key) == (2, 2, 3)


def test_no_row_where_nobody_has_looked_is_unverified() -> None:
    assert one(STOCK, world()).status is Status.UNVERIFIED
    other = one(STOCK, world(seats((("2026-01-01"), None), post="member")))
    assert (other.numerator, other.status) == (0, Status.MISSED)


def test_a_set_counts_the_distinct_kinds_present() -> None:
    bodies = item(
        "a.set", kind="set", of="seat", member="post", all_of=["secretary", "deputy"], target=None
    )
    facts = seats(("2026-01-01", None), ("2026-01-01", None))
    facts["seat"] += seats(("2026-01-01", None), post="member")["seat"]
    cell = one(bodies, world(facts))
    assert (cell.numerator, cell.denominator, cell.evidence) == (1, 2, 2)


def test_an_attestation_stands_as_the_newest_grade_and_needs_no_feed() -> None:
    rows = [
        ("2026-05-01", 2, "branches.result"),
        ("2026-06-01", 3, "branches.result"),
        ("2026-06-02", 1, "x"),
    ]
    cell = one(ATTESTED, world(grades(*rows), feeds=[]))
    assert (cell.numerator, cell.denominator, cell.status) == (3, 1, Status.MET)
    assert one(ATTESTED, world(grades(("2026-06-02", 4, "x")))).status is Status.UNVERIFIED


def test_a_composite_is_the_weighted_mean_of_its_judged_parts() -> None:
    month = item("a.month", of="meeting", per="month", score="pass")
    whole = item("a.whole", kind="composite", parts={"a.count": 3, "a.month": 1, "a.ratio": 5}, per="half",
                 target={"at_least": "60%"}, score="proportional")  # fmt: skip
    rules = Rules((COUNT, month, RATIO, whole))
    cell = one(rules, world(meetings("2026-01-05", "2026-02-05", status="planned")), 2026201)
    assert (cell.numerator, cell.denominator, cell.evidence) == (833, 1, 2)  # (3·0 + 3333) // 4
    assert (cell.status, cell.score) == (Status.MISSED, 1388)


def test_a_composite_without_judged_parts_is_not_applicable() -> None:
    procedure = COUNT.model_copy(update={"use": "procedure"})
    whole = item(
        "a.whole", kind="composite", parts={"a.count": 1}, per="year", target={"at_least": "90%"}
    )
    assert one(Rules((procedure, whole)), world(), 2026300).status is Status.NOT_APPLICABLE


def test_composites_may_hold_composites() -> None:
    half = item(
        "a.half",
        kind="composite",
        parts={"a.count": 1},
        per="half",
        score="pass",
        target={"at_least": "50%"},
    )
    year = item(
        "a.year", kind="composite", parts={"a.half": 1}, per="year", target={"at_least": "100%"}
    )
    place = world(meetings("2026-01-05", "2026-04-05"))
    assert one(Rules((year, half, COUNT)).subset(["a.year"]), place, 2026101).status is Status.MET
    assert cells(Rules((year, half, COUNT)), place)[1, "a.year", 2026300].numerator == 10_000
