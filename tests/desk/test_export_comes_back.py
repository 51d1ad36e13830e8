"""Our own export, imported again, changes nothing; an edited cell of it changes that cell."""

import io

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import NOW, TODAY, District, add_members
from tests.desk.makers import cell, counts, id_number, land, people, roster, rows_of, stage
from wuju.desk import actions, queries
from wuju.desk.kinds import UnknownKind
from wuju.people.models import Member

ZHAO = id_number("19800305", 101)


@pytest.fixture
def book(town: District) -> bytes:
    land(
        roster(("SD-E1", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", "13800000001")),
        town.east_officer,
    )
    add_members(town.east_small, 3)
    add_members(town.west_branch, 2)
    return queries.export_book(scope=town.east_officer.scope, kind="members", today=TODAY).content


def test_identifiers_leave_masked(book: bytes) -> None:
    cells = repr(
        CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    )

    assert "赵甲" in cells
    assert ZHAO not in cells
    assert "13800000001" not in cells


def test_it_holds_the_scope_and_nothing_else(book: bytes) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()

    assert len([row for row in rows if str(row[0]).startswith("SD-E")]) == 4
    assert not [row for row in rows if str(row[0]).startswith("SD-W")]


def test_importing_it_again_changes_nothing(town: District, book: bytes) -> None:
    before = people()

    batch = stage(book, town.east_officer, as_of="2026-11-24")
    assert counts(batch) == {"same": 4}
    assert cell(rows_of(batch, town.east_officer)[3], "id_number").state in {"masked", "same"}
    actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    assert people() == before


def test_an_edited_cell_changes_that_cell_and_masked_ones_stay(
    town: District, book: bytes
) -> None:
    ciphers = Member.objects.get(name="赵甲").id_cipher

    batch = land(edited(book, "赵甲", "学历", "大专"), town.east_officer, as_of="2026-11-24")

    assert counts(batch) == {"update": 1, "same": 3}
    member = Member.objects.get(name="赵甲")
    assert (member.education, member.id_cipher) == ("college", ciphers)


def test_a_row_changed_in_the_system_since_the_export_asks(town: District, book: bytes) -> None:
    land(
        roster(("SD-E1", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", "13900000009")),
        town.east_officer,
        as_of="2026-11-20",
    )

    batch = stage(edited(book, "赵甲", "学历", "大专"), town.east_officer, as_of="2026-11-24")

    row = next(row for row in rows_of(batch, town.east_officer).values() if row.state != "same")
    assert row.state == "ask"
    assert "导出以后" in row.problem


def test_organizations_come_back_too(town: District) -> None:
    from tests.desk.makers import dump
    from wuju.org.models import Organization, Parentage

    export = queries.export_book(scope=town.officer.scope, kind="orgs", today=TODAY).content
    before = dump(Organization, Parentage)

    batch = land(export, town.officer, kind="orgs")

    assert counts(batch) == {"same": 7}
    assert dump(Organization, Parentage) == before


def test_an_unknown_kind_is_refused(town: District) -> None:
    with pytest.raises(UnknownKind):
        queries.export_book(scope=town.officer.scope, kind="scores", today=TODAY)


def edited(book: bytes, name: str, header: str, value: str) -> bytes:
    """Return the workbook with one cell typed over, as a person would in a spreadsheet."""
    import xlsxwriter

    source = CalamineWorkbook.from_filelike(io.BytesIO(book))
    target = io.BytesIO()
    copy = xlsxwriter.Workbook(target, {"strings_to_numbers": False})
    day = copy.add_format({"num_format": "yyyy-mm-dd"})
    for title in source.sheet_names:
        rows = source.get_sheet_by_name(title).to_python(skip_empty_area=False)
        head = next((row for row in rows if header in row), None)
        sheet = copy.add_worksheet(title)
        for line, row in enumerate(rows):
            for index, found in enumerate(row):
                over = head is not None and name in row and index == head.index(header)
                text = value if over else found
                if hasattr(text, "year"):
                    sheet.write_datetime(line, index, text, day)
                elif text != "":
                    sheet.write(line, index, text)
        if title == "_wuju":
            sheet.very_hidden()
    copy.close()
    return target.getvalue()
