"""A frozen run keeps what was read, the rules and what came out; replaying it gives the same bytes."""

import datetime as dt
from pathlib import Path

import pytest

from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.standings.conftest import judged
from wuju.engine import compiler
from wuju.engine.items import Status
from wuju.guidance.meetings import actions as meetings
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.kit.actors import Actor, NotGranted, OrgScope, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.periods import Period
from wuju.ledger.models import Event
from wuju.standings import archive
from wuju.standings.actions import NothingToFreeze, NotYet, PurposeNeeded, freeze_run
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import FrozenRun, Standing
from wuju.standings.replay import Replay, replay
from wuju.standings.runs import UnknownRun, folder_of, frozen_runs

__all__ = ["judged"]
ITEM = "meetings.members_meeting"
WHOLE = OrgScope.whole(because="tests of frozen runs")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> Path:
    settings.WUJU_HOME = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def freeze(actor: Actor = SYSTEM, as_of: dt.date = TODAY, title: str = "三季度通报") -> FrozenRun:
    return freeze_run(title=title, as_of=as_of, actor=actor, at=NOW)


def files(run: FrozenRun) -> dict[str, bytes]:
    folder = folder_of(run.folder)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def again(run: FrozenRun) -> Replay:
    return replay(scope=WHOLE, run_id=run.pk)


def late_meeting(town: District) -> None:
    draft = MeetingDraft(
        organization_id=town.east_branch.pk,
        kind="members_meeting",
        held_on=dt.date(2026, 8, 16),
        attendance="counts",
        due=9,
        present=9,
    )
    meetings.record_meeting(draft=draft, actor=SYSTEM, at=NOW)


def live_status(town: District) -> Status:
    number = Period.parse("2026Q3").number
    row = Standing.objects.get(organization=town.east_branch, item=ITEM, period=number)
    return Status(row.status)


def frozen_status(town: District, run: FrozenRun) -> str:
    table = archive.read_results(folder_of(run.folder))["cells"]
    [status] = [
        row["status"]
        for row in table.to_pylist()
        if (row["org_id"], row["item"], row["period"]) == (town.east_branch.pk, ITEM, "2026Q3")
    ]
    return str(status)


def test_later_records_change_the_live_standings_and_not_the_run(judged: District) -> None:
    run = freeze()
    before = files(run)

    late_meeting(judged)
    later = freeze()

    assert live_status(judged) is Status.MET
    assert frozen_status(judged, run) == "missed"
    assert files(run) == before
    assert again(run).equal
    assert later.facts_hash != run.facts_hash
    assert later.results_hash != run.results_hash


def test_a_run_holds_what_a_full_run_says_and_the_ledger_holds_its_hashes(
    judged: District,
) -> None:
    run = freeze(as_of=dt.date(2026, 9, 30))
    cells, lines = evaluate_all(as_of=dt.date(2026, 9, 30))

    kept = archive.read_results(folder_of(run.folder))
    said = archive.result_tables(cells, lines)
    assert archive.content_hash(kept) == archive.content_hash(said) == run.results_hash
    assert (run.cells, run.lines) == (len(cells), len(lines))
    assert cells
    event = Event.objects.get(action="run.frozen", target=f"run:{run.pk}")
    assert event.details == {
        "as_of": "2026-09-30",
        "packs": run.packs_hash,
        "facts": run.facts_hash,
        "results": run.results_hash,
        "manifest": run.manifest_hash,
    }


def test_the_same_state_frozen_twice_gives_the_same_bytes(judged: District) -> None:
    one, two = freeze(), freeze(title="另一个用途")

    assert one.folder != two.folder
    assert (one.facts_hash, one.results_hash) == (two.facts_hash, two.results_hash)
    assert files(one) == files(two)
    assert [(row.id, row.title) for row in frozen_runs(scope=WHOLE)] == [
        (two.pk, "另一个用途"),
        (one.pk, "三季度通报"),
    ]


def test_every_missing_or_changed_file_is_named(judged: District) -> None:
    run = freeze()
    folder = folder_of(run.folder)
    for name in ("facts/member.parquet", "results/cells.parquet"):
        path = folder / name
        path.write_bytes(path.read_bytes().replace(b"e", b"f", 1))
    (folder / "facts/closure.parquet").unlink()

    found = again(run)

    assert not found.equal
    assert found.lines() == [
        f"runs/{run.folder}/facts/closure.parquet 不见了，请从备份恢复。",
        f"runs/{run.folder}/facts/member.parquet 在冻结以后被改动，请从备份恢复。",
        f"runs/{run.folder}/results/cells.parquet 在冻结以后被改动，请从备份恢复。",
    ]


def test_a_manifest_rewritten_to_fit_is_found_out(judged: District) -> None:
    run = freeze()
    manifest = folder_of(run.folder) / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("2026", "2025", 1), "utf-8")

    assert again(run).changed == ("manifest.json",)
    manifest.unlink()
    assert again(run).missing == ("manifest.json",)


def test_an_engine_that_says_otherwise_is_found_out(
    judged: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine of a later version forgets the grace of every item."""
    run = freeze(as_of=dt.date(2026, 10, 3))
    compiled = compiler.compile_rules

    def forgetful(rules: object, *more: object) -> object:
        from dataclasses import replace

        items = tuple(item.model_copy(update={"grace_days": 0}) for item in rules.items)  # type: ignore[attr-defined]
        return compiled(replace(rules, items=items), *more)  # type: ignore[type-var,arg-type]

    monkeypatch.setattr("wuju.standings.replay.compile_rules", forgetful)
    found = again(run)

    assert found.differing == ("results/cells.parquet", "results/rollup.parquet")
    assert "用现在的引擎重算，results/cells.parquet 与冻结时不同" in found.lines()[0]


def test_a_county_officer_may_freeze_and_nobody_below(judged: District) -> None:
    assert freeze(judged.officer).frozen_by == "区委甲"
    for actor in (judged.east_officer, judged.inspector, judged.auditor):
        with pytest.raises(NotGranted):
            freeze(actor)


def test_runs_are_for_whoever_has_the_whole_district(judged: District) -> None:
    run = freeze()

    with pytest.raises(OutsideScope):
        frozen_runs(scope=judged.east_officer.scope)
    with pytest.raises(OutsideScope):
        replay(scope=judged.east_officer.scope, run_id=run.pk)
    with pytest.raises(UnknownRun):
        replay(scope=WHOLE, run_id=run.pk + 1)


@pytest.mark.parametrize(
    ("title", "as_of", "refusal"),
    [("  ", TODAY, PurposeNeeded), ("通报", TODAY + dt.timedelta(days=1), NotYet)],
)
def test_a_refused_freeze_leaves_nothing(
    judged: District, home: Path, title: str, as_of: dt.date, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        freeze(title=title, as_of=as_of)

    assert not FrozenRun.objects.exists()
    assert not (home / "runs").exists()


def test_without_rules_there_is_nothing_to_freeze(town: District, home: Path) -> None:
    with pytest.raises(NothingToFreeze):
        freeze()

    assert list((home / "runs").iterdir()) == []
