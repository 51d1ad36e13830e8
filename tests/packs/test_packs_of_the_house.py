"""The packs we ship: they lint without errors, are proved by cases, and keep the law."""

import re

import pytest

from wuju.kit.facts import Catalog
from wuju.rulepacks import linter
from wuju.rulepacks.cases import read_cases
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.diff import Direction, diff
from wuju.rulepacks.loader import Pack, load_packs

PACKS = load_packs(pack_home())
MEETINGS = ("members_meeting", "committee_meeting", "group_meeting", "party_lecture", "theme_day")


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return catalog()


@pytest.mark.parametrize("code", list(PACKS))
def test_a_pack_of_the_house_lints_clean(code: str, facts: Catalog) -> None:
    assert [str(complaint) for complaint in linter.lint(pack_home() / code, facts)] == []


@pytest.mark.parametrize("pack", list(PACKS.values()), ids=list(PACKS))
def test_every_item_has_two_cases_and_one_at_the_edge(pack: Pack) -> None:
    cases, faults = read_cases(pack)
    own = [code for code in pack.items if code in pack.own]

    assert faults == []
    for code in own:
        mine = [worked.case for worked in cases if worked.item == code]
        assert len(mine) >= 2, code
        assert any(case.edge for case in mine), code


def test_no_meeting_course_or_notice_is_ever_weighed(facts: Catalog) -> None:
    for item in PACKS["anding_2026"].items.values():
        fact = facts.get(item.fact or "")
        if fact and fact.activity:
            assert item.use == "procedure", item.code
        if item.use == "procedure":
            assert (item.weight, item.score) == (None, None), item.code


def test_the_meetings_the_regulation_names_are_all_procedures_with_its_numbers() -> None:
    national = PACKS["national_2026"].items
    rhythm = {kind: (national[f"meetings.{kind}"].per) for kind in MEETINGS}

    assert rhythm == {
        "members_meeting": "quarter",
        "committee_meeting": "month",
        "group_meeting": "month",
        "party_lecture": "year",
        "theme_day": "month",
    }


def test_the_number_of_lectures_is_a_parameter_because_no_text_gives_it() -> None:
    pack = PACKS["national_2026"]

    assert pack.items["meetings.party_lecture"].parameters == ("lecture_per_year",)
    assert pack.parameters["lecture_per_year"].mark == "V2"


def test_the_district_changes_no_national_number(facts: Catalog) -> None:
    changes = diff(PACKS["national_2026"], PACKS["anding_2026"])

    directions = {change.direction for change in changes}
    assert directions == {Direction.ADDED, Direction.CHANGED, Direction.CITED}
    assert all("权重" in each.sentence for each in changes if each.direction is Direction.CHANGED)


def test_the_five_projects_are_named_and_every_item_belongs_to_one() -> None:
    pack = PACKS["anding_2026"]
    carried = {
        code
        for project in pack.projects
        for each in project.initiatives
        for code in each.covered_by
        if ":" not in code
    }

    assert [project.number for project in pack.projects] == ["一", "二", "三", "四", "五"]
    assert set(pack.items) == carried


def test_nothing_is_copied_from_a_regulation() -> None:
    """Titles and numbers only: no text of an item is longer than a title."""
    for pack in PACKS.values():
        for item in pack.items.values():
            assert len(item.title) <= 30
            assert len(item.note) <= 40
            assert not re.search("[。；]", item.title)
