"""Organizations from a workbook: established, renamed, moved, merged, dissolved, and taken back."""

import datetime as dt

import pytest

from tests.conftest import NOW, SYSTEM, District, add_members
from tests.desk.makers import cell, counts, dump, land, rows_of, stage, workbook
from wuju.desk import actions
from wuju.desk.models import Batch
from wuju.kit.actors import NotGranted
from wuju.kit.errors import DomainError
from wuju.org.actions import AreaDraft, establish_areas
from wuju.org.models import Organization, Parentage, Profile, Succession

HEAD = ("组织编号", "组织名称", "组织类别", "上级组织", "隶属变更日期", "领域", "建立日期", "撤销日期",
        "合并入")  # fmt: skip
D = dt.date


def tree() -> str:
    return dump(Organization, Parentage, Profile, Succession)


def row(code: str, name: str, parent: str, kind: str = "党支部", **more: object) -> list[object]:
    return [
        code, name, kind, parent, more.get("moved"), more.get("field", "行政村"),
        more.get("since", D(2015, 1, 1)), more.get("ended"), more.get("into"),
    ]  # fmt: skip


def test_children_may_stand_above_their_parents_in_the_sheet(town: District) -> None:
    batch = land(
        workbook(
            HEAD,
            row("SD-E9-1", "东川九村第一党支部", "SD-E9"),
            row("SD-E9", "东川九村党总支", "中共东川镇委员会", "党总支"),
        ),
        town.officer,
        kind="orgs",
    )

    assert counts(batch) == {"new": 2}
    child = Organization.objects.get(code="SD-E9-1")
    assert child.path.startswith(Organization.objects.get(code="SD-E9").path)
    assert child.initials.startswith("dc")


def test_several_steps_of_one_row_are_taken_in_order(town: District) -> None:
    before = tree()
    batch = land(
        workbook(
            HEAD,
            row("SD-W1", "西川新村党支部", "SD-E", moved=D(2026, 5, 1)),
            row("SD-E2", "东川二村党支部", "SD-E", ended=D(2026, 6, 1), into="SD-E1"),
            row("SD-E1", "东川一村党支部", "SD-E"),
        ),
        town.officer,
        kind="orgs",
    )

    assert counts(batch) == {"update": 2, "same": 1}
    moved = Organization.objects.get(code="SD-W1")
    assert (moved.name, moved.path[:8]) == ("西川新村党支部", town.east.path)
    assert Parentage.objects.get(organization=moved, until_on=None).from_on == D(2026, 5, 1)
    assert Organization.objects.get(code="SD-E2").dissolved_on == D(2026, 6, 1)
    assert Succession.objects.get().successor_id == town.east_branch.pk

    actions.undo_batch(batch_id=batch.pk, actor=town.officer, at=NOW)
    assert tree() == before


def test_two_that_change_places_are_put_back(town: District) -> None:
    before = tree()
    batch = land(
        workbook(
            HEAD,
            row("SD-E2", "东川二村党支部", "SD-W", moved=D(2026, 5, 1)),
            row("SD-W1", "西川一村党支部", "SD-E", moved=D(2026, 5, 1)),
            row("SD-W9", "西川九村党支部", "SD-W1"),
        ),
        town.officer,
        kind="orgs",
    )
    assert counts(batch) == {"update": 2, "new": 1}

    actions.undo_batch(batch_id=batch.pk, actor=town.officer, at=NOW)

    assert tree() == before


