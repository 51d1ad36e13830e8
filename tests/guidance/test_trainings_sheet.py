"""Importing and exporting training hours: whose they are is known or asked, never guessed."""

import io
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, SYSTEM, TODAY, add_members
from tests.guidance.conftest import Village, events
from wuju.guidance.study import actions, sheets
from wuju.guidance.study.actions import HoursChange
from wuju.guidance.study.models import Course, CourseHours
from wuju.kit import crypto
from wuju.kit.actors import Actor, OrgScope
from wuju.kit.identifiers import check_digit
from wuju.kit.sheets.reader import read_book
from wuju.kit.sheets.registry import LandingResult, StagedRow, sheet_kinds
from wuju.kit.sheets.staging import stage
from wuju.kit.sheets.writer import BookSpec, write_book
from wuju.ledger import queries as ledger
from wuju.people.models import Member

ALL = OrgScope.whole(because="the tests look at everything")
HEADER = "组织代码,公民身份号码,姓名,培训名称,开始日期,结束日期,学时"
NUMBER = "62110219800101001" + check_digit("62110219800101001")


def staged(text: str) -> list[StagedRow]:
    book = read_book(f"{HEADER}\n{text}".encode(), "学时.csv")
    return stage(book, sheet_kinds["trainings"]).rows


def prepare(rows: Sequence[StagedRow], actor: Actor | None = None) -> Sequence[StagedRow]:
    scope = actor.scope if actor else ALL
    sheets.prepare(rows, scope=scope, today=TODAY, options={})
    return rows


def land(village: Village, rows: Sequence[StagedRow]) -> LandingResult:
    lands = [row for row in rows if row.lands]
    return sheets.land(lands, actor=village.town.east_officer, at=NOW, batch="b1", options={})


def name(member: int, *, now: str = "") -> str:
    row = Member.objects.get(pk=member)
    if now:
        row.name = now
        row.save(update_fields=["name"])
    return row.name


def numbered(member: int) -> str:
    row = Member.objects.get(pk=member)
    row.id_index = crypto.blind_index(NUMBER, "id")
    row.id_cipher = crypto.encrypt(NUMBER, "people.Member.id")
    row.save(update_fields=["id_index", "id_cipher"])
    return row.name


def test_hours_of_one_course_land_in_one_course(village: Village) -> None:
    one, two = numbered(village.members[2]), name(village.members[3])

    rows = prepare(
        staged(
            f"SD-E1,{NUMBER},{one},党员冬训,2026-03-02,2026-03-05,32\n"
            f"SD-E,,{two},党员冬训,,2026-03-05,1.5\n"
            f"东川一村党支部,,{two},党员冬训,2026-03-02,2026-03-05,8"
        )
    )
    result = land(village, rows)

    assert [row.state for row in rows] == ["new"] * 3, [row.problems for row in rows]
    assert result.created == 3
    found = Course.objects.order_by("level").values_list("organization__code", "level")
    assert list(found) == [("SD-E", "base"), ("SD-E1", "branch")]
    assert sorted(CourseHours.objects.values_list("hours_tenths", flat=True)) == [15, 80, 320]
    assert events() == ["courses.landed"]


@pytest.mark.parametrize(
    ("text", "state", "column", "words"),
    [
        ("SD-W1,,甲,班,,2026-03-05,8", "error", "org", "管理范围"),
        ("SD-E1,,查无此人,班,,2026-03-05,8", "error", "name", "没有“查无此人”"),
        (f"SD-E1,{NUMBER},甲,班,,2026-03-05,8", "error", "id_number", "没有这个号码"),
        ("SD-E1,,同名,班,,2026-03-05,8", "ask", "name", "有2名党员"),
        ("SD-E1,,独一,班,,2026-12-05,8", "error", "ended_on", "今天之后"),
        ("SD-E1,,独一,班,2026-03-06,2026-03-05,8", "error", "started_on", "早于开始日期"),
        ("SD-E1,,独一,班,,2026-03-05,0", "error", "", "学时须大于0"),
        ("SD-E1,,独一,班,,2026-03-05,", "error", "hours", "必填"),
    ],
)
def test_says_in_which_cell_a_row_is_wrong(
    village: Village, text: str, state: str, column: str, words: str
) -> None:
    name(village.members[2], now="同名")
    name(village.members[3], now="同名")
    name(village.members[4], now="独一")

    (row,) = prepare(staged(text), village.town.east_officer)

    assert row.state == state
    assert words in row.problems[column]


