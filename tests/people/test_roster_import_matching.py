"""Who a roster row is: certain matches land, partial ones ask, nobody is guessed."""

import datetime as dt

import pytest

from tests.conftest import NOW, District
from tests.desk.makers import cell, counts, id_number, land, roster, rows_of, stage, workbook
from wuju.desk import actions
from wuju.desk.models import Batch
from wuju.people.models import Member, Membership

ZHAO, OTHER = id_number("19800305", 101), id_number("19800305", 103)


@pytest.fixture
def known(town: District) -> Member:
    """赵甲 of 东川一村党支部, with a number and a birth date."""
    land(
        roster(
            ("SD-E1", "赵甲", ZHAO, "男", "1980-03-05", "预备党员", "13800000001"),
            ("SD-E1", "钱乙", None, "女", None, "正式党员", None),
        ),
        town.east_officer,
        as_of="2026-09-30",
    )
    return Member.objects.get(name="赵甲")


def one(town: District, *cells: object) -> tuple[Batch, object]:
    batch = stage(roster(cells), town.east_officer)
    return batch, rows_of(batch, town.east_officer)[2]


def test_the_number_recognises_whatever_else_changed(town: District, known: Member) -> None:
    batch = land(
        roster(("SD-E2", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", "13900000009")),
        town.east_officer,
    )

    assert counts(batch) == {"update": 1}
    assert Member.objects.filter(name="赵甲").count() == 1
    spans = Membership.objects.filter(member=known).order_by("id")
    assert list(spans.values_list("organization__code", "category", "from_on", "until_on")) == [
        ("SD-E1", "probationary", dt.date(2026, 9, 30), dt.date(2026, 10, 31)),
        ("SD-E2", "full", dt.date(2026, 10, 31), None),
    ]


def test_the_cells_that_change_are_shown(town: District, known: Member) -> None:
    _, row = one(town, "SD-E2", "赵甲", ZHAO, "男", "1980-03-05", "预备党员", "13900000009")

    states = {name: cell(row, name).state for name in ("org", "name", "id_number", "phone")}  # type: ignore[arg-type]
    assert states == {"org": "change", "name": "same", "id_number": "same", "phone": "change"}
    assert "原在“SD-E1”" in row.notes[0]  # type: ignore[attr-defined]


def test_branch_name_and_birth_date_recognise_without_a_number(
    town: District, known: Member
) -> None:
    batch, _ = one(town, "SD-E1", "赵甲", None, "男", "1980-03-05", "预备党员", None)

    assert counts(batch) == {"same": 1}


@pytest.mark.parametrize(
    ("number", "born", "sentence"),
    [
        (None, "1980-03-06", "出生日期为 1980-03-05"),
        (None, None, "出生日期不全"),
        (OTHER, "1980-03-05", "公民身份号码不同"),
    ],
)
def test_a_namesake_in_the_branch_asks(
    town: District, known: Member, number: str | None, born: str | None, sentence: str
) -> None:
    batch, row = one(town, "SD-E1", "赵甲", number, "男", born, "预备党员", None)

    assert counts(batch) == {"ask": 1}
    assert sentence in cell(row, "name").problem  # type: ignore[arg-type]
    actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)
    assert Member.objects.count() == 2


def test_the_answer_decides_who_it_is(town: District, known: Member) -> None:
    line = ("SD-E1", "赵甲", None, "男", "1980-03-06", "预备党员", None)
    same, _ = one(town, *line)
    new, _ = one(town, *line)
    skipped, _ = one(town, *line)
    for batch, choice in ((same, "match"), (new, "new"), (skipped, "skip")):
        actions.resolve_ask(
            batch_id=batch.pk, number=2, choice=choice, actor=town.east_officer, at=NOW
        )

    assert [counts(Batch.objects.get(pk=b.pk)) for b in (same, new, skipped)] == [
        {"update": 1}, {"new": 1}, {"ask": 1},
    ]  # fmt: skip
    for batch in (skipped, new):
        actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)
    assert Member.objects.filter(name="赵甲").count() == 2


def test_an_answer_to_no_question_is_refused(town: District, known: Member) -> None:
    batch, _ = one(town, "SD-E1", "孙丙", None, "男", "1980-03-06", "预备党员", None)

    with pytest.raises(actions.NotAQuestion):
        actions.resolve_ask(
            batch_id=batch.pk, number=2, choice="new", actor=town.east_officer, at=NOW
        )
    with pytest.raises(actions.NoSuchRow):
        actions.resolve_ask(
            batch_id=batch.pk, number=9, choice="new", actor=town.east_officer, at=NOW
        )


