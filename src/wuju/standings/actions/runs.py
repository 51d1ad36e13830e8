"""Freezing a judgement for good: facts, rules and results as files, their hashes on the ledger."""

import datetime as dt
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from django.utils.timezone import get_default_timezone

from wuju import __version__
from wuju.access.roles import require
from wuju.engine.program import Program
from wuju.kit.action import action
from wuju.kit.actors import TOP, Actor
from wuju.kit.errors import DomainError
from wuju.kit.periods import horizon
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images
from wuju.rulepacks.queries import active_packs, program
from wuju.standings import archive
from wuju.standings.evaluation import Ruling, judge_tables
from wuju.standings.models import FrozenRun
from wuju.standings.runs import folder_of
from wuju.standings.sources import WHOLE, arrow_tables

from .store import hold_still


class PurposeNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("冻结评判须写明用途，例如“2026年三季度通报”。")


class NothingToFreeze(DomainError):
    def __init__(self) -> None:
        super().__init__("还没有采用规则包，没有可冻结的评判。")


class NotYet(DomainError):
    def __init__(self, day: dt.date) -> None:
        super().__init__(f"{day} 还没有到，只能冻结到今天为止的评判。")


@action
def freeze_run(*, title: str, as_of: dt.date, actor: Actor, at: dt.datetime) -> FrozenRun:
    """Judge a day anew and keep what was read, the rules and what came out, never to change.

    Later records change the live standings and leave the run alone; assessment reads runs.

    Raises:
        NotGranted: not the county's organization department.
        OutsideScope: the scope is not the whole district.
        PurposeNeeded, NothingToFreeze, NotYet: no title, no rules, a day to come.
    """
    require(actor, "freeze_run")
    actor.scope.require(TOP)
    if not title.strip():
        raise PurposeNeeded
    if as_of > at.astimezone(get_default_timezone()).date():
        raise NotYet(as_of)
    name = f"{as_of:%Y%m%d}-{secrets.token_hex(4)}"
    with _new_folder(folder_of(name)) as folder:
        run = _freeze(folder, title.strip(), as_of, actor, at)
        ledger.record(
            "run.frozen",
            actor=actor,
            at=at,
            target=f"run:{run.pk}",
            org_path=actor.unit_path,
            details={
                "as_of": as_of.isoformat(),
                "packs": run.packs_hash,
                "facts": run.facts_hash,
                "results": run.results_hash,
                "manifest": run.manifest_hash,
            },
            images=[Images.created([run])],
        )
    return run


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Make a folder that goes away again if the freeze fails."""
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise


def _freeze(folder: Path, title: str, as_of: dt.date, actor: Actor, at: dt.datetime) -> FrozenRun:
    hold_still()
    inputs = archive.Inputs(
        as_of=as_of, since=horizon(as_of), rules=_rules(as_of), tables=arrow_tables()
    )
    rulings = [Ruling(Program.from_json(rule.program), rule.judges) for rule in inputs.rules]
    cells, lines = judge_tables(inputs.tables, rulings, as_of, inputs.since)
    results = archive.result_tables(cells, lines)
    engine = f"wuju {__version__}, duckdb {version('duckdb')}"
    hashes = archive.write(folder, inputs, results, engine=engine)
    return FrozenRun.objects.create(
        title=title,
        as_of=as_of,
        frozen_at=at,
        frozen_by=actor.name,
        packs="、".join(rule.label for rule in inputs.rules),
        packs_hash=hashes.rules,
        facts_hash=hashes.facts,
        results_hash=hashes.results,
        manifest_hash=hashes.manifest,
        engine=engine,
        folder=folder.name,
        fact_rows=sum(table.num_rows for table in inputs.tables.values()),
        cells=len(cells),
        lines=len(lines),
    )


def _rules(as_of: dt.date) -> tuple[archive.Rule, ...]:
    """Return the versions in force on some day looked at."""
    packs = [
        pack
        for pack in active_packs(scope=WHOLE)
        if pack.from_on <= as_of and (pack.until_on is None or pack.until_on > horizon(as_of))
    ]
    if not packs:
        raise NothingToFreeze
    return tuple(
        archive.Rule(
            code=pack.code,
            version=pack.version,
            digest=pack.digest,
            from_on=pack.from_on,
            until_on=pack.until_on,
            text=pack.text,
            program=program(scope=WHOLE, pack=pack, dialect="duckdb").to_json(),
        )
        for pack in packs
    )
