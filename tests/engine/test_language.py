"""What each part of the item language means; the oracle and SQLite must both say so."""

import datetime as dt
from typing import Any

import pytest

from tests.engine.small import CATALOG, D, item, on_sqlite
from wuju.engine.items import Item, Status
from wuju.engine.oracle import evaluate
from wuju.engine.results import Cell
from wuju.engine.rules import Rules
from wuju.engine.world import World

OLD = D("2020-01-01")
AS_OF = D("2026-08-20")


def world(facts: dict[str, list[dict[str, Any]]] | None = None, **given: Any) -> World:
    """One branch, 1, of old standing with every feed started; rows get keys and the branch."""
    made: dict[str, list[dict[str, Any]]] = {"org": [{"kind": "branch", "from_on": OLD}]}
    made.update(facts or {})
    for name, rows in made.items():
        key = CATALOG[name].key
        for number, row in enumerate(rows, 1):
            row.setdefault(key, number)
            row.setdefault("org_id", 1)
    base: dict[str, Any] = {
        "life": [(1, OLD, None)],
        "lineage": [(1, 1)],
        "feeds": [(1, name, OLD) for name in CATALOG],
    }
    return World(facts=made, **{**base, **given})


def cells(
    thing: Item | Rules, place: World, as_of: dt.date = AS_OF
) -> dict[tuple[int, str, int], Cell]:
    rules = thing if isinstance(thing, Rules) else Rules((thing,))
    truth = evaluate(rules, CATALOG, place, as_of)
    assert on_sqlite(rules, place, as_of) == truth
    return {(cell.org_id, cell.item, cell.period): cell for cell in truth}


def one(thing: Item | Rules, place: World, period: int = 2026102, as_of: dt.date = AS_OF) -> Cell:
    rules = thing if isinstance(thing, Rules) else Rules((thing,))
    return cells(rules, place, as_of)[1, rules.items[-1].code, period]


def meetings(*days: str, **given: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "meeting": [
            {"held_on": D(day), "kind": "members", "status": "held", **given} for day in days
        ]
    }


COUNT = item("a.count", of="meeting", where="kind = 'members' AND status = 'held'", score="pass")


def test_an_event_belongs_to_the_period_of_its_date() -> None:
    cell = one(COUNT, world(meetings("2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01")))
    assert (cell.numerator, cell.denominator, cell.status, cell.score) == (
        2,
        1,
        Status.MET,
        10_000,
    )
    assert (cell.evidence, cell.evidence_key) == (2, 3)


# ---------------------------------------------------------------- periods
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


# ---------------------------------------------------------------- who owes
def test_an_organization_of_another_kind_has_no_cell() -> None:
    place = world({"org": [{"kind": "committee", "from_on": OLD}]})
    assert cells(COUNT, place) == {}


def test_the_profile_is_read_on_the_snapshot_day() -> None:
    org = [
        {"kind": "committee", "from_on": OLD, "until_on": D("2026-06-30")},
        {"kind": "branch", "from_on": D("2026-06-30")},
    ]
    assert [key[2] for key in cells(COUNT, world({"org": org}))] == [2026102, 2026103]


@pytest.mark.parametrize(("born", "owed"), [("2026-04-01", True), ("2026-04-02", False)])
def test_a_quarter_partly_lived_is_skipped(born: str, owed: bool) -> None:
    place = world(life=[(1, D(born), None)])
    assert (one(COUNT, place).status is not Status.NOT_APPLICABLE) is owed


@pytest.mark.parametrize(("gone", "owed"), [("2026-07-01", True), ("2026-06-30", False)])
def test_a_quarter_cut_short_is_skipped(gone: str, owed: bool) -> None:
    place = world(life=[(1, OLD, D(gone))])
    assert (one(COUNT, place).status is not Status.NOT_APPLICABLE) is owed


