"""Members: identifiers sealed, membership by date, reveals on the ledger."""

import datetime as dt

import pytest
from django.db import connection

from tests.conftest import NOW, SYSTEM, TODAY, District, add_members
from wuju.kit.actors import NotGranted
from wuju.ledger.models import Event
from wuju.people import actions, queries
from wuju.people.models import Member, Membership, Roster

ID = "999999197003071238"


def mirrored(town: District) -> int:
    [member] = actions.land_members(
        drafts=[
            actions.MemberDraft(
                row_key="m1",
                organization_id=town.east_branch.pk,
                name="赵甲乙",
                sex="male",
                category="full",
                from_on=dt.date(2025, 1, 1),
                id_number=ID,
                phone="10012345678",
            )
        ],
        as_of=dt.date(2025, 1, 1),
        actor=SYSTEM,
        at=NOW,
    )
    return member.pk


def test_identifiers_are_sealed_and_lists_are_masked(town: District) -> None:
    mirrored(town)

    with connection.cursor() as cursor:
        cursor.execute("SELECT id_cipher, id_index, phone_cipher FROM people_member")
        stored = " ".join(cursor.fetchone())
    assert ID not in stored
    assert "10012345678" not in stored
    [row] = queries.roster(scope=town.officer.scope, on=TODAY)
    assert row.id_number.startswith("9999")
    assert ID not in {row.id_number, row.phone}


def test_an_identifier_is_found_through_the_blind_index(town: District) -> None:
    member = mirrored(town)

    assert queries.find_by_id_number(scope=town.officer.scope, id_number=ID) == member
    assert queries.find_by_id_number(scope=town.west_officer.scope, id_number=ID) is None


def test_a_reveal_states_its_reason_and_is_on_the_ledger(town: District) -> None:
    member = mirrored(town)

    with pytest.raises(actions.ReasonNeeded):
        actions.reveal_identifier(member_id=member, reason=" ", actor=town.officer, at=NOW)
    assert not Event.objects.filter(action="member.revealed").exists()

    shown = actions.reveal_identifier(
        member_id=member, reason="核对组织关系", actor=town.officer, at=NOW
    )

    assert shown == {"id_number": ID, "phone": "10012345678"}
    event = Event.objects.get(action="member.revealed")
    assert (event.reason, event.actor_name) == ("核对组织关系", "区委甲")
    assert ID not in str(event.details)


@pytest.mark.parametrize("actor", ["west_officer", "east_secretary"])
def test_others_may_not_reveal(actor: str, town: District) -> None:
    member = mirrored(town)

    with pytest.raises((actions.NotOnTheRoster, NotGranted)):
        actions.reveal_identifier(
            member_id=member, reason="核对", actor=getattr(town, actor), at=NOW
        )


def test_a_transfer_leaves_the_past_where_it_was(town: District) -> None:
    member = mirrored(town)

    actions.transfer_member(
        member_id=member,
        to_organization_id=town.west_branch.pk,
        on=dt.date(2026, 6, 1),
        actor=town.officer,
        at=NOW,
    )

    before = queries.roster(scope=town.officer.scope, on=dt.date(2026, 5, 31))
    after = queries.roster(scope=town.officer.scope, on=dt.date(2026, 6, 1))
    assert [row.organization_id for row in before] == [town.east_branch.pk]
    assert [row.organization_id for row in after] == [town.west_branch.pk]


def test_a_transfer_out_of_the_scope_is_refused_without_a_trace(town: District) -> None:
    member = mirrored(town)
    rows, events = Membership.objects.count(), Event.objects.count()

    with pytest.raises(actions.NotOnTheRoster):
        actions.transfer_member(
            member_id=member,
            to_organization_id=town.west_branch.pk,
            on=TODAY,
            actor=town.west_officer,
            at=NOW,
        )

    assert (Membership.objects.count(), Event.objects.count()) == (rows, events)


def test_a_new_category_opens_a_new_row(town: District) -> None:
    [member] = add_members(town.east_branch, 1, category="probationary")
    on = dt.date(2026, 9, 1)

    actions.change_members(
        changes=[actions.MemberChange(member, {"full_on": on}, {"category": "full"})],
        as_of=on,
        actor=SYSTEM,
        at=NOW,
    )

    rows = Membership.objects.order_by("from_on").values_list("category", "until_on")
    assert list(rows) == [("probationary", on), ("full", None)]


def test_a_roster_is_stored_once_by_content(town: District) -> None:
    org = town.east_branch.pk
    was = (org, {7: True, 5: False, 6: False})

    first, same, other = actions.ensure_rosters(
        contents=[was, was, (org, {5: False, 6: False})], actor=SYSTEM
    )
    (again,) = actions.ensure_rosters(contents=[was], actor=SYSTEM)

    assert first.pk == same.pk == again.pk != other.pk
    assert (first.size, first.exempt, other.size) == (3, 1, 2)
    assert first.member_ids == [[5, 0], [6, 0], [7, 1]]
    assert Roster.objects.count() == 2


def test_everybody_moves_when_a_branch_is_merged(town: District) -> None:
    add_members(town.east_small, 3)
    add_members(
        town.east_small, 1, from_on=dt.date(2026, 5, 1)
    )  # entered late, into a branch gone by then

    moved = actions.move_everybody(
        from_id=town.east_small.pk,
        to_id=town.east_branch.pk,
        on=dt.date(2026, 3, 1),
        actor=SYSTEM,
        at=NOW,
    )

    assert moved == 4
    assert queries.counts_by_organization(scope=town.officer.scope, on=TODAY) == {
        town.east_branch.pk: (4, 4)
    }


def test_an_undone_batch_leaves_only_the_ledger(town: District) -> None:
    members = add_members(town.east_branch, 2)

    actions.undo_members(batch="b", member_ids=members, actor=SYSTEM, at=NOW)

    assert not Member.objects.exists()
    assert Event.objects.filter(action__in=["members.landed", "members.undone"]).count() == 2
