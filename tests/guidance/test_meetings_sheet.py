"""Importing and exporting meetings: recognised, counted, explained; nobody's presence guessed."""

import datetime as dt
import io
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, TODAY, add_members
from tests.guidance.conftest import HELD, Village, events, make_meeting
from wuju.guidance.meetings import actions, queries, sheets
from wuju.guidance.meetings.drafts import ResolutionDraft
from wuju.guidance.meetings.models import Meeting, Resolution
from wuju.kit.actors import Actor, OrgScope, OutsideScope
from wuju.kit.sheets.reader import read_book
from wuju.kit.sheets.registry import LandingResult, StagedRow, sheet_kinds
from wuju.kit.sheets.staging import stage
from wuju.kit.sheets.writer import BookSpec, write_book
from wuju.ledger import queries as ledger
from wuju.people.models import Member

ALL = OrgScope.whole(because="the tests look at everything")
HEADER = "组织代码,会议类型,日期,主题,主持人,应到,实到,请假,学时,决议,赞成,编号,参会人员"


def staged(text: str) -> list[StagedRow]:
    book = read_book(f"{HEADER}\n{text}".encode(), "会议.csv")
    return stage(book, sheet_kinds["meetings"]).rows


def prepare(
    rows: Sequence[StagedRow], actor: Actor | None = None, **options: str
) -> Sequence[StagedRow]:
    scope = actor.scope if actor else ALL
    sheets.prepare(rows, scope=scope, today=TODAY, options=options)
    return rows


def land(village: Village, rows: Sequence[StagedRow]) -> LandingResult:
    return sheets.land(
        [row for row in rows if row.lands],
        actor=village.town.east_officer,
        at=NOW,
        batch="b1",
        options={},
    )


def imported(village: Village, text: str) -> Meeting:
    rows = prepare(staged(text))
    assert [row.state for row in rows] == ["new"], [row.problems for row in rows]
    land(village, rows)
    return Meeting.objects.get()


def names(village: Village) -> list[str]:
    found = dict(Member.objects.values_list("id", "name"))
    return [found[member] for member in village.members]


def test_numbers_alone_stand_as_reported(village: Village) -> None:
    meeting = imported(
        village, "SD-E1,支部党员大会,2026-11-10,年度计划,东一戊,30,25,3,1.5,通过年度计划,20,1,"
    )

    assert (meeting.attendance, meeting.roster) == ("counts", None)
    assert (meeting.due, meeting.present, meeting.excused) == (30, 25, 3)
    assert (meeting.hours_tenths, meeting.ref, meeting.chair) == (15, "1", "东一戊")
    vote = meeting.resolutions.get()
    assert (vote.text, vote.rule, vote.declared) == ("通过年度计划", "members_decision", "passed")
    assert (vote.due, vote.present, vote.ayes) == (30, 25, 20)
    assert events() == ["meetings.landed"]


def test_names_make_a_list_and_the_roster_counts(village: Village) -> None:
    came = "、".join(names(village)[2:8])

    rows = prepare(staged(f"东川一村党支部,主题党日,2026年11月10日,学习,,30,6,,,,,,{came}"))
    land(village, rows)

    meeting = Meeting.objects.get()
    assert (meeting.attendance, meeting.due, meeting.present) == ("named", 9, 6)
    assert set(meeting.exceptions.values_list("reason", flat=True)) == {"absent"}
    assert rows[0].notes == ["应到填写30人，按当日名册为9人，以名册为准。"]


def test_all_who_are_missing_were_excused_if_the_numbers_say_so(village: Village) -> None:
    came = "、".join(names(village)[2:8])

    meeting = imported(village, f"SD-E1,theme_day,2026-11-10,,,,,3,,,,,{came}")

    assert (meeting.present, meeting.excused) == (6, 3)


def test_a_number_names_a_person_too(village: Village) -> None:
    from wuju.kit import crypto
    from wuju.kit.identifiers import check_digit

    number = "62110219800101001"
    number += check_digit(number)
    member = Member.objects.get(pk=village.members[2])
    member.id_index = crypto.blind_index(number, "id")
    member.save(update_fields=["id_index"])

    meeting = imported(village, f"SD-E1,theme_day,2026-11-10,,,,,,,,,,{number}")

    assert (meeting.due, meeting.present) == (9, 1)


def test_an_ambiguous_or_unknown_name_stops_the_row(village: Village) -> None:
    twin = Member.objects.get(pk=village.members[3])
    twin.name = names(village)[2]
    twin.save(update_fields=["name"])
    text = f"SD-E1,theme_day,2026-11-10,,,,,,,,,,{twin.name}\n"

    rows = prepare(staged(text + "SD-E1,theme_day,2026-11-11,,,,,,,,,,查无此人"))

    assert [row.state for row in rows] == ["error", "error"]
    assert "当日名册中有2名" in rows[0].problems["attendees"]
    assert "不在会议当日的党员名册中" in rows[1].problems["attendees"]