def test_a_number_with_another_name_asks(village: Village) -> None:
    numbered(village.members[2])

    (row,) = prepare(staged(f"SD-E1,{NUMBER},别人,班,,2026-03-05,8"))

    assert row.state == "ask"


def test_two_rows_of_one_member_and_course_stop_each_other(village: Village) -> None:
    who = name(village.members[2])
    line = f"SD-E1,,{who},班,,2026-03-05,8"

    rows = prepare(staged(f"{line}\n{line}"))

    assert [row.state for row in rows] == ["error", "error"]


def test_hours_on_record_are_corrected_and_put_back(village: Village) -> None:
    who = name(village.members[2])
    text = f"SD-E1,,{who},班,,2026-03-05,"
    land(village, prepare(staged(text + "8")))

    assert [row.state for row in prepare(staged(text + "8"))] == ["same"]
    rows = prepare(staged(text + "16"))
    assert [(row.state, row.cell_states["hours"]) for row in rows] == [("update", "change")]
    result = land(village, rows)
    assert CourseHours.objects.get().hours_tenths == 160

    assert sheets.undo(result.undo, actor=village.town.east_officer, at=NOW, batch="b1") == 1
    assert CourseHours.objects.get().hours_tenths == 80
    assert ledger.verify_records(scope=ALL) == []


def test_undo_deletes_what_the_batch_made(village: Village) -> None:
    text = f"SD-E1,,{name(village.members[2])},班,,2026-03-05,8"
    result = land(village, prepare(staged(text)))

    sheets.undo(result.undo, actor=village.town.east_officer, at=NOW, batch="b1")

    assert not Course.objects.exists()


def test_what_changed_after_the_preview_does_not_land(village: Village) -> None:
    text = f"SD-E1,,{name(village.members[2])},班,,2026-03-05,"
    land(village, prepare(staged(text + "8")))
    rows = prepare(staged(text + "9"))
    stored = CourseHours.objects.get()
    actions.land_courses(drafts=[], changes=[HoursChange(stored.pk, 1, 7)], actor=SYSTEM, at=NOW)

    with pytest.raises(sheets.ChangedWhileLanding):
        land(village, rows)

    assert CourseHours.objects.get().hours_tenths == 7


def test_a_masked_export_comes_back_without_a_change(village: Village) -> None:
    who = numbered(village.members[2])
    land(village, prepare(staged(f"SD-E1,{NUMBER},{who},班,,2026-03-05,8")))
    name(village.members[3], now=who)
    kind, target = sheet_kinds["trainings"], io.BytesIO()
    exported = sheets.export(scope=village.town.east_officer.scope, today=TODAY)
    spec = BookSpec(
        code=kind.code, title=kind.title, columns=kind.columns, masked=frozenset({"id_number"})
    )
    write_book(target, spec, exported)
    assert NUMBER.encode() not in target.getvalue()

    rows = stage(read_book(target.getvalue(), "学时.xlsx"), kind).rows
    prepare(rows)
    assert [row.state for row in rows] == ["same"], [row.problems for row in rows]

    rows[0].values["hours"], rows[0].untouched = 160, False
    prepare(rows)
    assert [(row.state, row.target) for row in rows] == [("update", CourseHours.objects.get().pk)]


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_preview_costs_a_fixed_number_of_queries(village: Village, how_many: int) -> None:
    add_members(village.town.east_small, 3)
    who = name(village.members[2])
    land(village, prepare(staged(f"SD-E1,,{who},第0期,,2026-03-05,8")))
    rows = staged("\n".join(f"SD-E1,,{who},第{n}期,,2026-03-05,8" for n in range(how_many)))

    with CaptureQueriesContext(connection) as spent:
        prepare(rows)

    assert len(spent) == 5, [query["sql"][:120] for query in spent]
