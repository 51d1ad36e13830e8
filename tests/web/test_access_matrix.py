"""Every page × every role × (own township | the other township | nothing granted): one table says the answer.

A page that is not in the table fails; so does any answer that names the other township.
"""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.web.conftest import open_account
from tests.web.furnished import Side, address, both, routes
from wuju.access import actions
from wuju.access.models import User
from wuju.access.roles import GRANTABLE
from wuju.people.models import Member

# One letter a role, in the order of the columns.
ROLES = {
    "C": "county_officer",
    "D": "department_officer",
    "T": "township_officer",
    "S": "secretary",
    "K": "clerk",
    "I": "inspector",
    "V": "verifier",
    "Y": "system_admin",
    "G": "security_admin",
    "A": "auditor",
}
# One sign an answer.
SIGNS = {200: ".", 302: ">", 303: ">", 403: "f", 404: "-", 405: "m", 409: "x", 422: "?"}
MEANS = {
    ".": "a page", ">": "sent on", "f": "forbidden", "-": "not there", "m": "not this way",
    "x": "refused with a sentence", "?": "a form to fill in right",
}  # fmt: skip
# Pages that only take what is sent to them are sent a reason and a version; the others are asked for.
# Columns: what a person of each role over East gets for East's record, for West's, and what
# somebody gets whose grant is not approved.
TABLE = """
page                     C D T S K I V Y G A   C D T S K I V Y G A   nothing
today                    . . . . . . . . . .   . . . . . . . . . .   .
orgs                     . . . . . . . x x x   . . . . . . . x x x   x
org                      . . . . . . . x x x   x x x x x x x x x x   x
org-members              . . . . . . . x x x   x x x x x x x x x x   x
projects                 . . . . . . . x x x   . . . . . . . x x x   x
project                  . . . . . . . x x x   x x x x x x x x x x   x
why                      . . . . . . . x x x   x x x x x x x x x x   x
search                   . . . . . . . x x x   . . . . . . . x x x   x
logout                   > > > > > > > > > >   > > > > > > > > > >   >
password-change          . . . . . . . . . .   . . . . . . . . . .   .
capacity                 . . . . . . . . . .   . . . . . . . . . .   .
account                  . . . . . . . . . .   . . . . . . . . . .   .
token-new                > > > > > > > > > >   > > > > > > > > > >   >
token-revoke             x x x x x x x x x x   x x x x x x x x x x   x
accounts                 x x x x x x x . . x   x x x x x x x . . x   x
account-new              x x x x x x x . x x   x x x x x x x . x x   x
account-of               x x x x x x x . . x   x x x x x x x x x x   x
grant-request            x x x x x x x ? x x   x x x x x x x x x x   x
password-reset           x x x x x x x ? x x   x x x x x x x x x x   x
account-token-revoke     x x x x x x x > > x   x x x x x x x x x x   x
grant-approve            x x x x x x x x > x   x x x x x x x x x x   x
grant-refuse             x x x x x x x > > x   x x x x x x x x x x   x
grant-end                x x x x x x x x x x   x x x x x x x x x x   x
loops                    . . . . . . . x x x   . . . . . . . x x x   x
loop-register            . . . . . . . x x x   . . . . . . . x x x   x
finding-new              . x x x x . x x x x   . x x x x . x x x x   x
loop                     . . . . . . . x x x   x x x x x x x x x x   x
loop-act                 ? ? ? ? ? ? ? x x x   x x x x x x x x x x   x
registers                . . . . . . . x x x   . . . . . . . x x x   x
meetings                 . . . . . . . x x x   x x x x x x x x x x   x
meeting-new              . x . . . x x x x x   x x x x x x x x x x   x
meeting                  . . . . . . . x x x   x x x x x x x x x x   x
meeting-edit             . x . . . x x x x x   x x x x x x x x x x   x
meeting-cancel           > x > > > x x x x x   x x x x x x x x x x   x
trainings                . . . . . . . x x x   x x x x x x x x x x   x
members                  . . . . . . . x x x   x x x x x x x x x x   x
desk                     . x . x . x x x x x   . x . x . x x x x x   x
desk-headers             > x > x > x x x x x   > x > x > x x x x x   x
batch                    . x . x . x x x x x   x x x x x x x x x x   x
batch-land               > x > x > x x x x x   x x x x x x x x x x   x
batch-undo               x x x x x x x x x x   x x x x x x x x x x   x
batch-answer             x x x x x x x x x x   x x x x x x x x x x   x
batch-correct            x x x x x x x x x x   x x x x x x x x x x   x
batch-errors             . x . x . x x x x x   x x x x x x x x x x   x
export                   . . . . . . . x x x   x x x x x x x x x x   x
inspections              . . . . . . . x x x   . . . . . . . x x x   x
inspection-new           . x x x x . x x x x   . x x x x . x x x x   x
inspection               . . . . . . . x x x   x x x x x x x x x x   x
inspection-finding-new   . x x x x . x x x x   x x x x x x x x x x   x
bulletins                . . . . . . . x x x   . . . . . . . x x x   x
notice-new               . x x x x x x x x x   . x x x x x x x x x   x
supervision-new          . x x x x x x x x x   . x x x x x x x x x   x
bulletin-new             . x x x x x x x x x   . x x x x x x x x x   x
bulletin                 . . . . . . . x x x   x x x x x x x x x x   x
bulletin-docx            . . . . . . . x x x   x x x x x x x x x x   x
trail                    . x x x x x x x x .   . x x x x x x x x .   x
trail-verify             x x x x x x x x x >   x x x x x x x x x >   x
progress                 . . . . . . . . . .   . . . . . . . . . .   .
styleguide               . . . . . . . . . .   . . . . . . . . . .   .
suggestions              . . . . . . . . . .   . . . . . . . . . .   .
suggestion-sent          > > > > > > > > > >   > > > > > > > > > >   >
suggestion-follow        . . . . . . . . . .   . . . . . . . . . .   .
suggestion-inbox         x x x x x x x x x x   x x x x x x x x x x   x
suggestion               x x x x x x x x x x   x x x x x x x x x x   x
suggestion-answer        x x x x x x x x x x   x x x x x x x x x x   x
"""
SENT = frozenset({
    "account-token-revoke", "batch-answer", "batch-correct", "batch-land", "batch-undo", "desk-headers",
    "grant-approve", "grant-end", "grant-refuse", "grant-request", "logout", "loop-act", "meeting-cancel",
    "password-reset", "suggestion-answer", "token-revoke",
})  # fmt: skip
FORM = {"reason": "理由充分", "version": "1"}
HAS_A_NUMBER = re.compile(r"_id>")  # of somebody's record
PUBLIC = {"login", "healthz", "readyz"}