def test_a_list_that_cannot_be_counted_becomes_numbers(village: Village) -> None:
    rows = prepare(
        staged(
            "SD-E1,党小组会,2026-11-10,,,8,,,,,,,甲某、乙某\n"
            "SD-E1,主题党日,2020-11-10,,,8,5,,,,,,甲某、乙某"
        )
    )
    land(village, rows)

    found = Meeting.objects.order_by("held_on").values_list("attendance", "due", "present")
    assert list(found) == [("counts", 8, 5), ("counts", 8, 2)]
    assert all("只按人数登记" in row.notes[0] for row in rows)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("SD-W1,theme_day,2026-11-10,,,,,,,,,,", "org", "管理范围"),
        ("没有这个,theme_day,2026-11-10,,,,,,,,,,", "org", "管理范围"),
        (",theme_day,2026-11-10,,,,,,,,,,", "org", "请填写组织代码"),
        ("SD-E1,喝茶,2026-11-10,,,,,,,,,,", "kind", ""),
        ("SD-E1,theme_day,2026-12-10,,,,,,,,,,", "held_on", "今天之后"),
        ("SD-E1,theme_day,2014-12-10,,,,,,,,,,", "held_on", "成立日期"),
        ("SD-E1,theme_day,2026-11-10,,,9,10,,,,,,", "present", "不能多于应到"),
        ("SD-E1,支部党员大会,2026-11-10,,,9,8,,,同意,9,,", "ayes", "赞成9票"),
        ("SD-E1,支部党员大会,2026-11-10,,,9,8,,,,7,,", "resolution", "须写明决议"),
        ("SD-E1,支部党员大会,2026-11-10,,,,,,,同意,7,,", "", "应到、实到"),
    ],
)
def test_says_in_which_cell_a_row_is_wrong(
    village: Village, text: str, column: str, words: str
) -> None:
    (row,) = prepare(staged(text), village.town.east_officer)

    assert row.state == "error"
    assert words in row.problems[column]


def test_a_decision_the_numbers_do_not_carry_is_noted(village: Village) -> None:
    rows = prepare(
        staged(
            "SD-E1,支部党员大会,2026-11-10,,,30,25,,,通过计划,10,1,\n"
            "SD-E1,支部党员大会,2026-11-10,,,30,25,,,计划未通过,10,2,\n"
            "SD-E1,组织生活会,2026-11-10,,,30,25,,,查摆问题,10,,"
        )
    )
    land(village, rows)

    assert list(Resolution.objects.order_by("id").values_list("declared", flat=True)) == [
        "passed",
        "rejected",
    ]
    assert "决议与票数不符" in rows[0].notes[0]
    assert Meeting.objects.get(kind="org_life_meeting").note == "查摆问题"


def test_two_rows_of_one_meeting_stop_each_other(village: Village) -> None:
    rows = prepare(staged("SD-E1,党课,2026-11-10,,,,,,,,,,\nSD-E1,党课,2026/11/10,,,,,,,,,,"))

    assert ["同一次会议" in row.problems["ref"] for row in rows] == [True, True]


def test_a_known_meeting_is_changed_only_where_the_sheet_says_so(village: Village) -> None:
    text = "SD-E1,支部党员大会,2026-11-10,计划,东一戊,30,25,3,1.5,通过计划,20,1,"
    imported(village, text)

    assert [row.state for row in prepare(staged(text))] == ["same"]
    rows = prepare(staged("SD-E1,支部党员大会,2026-11-10,,,,26,,,,21,1,"))
    assert [(row.state, row.cell_states["present"]) for row in rows] == [("update", "change")]
    result = land(village, rows)

    meeting = Meeting.objects.get()
    vote = meeting.resolutions.get()
    assert (meeting.topic, meeting.due, meeting.present) == ("计划", 30, 26)
    assert (vote.text, vote.present, vote.ayes) == ("通过计划", 26, 21)
    assert (result.created, result.updated) == (0, 1)

    assert sheets.undo(result.undo, actor=village.town.east_officer, at=NOW, batch="b1") == 1
    meeting = Meeting.objects.get()
    assert (meeting.present, meeting.resolutions.get().ayes) == (25, 20)
    assert ledger.verify_records(scope=ALL) == []


def test_a_changed_vote_is_declared_anew_and_an_unchanged_one_stays(village: Village) -> None:
    text = "SD-E1,支部党员大会,2026-11-10,{},,30,25,,,{},{},,"
    imported(village, text.format("计划", "通过计划", 20))
    Resolution.objects.update(declared="rejected")  # as the meeting's own record says

    land(village, prepare(staged(text.format("新题", "通过计划", 20))))
    assert Resolution.objects.get().declared == "rejected"
    land(village, prepare(staged(text.format("新题", "通过计划", 21))))
    assert Resolution.objects.get().declared == "passed"
    land(village, prepare(staged(text.format("新题", "计划未通过", 9))))
    assert Resolution.objects.get().declared == "rejected"


