"""Writing to the ledger. Call inside the action whose change it records."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from wuju.kit.action import action, note_event
from wuju.kit.actors import Actor, OrgScope
from wuju.kit.bulk import insert_rows
from wuju.kit.prepared import prepared

from .images import Images
from .models import Checkpoint, Event, ImageChunk, Sending
from .seal import GENESIS, Sealable, digest_of

_LOCK = 0x57554A55  # 'WUJU', the advisory lock of the sealer
_COVERED = (
    "at", "actor_user_id", "actor_name", "on_behalf_of", "action", "target", "org_path", "reason",
    "details", "images_digest", "batch",
)  # fmt: skip


def record(
    name: str,
    *,
    actor: Actor,
    at: dt.datetime,
    target: str,
    org_path: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
    images: Iterable[Images] = (),
    batch: str = "",
) -> Event:
    """Append one event and the images of the rows it changed.

    Args:
        name: noun.past_tense, e.g. `finding.closed`.
        target: what it was done to, `kind:id`.
        details: integers, codes, dates as text; never a personal value.
    """
    packed = [(i.table, *chunk) for i in images if i.rows for chunk in i.chunks()]
    event = Event(
        at=at,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        on_behalf_of=actor.on_behalf_of,
        action=name,
        target=target,
        org_path=org_path,
        reason=reason,
        details=details or {},
        images_digest=digest_of([digest for *_, digest in packed]),
        batch=batch,
    )
    if connection.vendor == "sqlite":
        _link(event, *_head())
    insert_rows([event])
    insert_rows(
        [
            ImageChunk(
                event=event, position=n, table=table, rows=rows, payload=payload, digest=digest
            )
            for n, (table, rows, payload, digest) in enumerate(packed)
        ]
    )
    if connection.vendor != "sqlite":
        transaction.on_commit(seal)
    note_event()
    return event


_CODE = re.compile(r"[A-Za-z0-9_.:-]{0,60}")


@action
def record_export(
    *,
    what: str,
    rows: int,
    filters: Mapping[str, str | int],
    target: str,
    actor: Actor,
    at: dt.datetime,
) -> Event:
    """Note that records leave as a file: who took what, from where, how many rows, by which filter.

    Every export of every face comes through here, before its bytes are handed over.

    Args:
        what: the kind of file, a code.
        filters: codes, ids and dates only, never what a person typed. The scope is noted itself.

    Raises:
        ValueError: a filter is a text, which might name somebody. A mistake in our code.
    """
    texts = [value for value in (what, *filters.values()) if isinstance(value, str)]
    if loose := [text for text in texts if not _CODE.fullmatch(text)]:
        raise ValueError(f"not a code: {loose}")
    return record(
        "records.exported",
        actor=actor,
        at=at,
        target=target,
        org_path=actor.scope.home,
        details={
            "what": what,
            "rows": rows,
            "under": _parts(actor.scope),
            "filter": dict(filters),
        },
    )


def _parts(scope: OrgScope) -> list[str]:
    """Name the parts of the tree an export was read in by their paths; of many the first ten."""
    paths = sorted({*scope.roots, *scope.orgs})
    return [*paths[:10], *([f"+{len(paths) - 10}"] if len(paths) > 10 else [])]


def once(*, mark: str, make: Callable[[], int], actor: Actor, at: dt.datetime) -> int:
    """Do what a form asks and return the id of what it made; a second time only return it.

    The mark is written first, in the transaction of what it makes: whoever sends the same form
    meanwhile waits for the first and gets what that made. A refusal takes the mark back.

    Args:
        make: calls one action, which leaves its own trace.
    """
    with transaction.atomic():
        sending = Sending(mark=mark, user_id=actor.user_id, at=at)
        try:
            with transaction.atomic():
                sending.save(force_insert=True)
        except IntegrityError:
            first = Sending.objects.get(mark=mark)
            assert first.made is not None  # noqa: S101 - both are written in one transaction
            return first.made
        sending.made = make()
        sending.save(update_fields=["made"])
        return sending.made


def sealable(event: Event, sequence: int, previous_hash: str) -> Sealable:
    """Return what the hash of `event` covers at this place of the chain."""
    return Sealable(
        sequence=sequence,
        previous_hash=previous_hash,
        **{name: getattr(event, name) for name in _COVERED},
    )


def _head() -> tuple[int, str]:
    last = _last()
    return (last[0][0], last[0][1]) if last else (0, GENESIS)


@prepared
def _last() -> QuerySet[Any, Any]:
    return Event.objects.sealed().order_by("-sequence").values_list("sequence", "hash")[:1]


def _link(event: Event, sequence: int, previous_hash: str) -> tuple[int, str]:
    event.sequence = sequence + 1
    event.previous_hash = previous_hash
    event.hash = sealable(event, sequence + 1, previous_hash).hash()
    return event.sequence, event.hash


def seal() -> int:
    """Chain the events not yet sealed, in order; return how many.

    Only one process seals at a time; another one that finds the lock taken leaves. The
    holder looks again after it let go, so the events of those who left do not wait for the
    next call.
    """
    sealed = 0
    while found := _seal_waiting():
        sealed += found
    return sealed


def _seal_waiting() -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                if not cursor.fetchone()[0]:
                    return 0
        head = _head()
        waiting = list(Event.objects.unsealed().order_by("id"))
        for event in waiting:
            head = _link(event, *head)
            event.save(update_fields=["sequence", "previous_hash", "hash"])
        return len(waiting)


def checkpoint(*, at: dt.datetime) -> Checkpoint | None:
    """Sign the current head with the home's sealing key; None on an empty or unchanged chain."""
    seal()
    sequence, head = _head()
    if not sequence or Checkpoint.objects.filter(sequence=sequence).exists():
        return None
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.WUJU_KEYS["seal"]))
    signature = key.sign(f"{sequence}:{head}".encode()).hex()
    return Checkpoint.objects.create(sequence=sequence, hash=head, at=at, signature=signature)
