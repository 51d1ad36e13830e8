"""A cell is judged by the version of the pack in force on the first day of its period, by every engine and by writes."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.standings.conftest import judged
from tests.standings.test_live_standings import hold
from wuju.engine.items import Status
from wuju.kit.periods import Period, period_from_number
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home
from wuju.standings.actions import catch_up
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import Standing
from wuju.standings.reconcile import differences

__all__ = ["judged"]
ITEM = "meetings.members_meeting"
TWICE = f"- {{refine: {ITEM}, target: {{at_least: 2}}, because: 本区每季两次}}\n"


@pytest.fixture
def two_versions(judged: District, tmp_path: Path) -> District:
    """From July on a second version asks for two members' meetings a quarter; one was held in each."""
    shutil.copytree(pack_home(), tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "anding_2026"
    text = (folder / "pack.yaml").read_text("utf-8").replace("\nversion: 1\n", "\nversion: 2\n")
    text = text.replace("effective_from: 2026-01-01", "effective_from: 2026-07-01")
    (folder / "pack.yaml").write_text(text, "utf-8")
    (folder / "items" / "zz.yaml").write_text(TWICE, "utf-8")
    install_pack(folder=folder, document="试组发〔2026〕7号", actor=SYSTEM, at=NOW)
    for month in (2, 5, 8):
        hold(judged.east_branch, "members_meeting", TODAY.replace(month=month, day=10))
    catch_up(today=TODAY)
    return judged


def status(town: District, period: str) -> Status:
    row = Standing.objects.get(
        organization=town.east_branch, item=ITEM, period=Period.parse(period).number
    )
    return Status(row.status)


def test_a_quarter_is_judged_by_the_version_of_its_first_day(two_versions: District) -> None:
    quarters = [status(two_versions, f"2026Q{number}") for number in (1, 2, 3)]

    assert quarters == [Status.MET, Status.MET, Status.MISSED]


def test_a_year_begun_under_the_first_version_stays_with_it(two_versions: District) -> None:
    """New and changed items are owed from the first full period: there is one cell a place, not two."""
    cells, _ = evaluate_all(as_of=TODAY)
    places = [(cell.org_id, cell.item, cell.period) for cell in cells]

    assert len(places) == len(set(places))
    assert any(period_from_number(number).label == "2026" for _, _, number in places)


@pytest.mark.parametrize("engine", ["database", "oracle"])
def test_every_engine_keeps_to_the_version_of_the_day(two_versions: District, engine: str) -> None:
    one, other = evaluate_all(as_of=TODAY), evaluate_all(as_of=TODAY, engine=engine)

    assert [sorted(rows) for rows in other] == [sorted(rows) for rows in one]


def test_a_write_is_judged_by_the_version_of_its_quarter(two_versions: District) -> None:
    hold(two_versions.east_branch, "members_meeting", TODAY.replace(month=9, day=10))

    assert status(two_versions, "2026Q3") is Status.MET
    assert status(two_versions, "2026Q2") is Status.MET
    assert differences(today=TODAY) == []
