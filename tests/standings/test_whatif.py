"""Trying a pack: whose status would change, what is entered more, from kept numbers where they suffice."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from tests.conftest import TODAY, District
from wuju.engine.compiler import compile_rules
from wuju.engine.items import Status
from wuju.engine.supply import supplied
from wuju.engine.wide import Wide
from wuju.kit.actors import OrgScope
from wuju.kit.facts import published
from wuju.ledger.models import Event
from wuju.org.models import Organization
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.complaints import PackNotReadable
from wuju.rulepacks.loader import load_pack
from wuju.standings import whatif
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import RollUpLine, Standing
from wuju.standings.sources import WHOLE, arrow_tables
from wuju.standings.whatif import WhatIf, what_if

TWICE = "- {refine: meetings.members_meeting, target: {at_least: 2}, because: 每季两次}\n"
NEW = """\
- code: study.extra
  title: 增加的学习
  project: guidance
  applies_to: {kind: [branch]}
  kind: count
  of: meeting
  where: kind = 'study_group'
  per: month
  target: {at_least: 2}
  use: procedure
  source: local_note
  strength: should
"""
SOURCE = "sources:\n  local_note: {title: 示例办法, article: 第一条, in_force_from: 2020-01-01, verified_on: 2026-03-31, mark: V}\n"

type Spoil = Callable[..., Path]


@pytest.fixture
def trial(tmp_path: Path) -> Spoil:
    """Copy the packs, add items to the district's, replace text in a file; return the district's folder."""

    def write(added: str = "", file: str = "", old: str = "", new: str = "") -> Path:
        shutil.copytree(pack_home(), tmp_path, dirs_exist_ok=True)
        district = tmp_path / "anding_2026"
        if added:
            (district / "items" / "zz_trial.yaml").write_text(added, "utf-8")
            pack = district / "pack.yaml"
            pack.write_text(pack.read_text("utf-8").replace("sources:\n", SOURCE, 1), "utf-8")
        if file:
            text = (tmp_path / file).read_text("utf-8")
            assert old in text
            (tmp_path / file).write_text(text.replace(old, new), "utf-8")
        return district

    return write


def tried(folder: Path, scope: OrgScope = WHOLE) -> WhatIf:
    return what_if(folder=folder, as_of=TODAY, scope=scope)


def no_facts(*_: object) -> NoReturn:
    raise AssertionError("facts were read")


CHANGES = {
    "a threshold": (TWICE,),
    "a period": ("- {refine: meetings.members_meeting, per: month, because: 每月一次}\n",),
    "a new item": (NEW,),
    "a grace": ("- {refine: meetings.theme_day, grace_days: 60}\n",),
    "a parameter": ("", "national_2026/parameters.yaml", "lecture_per_year: {value: 4", "lecture_per_year: {value: 1"),
    "a condition": ("", "national_2026/items/meetings.yaml", "kind = 'theme_day' AND status = 'held'", "kind = 'theme_day'"),
    "an exemption": ("", "national_2026/pack.yaml", "where: NOT exempt,", "where: NOT migrant,"),
    "a part of a composite": ("- {refine: findings.verified, grace_days: 60}\n",),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_is_told_is_what_a_full_run_would_give(
    judged: District, trial: Spoil, change: tuple[str, ...]
) -> None:
    """Every cell of the trial, by a full run, differs from today's exactly where a move says so."""
    folder = trial(*change)
    rules = supplied(load_pack(folder).rules(catalog()), published())
    program = compile_rules(rules, catalog(), "duckdb")
    with Wide(arrow_tables()) as wide:
        full = {
            (c.org_id, c.item, c.period): c.status for c in wide.evaluate(program, as_of=TODAY)
        }
    now = {(c.org_id, c.item, c.period): c.status for c in evaluate_all(as_of=TODAY)[0]}
    codes = {row.pk: row.code for row in orgs(judged)}
    regrained = "refine: meetings.members_meeting, per: month" in change[0]

    told = {(move.org, move.item, move.period): move.after for move in tried(folder).moves}

    silent = {None, Status.NOT_APPLICABLE}
    wanted = {
        (codes[org], item, period): full.get((org, item, period))
        for org, item, period in ({*full} if regrained else {*full, *now})
        if (a := now.get((org, item, period))) != (b := full.get((org, item, period)))
        and not {a, b} <= silent
    }
    if regrained:  # a month reads against the quarter that holds it
        assert {place[1] for place in told} == {"meetings.members_meeting"}
        assert told.items() <= wanted.items()
    else:
        assert told == wanted


def orgs(town: District) -> list[Organization]:
    return [
        town.county, town.office, town.east, town.west, town.east_branch, town.east_small,
        town.west_branch,
    ]  # fmt: skip


