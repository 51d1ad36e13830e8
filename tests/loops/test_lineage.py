"""改了又犯: a finding knows the last one of its class in its organization."""

import datetime as dt

from tests.conftest import NOW, District
from wuju.loops import actions

from . import cast


def test_a_finding_is_linked_to_the_last_of_its_class(town: District) -> None:
    first, second = cast.raised(town), cast.raised(town)
    third = cast.raised(town)

    assert [loop.earlier_id for loop in (first, second, third)] == [None, first.pk, second.pk]


def test_other_classes_and_organizations_are_no_kin(town: District) -> None:
    cast.raised(town)

    assert cast.raised(town, category="disclosure").earlier_id is None
    assert cast.raised(town, town.west_branch).earlier_id is None


def test_unclassed_findings_are_kin_only_by_the_same_words(town: District) -> None:
    first = cast.raised(town, category="other", category_text="档案缺页")
    cast.raised(town, category="other", category_text="门牌破损")

    assert cast.raised(town, category="other", category_text="档案缺页").earlier_id == first.pk


def test_a_withdrawn_finding_leaves_no_lineage(town: District) -> None:
    loop = cast.raised(town)
    actions.withdraw(loop_id=loop.pk, reason="重复立项", actor=town.officer, at=NOW)

    assert cast.raised(town).earlier_id is None


def test_landed_findings_are_linked_among_themselves_by_date(town: District) -> None:
    cast.raised(town)
    later, earlier = actions.land_loops(
        findings=[
            actions.LandedFinding(cast.draft(town.east_branch), opened_on=dt.date(2026, 9, 20)),
            actions.LandedFinding(cast.draft(town.east_branch), opened_on=dt.date(2026, 9, 10)),
        ],
        actor=town.officer,
        at=NOW,
    )[0]

    later.refresh_from_db()
    assert later.earlier_id == earlier.pk


def test_a_finding_landed_late_is_not_linked_to_a_younger_one(town: District) -> None:
    cast.raised(town)
    (older,), _ = actions.land_loops(
        findings=[
            actions.LandedFinding(cast.draft(town.east_branch), opened_on=dt.date(2026, 3, 2))
        ],
        actor=town.officer,
        at=NOW,
    )

    assert older.earlier_id is None