def test_a_number_with_another_name_asks(town: District, known: Member) -> None:
    _, row = one(town, "SD-E1", "赵甲甲", ZHAO, "男", "1980-03-05", "预备党员", None)

    assert "登记的姓名是“赵甲”" in cell(row, "name").problem  # type: ignore[arg-type]


def test_a_number_known_outside_the_scope_asks_for_a_transfer(
    town: District, known: Member
) -> None:
    batch = stage(
        roster(("SD-W1", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", None)), town.west_officer
    )
    row = rows_of(batch, town.west_officer)[2]

    assert "组织关系转接" in cell(row, "id_number").problem
    assert set(row.choices) == {"skip"}
    assert "东川" not in repr(row)


def test_somebody_without_a_birth_date_is_completed_when_confirmed(
    town: District, known: Member
) -> None:
    number = id_number("19850607", 102)
    batch, _ = one(town, "SD-E1", "钱乙", number, "女", "1985-06-07", "正式党员", None)
    actions.resolve_ask(
        batch_id=batch.pk, number=2, choice="match", actor=town.east_officer, at=NOW
    )
    actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    again, _ = one(town, "SD-E1", "钱乙", number, "女", "1985-06-07", "正式党员", None)
    assert counts(again) == {"same": 1}
    assert Member.objects.get(name="钱乙").born_on == dt.date(1985, 6, 7)


def test_an_older_roster_does_not_overwrite_a_newer_one(town: District, known: Member) -> None:
    older = roster(("SD-E1", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", None))

    batch = stage(older, town.east_officer, as_of="2026-08-31")

    row = rows_of(batch, town.east_officer)[2]
    assert row.state == "error"
    assert "比这份名册新" in row.problem


def test_one_number_twice_stops_both_rows(town: District) -> None:
    batch = stage(
        roster(
            ("SD-E1", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", None),
            ("SD-E2", "赵乙", ZHAO, "男", "1980-03-05", "正式党员", None),
            ("SD-E2", "孙丙", None, "男", "1980-03-05", "正式党员", None),
        ),
        town.east_officer,
    )

    assert counts(batch) == {"new": 1, "error": 2}


def test_namesakes_with_different_numbers_are_two_people(town: District) -> None:
    batch = land(
        roster(
            ("SD-E1", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", None),
            ("SD-E1", "赵甲", OTHER, "男", "1980-03-05", "正式党员", None),
        ),
        town.east_officer,
    )

    assert counts(batch) == {"new": 2}


def test_what_contradicts_itself_is_said(town: District) -> None:
    batch = stage(
        workbook(
            ("组织代码", "姓名", "身份证", "性别", "出生日期", "人员类别", "入党日期", "转正日期"),
            ("SD-E1", "赵甲", ZHAO, "女", "1980-03-06", "正式", "2003-07-01", "2004-07-01"),
            ("SD-E1", "钱乙", None, "女", "1980-03-06", "预备", "2025-07-01", "2026-07-01"),
            ("SD-E1", "孙丙", None, "女", "1980-03-06", "正式", "2025-07-01", "2024-07-01"),
            ("SD-E1", "李丁", None, None, "1980-03-06", None, None, None),
        ),
        town.east_officer,
    )
    rows = rows_of(batch, town.east_officer)

    assert rows[2].state == "new"
    assert len(rows[2].notes) == 2
    assert "预备党员不应有" in cell(rows[3], "full_on").problem
    assert "早于加入党组织日期" in cell(rows[4], "full_on").problem
    assert "请填写人员类别" in cell(rows[5], "category").problem
    assert "请填写性别" in cell(rows[5], "sex").problem


def test_a_sheet_of_one_branch_needs_no_organization_column(town: District) -> None:
    sheet = workbook(
        ("姓名", "性别", "出生日期", "人员类别"), ("赵甲", "男", "1980-03-05", "正式")
    )

    assert counts(stage(sheet, town.east_officer)) == {"error": 1}
    assert counts(land(sheet, town.east_officer, org="SD-E2")) == {"new": 1}
    assert Membership.objects.get().organization_id == town.east_small.pk
