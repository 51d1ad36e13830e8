"""A roster as a township really keeps it: each cell gets its own verdict."""

import pytest

from tests.conftest import NOW, District, add_members
from tests.desk.makers import AS_OF, cell, counts, id_number, roster, rows_of, stage, workbook
from wuju.desk import actions, queries
from wuju.desk.models import Batch
from wuju.kit.actors import NotGranted
from wuju.kit.errors import DomainError
from wuju.ledger.models import Event
from wuju.people.models import Member

GOOD = id_number("19800305", 101)
WRONG = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")


def messy() -> bytes:
    return workbook(
        ("东川镇党员花名册",),
        ("注意：标红字段为必填项",),
        ("填报单位：东川镇",),
        ("基本情况", None, None, None, None, None, "党内情况", None, None),
        (
            "所在组织（请不要输入特殊符号）", "姓 名", "身份证", "性别", "出生年月（2019/10/24）",
            "联系电话", "党员类别", "入党时间（2019/10/24）", "入党时间（2019/10/24）",
        ),
        ("东川一村党支部", "赵甲", GOOD, "男", None, "13800000001", "223_正式党员", "2003.07", None),
        ("SD-E1", "钱乙", WRONG, "男", None, None, "正式", None, None),
        ("不存在的党支部", "孙丙", None, "女", "1990-01-02", None, "正式党员", None, None),
        ("SD-E1", "李丁", None, "女", "1991-01-02", None, "正式党员", None, None),
        ("SD-E1", "李丁", None, "女", "1991-01-02", None, "正式党员", None, None),
        ("SD-E1", "周戊", 990101198003051234.0, "男", None, None, "正式党员", None, None),
        ("SD-E1", "吴己", None, "男", 1998.1, None, "正式党员", None, None),
        ("SD-E2", "郑庚", None, "男", "1999/3/4", None, "预备党员", "2025-11-01", None),
        ("合计", "8 人"),
        merge=(3, 0, 3, 5),
    )  # fmt: skip


@pytest.fixture
def batch(town: District) -> Batch:
    return stage(messy(), town.east_officer)


def test_counts_the_rows_by_state(batch: Batch) -> None:
    assert counts(batch) == {"new": 2, "error": 5, "ask": 1}
    assert Member.objects.count() == 0


def test_reads_through_notes_bands_and_duplicate_headers(town: District, batch: Batch) -> None:
    page = queries.preview(scope=town.east_officer.scope, batch_id=batch.pk)

    assert [name for name, _ in page.columns] == [
        "org", "name", "id_number", "sex", "born_on", "category", "joined_on", "phone",
    ]  # fmt: skip
    assert [row.number for row in page.rows] == [6, 7, 8, 9, 10, 11, 12, 13]
    assert any("跳过" in note for note in page.notes)


def test_a_month_is_not_made_a_day(town: District, batch: Batch) -> None:
    row = rows_of(batch, town.east_officer)[6]

    assert row.state == "new"
    assert row.notes == ("加入党组织日期只写到月，没有登记。",)


@pytest.mark.parametrize(
    ("number", "column", "sentence"),
    [
        (7, "id_number", "最后一位与前面不符"),
        (8, "org", "没有“不存在的党支部”这个党组织"),
        (9, "name", "与第 10 行重复"),
        (10, "name", "与第 9 行重复"),
        (11, "id_number", "后几位已丢失"),
    ],
)
def test_the_wrong_cell_says_what_is_wrong(
    town: District, batch: Batch, number: int, column: str, sentence: str
) -> None:
    row = rows_of(batch, town.east_officer)[number]

    assert row.state == "error"
    assert cell(row, column).state == "error"
    assert sentence in cell(row, column).problem


def test_a_number_that_may_be_january_or_october_asks(town: District, batch: Batch) -> None:
    row = rows_of(batch, town.east_officer)[12]

    assert row.state == "ask"
    assert "分不清" in cell(row, "born_on").problem

    actions.correct_cell(
        batch_id=batch.pk, number=12, column="born_on", text="1998-10-05",
        actor=town.east_officer, at=NOW,
    )  # fmt: skip

    assert rows_of(batch, town.east_officer)[12].state == "new"
    assert counts(Batch.objects.get(pk=batch.pk)) == {"new": 3, "error": 5}


