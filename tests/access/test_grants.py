"""A login becomes an actor: only grants in force count, the three administrators stay apart."""

import datetime as dt

import pytest

from tests.conftest import NOW, SYSTEM, TODAY, District
from wuju.access import actions, queries
from wuju.access.models import User
from wuju.kit.actors import NotGranted


def account(town: District, username: str = "zhaojia") -> User:
    return actions.open_account(
        username=username,
        name="赵甲",
        password="a-long-secret",
        unit=town.east,
        actor=SYSTEM,
        at=NOW,
    )


def test_an_account_without_grant_sees_nothing(town: District) -> None:
    actor = queries.actor_for(user=account(town), today=TODAY)

    assert not actor.roles
    assert not actor.scope.covers(town.east.path)


def test_a_grant_gives_role_and_subtree(town: District) -> None:
    user = account(town)
    actions.grant_role(
        user=user,
        role="township_officer",
        organization=town.east,
        from_on=TODAY,
        actor=SYSTEM,
        at=NOW,
    )

    actor = queries.actor_for(user=user, today=TODAY)
    assert actor.roles == {"township_officer"}
    assert actor.scope.covers(town.east_branch.path)
    assert not actor.scope.covers(town.west_branch.path)


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [(TODAY + dt.timedelta(days=1), None), (TODAY - dt.timedelta(days=9), TODAY)],
    ids=["not begun", "over"],
)
def test_a_grant_out_of_its_time_counts_for_nothing(
    from_on: dt.date, until_on: dt.date | None, town: District
) -> None:
    user = account(town)
    actions.grant_role(
        user=user,
        role="inspector",
        organization=town.county,
        from_on=from_on,
        until_on=until_on,
        actor=SYSTEM,
        at=NOW - dt.timedelta(days=9),
    )

    assert not queries.actor_for(user=user, today=TODAY).roles


@pytest.mark.parametrize("second", ["security_admin", "county_officer"])
def test_a_system_administrator_holds_no_other_role(second: str, town: District) -> None:
    user = account(town)
    grant = {
        "user": user,
        "organization": town.county,
        "from_on": TODAY,
        "actor": SYSTEM,
        "at": NOW,
    }
    actions.grant_role(role="system_admin", **grant)  # type: ignore[arg-type]

    with pytest.raises(actions.RolesMustStaySeparate, match="系统管理员”"):
        actions.grant_role(role=second, **grant)  # type: ignore[arg-type]


def test_an_officer_cannot_open_accounts(town: District) -> None:
    with pytest.raises(NotGranted):
        actions.open_account(
            username="x",
            name="钱乙",
            password="another-secret",
            unit=None,
            actor=town.officer,
            at=NOW,
        )


def test_a_user_name_is_taken_once(town: District) -> None:
    account(town)

    with pytest.raises(actions.AccountExists):
        account(town)


def test_one_capacity_at_a_time(town: District) -> None:
    """An inspector of the county who is officer of East never acts as officer in West."""
    user = account(town)
    grant = {"user": user, "from_on": TODAY, "actor": SYSTEM, "at": NOW}
    actions.grant_role(role="inspector", organization=town.county, **grant)  # type: ignore[arg-type]
    actions.grant_role(role="township_officer", organization=town.east, **grant)  # type: ignore[arg-type]

    first = queries.actor_for(user=user, today=TODAY)
    second = queries.actor_for(user=user, today=TODAY, capacity="township_officer")

    assert (first.roles, first.scope.roots) == (frozenset({"inspector"}), (town.county.path,))
    assert (second.roles, second.scope.roots) == (
        frozenset({"township_officer"}),
        (town.east.path,),
    )


def test_the_same_role_in_two_places_is_one_capacity(town: District) -> None:
    user = account(town)
    for branch in (town.east_branch, town.west_branch):
        actions.grant_role(
            user=user,
            role="secretary",
            organization=branch,
            whole_subtree=False,
            from_on=TODAY,
            actor=SYSTEM,
            at=NOW,
        )

    actor = queries.actor_for(user=user, today=TODAY)
    assert actor.scope.orgs == {town.east_branch.path, town.west_branch.path}
