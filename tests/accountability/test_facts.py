"""What the engine hears of inspections and circulars, and that the pack judges by it."""

import datetime as dt

import pytest

from tests.accountability.test_bulletins import issue
from tests.accountability.test_inspections import plan
from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.loops import cast
from wuju.accountability.inspections import actions
from wuju.kit.facts import describers, fact_sources
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home
from wuju.standings.actions import declare_feed, ensure_day
from wuju.standings.models import Standing


def rows(fact: str) -> list[dict[str, object]]:
    source = fact_sources[fact]
    return [dict(zip(source.columns, values, strict=True)) for values in source.rows()]


def test_an_inspection_is_a_fact_without_its_team(town: District) -> None:
    made = plan(town, data_first=True)

    (row,) = rows("inspection")
    assert row == {
        "inspection_id": made.pk,
        "org_id": town.office.pk,
        "started_on": made.started_on,
        "kind": "comprehensive",
        "planned": True,
        "approved": False,
        "data_first": True,
        "sampled": 1,
    }
    said = describers["inspection"]([made.pk])[made.pk]
    assert "三季度基层党建督查" in str(said)


def test_a_visit_that_a_finding_adds_is_counted(town: District) -> None:
    made = plan(town, organization_ids=[town.west_branch.pk])
    for _ in range(2):
        actions.raise_from_inspection(
            inspection_id=made.pk,
            draft=cast.draft(town.east_branch),
            on=made.started_on,
            actor=town.inspector,
            at=NOW,
        )

    assert rows("inspection")[0]["sampled"] == 2


def test_only_circulars_are_facts_and_their_order_is(town: District) -> None:
    made = issue(town)

    (row,) = rows("bulletin")
    assert (row["bulletin_id"], row["org_id"], row["issued_on"]) == (
        made.pk,
        made.issuer_id,
        made.issued_on,
    )
    assert (row["document"], row["naming_approved"]) == (True, False)
    assert row["characters"] == made.characters
    assert made.number in describers["bulletin"]([made.pk])[made.pk].title


@pytest.fixture
def judged(town: District) -> District:
    """Adopt the packs, with inspections complete since the first day of the year."""
    for fact in ("inspection", "bulletin"):
        declare_feed(
            organization=town.county,
            fact=fact,
            starts_on=dt.date(2026, 1, 1),
            actor=SYSTEM,
            at=NOW,
        )
    install_pack(
        folder=pack_home() / "anding_2026", document="试组采〔2026〕1号", actor=SYSTEM, at=NOW
    )
    ensure_day(today=TODAY)
    return town


def status(town: District, item: str) -> tuple[int | None, int | None]:
    found = Standing.objects.filter(organization=town.office, item=item)
    return found.values_list("numerator", "denominator").get()


def test_a_planned_inspection_counts_at_once_and_for_the_unit_that_makes_it(
    judged: District,
) -> None:
    assert status(judged, "inspections.planned") == (0, 0)

    plan(judged)

    assert status(judged, "inspections.planned") == (1, 1)
    assert status(judged, "inspections.yearly_cap")[0] == 1