def test_thresholds_alone_are_judged_from_the_kept_numbers(
    judged: District, trial: Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatif, "arrow_tables", no_facts)

    found = tried(
        trial("- {refine: meetings.members_meeting, target: {at_least: 0}, because: 试}\n")
    )

    (change,) = found.items
    assert found.kept
    assert (change.kind, change.sentence) == ("changed", "要求 ≥1次/季 → ≥0次/季")
    assert {move.org for move in found.moves} == {"SD-E1", "SD-E2", "SD-W1"}
    assert {(move.before, move.after) for move in found.moves} == {
        (Status.MISSED, Status.MET),
        (Status.OPEN, Status.MET),
    }


def test_another_day_is_judged_from_the_facts(judged: District, trial: Spoil) -> None:
    found = what_if(folder=trial(TWICE), as_of=TODAY.replace(day=1), scope=WHOLE)

    assert not found.kept


def test_weights_alone_move_no_status(
    judged: District, trial: Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatif, "arrow_tables", no_facts)

    found = tried(trial("", "anding_2026/items/guidance.yaml", "weight: 3", "weight: 4"))

    assert [change.sentence for change in found.items] == ["权重 3 → 4"]
    assert (found.moves, found.burdens, found.elsewhere) == ((), (), 0)


def test_the_pack_in_use_changes_nothing(judged: District) -> None:
    found = tried(pack_home() / "anding_2026")

    assert (found.items, found.moves, found.burdens) == ((), (), ())


def test_trying_stores_nothing(judged: District, trial: Spoil) -> None:
    def kept() -> list[object]:
        return [
            list(Standing.objects.order_by("id").values()),
            list(RollUpLine.objects.order_by("id").values()),
            Event.objects.count(),
        ]

    before = kept()

    tried(trial(TWICE + NEW))

    assert kept() == before


def test_organizations_come_in_official_order_and_only_from_the_scope(
    judged: District, trial: Spoil
) -> None:
    folder = trial(NEW)

    codes = [move.org for move in tried(folder).moves]
    east = tried(folder, OrgScope(roots=(judged.east.path,)))

    assert list(dict.fromkeys(codes)) == ["SD-E1", "SD-E2", "SD-W1"]
    assert {move.org for move in east.moves} == {"SD-E1", "SD-E2"}
    assert {village.org for village in east.burdens} == {"SD-E1", "SD-E2"}
    assert (tried(folder).villages, east.villages) == (3, 2)


# ---------------------------------------------------------------------------------- burden
@pytest.mark.parametrize(
    ("added", "more"),
    [
        (TWICE, 4),
        (NEW, 24),
        ("- {refine: meetings.theme_day, per: quarter, because: 试}\n", -8),
        ("- {refine: findings.closed_on_time, grace_days: 20}\n", 0),
        ("- {refine: meetings.theme_day, grace_days: 20}\n", 0),
    ],
    ids=["twice a quarter", "twice a month, new", "theme days quarterly", "a deadline", "a grace"],
)
def test_a_village_is_told_how_many_records_a_year_it_would_enter_more(
    judged: District, trial: Spoil, added: str, more: int
) -> None:
    found = tried(trial(added))

    assert [village.more for village in found.burdens] == ([more] * 3 if more else [])
    assert sum(change.more for change in found.items) == 3 * more


def test_a_removed_item_is_told_with_what_replaces_it(judged: District, trial: Spoil) -> None:
    """Theme days give way to an item over the same records."""
    item = "- code: meetings.theme_day\n"
    text = (pack_home() / "national_2026/items/meetings.yaml").read_text("utf-8")
    body = item + text.split(item)[1].split("\n- code:")[0]

    folder = trial(NEW, "national_2026/items/meetings.yaml", body, "")
    local = folder / "items" / "guidance.yaml"
    refined = "- {refine: meetings.theme_day, source: article.guidance}\n"
    local.write_text(local.read_text("utf-8").replace(refined, ""), "utf-8")

    found = tried(folder)

    added, removed = found.items
    assert (added.kind, removed.kind) == ("added", "removed")
    assert added.replaces == (removed.title,)
    assert {village.more for village in found.burdens} == {24 - 12}
    assert all(move.after is None for move in found.moves if move.item == removed.item)


# ---------------------------------------------------------------------------------- refusals
def test_without_a_pack_in_use_there_is_nothing_to_compare_with(
    judged: District, trial: Spoil
) -> None:
    folder = trial(TWICE)
    with pytest.raises(whatif.NothingInUse, match="没有施行中的规则包"):
        what_if(folder=folder, as_of=TODAY.replace(year=2025), scope=WHOLE)

    assert what_if(folder=folder, as_of=TODAY, scope=WHOLE).against == "anding_2026@1"


def test_a_pack_with_faults_is_refused_before_anything_is_judged(
    judged: District, trial: Spoil
) -> None:
    with pytest.raises(PackNotReadable):
        tried(trial(TWICE.replace("at_least", "atleast")))
