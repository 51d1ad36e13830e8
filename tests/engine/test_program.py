"""A compiled program is text: it travels as JSON, knows what it reads, and needs no compiler to run."""

import subprocess
import sys

import pytest

from tests.engine.small import CATALOG, item
from wuju.engine.compiler import compile_rules
from wuju.engine.dialects import DialectName
from wuju.engine.program import Program
from wuju.engine.results import RollUp, node_total
from wuju.engine.rules import Rules

RULES = Rules(
    (
        item("a.meeting", of="meeting", where="status = 'held'"),
        item("a.topic", of="topic", where="meeting.status = 'held'"),
        item("a.guarded", of="income", only_if="org.full_members >= 7"),
        item(
            "a.hours",
            kind="coverage",
            population="member",
            each={"of": "course_hours", "at_least": 1},
        ),
        item("a.whole", kind="composite", parts={"a.topic": 1}, per="year"),
    ),
    digest="abc",
)


@pytest.mark.parametrize("dialect", ["sqlite", "postgres", "duckdb"])
def test_a_program_survives_json(dialect: DialectName) -> None:
    program = compile_rules(RULES, CATALOG, dialect)
    assert Program.from_json(program.to_json()) == program
    assert Program.from_json(program.to_json()).digest == "abc"


@pytest.mark.parametrize(
    ("fact", "codes"),
    [
        ("meeting", ("a.meeting", "a.topic", "a.whole")),
        ("topic", ("a.topic", "a.whole")),
        ("member", ("a.guarded", "a.hours")),
        ("course_hours", ("a.hours",)),
        ("seat", ()),
        ("org", tuple(each.code for each in RULES.items)),
        ("waiver", tuple(each.code for each in RULES.items)),
    ],
)
def test_items_reading_a_fact_are_those_a_write_can_change(
    fact: str, codes: tuple[str, ...]
) -> None:
    assert compile_rules(RULES, CATALOG, "sqlite").items_reading(fact) == codes


def test_running_a_stored_program_imports_no_compiler_and_no_django() -> None:
    code = (
        "import sys; from wuju.engine import live, explain, deltas, program;"
        "print([name for name in ('sqlglot', 'duckdb', 'pyarrow', 'django') if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def line(code: str, score_sum: int, judged: int) -> RollUp:
    return RollUp(1, code, 2026102, 9, 0, 0, 0, 0, 0, 0, 0, None, None, score_sum, judged)


def test_a_total_weighs_the_judged_lines_only() -> None:
    lines = [
        line("a", 30_001, 4),
        line("b", 10_000, 1),
        line("c", 0, 0),
        line("procedure", 10_000, 1),
    ]
    assert node_total(lines, {"a": 3, "b": 1, "c": 5, "d": 2}) == (3 * 7500 + 10_000) // 4
    assert node_total(lines[2:], {"a": 3, "c": 5}) is None
