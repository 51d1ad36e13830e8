"""Whatever leaves as a file is on the ledger first: who, what, from where, how many rows, which filter."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

import wuju
from tests.conftest import NOW, SYSTEM, District, add_members
from tests.loops import cast
from tests.web.findings_cast import client_of
from tests.web.furnished import address, both, routes
from tests.web.test_members_register import add_one
from wuju.desk.actions import export_records
from wuju.kit.actors import NotGranted
from wuju.ledger import actions as ledger
from wuju.ledger.models import Event

SRC = Path(wuju.__file__).parent
# what makes the bytes of a file, and the modules that may: actions, and those they are made of
MAKERS = {"export_book", "error_book", "document", "write_book", "write_csv", "write_error_book", "write_letter"}  # fmt: skip
WITHIN = {
    "desk/actions/exporting.py", "desk/queries.py", "accountability/bulletins/actions.py",
    "accountability/bulletins/queries.py",
}  # fmt: skip


def exports() -> list[Event]:
    return list(Event.objects.filter(action="records.exported").order_by("id"))


def test_every_page_that_hands_a_file_over_notes_it(town: District) -> None:
    """Whatever new page answers with an attachment meets this too."""
    east, _ = both(town)
    client = client_of(town.officer, town)
    files = []
    for name, route in routes():
        if name in {"logout", "desk-headers"}:
            continue
        before = len(exports())
        answer = client.get(address(route, **east.values()))
        if "attachment" in answer.get("Content-Disposition", ""):
            files.append(name)
            assert len(exports()) == before + 1, name
        else:
            assert len(exports()) == before, name

    assert files == ["batch-errors", "export", "bulletin-docx"]


def test_a_register_is_noted_with_its_scope_and_rows(town: District) -> None:
    add_one(town)
    add_members(town.east_small, 2)
    client = client_of(town.east_officer, town)

    client.get("/exports/members/")
    client.get(f"/exports/members/?org={town.east_small.pk}")

    every, narrowed = exports()
    assert (every.actor_name, every.target) == (town.east_officer.name, "records:members")
    assert (every.details["what"], every.details["rows"]) == ("members", 3)
    assert every.details["under"] == [town.east.path]
    assert (narrowed.details["rows"], narrowed.details["under"]) == (2, [town.east_small.path])
    assert narrowed.org_path == town.east_small.path
    assert set(every.details["filter"]) == {"until"}


def test_a_document_is_noted_by_its_number_in_the_system(town: District) -> None:
    east, _ = both(town)
    client_of(town.officer, town).get(f"/bulletins/{east.bulletin_id}.docx")

    (event,) = exports()
    assert event.target == f"bulletin:{east.bulletin_id}"
    assert event.details["filter"] == {"bulletin": east.bulletin_id}


def test_an_error_workbook_is_noted_by_its_import(town: District) -> None:
    east, _ = both(town)
    client_of(town.officer, town).get(f"/desk/{east.batch_id}/errors/")

    (event,) = exports()
    assert event.target == f"import:{east.batch_id}"
    assert event.details["rows"] == 1


def test_nothing_is_handed_over_that_is_refused(town: District) -> None:
    with pytest.raises(NotGranted):
        export_records(kind="members", today=NOW.date(), actor=town.auditor, at=NOW)

    assert exports() == []


def test_looking_without_taking_leaves_no_export(town: District) -> None:
    east, _ = both(town)
    client = client_of(town.officer, town)

    for place in ("/exports/members/", f"/bulletins/{east.bulletin_id}.docx"):
        assert client.head(place).status_code == 405
    client.get(f"/bulletins/{east.bulletin_id}/")

    assert exports() == []


def test_a_filter_is_never_what_a_person_typed(db: None) -> None:
    def note(**filters: str) -> Event:
        return ledger.record_export(
            what="members", rows=1, filters=filters, target="records:members", actor=SYSTEM, at=NOW
        )

    with pytest.raises(ValueError, match="not a code"):
        note(text="周丙丁")
    assert note(until=date(2026, 11, 24).isoformat()).details["rows"] == 1


def test_the_trail_says_who_took_a_file(town: District) -> None:
    cast.raised(town)
    officer = client_of(town.officer, town)
    officer.get("/exports/findings/")

    html = Client.get(officer, "/trail/").content.decode()
    assert "记录 · 导出" in html


def test_no_face_makes_a_file_by_itself() -> None:
    """Hand files over through an action that notes it (`ledger.actions.record_export`)."""
    offenders = [
        f"{path.relative_to(SRC)}:{node.lineno} {ast.unparse(node.func)}"
        for path in sorted(SRC.rglob("*.py"))
        if str(path.relative_to(SRC)) not in WITHIN and "kit" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in MAKERS
        and not ast.unparse(node.func).startswith("self.")
    ]

    assert offenders == []
