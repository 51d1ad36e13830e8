"""Roster snapshots: who belonged to an organization on a day, stored once by content."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from wuju.kit.actors import Actor
from wuju.kit.bulk import insert_rows
from wuju.kit.prepared import prepared
from wuju.kit.strict import chunks
from wuju.people.models import Membership, Roster


def ensure_rosters(*, days: dict[int, dt.date], actor: Actor) -> dict[int, Roster]:
    """Return the roster snapshot of each organization on its day, storing new contents once.

    Part of the action that needs it: writes no event of its own, for a snapshot says
    nothing that the memberships do not.

    Args:
        days: organization id -> day.
    """
    del actor
    content = _contents(days)
    digests = {
        org: hashlib.sha256(repr(pairs).encode()).hexdigest() for org, pairs in content.items()
    }
    found = _stored(content)
    fresh = [
        Roster(
            organization_id=org,
            digest=digests[org],
            size=len(pairs),
            exempt=sum(exempt for _, exempt in pairs),
            member_ids=pairs,
        )
        for org, pairs in sorted(content.items())
        if (org, digests[org]) not in found
    ]
    found |= _store(fresh)
    return {org: found[org, digest] for org, digest in digests.items()}


def _stored(orgs: Iterable[int]) -> dict[tuple[int, str], Roster]:
    return {
        (row.organization_id, row.digest): row
        for part in chunks(sorted(orgs))
        for row in map(_known, _snapshots(part))
    }


@prepared
def _snapshots(orgs: Sequence[int]) -> QuerySet[Any, Any]:
    return Roster.objects.filter(organization_id__in=orgs).values_list(*_KNOWN)


_KNOWN = ("id", "organization_id", "digest", "size", "exempt")


def _known(values: Sequence[Any]) -> Roster:
    """Return a stored snapshot without its members: they are what its digest says."""
    return Roster.from_db(connection.alias, _KNOWN, values)


def _store(fresh: list[Roster]) -> dict[tuple[int, str], Roster]:
    """Store new snapshots, or take those that somebody else stored at the same moment."""
    if not fresh:
        return {}
    try:
        with transaction.atomic():
            insert_rows(fresh)
    except IntegrityError:
        Roster.objects.bulk_create(
            [_again(row) for row in fresh], ignore_conflicts=True, batch_size=100
        )
        return _stored({row.organization_id for row in fresh})
    return {(row.organization_id, row.digest): row for row in fresh}


def _again(row: Roster) -> Roster:
    return Roster(
        organization_id=row.organization_id,
        digest=row.digest,
        size=row.size,
        exempt=row.exempt,
        member_ids=row.member_ids,
    )


def _contents(days: dict[int, dt.date]) -> dict[int, list[list[int]]]:
    """Return {organization: sorted [[member, exempt 0/1]]} on each one's day."""
    found: dict[int, list[list[int]]] = {org: [] for org in days}
    for part in chunks(sorted(days)):
        for org, member, exempt, first, until in _memberships(part):
            if first <= days[org] and (until is None or until > days[org]):
                found[org].append([member, int(exempt)])
    return found


@prepared
def _memberships(orgs: Sequence[int]) -> QuerySet[Any, Any]:
    return (
        Membership.objects.filter(organization_id__in=orgs, state="normal")
        .order_by("member_id")
        .values_list("organization_id", "member_id", "exempt", "from_on", "until_on")
    )