def table() -> dict[str, tuple[dict[str, str], dict[str, str], str]]:
    """Read the table: page -> (own by role, other by role, nothing granted)."""
    head, *lines = TABLE.strip().splitlines()
    letters = head.split()[1:-1]
    assert letters == [*ROLES, *ROLES]
    found = {}
    for line in lines:
        name, *signs, nothing = line.split()
        own, other = signs[: len(ROLES)], signs[len(ROLES) :]
        assert len(other) == len(ROLES), line
        found[name] = (
            dict(zip(ROLES.values(), own, strict=True)),
            dict(zip(ROLES.values(), other, strict=True)),
            nothing,
        )
    return found


PAGES = [(name, route) for name, route in routes() if name not in PUBLIC]


def test_every_page_and_every_role_is_in_the_table() -> None:
    assert set(table()) == {name for name, _ in PAGES}
    assert set(ROLES.values()) == GRANTABLE
    signs = {sign for own, other, nothing in table().values() for sign in (*own.values(), *other.values(), nothing)}  # fmt: skip
    assert signs <= set(MEANS)


@pytest.fixture
def sides(town: District) -> tuple[Side, Side]:
    return both(town)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def people(town: District) -> Iterator[tuple[str, Client]]:
    """Yield somebody of each role, granted over East alone."""
    for role in ROLES.values():
        yield role, signed_in(open_account(role, town.east, name=f"甲{role}"))


