"""A small judged district: records of 2026, the Anding pack adopted, feeds declared from New Year."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import TestCase

from tests.conftest import NOW, SYSTEM, TODAY, District, add_members
from wuju.kit.facts import fact_sources
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home
from wuju.standings import actions

NEW_YEAR = dt.date(2026, 1, 1)


@contextmanager
def committed() -> Iterator[None]:
    """Run what waits for the commit, as a real transaction would."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield


def adopt() -> None:
    install_pack(
        folder=pack_home() / "anding_2026", document="试组发〔2026〕1号", actor=SYSTEM, at=NOW
    )


@pytest.fixture
def judged(town: District) -> District:
    """Nine members in East branch (so it owes committee meetings), three in each other branch."""
    add_members(town.east_branch, 9)
    add_members(town.east_small, 3)
    add_members(town.west_branch, 3)
    for fact in sorted(set(fact_sources) - {"org", "waiver", "attestation"}):
        actions.declare_feed(
            organization=town.county, fact=fact, starts_on=NEW_YEAR, actor=SYSTEM, at=NOW
        )
    adopt()
    actions.catch_up(today=TODAY)
    return town
