"""Items over facts that nobody publishes yet are shown and not judged; they begin when a capability publishes them."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.standings.conftest import committed, judged
from tests.standings.test_frozen_runs import again, freeze
from wuju.cli import app
from wuju.cli.trial import sentences
from wuju.engine.items import Status
from wuju.guidance.study import actions as study
from wuju.guidance.study.drafts import CourseDraft
from wuju.kit.actors import OrgScope
from wuju.kit.facts import fact_sources
from wuju.kit.periods import Period
from wuju.rulepacks.catalog import pack_home
from wuju.standings import queries
from wuju.standings.actions import WaiverDraft, ensure_day, reconcile, waive
from wuju.standings.awaiting import FactsAwaited, awaited_items
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import RollUpLine, Standing
from wuju.standings.whatif import what_if
from wuju.standings.why import period_of, why

__all__ = ["judged"]
ITEM = "study.base_rotation"
YEAR = Period.parse("2026").number
WHOLE = OrgScope.whole(because="tests of awaited facts")
type Withdraw = Callable[[], None]


@pytest.fixture
def withdraw(monkeypatch: pytest.MonkeyPatch) -> Withdraw:
    """Make courses a fact that no capability publishes, as long as the test asks."""
    rest = {name: source for name, source in fact_sources.items() if name != "course"}
    return lambda: monkeypatch.setattr(fact_sources, "_items", rest)


@pytest.fixture
def without_courses(withdraw: Withdraw, judged: District) -> District:
    withdraw()
    ensure_day(today=TODAY)
    return judged


def hold_course(town: District) -> None:
    draft = CourseDraft(
        organization_id=town.east.pk,
        name="冬训",
        started_on=dt.date(2026, 3, 2),
        ended_on=dt.date(2026, 3, 5),
        level="base",
        hours={},
    )
    study.record_course(draft=draft, actor=SYSTEM, at=NOW)


def statuses(town: District) -> dict[int, str]:
    rows = Standing.objects.filter(item=ITEM, organization=town.east)
    return {row.period: Status(row.status).code for row in rows}


def test_it_is_neither_judged_nor_summed_by_any_engine(without_courses: District) -> None:
    one, *others = [
        evaluate_all(as_of=TODAY, engine=name) for name in ("duckdb", "database", "oracle")
    ]

    assert all((sorted(c), sorted(s)) == (sorted(one[0]), sorted(one[1])) for c, s in others)
    assert one[0]
    assert not [row for rows in one for row in rows if row.item == ITEM]
    assert not Standing.objects.filter(item=ITEM).exists()
    assert not RollUpLine.objects.filter(item=ITEM).exists()


def test_a_record_of_it_judges_nothing(without_courses: District) -> None:
    before = Standing.objects.count()

    hold_course(without_courses)

    assert Standing.objects.count() == before
    assert reconcile(today=TODAY, actor=SYSTEM, at=NOW).differences == ()


def test_it_begins_when_a_capability_publishes_the_fact(
    judged: District, withdraw: Withdraw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pack does not change; the first command or page afterwards judges, and the night finds no fault."""
    with monkeypatch.context():
        withdraw()
        ensure_day(today=TODAY)
        hold_course(judged)
        assert statuses(judged) == {}
    monkeypatch.undo()

    assert reconcile(today=TODAY, actor=SYSTEM, at=NOW).compared_for is None
    assert statuses(judged)[YEAR] == "met"
    assert not ensure_day(today=TODAY)


def test_a_write_after_the_fact_is_published_catches_up_with_everything(
    judged: District, withdraw: Withdraw, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw()
    ensure_day(today=TODAY)
    monkeypatch.undo()

    with committed():
        hold_course(judged)

    assert statuses(judged)[YEAR] == "met"
    assert Standing.objects.filter(item=ITEM, organization=judged.west).exists()


def test_a_run_replays_with_the_items_it_had(
    judged: District,
    withdraw: Withdraw,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    settings: object,
) -> None:
    settings.WUJU_HOME = tmp_path  # type: ignore[attr-defined]
    with_courses = freeze()
    withdraw()
    without = freeze()

    assert without.cells < with_courses.cells
    assert again(with_courses).equal
    assert again(without).equal
    monkeypatch.undo()
    assert again(with_courses).equal
    assert again(without).equal


def test_trying_a_pack_leaves_it_out_and_says_how_many_wait(
    without_courses: District, tmp_path: Path
) -> None:
    shutil.copytree(pack_home(), tmp_path, dirs_exist_ok=True)
    text = f"- {{refine: {ITEM}, target: {{at_least: 2}}, because: 试}}\n"
    (tmp_path / "anding_2026" / "items" / "zz.yaml").write_text(text, "utf-8")

    found = what_if(folder=tmp_path / "anding_2026", as_of=TODAY, scope=WHOLE)

    assert [change.item for change in found.items] == []
    assert found.awaited == len(awaited_items(scope=WHOLE))
    assert (
        f"另有 {found.awaited} 项清单项的数据尚未接入，接入以前不评判，不在试算之内。"
        in sentences(found)
    )


def test_it_is_listed_with_its_article_and_what_it_waits_for(without_courses: District) -> None:
    row = next(row for row in awaited_items(scope=WHOLE) if row.code == ITEM)

    assert (row.title, row.facts) == ("基层党委每年集中轮训党员", ("集中学习培训班次",))
    assert row.citation == "《中国共产党党员教育管理工作条例》第二十条"
    assert ITEM not in {item.code for item in queries.items_of(scope=WHOLE)}
    about = {"kind": "branch", "field": "village", "area_kind": "village", "tag": "none"}
    assert ITEM not in {row.code for row in awaited_items(scope=WHOLE, profile=about)}


def test_what_is_asked_of_it_is_refused_with_the_reason(without_courses: District) -> None:
    town = without_courses
    sentence = (
        "“基层党委每年集中轮训党员”所需的“集中学习培训班次”数据尚未接入，接入以后才开始评判。"
    )

    with pytest.raises(FactsAwaited, match=sentence):
        why(scope=WHOLE, organization_id=town.east.pk, item=ITEM, period=Period.parse("2026"))
    with pytest.raises(FactsAwaited, match=sentence):
        period_of(item=ITEM, text="本期", today=TODAY)
    draft = WaiverDraft(
        town.east, ITEM, TODAY, None, "灾害", "试组发〔2026〕9号", "镇甲", town.east
    )
    with pytest.raises(FactsAwaited, match=sentence):
        waive(draft=draft, actor=town.officer, at=NOW)


def test_the_commands_say_so(without_courses: District, settings: object) -> None:
    settings.WUJU_DEMO = True  # type: ignore[attr-defined]
    waiting = len(awaited_items(scope=WHOLE))

    summary = CliRunner().invoke(app, ["evaluate", "--as-of", TODAY.isoformat()])
    asked = ["explain", "--org", "SD-E", "--item", ITEM, "--period", "2026"]

    assert f"另有 {waiting} 项清单项的数据尚未接入，接入以后才开始评判" in summary.output
    assert "数据尚未接入" in str(CliRunner().invoke(app, asked).exception)
