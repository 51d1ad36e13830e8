"""The 整改台账 as people keep it: in, matched, asked about, taken back, out again."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence

import pytest

from tests.conftest import NOW, TODAY, District
from tests.kit.sheets.samples import workbook
from wuju.kit.actors import Actor
from wuju.kit.sheets.reader import read_book
from wuju.kit.sheets.registry import LandingResult, StagedRow, sheet_kinds
from wuju.kit.sheets.staging import stage
from wuju.kit.sheets.writer import book_spec, write_book
from wuju.loops import actions, sheets
from wuju.loops.matching import standing_of
from wuju.loops.models import Loop, Measure, Step

from . import cast

KIND = sheet_kinds["findings"]
HEADER = ("序号", "反馈问题（方面/大项）", "具体问题", "整改措施", "责任领导", "责任单位", "整改时限（立行立改/限期/长期）",
          "整改进展", "完成情况", "销号时间")  # fmt: skip
GOING = (1, "基层基础方面", "二季度少开一次党员大会", "补开会议；每季核对", "责任甲", "东川一村党支部", "2026-12-31", "已补开一次", "整改中", None)  # fmt: skip
CLOSED = (2, "组织生活不规范", "党课记录不全", "补课", "责任甲", "西川一村党支部", "2026年10月30日", "", "已销号", "2026年10月20日")  # fmt: skip
REPORTED = {"opened_on": "2026-09-01", "origin": "review"}


def staged(data: bytes) -> list[StagedRow]:
    return stage(read_book(data, "台账.xlsx"), KIND).rows


def prepared(
    rows: Sequence[Sequence[object]], actor: Actor, options: Mapping[str, str] = REPORTED
) -> list[StagedRow]:
    found = staged(workbook([["某区整改台账"], HEADER, *rows]))
    sheets.prepare(found, scope=actor.scope, today=TODAY, options=options)
    return found


def land(rows: list[StagedRow], actor: Actor) -> LandingResult:
    return sheets.land(
        [row for row in rows if row.lands], actor=actor, at=NOW, batch="b1", options=REPORTED
    )


def exported(actor: Actor) -> list[StagedRow]:
    target = io.BytesIO()
    write_book(target, book_spec(KIND), sheets.export(scope=actor.scope, today=TODAY))
    rows = staged(target.getvalue())
    sheets.prepare(rows, scope=actor.scope, today=TODAY, options={})
    return rows


def test_a_register_as_people_keep_it_lands(town: District) -> None:
    rows = prepared([GOING, CLOSED, ("说明：本表按季更新",)], town.officer)
    assert [row.state for row in rows] == ["new", "new"]

    result = land(rows, town.officer)

    going, closed = Loop.objects.order_by("id")
    assert (result.created, result.notes) == (2, ("1个已销号问题标记为“未经本系统核验”。",))
    assert (going.state, going.due_on, going.organization_id, going.origin) == (
        "rectifying", dt.date(2026, 12, 31), town.east_branch.pk, "review",
    )  # fmt: skip
    assert (going.category, going.category_text) == ("other", "基层基础方面")
    assert list(Measure.objects.filter(loop=going).values_list("text", flat=True)) == [
        "补开会议",
        "每季核对",
    ]
    assert (closed.category, closed.category_text, closed.imported) == ("org_life", "", True)
    last = Step.objects.filter(loop=going).order_by("id").last()
    assert last is not None
    assert last.note == "已补开一次"


def test_where_it_stands_alone_the_heading_is_the_finding(town: District) -> None:
    rows = staged(
        workbook(
            [
                ["反馈问题", "责任单位", "整改时限"],
                ["党课记录不全", "西川一村党支部", "2027-01-31"],
            ]
        )
    )
    sheets.prepare(rows, scope=town.officer.scope, today=TODAY, options={})

    assert land(rows, town.officer).created == 1
    assert Loop.objects.get().fact == "党课记录不全"


def test_landing_the_same_register_again_changes_nothing(town: District) -> None:
    land(prepared([GOING, CLOSED], town.officer), town.officer)

    again = prepared([GOING, CLOSED], town.officer)

    assert [(row.state, row.problems) for row in again] == [("same", {}), ("same", {})]


def test_an_export_comes_back_without_a_change(town: District) -> None:
    land(prepared([GOING, CLOSED], town.officer), town.officer)
    cast.closed(town)
    cast.notified(town, town.west_branch, nature="long_term", category="disclosure")

    rows = exported(town.officer)

    assert len(rows) == 4
    assert [(row.state, row.problems) for row in rows] == [("same", {})] * 4


def test_a_township_exports_and_imports_only_its_own(town: District) -> None:
    cast.raised(town)
    cast.raised(town, town.west_branch)

    assert len(exported(town.west_officer)) == 1
    (row,) = prepared([CLOSED], town.east_officer)
    assert "您的管理范围内没有“西川一村党支部”" in row.problems["responsible"]


def test_words_are_corrected_by_import(town: District) -> None:
    cast.raised(town)
    (row,) = exported(town.officer)
    row.values["basis"], row.untouched = "条例第十二条", False
    sheets.prepare([row], scope=town.officer.scope, today=TODAY, options={})
    assert row.state == "update"

    result = land([row], town.officer)

    assert result.updated == 1
    assert Loop.objects.get().basis == "条例第十二条"
    assert sheets.undo(result.undo, actor=town.officer, at=NOW, batch="b1") == 1
    assert Loop.objects.get().basis == cast.draft(town.east_branch).basis


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("due_on", "2027-01-31", "请在问题页办理延期"),
        ("state", "已销号", "状态有变化的，请在问题页办理"),
        ("closed_on", dt.date(2026, 11, 1), "销号须先经核实"),
        ("measures", "加强学习", "请在问题页报送"),
    ],
)
def test_an_import_never_stands_in_for_an_act(
    town: District, column: str, value: object, sentence: str
) -> None:
    cast.planned(town)
    (row,) = exported(town.officer)
    row.values[column], row.untouched = value, False

    sheets.prepare([row], scope=town.officer.scope, today=TODAY, options={})

    assert row.state == "ask"
    assert sentence in row.problems[column]


def test_a_row_that_was_worked_on_since_its_export_asks(town: District) -> None:
    loop = cast.raised(town)
    (row,) = exported(town.officer)
    actions.send_notice(loop_id=loop.pk, actor=town.officer, at=NOW)
    row.values["basis"], row.untouched = "条例第十二条", False

    sheets.prepare([row], scope=town.officer.scope, today=TODAY, options={})

    assert row.state == "ask"
    assert "在导出之后又有变动" in row.problems[""]


def test_the_same_words_on_another_day_ask_instead_of_guessing(town: District) -> None:
    land(prepared([GOING], town.officer), town.officer)

    later = (*GOING[:6], "2027-03-31", *GOING[7:])
    (again,) = prepared([later], town.officer, {"opened_on": "2026-11-01"})
    (moved,) = prepared([later], town.officer)

    assert (again.state, moved.state) == ("ask", "ask")
    assert "已有相同描述的问题2026-0001" in again.problems["text"]
    assert "办理延期" in moved.problems["due_on"]


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({6: "月底"}, "due_on", "看不懂整改时限“月底”"),
        ({6: "2026-08-01"}, "due_on", "整改时限早于提出日期"),
        ({8: "已完成"}, "closed_on", "请补上销号日期"),
        ({9: "2026-12-01"}, "closed_on", "销号日期应在提出日期以后、今天以前"),
        ({5: ""}, "org", "请填写组织代码"),
    ],
)
def test_a_row_that_makes_no_sense_says_so(
    town: District, change: dict[int, object], column: str, sentence: str
) -> None:
    cells = [change.get(place, cell) for place, cell in enumerate(GOING)]

    right, wrong = prepared([CLOSED, cells], town.officer)

    assert right.state == "new"
    assert not wrong.lands
    assert sentence in wrong.problems[column]


def test_old_rows_need_to_know_when_they_were_raised(town: District) -> None:
    (row,) = prepared([CLOSED], town.officer, {})

    assert row.state == "ask"
    assert "问题反馈日期" in row.problems["opened_on"]


def test_twins_in_one_sheet_are_stopped(town: District) -> None:
    first, second = prepared([GOING, GOING], town.officer)

    assert (first.state, second.state) == ("new", "error")
    assert "重复" in second.problems[""]


def test_a_landed_register_is_taken_back(town: District) -> None:
    result = land(prepared([GOING, CLOSED], town.officer), town.officer)

    assert sheets.undo(result.undo, actor=town.officer, at=NOW, batch="b1") == 2
    assert not Loop.objects.exists()


@pytest.mark.parametrize("how_many", [1, 60])
def test_matching_costs_the_same_however_long(
    town: District, how_many: int, django_assert_max_num_queries: object
) -> None:
    rows = [(n, "基层基础方面", f"问题{n}", *GOING[3:]) for n in range(how_many)]

    with django_assert_max_num_queries(3):  # type: ignore[operator]
        prepared(rows, town.officer)


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ("已完成", "closed"), ("完成", "closed"), ("已销号", "closed"), ("未销号", "rectifying"),
        ("基本完成", "rectifying"), ("长期坚持", "rectifying"), ("办结", "closed"),
        ("已立项", "opened"), ("", ""),
    ],
)  # fmt: skip
def test_what_people_write_of_progress_is_understood(words: str, standing: str) -> None:
    assert standing_of(words) == standing
