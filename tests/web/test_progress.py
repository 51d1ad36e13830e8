"""任务进度 says what is being computed, comes back by itself, and can be left and found again."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW, District
from tests.standings.test_work import move, work_off
from tests.web.conftest import SignIn
from tests.web.judged import judged, on_the_day
from tests.web.test_organizations import main
from wuju.standings.models import WideRun

__all__ = ["judged", "on_the_day"]

REFRESH = '<meta http-equiv="refresh" content="3">'


@pytest.fixture(autouse=True)
def _workers(settings: Any, tmp_path: Path) -> None:
    settings.WUJU_WORKERS = True
    settings.WUJU_HOME = tmp_path


def test_a_change_of_the_tree_is_announced_and_followed_to_its_end(
    judged: District, signed_in: SignIn
) -> None:
    client = signed_in("county_officer")
    assert "没有待算的任务" in main(client, "/progress/")

    move(judged)

    for address in ("/", "/projects/", f"/orgs/{judged.east.pk}/"):
        page = main(client, address)
        assert "正在重新计算" in page
        assert 'href="/progress/"' in page
    page = client.get("/progress/").content.decode()
    assert REFRESH in page
    assert "组织或规则变更" in page
    assert '<li class="now" aria-current="step">' in page
    assert "自动更新" in page

    assert work_off() == 1

    page = client.get("/progress/").content.decode()
    assert "http-equiv" not in page
    assert "没有待算的任务" in page
    assert "组织或规则变更" in page
    assert "正在重新计算" not in main(client, "/")


def test_the_steps_and_the_trouble_of_a_run_are_told(judged: District, signed_in: SignIn) -> None:
    WideRun.objects.create(
        asked_at=NOW, why="批量变更", state="running", step="judging", started_at=NOW, again=1, failed=2
    )  # fmt: skip

    page = main(signed_in("secretary", judged.east_branch), "/progress/")

    assert page.count('<li class="done"') == 2
    assert "已第 2 次评判" in page
    assert "前面有 2 次没有算完" in page
