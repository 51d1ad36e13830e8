"""Which items two packs disagree on and how each is judged anew; what an item asks to be entered."""

from typing import Any

import pytest

from wuju.engine.items import Item
from wuju.engine.rules import Rules
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.loader import load_pack
from wuju.standings.differing import differing
from wuju.standings.entering import need

RULES = load_pack(pack_home() / "anding_2026").rules(catalog())


def altered(code: str, **change: Any) -> Rules:
    item = RULES.by_code[code]
    body = item.model_dump(exclude_unset=True)
    body |= {"target": dict(item.target.given)} if item.target else {}
    new = Item.model_validate(body | change)
    items = tuple(new if each.code == code else each for each in RULES.items)
    return Rules(items, RULES.parameters, RULES.exempt, RULES.effective_from)


def test_equal_packs_differ_in_nothing() -> None:
    assert differing(RULES, RULES, catalog()).codes == ()


@pytest.mark.parametrize(
    ("code", "change", "how"),
    [
        ("meetings.theme_day", {"target": {"at_least": 2}}, "again"),
        ("meetings.theme_day", {"grace_days": 30}, "again"),
        ("meetings.theme_day", {"title": "主题党日活动"}, "worded"),
        ("meetings.theme_day", {"per": "quarter"}, "measured"),
        ("meetings.theme_day", {"where": "kind = 'theme_day'"}, "measured"),
        ("study.member_hours", {"weight": 9}, "worded"),
        ("study.theory_learning", {"target": {"at_least": 2}}, "measured"),
        ("meetings.group_meeting", {"target": {"at_least": 1}}, "measured"),
    ],
    ids=["threshold", "grace", "title", "period", "condition", "weight", "依据待核", "profile column"],
)  # fmt: skip
def test_an_item_is_judged_by_the_least_it_needs(
    code: str, change: dict[str, Any], how: str
) -> None:
    found = differing(RULES, altered(code, **change), catalog())

    assert found.codes == (code,)
    assert [name for name in ("worded", "again", "measured") if code in getattr(found, name)] == [
        how
    ]


def test_a_composite_follows_its_parts() -> None:
    found = differing(RULES, altered("findings.closed_on_time", grace_days=60), catalog())

    assert set(found.again) == {"findings.closed_on_time"}
    assert set(found.measured) == {"accountability.closed_loop", "accountability.execution"}


def test_an_exemption_touches_coverages_and_what_is_made_of_them() -> None:
    wider = Rules(RULES.items, RULES.parameters, {"member": "NOT migrant"}, RULES.effective_from)

    found = differing(RULES, wider, catalog())

    assert found.measured
    items = [RULES.by_code[code] for code in found.codes]
    coverages = {item.code for item in items if item.kind == "coverage"}
    assert coverages == {item.code for item in RULES.items if item.population == "member"}
    assert all(coverages & item.parts.keys() for item in items if item.code not in coverages)


@pytest.mark.parametrize(
    ("code", "number", "column", "times"),
    [
        ("meetings.members_meeting", 1, "", 4),
        ("meetings.group_meeting", 0, "groups", 12),
        ("meetings.party_lecture", 4, "", 1),
        ("findings.closed_on_time", 0, "", 0),
        ("meetings.quorum", 0, "", 0),
        ("branches.result_attested", 0, "", 0),
    ],
)
def test_an_item_needs_its_least_number_of_records(
    code: str, number: int, column: str, times: int
) -> None:
    asked = need(RULES.by_code[code], RULES, catalog())

    assert (asked.number, asked.column, asked.times) == (number, column, times)


def test_a_column_of_the_profile_says_how_many_where_the_item_says_so() -> None:
    asked = need(RULES.by_code["meetings.group_meeting"], RULES, catalog())

    assert asked.in_a_year({"groups": 3}, people=1) == 36


def test_a_coverage_needs_a_record_for_each_person_and_a_state_is_entered_once() -> None:
    hours = need(RULES.by_code["study.member_hours"], RULES, catalog())
    posts = need(RULES.by_code["org.committee_posts"], RULES, catalog())

    assert (hours.a_person, hours.in_a_year({}, people=9)) == (True, 9)
    assert (posts.a_person, posts.times) == (False, 1)
