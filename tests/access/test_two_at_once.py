"""Two administrators at the same moment, on PostgreSQL: what each alone may do, both may not."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.access.cast import Staff, account, actor_of, administrator, staff
from tests.conftest import NOW, District
from wuju.access import actions
from wuju.access.models import Grant
from wuju.kit.errors import DomainError

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer at a time: there is nothing to cross",
    ),
]
ROUNDS = 8


def together(*deeds: Callable[[], object]) -> list[str]:
    """Do all at the same moment, each at its own connection; return the sentences of refusal."""
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        try:
            start.wait(30)
            deed()
        except DomainError as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [said for said in pool.map(run, deeds) if said]


@pytest.fixture
def people(transactional_db: None, town: District) -> Staff:
    return staff(town)


def approve(grant: Grant, people: Staff) -> Callable[[], object]:
    actor = people.approver
    return lambda: actions.approve_grant(grant_id=grant.pk, actor=actor, at=NOW)


def test_two_roles_kept_apart_are_not_approved_at_once(people: Staff) -> None:
    for turn in range(ROUNDS):
        person = account(people.town, f"person{turn}", f"甲{turn}")
        pair = [people.request(person, role=role) for role in ("auditor", "secretary")]

        refused = together(*(approve(grant, people) for grant in pair))

        assert len(refused) == 1
        assert Grant.objects.filter(user=person, state="approved").count() == 1


def test_one_grant_is_approved_once(people: Staff) -> None:
    for turn in range(ROUNDS):
        person = account(people.town, f"person{turn}", f"甲{turn}")
        grant = people.request(person)

        assert len(together(approve(grant, people), approve(grant, people))) == 1


def test_the_same_is_requested_once(people: Staff) -> None:
    for turn in range(ROUNDS):
        person = account(people.town, f"person{turn}", f"甲{turn}")

        refused = together(*[lambda: people.request(person)] * 2)  # noqa: B023 - done at once

        assert len(refused) == 1


def test_two_do_not_end_each_other(people: Staff) -> None:
    for turn in range(ROUNDS):
        second = administrator(people.town, "security_admin", f"anquan{turn}", f"周{turn}")
        pair = [
            Grant.objects.get(user=people.security, state="approved"),
            Grant.objects.get(user=second),
        ]
        system = people.requester

        def end(grant: Grant) -> Callable[[], object]:
            return lambda: actions.end_grant(grant_id=grant.pk, reason="", actor=system, at=NOW)  # noqa: B023 - done at once

        refused = together(*map(end, pair))

        assert len(refused) == 1
        held = [user for user in (people.security, second) if actor_of(user).roles]
        assert len(held) == 1
        if held == [second]:
            people = Staff(people.town, people.system, second, people.auditor, people.person)
