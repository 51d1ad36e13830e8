"""The chain: every event linked, every tampering named."""

import pytest
from django.db import connection

from tests.conftest import NOW, District, add_members
from wuju.kit.action import Untraced, action
from wuju.kit.actors import Actor, OrgScope
from wuju.ledger import actions, queries
from wuju.ledger.models import Event, ImageChunk
from wuju.org import actions as org_actions

WHOLE = OrgScope.whole(because="tests of the ledger")


def faults() -> list[queries.Fault]:
    actions.seal()
    return queries.verify_chain(scope=WHOLE) + queries.verify_records(scope=WHOLE)


def tamper(sql: str, *params: str | int | bytes | bool) -> None:
    """Change the database behind the program's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount == 1


def test_an_untouched_ledger_verifies(town: District) -> None:
    org_actions.rename_organization(
        organization_id=town.east_branch.pk, name="东川新村党支部", actor=town.officer, at=NOW
    )

    assert faults() == []


def test_names_a_changed_event(town: District) -> None:
    actions.seal()
    tamper("UPDATE ledger_event SET actor_name = %s WHERE sequence = 1", "别人")

    [fault] = faults()
    assert (fault.kind, fault.event) == ("changed", Event.objects.get(sequence=1).pk)


def test_names_the_row_and_field_changed_behind_the_ledger(town: District) -> None:
    tamper("UPDATE org_organization SET name = %s WHERE code = 'SD-E1'", "改过的名字")

    [fault] = faults()
    assert (fault.table, fault.row, fault.field) == (
        "org.Organization",
        town.east_branch.pk,
        "name",
    )
    assert "组织名称" in fault.message


def test_names_a_personal_value_changed_behind_the_ledger(town: District) -> None:
    [member] = add_members(town.east_branch, 1)
    tamper("UPDATE people_member SET name = %s WHERE id = %s", "顶替者", member)

    [fault] = faults()
    assert (fault.table, fault.row, fault.field) == ("people.Member", member, "name")


def test_names_an_inserted_and_a_deleted_row(town: District) -> None:
    tamper(
        'INSERT INTO org_succession (predecessor_id, successor_id, "on", inherits_rows)'
        " VALUES (%s, %s, '2026-01-01', %s)",
        town.east_branch.pk,
        town.west_branch.pk,
        True,
    )
    org_actions.merge_organization(
        predecessor_id=town.east_small.pk,
        successor_id=town.east_branch.pk,
        on=NOW.date(),
        actor=town.officer,
        at=NOW,
    )
    tamper("DELETE FROM org_profile WHERE organization_id = %s", town.west.pk)

    assert {(fault.kind, fault.table) for fault in faults()} == {
        ("inserted", "org.Succession"),
        ("deleted", "org.Profile"),
    }


def test_names_a_missing_event(town: District) -> None:
    for name in ("甲支部", "乙支部"):
        org_actions.rename_organization(
            organization_id=town.east_branch.pk, name=name, actor=town.officer, at=NOW
        )
    actions.seal()
    gone = Event.objects.order_by("id")[1]
    ImageChunk.objects.filter(event=gone).delete()
    gone.delete()

    assert {fault.kind for fault in queries.verify_chain(scope=WHOLE)} == {"missing", "order"}


def test_names_a_rewritten_image(town: District) -> None:
    tamper(
        "UPDATE ledger_imagechunk SET payload = %s WHERE id = (SELECT min(id) FROM ledger_imagechunk)",
        b"x",
    )

    assert "image" in {fault.kind for fault in queries.verify_chain(scope=WHOLE)}


def test_a_checkpoint_catches_a_chain_rebuilt_from_scratch(town: District) -> None:
    actions.checkpoint(at=NOW)
    Event.objects.update(sequence=None, hash="", previous_hash="", actor_name="别人")
    actions.seal()

    assert {fault.kind for fault in queries.verify_chain(scope=WHOLE)} == {"checkpoint"}


def test_a_personal_value_never_enters_the_ledger(town: District) -> None:
    from wuju.ledger.images import unpack

    add_members(town.east_branch, 1)

    texts = [
        str(unpack(payload)) for payload in ImageChunk.objects.values_list("payload", flat=True)
    ]
    assert not any("党员" in text and "党员1" in text for text in texts)


def test_an_action_that_leaves_no_trace_is_rolled_back(town: District) -> None:
    @action
    def silent(*, actor: Actor, at: object) -> None:
        town.east_branch.name = "无痕"
        town.east_branch.save(update_fields=["name"])

    with pytest.raises(Untraced):
        silent(actor=town.officer, at=NOW)

    town.east_branch.refresh_from_db()
    assert town.east_branch.name == "东川一村党支部"


@pytest.mark.parametrize("missing", ["actor", "at"])
def test_an_action_needs_an_actor_and_a_moment(missing: str, town: District) -> None:
    given = {
        "organization_id": town.east_branch.pk,
        "name": "新名",
        "actor": town.officer,
        "at": NOW,
    }
    del given[missing]

    with pytest.raises(TypeError, match="needs actor"):
        org_actions.rename_organization(**given)  # type: ignore[arg-type]


def test_the_trail_shows_only_the_scope(town: District) -> None:
    org_actions.rename_organization(
        organization_id=town.west_branch.pk, name="西川新村党支部", actor=town.officer, at=NOW
    )

    assert queries.trail(scope=town.east_officer.scope) == []
    assert [row.action for row in queries.trail(scope=town.west_officer.scope)] == [
        "organization.renamed"
    ]
