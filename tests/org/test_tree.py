"""The tree: establish, move, merge; the past stays answerable."""

import datetime as dt

import pytest

from tests.conftest import NOW, SYSTEM, District, _draft
from wuju.kit.actors import OrgScope, OutsideScope
from wuju.ledger.models import Event
from wuju.org import actions, places, queries
from wuju.org.models import Organization

WHOLE = OrgScope.whole(because="tests of the tree")


def test_parents_come_before_children_in_any_order(town: District) -> None:
    made = actions.establish_organizations(
        drafts=[
            _draft("SD-E9-1", "东川九村一组", "branch", "SD-E9"),
            _draft("SD-E9", "东川九村党总支", "general_branch", "SD-E"),
        ],
        actor=SYSTEM,
        at=NOW,
    )

    child, parent = sorted(made, key=lambda row: -len(row.path))
    assert child.path.startswith(parent.path)
    assert parent.path.startswith(town.east.path)


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (_draft("SD-E1", "重复", "branch", "SD-E"), actions.CodeTaken),
        (_draft("SD-X", "孤儿", "branch", "NOPE"), actions.UnknownParent),
    ],
)
def test_refuses_and_lands_nothing(
    draft: actions.OrganizationDraft, refusal: type[Exception], town: District
) -> None:
    good = _draft("SD-E7", "东川七村党支部", "branch", "SD-E")
    events = Event.objects.count()

    with pytest.raises(refusal):
        actions.establish_organizations(drafts=[good, draft], actor=SYSTEM, at=NOW)

    assert not Organization.objects.filter(code="SD-E7").exists()
    assert Event.objects.count() == events


def test_a_township_officer_cannot_establish_elsewhere(town: District) -> None:
    with pytest.raises(OutsideScope):
        actions.establish_organizations(
            drafts=[_draft("SD-W7", "西川七村党支部", "branch", "SD-W")],
            actor=town.east_officer,
            at=NOW,
        )


def test_a_moved_subtree_keeps_its_past(town: District) -> None:
    moved_on = dt.date(2026, 7, 1)
    actions.move_organization(
        organization_id=town.east_small.pk,
        parent_id=town.west.pk,
        on=moved_on,
        actor=SYSTEM,
        at=NOW,
    )

    now = queries.organization(scope=WHOLE, organization_id=town.east_small.pk)
    assert now.path.startswith(town.west.path)
    above = {
        (ancestor, first, until)
        for ancestor, org, first, until in queries.closure(scope=WHOLE, orgs=[town.east_small.pk])
        if ancestor in {town.east.pk, town.west.pk}
    }
    assert above == {
        (town.east.pk, dt.date(2015, 1, 1), moved_on),
        (town.west.pk, moved_on, None),
    }


def test_an_organization_cannot_stand_under_its_own_branch(town: District) -> None:
    with pytest.raises(actions.CannotStandUnderItself):
        actions.move_organization(
            organization_id=town.east.pk,
            parent_id=town.east_branch.pk,
            on=NOW.date(),
            actor=SYSTEM,
            at=NOW,
        )


def test_a_successor_counts_from_its_predecessor(town: District) -> None:
    actions.merge_organization(
        predecessor_id=town.east_small.pk,
        successor_id=town.east_branch.pk,
        on=dt.date(2026, 6, 1),
        actor=SYSTEM,
        at=NOW,
    )

    assert queries.lineage(scope=WHOLE) == {
        town.east_branch.pk: {town.east_branch.pk, town.east_small.pk}
    }
    lives = {org: (since, until) for org, since, until in queries.lives(scope=WHOLE)}
    assert lives[town.east_branch.pk] == (dt.date(2015, 1, 1), None)
    assert lives[town.east_small.pk] == (dt.date(2015, 1, 1), dt.date(2026, 6, 1))


def test_search_finds_two_characters_and_stays_inside_the_scope(town: District) -> None:
    found = queries.search(scope=town.east_officer.scope, text="一村")

    assert [row.code for row in found] == ["SD-E1"]


def test_an_outsider_and_a_ghost_get_the_same_answer(town: District) -> None:
    for pk in (town.west_branch.pk, 10**9):
        with pytest.raises(OutsideScope):
            queries.organization(scope=town.east_officer.scope, organization_id=pk)


def test_the_real_places_are_complete() -> None:
    villages = places.villages()

    assert len(places.townships()) == 22
    assert sum(place.kind == "village" for place in villages) == 306
    assert sum(place.kind == "community" for place in villages) == 29
    assert all(place.short.endswith(("村", "社区")) for place in villages)


def test_the_two_code_books_disagree_on_eleven_townships() -> None:
    different = [place for place in places.townships() if place.nbs_code != place.mca_code]

    assert len(different) == 11