def test_a_plan_that_was_held_becomes_a_meeting(village: Village) -> None:
    planned = make_meeting(village, status="planned", held_on=TODAY)

    rows = prepare(staged(f"SD-E1,theme_day,{TODAY},,,9,8,,,,,,"))
    land(village, rows)

    meeting = Meeting.objects.get()
    assert (meeting.pk, meeting.status, meeting.present) == (planned.pk, "held", 8)


def test_undo_deletes_what_the_batch_made(village: Village) -> None:
    result = land(village, prepare(staged("SD-E1,党课,2026-11-10,,,9,8,,,,,,")))

    assert sheets.undo(result.undo, actor=village.town.east_officer, at=NOW, batch="b1") == 1
    assert not Meeting.objects.exists()


def test_what_changed_after_the_preview_does_not_land(village: Village) -> None:
    rows = prepare(staged("SD-E1,theme_day,2026-11-10,,,9,8,,,,,,"))
    make_meeting(village)

    with pytest.raises(sheets.ChangedWhileLanding):
        land(village, rows)

    rows = prepare(staged("SD-E1,theme_day,2026-11-10,新题,,,,,,,,,"))
    seen = queries.draft_for(scope=ALL, meeting_id=Meeting.objects.get().pk)
    actions.correct_meeting(
        meeting_id=Meeting.objects.get().pk,
        draft=seen,
        version=1,
        actor=village.town.east_secretary,
        at=NOW,
    )
    with pytest.raises(sheets.ChangedWhileLanding):
        land(village, rows)
    assert Meeting.objects.get().topic == ""


def test_landing_checks_the_scope_again(village: Village) -> None:
    rows = prepare(staged("SD-E1,theme_day,2026-11-10,,,9,8,,,,,,"))

    with pytest.raises((sheets.ChangedWhileLanding, OutsideScope)):
        sheets.land(rows, actor=village.town.west_officer, at=NOW, batch="b", options={})

    assert not Meeting.objects.exists()


def written(village: Village) -> bytes:
    kind, target = sheet_kinds["meetings"], io.BytesIO()
    rows = sheets.export(scope=village.town.east_officer.scope, today=TODAY)
    write_book(target, BookSpec(code=kind.code, title=kind.title, columns=kind.columns), rows)
    return target.getvalue()


def test_an_export_comes_back_without_a_change(village: Village) -> None:
    vote = ResolutionDraft(text="同意", rule="members_decision", ayes=7, declared="passed")
    make_meeting(village, kind="members_meeting", resolutions=(vote,), note="备注")
    make_meeting(village, absent_ids=(village.members[4],), came_ids=(village.exempt[0],))
    make_meeting(village, kind="party_lecture", attendance="counts", due=9, present=8)
    make_meeting(village, kind="committee_meeting")
    make_meeting(village, status="planned", held_on=TODAY)
    twin = Member.objects.get(pk=village.members[3])
    twin.name = names(village)[2]
    twin.save(update_fields=["name"])

    rows = stage(read_book(written(village), "会议.xlsx"), sheet_kinds["meetings"]).rows
    prepare(rows)
    assert [row.state for row in rows] == ["same"] * 4, [row.cell_states for row in rows]

    for row in rows:  # the same cells without the hidden sheet
        row.row_key, row.row_version, row.untouched = "", "", False
    prepare(rows)
    assert [row.state for row in rows] == ["same"] * 4, [row.cell_states for row in rows]


def test_an_edited_export_finds_its_meeting_even_on_another_day(village: Village) -> None:
    meeting = make_meeting(village, excused_ids=(village.members[4],))
    (row,) = stage(read_book(written(village), "会议.xlsx"), sheet_kinds["meetings"]).rows
    row.values["held_on"] = HELD + dt.timedelta(days=1)
    row.untouched = False

    prepare([row])
    assert (row.state, row.cell_states["held_on"]) == ("update", "change")
    land(village, [row])

    stored = Meeting.objects.get()
    assert (stored.pk, stored.held_on, stored.excused) == (meeting.pk, row.values["held_on"], 1)


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_preview_costs_a_fixed_number_of_queries(village: Village, how_many: int) -> None:
    add_members(village.town.east_small, 3)
    make_meeting(village, held_on=dt.date(2026, 3, 1))
    came = "、".join(names(village)[2:8])
    lines = [f"SD-E1,theme_day,2026-03-{n + 1:02d},,,,,,,,,,{came}" for n in range(how_many)]
    rows = staged("\n".join(lines))

    with CaptureQueriesContext(connection) as spent:
        prepare(rows)

    assert len(spent) == 10, [query["sql"][:120] for query in spent]
