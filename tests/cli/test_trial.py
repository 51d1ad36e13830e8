"""`wuju pack try`: sentences from the whole to the village, or one JSON object a line; nothing is stored."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import District
from wuju.cli import app
from wuju.kit.errors import DomainError
from wuju.rulepacks.catalog import pack_home
from wuju.standings.models import Standing

DAY = "2026-11-24"
TWICE = "- {refine: meetings.members_meeting, target: {at_least: 2}, because: 每季两次}\n"


def run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ["pack", "try", *arguments])
    if isinstance(answer.exception, DomainError):
        return 2, str(answer.exception)
    return answer.exit_code, answer.output


@pytest.fixture
def stricter(tmp_path: Path, settings: object) -> str:
    settings.WUJU_DEMO = True  # type: ignore[attr-defined]
    shutil.copytree(pack_home(), tmp_path, dirs_exist_ok=True)
    (tmp_path / "anding_2026" / "items" / "zz.yaml").write_text(TWICE, "utf-8")
    return str(tmp_path / "anding_2026")


def test_it_says_what_would_change_and_what_a_village_would_enter(
    judged: District, stricter: str
) -> None:
    Standing.objects.filter(item="meetings.members_meeting", period__gt=0).update(
        numerator=1, status=3
    )
    before = Standing.objects.count()

    code, said = run(stricter, "--as-of", DAY)

    assert code == 0, said
    assert "改动 meetings.members_meeting 支部党员大会：要求 ≥1次/季 → ≥2次/季。" in said
    assert "状态：已完成 → 未达到 9；已完成 → 进行中 3。" in said
    assert "东川一村党支部：已完成 → 未达到（2026年一季度、2026年二季度、2026年三季度）" in said
    assert "东川一村党支部：每年 4 条 → 8 条" in said
    assert "每村每年多 4 条，合计多 12 条" in said
    assert Standing.objects.count() == before


def test_json_has_a_line_for_every_thing_told(judged: District, stricter: str) -> None:
    code, said = run(stricter, "--as-of", DAY, "--org", "SD-E", "--json")
    lines = [json.loads(line) for line in said.splitlines()]

    assert code == 0, said
    assert (lines[0]["type"], lines[0]["kept"], lines[0]["villages"]) == ("trial", True, 2)
    assert [line["item"] for line in lines if line["type"] == "item"] == [
        "meetings.members_meeting"
    ]
    villages = [(line["org"], line["more"]) for line in lines if line["type"] == "village"]
    assert villages == [("SD-E1", 4), ("SD-E2", 4)]


def test_the_pack_in_use_itself_changes_nothing(judged: District, stricter: str) -> None:
    code, said = run(str(pack_home() / "anding_2026"), "--as-of", DAY)

    assert code == 0, said
    assert "没有变化" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--as-of", "昨天"), "看不懂日期"),
        (("--org", "NOPE"), "没有组织代码"),
        (("--as-of", "2025-06-30"), "没有施行中的规则包"),
    ],
)
def test_it_refuses_with_a_sentence(
    judged: District, stricter: str, arguments: tuple[str, ...], sentence: str
) -> None:
    code, said = run(stricter, *arguments)

    assert code == 2
    assert sentence in said


def test_a_folder_that_is_no_pack_is_refused(
    judged: District, stricter: str, tmp_path: Path
) -> None:
    assert run(str(tmp_path), "--as-of", DAY)[0] == 2
