"""A token's secret is seen by its owner alone; an administrator can only make it worthless."""

import datetime as dt

import pytest

from tests.access.cast import Staff, actor_of
from tests.conftest import NOW, SYSTEM, TODAY
from wuju.access import actions, queries
from wuju.access.models import Token
from wuju.kit.actors import NotGranted
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records
from wuju.standings.sources import WHOLE

MONTH = TODAY + dt.timedelta(days=30)


def opens(staff: Staff, secret: str, username: str = "qianyi", day: dt.date = TODAY) -> bool:
    found = queries.user_for_token(username=username, secret=secret, today=day)
    return found == staff.person


def issued(staff: Staff, until_on: dt.date = MONTH) -> str:
    return actions.issue_token(
        title="命令行", until_on=until_on, actor=actor_of(staff.person), at=NOW
    )


def test_a_token_opens_only_its_own_account_until_it_lapses(staff: Staff) -> None:
    secret = issued(staff, TODAY)

    assert opens(staff, secret)
    assert not opens(staff, secret, username="xitong")
    assert not opens(staff, secret, day=TODAY + dt.timedelta(days=1))


def test_a_job_issues_none(staff: Staff) -> None:
    with pytest.raises(actions.TokenIsPersonal):
        actions.issue_token(title="命令行", until_on=MONTH, actor=SYSTEM, at=NOW)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_token_is_neither_over_nor_for_ever(days: int, staff: Staff) -> None:
    with pytest.raises(actions.TokenTooLong):
        issued(staff, TODAY + dt.timedelta(days=days))


def test_the_owner_revokes_at_once(staff: Staff) -> None:
    secret = issued(staff)
    token = Token.objects.get()
    actions.revoke_token(token_id=token.pk, actor=actor_of(staff.person), at=NOW)

    assert not opens(staff, secret)
    with pytest.raises(actions.NoSuchToken):
        actions.revoke_token(token_id=token.pk, actor=actor_of(staff.person), at=NOW)
    assert verify_records(scope=WHOLE) == []


def test_an_administrator_revokes_and_is_named(staff: Staff) -> None:
    secret = issued(staff)
    actions.revoke_token(token_id=Token.objects.get().pk, actor=staff.requester, at=NOW)

    assert not opens(staff, secret)
    assert Event.objects.get(action="token.revoked").actor_name == "郑庚"


def test_nobody_else_revokes(staff: Staff) -> None:
    secret = issued(staff)
    for actor in (staff.town.officer, actor_of(staff.auditor)):
        with pytest.raises(NotGranted, match="撤销他人的令牌"):
            actions.revoke_token(token_id=Token.objects.get().pk, actor=actor, at=NOW)

    assert opens(staff, secret)


def test_a_token_without_an_approved_grant_may_do_nothing(staff: Staff) -> None:
    staff.request()
    secret = issued(staff)
    user = queries.user_for_token(username="qianyi", secret=secret, today=TODAY)

    assert user is not None
    actor = actor_of(user)
    assert not actor.roles
    assert not actor.scope.covers(staff.town.east.path)


def test_the_secret_is_kept_nowhere(staff: Staff) -> None:
    secret = issued(staff)

    assert secret not in repr(list(Token.objects.values()))
    assert secret not in repr(list(Event.objects.values()))