@pytest.mark.parametrize(
    ("born", "gone", "owed"),
    [
        ("2026-04-01", None, True),  # 91 of 181 days
        ("2026-04-02", None, False),
        ("2020-01-01", "2026-04-02", True),  # 91 days lived, the day of dissolution not
        ("2020-01-01", "2026-04-01", False),
        ("2026-02-01", "2026-05-03", True),
        ("2026-02-01", "2026-05-02", False),
        ("2026-07-01", None, False),
        ("2019-01-01", "2019-05-02", False),
    ],
)
def test_a_half_year_is_owed_when_more_than_half_was_lived(
    born: str, gone: str | None, owed: bool
) -> None:
    half = item("a.half", of="meeting", per="half")
    place = world(life=[(1, D(born), D(gone) if gone else None)])
    assert (one(half, place, 2026201).status is not Status.NOT_APPLICABLE) is owed


def test_an_open_year_counts_to_its_end() -> None:
    year = item("a.year", of="meeting", per="year")
    assert one(year, world(life=[(1, D("2026-07-02"), None)]), 2026300).status is Status.OPEN
    late = one(year, world(life=[(1, D("2026-07-03"), None)]), 2026300)
    assert late.status is Status.NOT_APPLICABLE


def test_partial_may_be_set_by_the_item() -> None:
    eager = item("a.count", of="meeting", partial="owe")
    assert one(eager, world(life=[(1, D("2026-05-01"), None)])).status is Status.MISSED


def test_what_is_not_owed_shows_no_numbers() -> None:
    place = world(meetings("2026-06-01"), life=[(1, D("2026-05-01"), None)])
    cell = one(COUNT, place)
    assert (cell.numerator, cell.denominator, cell.evidence, cell.score) == (0, 0, 0, None)


def people(*categories: str, **given: Any) -> list[dict[str, Any]]:
    return [
        {"category": c, "exempt": False, "state": "normal", "from_on": OLD, **given}
        for c in categories
    ]


def test_below_seven_full_members_no_committee_is_owed() -> None:
    committee = item("a.committee", of="meeting", only_if="org.full_members >= 7")
    seven = people(*["full"] * 7, "probationary")
    assert one(committee, world({"member": seven})).status is Status.MISSED
    seven[0]["until_on"] = D("2026-06-30")
    assert one(committee, world({"member": seven})).status is Status.NOT_APPLICABLE
    assert one(committee, world({"member": seven}), 2026101).status is Status.MISSED


def test_members_are_counted_on_the_day_as_columns_of_the_profile() -> None:
    bound = item("a.heads", of="meeting", target={"at_least": "org.members_total"})
    place = world({"member": people("full", "probationary"), **meetings("2026-05-01")})
    assert one(bound, place).status is Status.MISSED
    place = world({"member": people("full"), **meetings("2026-05-01")})
    assert one(bound, place).status is Status.MET


def test_an_unknown_guard_owes_nothing() -> None:
    guarded = item("a.guard", of="meeting", only_if="org.groups > 0")
    assert one(guarded, world()).status is Status.NOT_APPLICABLE


# ---------------------------------------------------------------- waivers and feeds
@pytest.mark.parametrize(
    ("start", "until", "exempt"),
    [
        ("2026-04-01", None, True),
        ("2026-04-01", "2026-07-01", True),
        ("2026-04-01", "2026-06-30", False),
        ("2026-04-02", None, False),
    ],
)
def test_a_waiver_frees_a_period_it_covers_wholly(
    start: str, until: str | None, exempt: bool
) -> None:
    waivers = [(1, "a.count", D(start), D(until) if until else None)]
    cell = one(COUNT, world(meetings("2026-05-01"), waivers=waivers))
    assert cell.status is (Status.EXEMPT if exempt else Status.MET)
    assert (cell.numerator, cell.denominator) == ((0, 0) if exempt else (1, 1))


def test_a_waiver_of_another_item_or_organization_frees_nothing() -> None:
    waivers = [(1, "a.other", OLD, None), (2, "a.count", OLD, None)]
    assert one(COUNT, world(waivers=waivers)).status is Status.MISSED