def ask(client: Client, name: str, place: str) -> HttpResponse:
    """Ask for a page, or send it a reason and a version, and undo whatever that did, signing out too."""
    kept = client.cookies.output()
    with transaction.atomic():
        answer = client.post(place, FORM) if name in SENT else client.get(place)
        transaction.set_rollback(True)
    client.cookies.load(kept.replace("Set-Cookie: ", ""))
    return answer  # type: ignore[return-value]  # the test client's answer is one


def text_of(response: HttpResponse) -> str:
    """Return what a person can read of an answer, workbooks and documents unpacked."""
    raw = b"".join(response) if response.streaming else response.content
    if raw[:2] != b"PK":
        return raw.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return "\n".join(
            book.read(part).decode("utf-8", errors="replace") for part in book.namelist()
        )


def names_of_west(west: Side) -> list[str]:
    """Return words that stand in no page of East: West's places, people and accounts."""
    members = Member.objects.filter(pk__in=west.members).values_list("name", flat=True)
    return ["西川", *members]


def test_what_lies_in_their_own_township(town: District, sides: tuple[Side, Side]) -> None:
    east, west = sides
    expected, wrong = table(), []
    secrets = names_of_west(west)
    for role, client in people(town):
        for name, route in PAGES:
            answer = ask(client, name, address(route, **east.values()))
            got = SIGNS[answer.status_code]
            if got != expected.get(name, ({}, {}, ""))[0].get(role):
                wrong.append(f"{name} {role}: {got}")
            text = text_of(answer)
            wrong += [f"{name} {role} names {word}" for word in secrets if word in text]
    assert wrong == []


def test_what_lies_in_another_township(town: District, sides: tuple[Side, Side]) -> None:
    """By its number in the address or, where a page has none, asked for in the query."""
    _, west = sides
    expected, wrong = table(), []
    secrets = names_of_west(west)
    for role, client in people(town):
        for name, route in PAGES:
            place = address(route, **west.values())
            if not HAS_A_NUMBER.search(route):
                place += f"?org={west.organization_id}"
            answer = ask(client, name, place)
            got = SIGNS[answer.status_code]
            if got != expected.get(name, ({}, {}, ""))[1].get(role):
                wrong.append(f"{name} {role}: {got}")
            text = text_of(answer)
            wrong += [f"{name} {role} names {word}" for word in secrets if word in text]
    assert wrong == []


def test_nothing_is_written_into_another_township(
    town: District, sides: tuple[Side, Side]
) -> None:
    """Whatever form is sent to an address with a number of West's is refused."""
    _, west = sides
    secrets, wrong = names_of_west(west), []
    for role, client in people(town):
        for name, route in PAGES:
            if not HAS_A_NUMBER.search(route):
                continue
            with transaction.atomic():
                answer = client.post(address(route, **west.values()), FORM)
                transaction.set_rollback(True)
            if SIGNS[answer.status_code] not in "fxm-":
                wrong.append(f"{name} {role}: {answer.status_code}")
            text = text_of(answer)  # type: ignore[arg-type]  # the test client's answer is one
            wrong += [f"{name} {role} names {word}" for word in secrets if word in text]
    assert wrong == []


def test_nothing_granted(town: District, sides: tuple[Side, Side]) -> None:
    """A county officer's grant that waits, and one that was refused, open nothing."""
    east, _ = sides
    user = open_account("clerk", town.east)
    user.grants.all().delete()
    asked = {
        "user": user, "organization": town.county, "from_on": TODAY, "actor": SYSTEM, "at": NOW,
    }  # fmt: skip
    for role in ("county_officer", "inspector"):
        actions.request_grant(role=role, **asked)  # type: ignore[arg-type]
    client, expected, wrong = signed_in(user), table(), []
    for name, route in PAGES:
        answer = ask(client, name, address(route, **east.values()))
        got = SIGNS[answer.status_code]
        if got != expected.get(name, ({}, {}, ""))[2]:
            wrong.append(f"{name}: {got}")
        if "东川" in text_of(answer) and name not in {"account", "token-new"}:
            wrong.append(f"{name} names 东川")
    assert wrong == []
