"""`wuju nightly`: seals, compares, clears; exit code 1 when the live standings were wrong."""

import datetime as dt
import json

import pytest
from django.db import connection

from tests.cli.test_commands import run
from tests.conftest import NOW, District
from tests.desk.makers import roster, stage
from tests.standings.conftest import judged
from wuju.desk.models import Batch, BatchChunk
from wuju.flows.nightly import SHOWN
from wuju.ledger.models import Checkpoint, Event

__all__ = ["judged"]


@pytest.fixture(autouse=True)
def the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuju.cli.session.now", lambda: NOW)


def test_a_quiet_night_seals_and_clears_old_imports(judged: District) -> None:
    batch = stage(
        roster(("SD-E1", "赵甲", "", "男", "1980-03-05", "正式党员", "")), judged.east_officer
    )
    Batch.objects.filter(pk=batch.pk).update(expires_on=NOW.date() - dt.timedelta(days=1))

    code, said = run("nightly")

    assert code == 0, said
    assert "实时评判与 2026-11-24 的全量重算逐位一致。" in said
    assert "清除到期的导入内容 1 批" in said
    assert not BatchChunk.objects.filter(batch=batch).exists()
    sealed = Checkpoint.objects.get().sequence
    assert f"留痕已上链到第 {sealed} 条" in said


def test_a_wrong_standing_is_told_once_and_put_right(judged: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE standings_standing SET evidence = evidence + 1")
        planted = cursor.rowcount

    code, said = run("nightly")

    assert code == 1
    assert f"有 {planted} 处不符，已换成重算结果并记入留痕。" in said
    assert said.count("依据行数现为") == min(planted, SHOWN)
    assert Event.objects.get(action="standings.reconciled").details["cells"] == planted
    code, said = run("nightly", "--json")
    assert (code, json.loads(said)["differences"]) == (0, [])