def test_what_is_not_owed_comes_before_a_waiver() -> None:
    place = world(waivers=[(1, "a.count", OLD, None)], life=[(1, D("2026-05-01"), None)])
    assert one(COUNT, place).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("starts", "status"),
    [("2026-04-01", Status.MET), ("2026-04-02", Status.UNVERIFIED), (None, Status.UNVERIFIED)],
)
def test_an_event_counts_from_the_day_its_feed_starts(starts: str | None, status: Status) -> None:
    feeds = [(1, "meeting", D(starts))] if starts else []
    cell = one(COUNT, world(meetings("2026-05-01"), feeds=feeds))
    assert cell.status is status
    assert (cell.numerator, cell.denominator, cell.evidence) == (1, 1, 1)


def test_a_state_needs_its_feed_by_the_snapshot_day() -> None:
    stock = item("a.stock", kind="stock", of="term")
    facts = {"term": [{"started_on": OLD}]}
    assert one(stock, world(facts, feeds=[(1, "term", D("2026-06-30"))])).status is Status.MET
    late = one(stock, world(facts, feeds=[(1, "term", D("2026-07-01"))]))
    assert late.status is Status.UNVERIFIED


def test_coverage_needs_the_feeds_of_both_facts() -> None:
    feeds = [(1, "member", OLD), (1, "course_hours", OLD)]
    facts = {"member": people("full")}
    assert one(HOURS, world(dict(facts), feeds=feeds)).status is Status.MISSED
    assert one(HOURS, world(dict(facts), feeds=feeds[:1])).status is Status.UNVERIFIED
    assert one(HOURS, world(dict(facts), feeds=feeds[1:])).status is Status.UNVERIFIED


def test_nobody_has_looked_comes_before_an_empty_denominator() -> None:
    assert one(DEADLINE, world(feeds=[])).status is Status.UNVERIFIED
    assert one(DEADLINE, world()).status is Status.NOT_APPLICABLE


# ---------------------------------------------------------------- succession
def test_a_successor_inherits_rows_and_feeds_of_its_predecessors() -> None:
    org = [{"kind": "branch", "from_on": OLD, "org_id": 1, "until_on": D("2026-05-01")},
           {"kind": "branch", "from_on": D("2026-05-01"), "org_id": 2}]  # fmt: skip
    place = world(
        {"org": org, **meetings("2026-04-10")},
        life=[(1, OLD, D("2026-05-01")), (2, OLD, None)],
        lineage=[(1, 1), (2, 2), (1, 2)],
        feeds=[(1, "meeting", OLD), (2, "meeting", D("2026-05-01"))],
    )
    found = cells(COUNT, place)
    assert found[2, "a.count", 2026102].status is Status.MET
    assert found[1, "a.count", 2026101].status is Status.MISSED
    assert (1, "a.count", 2026102) not in found


# ---------------------------------------------------------------- kinds
def test_a_count_may_sum_a_column() -> None:
    total = item("a.sum", of="income", sum="amount_cents", target={"at_least": 500})
    pairs = [("2026-05-01", 300), ("2026-06-01", 250), ("2026-06-02", None)]
    cell = one(total, world(reported(*pairs)))
    assert (cell.numerator, cell.evidence, cell.status) == (550, 3, Status.MET)


RATIO = item(
    "a.ratio",
    kind="ratio",
    of="meeting",
    where="status = 'held'",
    numerator="2 * present >= due",
    denominator="TRUE",
    target={"at_least": "50%"},
    score="proportional",
)


def held(*pairs: tuple[int | None, int]) -> dict[str, list[dict[str, Any]]]:
    made = meetings(*["2026-05-01"] * len(pairs))
    for row, (present, due) in zip(made["meeting"], pairs, strict=True):
        row.update(present=present, due=due)
    return made


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


DEADLINE = item(
    "a.deadline",
    kind="deadline",
    of="loop_due",
    due="due_on",
    done="done_on",
    target={"at_least": "100%"},
)


