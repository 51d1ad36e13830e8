"""One person requests a grant, another approves it, a third holds it: never two in one hand."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from tests.access.cast import Staff, account, actor_of, administrator
from tests.conftest import NOW, SYSTEM, TODAY
from wuju.access import actions, queries
from wuju.access.models import Grant
from wuju.access.roles import ROLES
from wuju.kit.actors import NotGranted, OrgScope, OutsideScope
from wuju.kit.errors import DomainError
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records
from wuju.standings.sources import WHOLE


def test_nothing_is_held_until_another_person_approves(staff: Staff) -> None:
    grant = staff.request()

    assert not actor_of(staff.person).roles
    assert queries.capacities(user=staff.person, today=TODAY) == []

    actions.approve_grant(grant_id=grant.pk, actor=staff.approver, at=NOW)

    assert actor_of(staff.person).roles == {"township_officer"}
    grant.refresh_from_db()
    assert (grant.requested_by, grant.requester_id) == ("郑庚", staff.system.pk)
    assert (grant.approved_by, grant.approver_id) == ("王辛", staff.security.pk)
    told = Event.objects.filter(target=f"account:{staff.person.pk}").order_by("id")
    assert list(told.values_list("action", "actor_name")) == [
        ("account.opened", SYSTEM.name),
        ("grant.requested", "郑庚"),
        ("role.granted", "王辛"),
    ]
    assert verify_records(scope=WHOLE) == []


def test_a_refused_request_is_never_held(staff: Staff) -> None:
    grant = staff.request()
    actions.refuse_grant(grant_id=grant.pk, reason="范围过大", actor=staff.approver, at=NOW)

    assert not actor_of(staff.person).roles
    with pytest.raises(actions.NotWaiting):
        actions.approve_grant(grant_id=grant.pk, actor=staff.approver, at=NOW)
    [row] = queries.grants_of(user_id=staff.person.pk, today=TODAY)
    assert (row.standing, row.refused_by, row.refusal) == ("已退回", "王辛", "范围过大")


def test_a_security_administrator_cannot_approve_their_own_grant(staff: Staff) -> None:
    grant = staff.request(staff.security, role="security_admin", organization=staff.town.east)

    with pytest.raises(actions.ApproverMustBeAnother):
        actions.approve_grant(grant_id=grant.pk, actor=staff.approver, at=NOW)

    other = administrator(staff.town, "security_admin", "anquan2", "周戊")
    actions.approve_grant(grant_id=grant.pk, actor=actor_of(other), at=NOW)
    assert Grant.objects.get(pk=grant.pk).approved_by == "周戊"


def test_nor_under_a_second_account_of_the_same_name(staff: Staff) -> None:
    second = account(staff.town, "wangxin2", "王　辛")
    grant = staff.request(second)

    with pytest.raises(actions.ApproverMustBeAnother):
        actions.approve_grant(grant_id=grant.pk, actor=staff.approver, at=NOW)


def test_who_requested_does_not_approve(staff: Staff) -> None:
    """Even somebody who came by both roles is one person."""
    both = replace(staff.requester, roles=frozenset({"system_admin", "security_admin"}))
    grant = staff.request()

    with pytest.raises(actions.ApproverMustBeAnother):
        actions.approve_grant(grant_id=grant.pk, actor=both, at=NOW)
    assert not Event.objects.filter(action="role.granted", actor_name="郑庚").exists()


def test_the_database_refuses_one_hand_too(staff: Staff) -> None:
    grant = staff.request()
    for forged in (
        {"approved_by": "钱乙", "approver": staff.person},
        {"approved_by": "郑庚", "approver": staff.system},
        {"approved_by": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(state="approved", **forged)


def test_nobody_requests_for_themself(staff: Staff) -> None:
    with pytest.raises(actions.OwnGrant):
        staff.request(staff.system, role="system_admin", organization=staff.town.east)


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"system_admin", "system"}))
def test_only_a_system_administrator_requests(role: str, staff: Staff) -> None:
    with pytest.raises(NotGranted, match="申请授权"):
        staff.request(actor=replace(staff.requester, roles=frozenset({role})))


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"security_admin", "system"}))
def test_only_a_security_administrator_approves(role: str, staff: Staff) -> None:
    grant = staff.request()
    outsider = replace(staff.approver, roles=frozenset({role}))

    with pytest.raises(NotGranted, match="批准授权"):
        actions.approve_grant(grant_id=grant.pk, actor=outsider, at=NOW)


def test_an_administrator_of_one_township_stays_in_it(staff: Staff) -> None:
    east_only = OrgScope(roots=(staff.town.east.path,))
    grant = staff.request(organization=staff.town.west)

    with pytest.raises(OutsideScope):
        staff.request(
            organization=staff.town.west, actor=replace(staff.requester, scope=east_only)
        )
    with pytest.raises(actions.NoSuchGrant):
        actions.approve_grant(
            grant_id=grant.pk, actor=replace(staff.approver, scope=east_only), at=NOW
        )


def test_no_person_becomes_a_job(staff: Staff) -> None:
    for role in ("system", "emperor"):
        with pytest.raises(actions.UnknownRole):
            staff.request(role=role)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_grant_lasts(days: int, staff: Staff) -> None:
    with pytest.raises(actions.GrantMustLast):
        staff.request(until_on=TODAY + dt.timedelta(days=days))


def test_a_request_that_ran_out_is_not_approved(staff: Staff) -> None:
    grant = staff.request(until_on=TODAY + dt.timedelta(days=3))

    with pytest.raises(actions.GrantMustLast):
        actions.approve_grant(
            grant_id=grant.pk, actor=staff.approver, at=NOW + dt.timedelta(days=3)
        )


def test_the_same_is_not_asked_for_twice(staff: Staff) -> None:
    staff.request()

    with pytest.raises(actions.GrantExists):
        staff.request()
    staff.request(organization=staff.town.west)


def test_an_ended_grant_is_gone_the_same_day(staff: Staff) -> None:
    grant = staff.granted()
    actions.end_grant(grant_id=grant.pk, reason="调离", actor=staff.requester, at=NOW)

    assert not actor_of(staff.person).roles
    with pytest.raises(actions.NotInForce):
        actions.end_grant(grant_id=grant.pk, reason="调离", actor=staff.requester, at=NOW)
    staff.granted()  # and may be given again
    assert actor_of(staff.person).roles


def test_a_grant_that_has_not_begun_never_begins(staff: Staff) -> None:
    later = TODAY + dt.timedelta(days=30)
    grant = staff.granted(from_on=later)
    actions.end_grant(grant_id=grant.pk, reason="不来了", actor=staff.approver, at=NOW)

    assert not queries.actor_for(user=staff.person, today=later).roles
    [row] = queries.grants_of(user_id=staff.person.pk, today=TODAY)
    assert row.standing == "已结束"


def test_a_request_is_refused_not_ended(staff: Staff) -> None:
    grant = staff.request()

    with pytest.raises(actions.NotInForce):
        actions.end_grant(grant_id=grant.pk, reason="", actor=staff.approver, at=NOW)


def test_nobody_ends_their_own_and_the_last_stays(staff: Staff) -> None:
    own = Grant.objects.get(user=staff.security)
    with pytest.raises(actions.OwnGrant):
        actions.end_grant(grant_id=own.pk, reason="", actor=staff.approver, at=NOW)
    for user in (staff.security, staff.auditor):
        last = Grant.objects.get(user=user)
        with pytest.raises(actions.LastAdministrator, match="先让接任的人"):
            actions.end_grant(grant_id=last.pk, reason="", actor=staff.requester, at=NOW)

    administrator(staff.town, "security_admin", "anquan2", "周戊")
    actions.end_grant(grant_id=own.pk, reason="换人", actor=staff.requester, at=NOW)
    assert not actor_of(staff.security).roles


def test_set_up_does_both_and_the_ledger_says_so(staff: Staff) -> None:
    events = Event.objects.filter(target=f"account:{staff.system.pk}").order_by("id")

    assert list(events.values_list("action", "actor_name", "actor_user_id"))[1:] == [
        ("grant.requested", SYSTEM.name, None),
        ("role.granted", SYSTEM.name, None),
    ]
    for actor in (staff.requester, staff.approver):
        with pytest.raises(NotGranted, match="首次安装"):
            actions.grant_role(
                user=staff.person,
                role="clerk",
                organization=staff.town.east,
                from_on=TODAY,
                actor=actor,
                at=NOW,
            )


def test_every_refusal_says_what_to_do() -> None:
    plain = [
        error
        for error in vars(actions).values()
        if isinstance(error, type) and issubclass(error, DomainError)
        if error.__init__.__code__.co_argcount == 1
    ]
    assert len(plain) >= 12
    for error in plain:
        assert str(error()).endswith("。"), error
