"""Roster snapshots: who belonged to an organization on a day, stored once by content."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from wuju.kit.actors import Actor
from wuju.kit.bulk import insert_rows
from wuju.kit.prepared import prepared
from wuju.kit.strict import chunks
from wuju.people.models import Roster

type Content = tuple[int, Mapping[int, bool]]


def ensure_rosters(*, contents: Sequence[Content], actor: Actor) -> list[Roster]:
    """Return a snapshot of each roster, in order, storing new contents once.

    Part of the action that needs it: writes no event of its own, for a snapshot says
    nothing that the memberships do not.

    Args:
        contents: (organization id, {member id: exempt}) as the memberships say of some day.
    """
    del actor
    pairs = [
        (org, [[member, int(exempt)] for member, exempt in sorted(people.items())])
        for org, people in contents
    ]
    keys = [(org, hashlib.sha256(repr(pair).encode()).hexdigest()) for org, pair in pairs]
    found = _stored({org for org, _ in contents})
    fresh = {
        key: Roster(
            organization_id=org,
            digest=key[1],
            size=len(pair),
            exempt=sum(exempt for _, exempt in pair),
            member_ids=pair,
        )
        for key, (org, pair) in zip(keys, pairs, strict=True)
        if key not in found
    }
    found |= _store(list(fresh.values()))
    return [found[key] for key in keys]


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
