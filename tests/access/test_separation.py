"""三员分立: no day on which one person holds two roles that are kept apart."""

import datetime as dt

import pytest

from tests.access.cast import Staff
from tests.conftest import NOW, TODAY
from wuju.access import actions


def day(offset: int | None) -> dt.date | None:
    return None if offset is None else TODAY + dt.timedelta(days=offset)


OVERLAPS = [
    pytest.param((0, 30), (0, None), id="held for a month, asked for without end"),
    pytest.param((0, None), (10, 20), id="held without end, asked for ten days"),
    pytest.param((20, 40), (0, 21), id="begins later, overlaps on one day"),
    pytest.param((0, 21), (20, 40), id="ends later, overlaps on one day"),
    pytest.param((10, None), (0, None), id="held from later on, without end"),
]
APART = [
    pytest.param((0, 20), (20, None), id="the day after"),
    pytest.param((20, 40), (0, 20), id="until the day before"),
]
PAIRS = [
    ("system_admin", "auditor"),
    ("auditor", "security_admin"),
    ("county_officer", "auditor"),
    ("system_admin", "secretary"),
]


@pytest.mark.parametrize(("held", "asked"), PAIRS)
@pytest.mark.parametrize(("first", "second"), OVERLAPS)
def test_periods_that_overlap_are_refused(
    first: tuple[int, int | None],
    second: tuple[int, int | None],
    held: str,
    asked: str,
    staff: Staff,
) -> None:
    staff.granted(role=held, from_on=day(first[0]), until_on=day(first[1]))

    with pytest.raises(actions.RolesMustStaySeparate):
        staff.request(role=asked, from_on=day(second[0]), until_on=day(second[1]))


@pytest.mark.parametrize(("held", "asked"), PAIRS)
@pytest.mark.parametrize(("first", "second"), APART)
def test_periods_that_only_meet_are_not(
    first: tuple[int, int | None],
    second: tuple[int, int | None],
    held: str,
    asked: str,
    staff: Staff,
) -> None:
    staff.granted(role=held, from_on=day(first[0]), until_on=day(first[1]))

    assert staff.granted(role=asked, from_on=day(second[0]), until_on=day(second[1])).pk


def test_it_is_looked_at_again_when_it_is_approved(staff: Staff) -> None:
    """Two requests may wait beside each other; only one of them comes true."""
    first = staff.request(role="auditor")
    second = staff.request(role="clerk")
    actions.approve_grant(grant_id=first.pk, actor=staff.approver, at=NOW)

    with pytest.raises(actions.RolesMustStaySeparate, match="审计员"):
        actions.approve_grant(grant_id=second.pk, actor=staff.approver, at=NOW)


def test_an_ended_role_frees_its_holder(staff: Staff) -> None:
    grant = staff.granted(role="auditor", from_on=day(5))
    actions.end_grant(grant_id=grant.pk, reason="改任", actor=staff.approver, at=NOW)

    assert staff.granted(role="clerk").pk


def test_business_roles_go_together(staff: Staff) -> None:
    staff.granted(role="secretary")

    assert staff.granted(role="inspector").pk
