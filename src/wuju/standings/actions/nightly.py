"""Once a night: compare the live standings with a full run, then put the full result in place."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.ledger import actions as ledger
from wuju.rulepacks.queries import active_packs
from wuju.standings.reconcile import Difference, differences
from wuju.standings.sources import WHOLE, supply

from .store import hold_still
from .wide import catch_up


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was compared: the day, None where nothing was (never judged, or behind), and the differences."""

    compared_for: dt.date | None
    differences: tuple[Difference, ...]
    cells: int


def reconcile(*, today: dt.date, actor: Actor, at: dt.datetime) -> Reconciliation:
    """Compare, store the full result of `today`, and leave an event on the ledger if they differed.

    The standings are compared as of the day they were judged for: what changes only
    because the day turned is no difference.
    """
    if not active_packs(scope=WHOLE):
        return Reconciliation(None, (), 0)
    with transaction.atomic():
        row = hold_still()
        behind = row.computing_since or row.facts != supply()
        day = None if behind else row.evaluated_on
        found = differences(today=day) if day else []
        cells = catch_up(today=today)
        if found and day:
            _note(day=day, found=found, actor=actor, at=at)
    return Reconciliation(day, tuple(found), cells)


@action
def _note(*, day: dt.date, found: list[Difference], actor: Actor, at: dt.datetime) -> None:
    """Put on the ledger that live standings were wrong, and how many; they have been put right."""
    cells = sum(difference.kind == "cell" for difference in found)
    ledger.record(
        "standings.reconciled",
        actor=actor,
        at=at,
        target=f"standings:{day.isoformat()}",
        org_path=actor.unit_path,
        details={"day": day.isoformat(), "cells": cells, "lines": len(found) - cells},
    )
