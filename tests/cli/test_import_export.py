"""`wuju import` and `wuju export`: the desk from the command line, with the rights of a person."""

import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import NOW, District
from tests.desk.makers import AS_OF, dump, id_number, roster
from tests.web.conftest import open_account
from wuju import cli
from wuju.access import actions as access
from wuju.access.queries import actor_for
from wuju.cli import session
from wuju.desk.models import Batch, BatchChunk
from wuju.flows.importing import FileTooLarge, NoSuchFile, Report, import_file
from wuju.kit.actors import Actor, NotGranted
from wuju.kit.sheets.reader import read_book
from wuju.ledger.models import Event
from wuju.people.models import Member, Membership


def line(town: District, name: str, serial: int, sex: str = "男") -> tuple[object, ...]:
    number = id_number("19700101", serial)
    return (town.east_branch.code, name, number, sex, "1970-01-01", "正式党员", "13800001234")


@pytest.fixture
def file(tmp_path: Path, town: District) -> Path:
    """A roster of two right rows and a wrong one."""
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(
        roster(line(town, "周甲", 1), line(town, "周乙", 3), line(town, "周丙", 5, sex="未知"))
    )
    return path


def take(file: Path, actor: Actor, *, check: bool = False) -> Report:
    return import_file(kind="members", path=file, options=AS_OF, check=check, actor=actor, at=NOW)


# ------------------------------------------------------------------ the flow


def test_right_rows_land_and_wrong_ones_come_back_beside_the_file(
    file: Path, town: District
) -> None:
    report = take(file, town.east_officer)

    assert report.landed == 2
    assert sorted(Member.objects.values_list("name", flat=True)) == ["周乙", "周甲"]
    assert [row for row, _ in report.problems] == [4]
    beside = file.with_name("花名册.问题.xlsx")
    text = repr(read_book(beside.read_bytes(), beside.name).sheets[0].rows)
    assert "周丙" in text
    assert "周甲" not in text
    assert id_number("19700101", 5) not in text


def test_a_check_tells_the_same_and_changes_nothing(file: Path, town: District) -> None:
    before = (dump(Member, Membership, Batch, BatchChunk, Event), sorted(file.parent.iterdir()))

    checked = take(file, town.east_officer, check=True)

    after = (dump(Member, Membership, Batch, BatchChunk, Event), sorted(file.parent.iterdir()))
    assert before == after
    landed = take(file, town.east_officer)
    assert checked.counts == landed.counts
    assert checked.problems == landed.problems


def test_the_same_file_again_changes_nothing_more(file: Path, town: District) -> None:
    take(file, town.east_officer)

    again = take(file, town.east_officer)

    assert (again.landed, again.counts["same"]) == (0, 2)
    assert Member.objects.count() == 2


def test_the_report_is_sentences_and_data(file: Path, town: District) -> None:
    report = take(file, town.east_officer)

    assert all(text.endswith("。") for text in report.lines())
    assert json.loads(json.dumps(report.as_dict()))["landed"] == 2
    assert "花名册.问题.xlsx" in "".join(report.lines())


@pytest.mark.parametrize("check", [True, False])
def test_who_may_not_import_is_refused(file: Path, town: District, *, check: bool) -> None:
    with pytest.raises(NotGranted):
        take(file, town.inspector, check=check)

    assert not Batch.objects.exists()
    assert len(list(file.parent.iterdir())) == 1


def test_rows_of_another_township_do_not_land(file: Path, town: District) -> None:
    report = take(file, town.west_officer)

    assert report.landed == 0
    assert len(report.problems) == 3
    assert not Member.objects.exists()


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path, town: District) -> None:
    with pytest.raises(NoSuchFile):
        take(tmp_path / "没有.xlsx", town.east_officer)
    large = tmp_path / "大.xlsx"
    with large.open("wb") as target:
        target.truncate(21 * 1024 * 1024)

    with pytest.raises(FileTooLarge):
        take(large, town.east_officer)


# ------------------------------------------------------------------ the command


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, [str(one) for one in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def demo(settings: object) -> None:
    settings.WUJU_DEMO = True  # type: ignore[attr-defined]


def test_a_demo_home_imports_without_a_person(file: Path, town: District, demo: None) -> None:
    code, said = run("import", "members", file, "--option", "as_of=2026-10-31")

    assert code == 0
    assert "已落库 2 行。" in said
    assert "第 4 行" in said


def test_check_and_json(file: Path, town: District, demo: None) -> None:
    code, said = run(
        "import", "members", file, "--option", "as_of=2026-10-31", "--check", "--json"
    )

    assert code == 0
    assert json.loads(said)["counts"]["new"] == 2
    assert not Member.objects.exists()


def test_org_narrows_what_may_land(file: Path, town: District, demo: None) -> None:
    option = ("--option", "as_of=2026-10-31")

    code, _ = run("import", "members", file, *option, "--org", town.west.code)

    assert code == 2
    assert not Member.objects.exists()


def test_elsewhere_a_person_with_a_token_is_needed(
    file: Path, town: District, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["wuju", "import", "members", str(file), "--option", "as_of=2026-10-31"]
    monkeypatch.setattr(sys, "argv", arguments)

    with pytest.raises(SystemExit) as refused:
        cli.main()

    assert refused.value.code == 2
    assert "请加 --as 账号" in capsys.readouterr().err
    assert not Member.objects.exists()


def test_a_person_imports_with_their_own_rights(
    file: Path, town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = open_account("township_officer", town.east)
    at = session.now()  # the command reads the clock
    person = actor_for(user=user, today=at.date())
    secret = access.issue_token(title="导入", until_on=at.date(), actor=person, at=at)
    monkeypatch.setitem(os.environ, "WUJU_TOKEN", secret)

    code, _ = run("import", "members", file, "--option", "as_of=2026-10-31", "--as", user.username)

    assert code == 0
    assert Batch.objects.get().user_id == user.pk


def test_an_export_comes_back_as_no_change(
    file: Path, town: District, demo: None, tmp_path: Path
) -> None:
    take(file, town.east_officer)
    out = tmp_path / "导出.xlsx"

    code, said = run("export", "members", "--org", town.east.code, "--out", out)

    assert (code, "已导出到" in said) == (0, True)
    text = repr([sheet.rows for sheet in read_book(out.read_bytes(), out.name).sheets])
    assert "周甲" in text
    assert id_number("19700101", 1) not in text
    again = take(out, town.east_officer)
    assert (again.landed, again.problems) == (0, ())