def test_identifiers_are_masked_in_the_preview(town: District, batch: Batch) -> None:
    row = rows_of(batch, town.east_officer)[6]

    assert cell(row, "id_number").text == f"9901{'*' * 10}{GOOD[-4:]}"
    assert cell(row, "phone").text == "138****0001"


def test_a_page_shows_only_the_problems_asked_for(town: District, batch: Batch) -> None:
    page = queries.preview(
        scope=town.east_officer.scope, batch_id=batch.pk, states=queries.PROBLEMS, size=4, page=2
    )

    assert [row.number for row in page.rows] == [11, 12]
    assert (page.total, page.pages) == (6, 2)


def test_one_broken_row_blocks_only_itself(town: District, batch: Batch) -> None:
    actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    assert set(Member.objects.values_list("name", flat=True)) == {"赵甲", "郑庚"}


def test_the_error_workbook_holds_the_rows_that_stay_out(town: District, batch: Batch) -> None:
    from wuju.kit.sheets.reader import read_book

    book = read_book(
        queries.error_book(scope=town.east_officer.scope, batch_id=batch.pk).content, "x.xlsx"
    )

    assert len(book.sheets[0].rows) == 1 + 6
    assert "原第 7 行" in str(book.sheets[0].rows[1][-1])
    assert WRONG not in repr(book.sheets[0].rows)


def test_a_row_of_another_township_is_refused(town: District) -> None:
    ours = ("SD-E1", "赵甲", None, "男", "1980-03-05", "正式党员", None)
    theirs = ("SD-W1", "钱乙", None, "男", "1981-03-05", "正式党员", None)

    batch = stage(roster(ours, theirs), town.east_officer)
    rows = rows_of(batch, town.east_officer)

    assert rows[2].state == "new"
    assert rows[3].state == "error"
    assert "不在您的管理范围内" in cell(rows[3], "org").problem


def test_who_may_not_import_is_refused_and_leaves_no_trace(town: District) -> None:
    good = roster(("SD-E1", "赵甲", None, "男", "1980-03-05", "正式党员", None))
    before = Event.objects.count()

    with pytest.raises(NotGranted):
        stage(good, town.auditor)
    assert Batch.objects.count() == 0
    assert Event.objects.count() == before
    assert stage(good, town.east_officer).rows_new == 1


def test_the_day_of_the_roster_is_asked(town: District) -> None:
    good = roster(("SD-E1", "赵甲", None, "男", "1980-03-05", "正式党员", None))

    for answer, sentence in (
        ("", "名册截至日期"),
        ("十月底", "2026-11-24 这样的日期"),
        ("2027-01-01", "不能晚于今天"),
    ):
        with pytest.raises(DomainError, match=sentence):
            stage(good, town.east_officer, as_of=answer)
    assert stage(good, town.east_officer, **AS_OF).rows_new == 1


def test_a_file_with_a_secrecy_mark_is_refused(town: District) -> None:
    marked = workbook(("机密★3年",), ("组织代码", "姓名"), ("SD-E1", "赵甲"))

    with pytest.raises(DomainError, match="非涉密"):
        stage(marked, town.east_officer)


def test_a_batch_of_another_township_cannot_be_seen(town: District, batch: Batch) -> None:
    with pytest.raises(DomainError, match="没有这一批"):
        queries.preview(scope=town.west_officer.scope, batch_id=batch.pk)
    assert queries.batches(scope=town.west_officer.scope) == []
    assert [row.id for row in queries.batches(scope=town.east_officer.scope)] == [batch.pk]


def test_who_is_missing_is_listed_and_stays(town: District) -> None:
    add_members(town.east_branch, 2)
    before = set(Member.objects.values_list("name", flat=True))

    batch = stage(
        roster(("SD-E1", "赵甲", None, "男", "1980-03-05", "正式党员", None)), town.east_officer
    )
    actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)
    page = queries.preview(scope=town.east_officer.scope, batch_id=batch.pk)

    assert before < set(Member.objects.values_list("name", flat=True))
    assert len(page.remarks) == 1
    assert all(name in page.remarks[0] for name in before)
    assert "只列出，不作变动" in page.remarks[0]