def loops(*pairs: tuple[str, str | None]) -> dict[str, list[dict[str, Any]]]:
    rows = [
        {"due_on": D(due), "done_on": D(done) if done else None, "opened_on": OLD}
        for due, done in pairs
    ]
    return {"loop_due": rows}


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


HOURS = item(
    "a.hours",
    kind="coverage",
    population="member",
    where="state = 'normal'",
    each={"of": "course_hours", "sum": "hours", "at_least": 80, "where": "level = 'county'"},
    target={"at_least": "100%"},
)


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


LATEST = item(
    "a.latest", kind="latest", of="income", value="amount_cents", target={"at_least": 100}
)


def reported(*pairs: tuple[str, int | None]) -> dict[str, list[dict[str, Any]]]:
    return {"income": [{"reported_on": D(day), "amount_cents": cents} for day, cents in pairs]}


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


STOCK = item("a.stock", kind="stock", of="seat", where="post = 'deputy'", target={"at_least": 1})


def seats(*spans: tuple[str, str | None], post: str = "deputy") -> dict[str, list[dict[str, Any]]]:
    return {
        "seat": [
            {"from_on": D(a), "until_on": D(b) if b else None, "post": post} for a, b in spans
        ]
    }


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


ATTESTED = item("a.graded", kind="attested", item="branches.result", target={"at_least": 3})


def grades(*rows: tuple[str, int, str]) -> dict[str, list[dict[str, Any]]]:
    return {"attestation": [{"graded_on": D(d), "grade": g, "item": code} for d, g, code in rows]}


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


# ---------------------------------------------------------------- targets and scores
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


@pytest.mark.parametrize(("cents", "score"), [(100, 10_000), (80, 8000), (79, 6000), (59, 0)])
def test_bands_are_compared_highest_first(cents: int, score: int) -> None:
    thing = LATEST.model_copy(
        update={"score": "bands", "bands": ((100, 10_000), (80, 8000), (60, 6000))}
    )
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


# ---------------------------------------------------------------- reading other facts
def test_a_condition_reads_the_parent_row() -> None:
    thing = item("a.topic", of="topic", where="kind = 'study' AND meeting.status = 'held'")
    facts = meetings("2026-05-01") | {
        "topic": [
            {"held_on": D("2026-05-01"), "kind": "study", "meeting_id": key}
            for key in (1, 2, None)
        ]
    }
    assert one(thing, world(facts)).numerator == 1


def test_a_parent_that_is_a_state_is_read_on_the_snapshot_day() -> None:
    thing = item("a.hours", of="course_hours", where="member.category = 'full'")
    members = people("probationary", "full")
    members[0].update(until_on=D("2026-06-15"))
    members[1].update(member_id=1, from_on=D("2026-06-15"))
    facts = {"member": members, "course_hours": [{"member_id": 1, "held_on": D("2026-05-01")}]}
    assert one(thing, world(facts)).numerator == 1


def test_a_condition_reads_the_profile_the_period_and_the_day() -> None:
    where = "org.flagged AND due_on BETWEEN period_start AND period_end AND done_on <= as_of"
    thing = item("a.loop", of="loop_due", where=where)
    rows = [{"opened_on": D("2026-05-01"), "due_on": D(due), "done_on": D("2026-08-20")}
            for due in ("2026-06-30", "2026-07-01")]  # fmt: skip
    org: dict[str, Any] = {"kind": "branch", "from_on": OLD, "flagged": True}
    assert one(thing, world({"org": [org], "loop_due": rows})).numerator == 1
    org = {"kind": "branch", "from_on": OLD, "flagged": False}
    assert one(thing, world({"org": [org], "loop_due": rows})).numerator == 0


def test_the_profile_itself_may_be_counted() -> None:
    thing = item(
        "a.profile", kind="stock", of="org", where="members_total > 1", target={"at_most": 0}
    )
    assert one(thing, world({"member": people("full", "full")}, feeds=[])).status is Status.MISSED
    assert one(thing, world({"member": people("full")}, feeds=[])).status is Status.MET
