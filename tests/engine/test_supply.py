"""Items over facts that nobody publishes wait; composites are made of what can be judged."""

import pytest

from wuju.engine.compiler import compile_rules
from wuju.engine.items import Item
from wuju.engine.rules import Rules
from wuju.engine.supply import awaited, facts_read, supplied
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.loader import load_packs

BASE = {
    "title": "试", "project": "guidance", "applies_to": {"kind": ["branch"]}, "use": "result",
    "per": "year", "target": {"at_least": 1}, "source": "s", "strength": "must",
}  # fmt: skip
PACKS = load_packs()


def item(code: str, **more: object) -> Item:
    return Item.model_validate({**BASE, "code": code, **more})


def composite(code: str, *parts: str) -> Item:
    return item(code, kind="composite", parts=dict.fromkeys(parts, 1), score="pass")


COUNT = item("a.count", kind="count", of="course", score="pass")
TOPIC = item(
    "a.topic",
    kind="count",
    of="meeting_topic",
    where="meeting.kind = 'theme_day' AND org.groups > 0",
)
HOURS = item(
    "a.hours",
    kind="coverage",
    population="member",
    each={"of": "course_hours", "where": "course.task = 'theory'", "at_least": 1},
)


@pytest.mark.parametrize(
    ("one", "facts"),
    [
        (COUNT, {"course"}),
        (TOPIC, {"meeting_topic", "meeting"}),
        (HOURS, {"member", "course_hours", "course", "waiver"}),
        (composite("a.all", "a.count"), set()),
        (item("a.grade", kind="attested", item="a.grade"), {"attestation"}),
        (item("a.of", kind="count", of="attestation", where="item = 'course.a'"), {"attestation"}),
    ],
)
def test_an_item_names_the_facts_it_reads(one: Item, facts: set[str]) -> None:
    rules = Rules(items=(one,), exempt={"member": "NOT exempt AND waiver.item IS NULL"})

    assert facts_read(one, rules) == facts


def test_a_composite_keeps_the_parts_that_can_be_judged_and_waits_for_all_of_none() -> None:
    some = composite("c.some", "a.count", "a.topic")
    none = composite("c.none", "a.count")
    deep = composite("c.deep", "c.none", "c.some")
    rules = Rules(items=(deep, none, some, COUNT, TOPIC))

    waiting = awaited(rules, {"meeting", "meeting_topic"})
    left = supplied(rules, {"meeting", "meeting_topic"})

    assert waiting == {"c.none": ("course",), "a.count": ("course",)}
    assert [(one.code, [*one.parts]) for one in left.items] == [
        ("c.deep", ["c.some"]), ("c.some", ["a.topic"]), ("a.topic", []),
    ]  # fmt: skip
    assert supplied(rules, {"meeting", "meeting_topic", "course"}) is rules


@pytest.mark.parametrize("code", sorted(PACKS))
def test_the_facts_an_item_names_are_those_its_sql_reads(code: str) -> None:
    """The compiler parses every text; what is read without parsing must be the same."""
    rules = PACKS[code].rules(catalog())
    program = compile_rules(rules, catalog(), "duckdb")

    for one in program.items:
        if not one.parts:
            read = set(one.reads) - {"org"}
            counted = {"member"} if set(one.profile) & {"full_members", "members_total"} else set()
            assert facts_read(rules.by_code[one.code], rules) | counted == read, one.code


def test_a_program_of_some_items_keeps_their_numbers() -> None:
    rules = Rules(items=(COUNT, TOPIC, composite("c.some", "a.count", "a.topic")))
    program = compile_rules(rules, catalog(), "duckdb")

    left = program.only({"a.topic", "c.some"})

    assert [(one.code, one.no, one.parts) for one in left.items] == [
        ("a.topic", 2, ()), ("c.some", 3, ("a.topic",)),
    ]  # fmt: skip
    assert [one.code for one in left.with_parts(left.chosen(["c.some"]))] == ["a.topic", "c.some"]
