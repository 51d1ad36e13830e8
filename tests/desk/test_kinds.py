"""Which kinds a person may import follows from the roles; a kind nobody listed is closed."""

from tests.conftest import District
from wuju.desk.kinds import PERMISSIONS, exportable_kinds, importable_kinds, may_import
from wuju.kit.sheets.registry import sheet_kinds


def test_roles_open_kinds(town: District) -> None:
    everything = [kind.code for kind in importable_kinds(town.officer)]

    assert everything[:2] == ["orgs", "members"]
    assert "orgs" not in [kind.code for kind in importable_kinds(town.east_officer)]
    assert "members" in [kind.code for kind in importable_kinds(town.east_officer)]
    assert importable_kinds(town.auditor) == importable_kinds(town.inspector) == []
    assert exportable_kinds(town.auditor) == []
    assert "orgs" in [kind.code for kind in exportable_kinds(town.inspector)]


def test_an_unlisted_kind_is_closed(town: District) -> None:
    assert not may_import(town.officer, "something_new")


def test_every_kind_that_can_be_imported_is_listed() -> None:
    """Add the kind to desk.kinds.PERMISSIONS with the permission that its rows need."""
    assert [
        code for code, kind in sheet_kinds.items() if kind.land and code not in PERMISSIONS
    ] == []