def test_new_organizations_with_members_are_not_taken_back(town: District) -> None:
    batch = land(workbook(HEAD, row("SD-E8", "东川八村党支部", "SD-E")), town.officer, kind="orgs")
    add_members(Organization.objects.get(code="SD-E8"), 1)
    before = tree()

    with pytest.raises(DomainError, match="第 2 行新登记的记录上已经有后续业务"):
        actions.undo_batch(batch_id=batch.pk, actor=town.officer, at=NOW)
    assert tree() == before


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        (row("SD-W1", "西川一村党支部", "SD-E"), "moved_on", "请填写隶属变更日期"),
        (row("SD-W1", "西川一村党支部", "SD-E", moved=D(2014, 1, 1)), "moved_on", "应晚于"),
        (row("SD-W1", "西川一村党支部", "SD-E", moved=D(2027, 1, 1)), "moved_on", "不能晚于今天"),
        (row("SD-W1", "西川一村党支部", "SD-W", moved=D(2026, 1, 1)), "moved_on", "没有变化"),
        (row("SD-E", "中共东川镇委员会", "SD-E1", "乡镇党委", moved=D(2026, 1, 1)), "parent",
         "自己或自己的下级"),
        (row("SD-W1", "西川一村党支部", "SD-W", "党总支"), "kind", "不能用本表改变"),
        (row("SD-E7", "东川七村党支部", "SD-X"), "parent", "没有“SD-X”这个党组织"),
        (row("SD-E7", "东川七村党支部", "SD-E", since=None), "established_on", "必须填写成立日期"),
        (row("SD-W1", "西川一村党支部", "SD-W", into="SD-E1"), "dissolved_on", "同时填写撤销日期"),
        (row("SD-W1", "西川一村党支部", "SD-W", ended=D(2014, 1, 1)), "dissolved_on", "早于成立"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_taken_says_why(
    town: District, line: list[object], column: str, sentence: str
) -> None:
    before = tree()
    batch = stage(
        workbook(HEAD, line, row("SD-E6", "东川六村党支部", "SD-E")), town.officer, kind="orgs"
    )
    rows = rows_of(batch, town.officer)

    assert (rows[2].state, rows[3].state) == ("error", "new")
    assert sentence in cell(rows[2], column).problem
    assert tree() == before


def test_a_row_on_a_broken_row_waits_for_it(town: District) -> None:
    batch = stage(
        workbook(
            HEAD,
            row("SD-E7", "东川七村党总支", "SD-E", "党总支", since=None),
            row("SD-E7-1", "东川七村第一党支部", "SD-E7"),
            row("SD-E7-2", "东川七村第二党支部", "SD-E7-1"),
            row("SD-E6", "东川六村党支部", "SD-E"),
            row("SD-E5", "东川五村党支部", "SD-E"),
            row("SD-E5", "东川五村党支部", "SD-E"),
        ),
        town.officer,
        kind="orgs",
    )

    assert counts(batch) == {"error": 5, "new": 1}
    actions.land_batch(batch_id=batch.pk, actor=town.officer, at=NOW)
    assert Organization.objects.filter(code__startswith="SD-E").count() == 4


def test_an_area_code_is_read_in_its_edition_alone(town: District) -> None:
    made = establish_areas(
        drafts=[
            AreaDraft("a", "东川一村", "village", "", 1, (("nbs", "2023", "990101001"),)),
            AreaDraft("b", "西川镇", "township", "", 2, (("mca", "2026", "990101001"),)),
        ],
        from_on=D(2020, 1, 1),
        actor=SYSTEM,
        at=NOW,
    )
    head = (*HEAD, "区划代码", "区划版本")
    batch = stage(
        workbook(
            head,
            [*row("SD-E6", "东川六村党支部", "SD-E"), "990101001", "nbs 2023"],
            [*row("SD-E7", "东川七村党支部", "SD-E"), "990101001", "2026"],
            [*row("SD-E8", "东川八村党支部", "SD-E"), "990101001", None],
            [*row("SD-E9", "东川九村党支部", "SD-E"), "990101001", "统计用区划代码2024"],
        ),
        town.officer,
        kind="orgs",
    )
    rows = rows_of(batch, town.officer)
    assert [rows[n].state for n in (2, 3, 4, 5)] == ["new", "new", "error", "error"]
    assert "请同时填写区划版本" in cell(rows[4], "area_edition").problem

    actions.land_batch(batch_id=batch.pk, actor=town.officer, at=NOW)
    areas = dict(Organization.objects.filter(area__isnull=False).values_list("code", "area_id"))
    assert areas == {"SD-E6": made["a"].pk, "SD-E7": made["b"].pk}


def test_only_who_keeps_organizations_may_bring_them(town: District) -> None:
    sheet = workbook(HEAD, row("SD-E8", "东川八村党支部", "SD-E"))

    with pytest.raises(NotGranted):
        stage(sheet, town.east_officer, kind="orgs")
    assert Batch.objects.count() == 0
    assert counts(stage(sheet, town.officer, kind="orgs")) == {"new": 1}


def test_what_was_dissolved_stays_as_it_was(town: District) -> None:
    sheet = workbook(HEAD, row("SD-E2", "东川二村党支部", "SD-E", ended=D(2026, 6, 1)))
    land(sheet, town.officer, kind="orgs")
    assert counts(stage(sheet, town.officer, kind="orgs")) == {"same": 1}

    later = row("SD-E2", "东川二村党支部", "SD-E", ended=D(2026, 6, 1), into="SD-E1")
    batch = stage(workbook(HEAD, later), town.officer, kind="orgs")

    assert "撤销，不能再改" in cell(rows_of(batch, town.officer)[2], "dissolved_on").problem
