"""Reading and verifying the ledger. Each takes a scope, returns plain rows."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import models

from wuju.kit.actors import TOP, Actor, OrgScope
from wuju.kit.strict import within

from .images import matches, model_of, unpack, untraced
from .models import Checkpoint, Event, ImageChunk, Sending
from .seal import GENESIS, Sealable, digest_of


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was recorded. `event` is None where no event is to blame."""

    kind: str
    message: str
    event: int | None = None
    table: str = ""
    row: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the trail."""

    id: int
    at: dt.datetime
    actor: str
    on_behalf_of: str
    action: str
    target: str
    reason: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: what a bulletin prints as its witness."""

    sequence: int
    hash: str


def head(*, scope: OrgScope) -> Head:
    """Return the last sealed link. The hash reveals nothing, so any scope may read it."""
    del scope
    last = Event.objects.sealed().order_by("-sequence").first()
    return Head(last.sequence or 0, last.hash) if last else Head(0, GENESIS)


def trail(
    *, scope: OrgScope, target: str = "", before: int | None = None, limit: int = 50
) -> list[EventRow]:
    """List events inside the scope, the newest first; `target` keeps those of one object.

    Events of no organization (accounts, passwords) are read by whoever has the whole district.

    Args:
        before: the id of the last event of the page before.
    """
    inside = within(scope, "org_path")
    if scope.covers(TOP):
        inside |= models.Q(org_path="")
    events = Event.objects.filter(inside)
    if target:
        events = events.filter(target=target)
    if before is not None:
        events = events.filter(pk__lt=before)
    return [
        EventRow(
            id=event.pk,
            at=event.at,
            actor=event.actor_name,
            on_behalf_of=event.on_behalf_of,
            action=event.action,
            target=event.target,
            reason=event.reason,
            details=event.details,
        )
        for event in events.order_by("-id").loaded()[:limit]
    ]


def verify_chain(*, scope: OrgScope) -> list[Fault]:
    """Recompute every link, image digest and checkpoint; name what differs, in chain order."""
    del scope  # the chain is one; the auditor's right to run this is checked at the face
    faults: list[Fault] = []
    expected, previous = 1, GENESIS
    digests = _image_digests(faults)
    for event in Event.objects.sealed().order_by("sequence").iterator(chunk_size=2000):
        faults += _link_faults(event, expected, previous, digests.pop(event.pk, []))
        expected, previous = (event.sequence or 0) + 1, event.hash
    waiting = Event.objects.unsealed().count()
    if waiting:
        faults.append(Fault("unsealed", f"有 {waiting} 条操作记录还没有上链，请稍后再验。"))
    return faults + list(_checkpoint_faults())


def _image_digests(faults: list[Fault]) -> dict[int, list[str]]:
    import hashlib  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    found: dict[int, list[str]] = {}
    rows = ImageChunk.objects.order_by("event_id", "position").values_list(
        "event_id", "table", "payload", "digest"
    )
    for event, table, payload, digest in rows.iterator(chunk_size=200):
        found.setdefault(event, []).append(digest)
        try:
            actual = hashlib.sha256(zlib.decompress(bytes(payload))).hexdigest()
        except zlib.error:
            actual = ""
        if actual != digest:
            faults.append(
                Fault("image", f"第 {event} 条操作记录的行影像被改动（{table}）。", event, table)
            )
    return found


def _link_faults(
    event: Event, expected: int, previous: str, chunk_digests: list[str]
) -> Iterator[Fault]:
    name = f"第 {event.pk} 条操作记录（{event.action} {event.target}）"
    if event.sequence != expected:
        yield Fault("missing", f"{name}之前缺少记录：应为链上第 {expected} 条。", event.pk)
    if event.previous_hash != previous:
        yield Fault("order", f"{name}与前一条接不上，次序被改动或有记录被抽走。", event.pk)
    if digest_of(chunk_digests) != event.images_digest:
        yield Fault("image", f"{name}的行影像缺失或被替换。", event.pk)
    covered = Sealable(
        sequence=event.sequence or 0,
        previous_hash=event.previous_hash,
        at=event.at,
        actor_user_id=event.actor_user_id,
        actor_name=event.actor_name,
        on_behalf_of=event.on_behalf_of,
        action=event.action,
        target=event.target,
        org_path=event.org_path,
        reason=event.reason,
        details=event.details,
        images_digest=event.images_digest,
        batch=event.batch,
    )
    if covered.hash() != event.hash:
        yield Fault("changed", f"{name}的内容被改动，与链上摘要不符。", event.pk)


def _checkpoint_faults() -> Iterator[Fault]:
    key = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex(settings.WUJU_KEYS["seal"])
    ).public_key()
    hashes = dict(
        Event.objects.filter(sequence__in=Checkpoint.objects.values("sequence")).values_list(
            "sequence", "hash"
        )
    )
    for point in Checkpoint.objects.order_by("sequence"):
        try:
            key.verify(bytes.fromhex(point.signature), f"{point.sequence}:{point.hash}".encode())
        except (InvalidSignature, ValueError):
            yield Fault("checkpoint", f"链上第 {point.sequence} 条的检查点签名无效。")
            continue
        if hashes.get(point.sequence) != point.hash:
            yield Fault("checkpoint", f"链上第 {point.sequence} 条与签名的检查点不符。")


def verify_records(*, scope: OrgScope) -> list[Fault]:
    """Replay the newest image of every row against the live row; name table, row and field."""
    del scope
    tables = ImageChunk.objects.order_by("table").values_list("table", flat=True).distinct()
    return [fault for table in tables for fault in _record_faults(table)]


type _Image = tuple[tuple[str, ...], list[Any] | None]  # its columns, its values


def _newest_images(table: str) -> dict[int, _Image]:
    """Return {pk: (columns, values after the last change, None if deleted)}.

    A table may have had other columns when an image was taken: each image has its own.
    """
    newest: dict[int, _Image] = {}
    stored = ImageChunk.objects.filter(table=table).order_by("-event_id", "-position")
    for payload in stored.values_list("payload", flat=True).iterator(chunk_size=50):
        part = unpack(payload)
        columns = tuple(part["columns"])
        for pk, _, after in reversed(part["rows"]):
            newest.setdefault(pk, (columns, after))
    return newest


def _record_faults(table: str) -> Iterator[Fault]:
    model = model_of(table)
    title = str(model._meta.verbose_name)
    newest = _newest_images(table)
    left_out = untraced(model)
    known = [f.attname for f in model._meta.concrete_fields if f.attname not in left_out]
    shared = cache(lambda columns: [name for name in columns if name in known])
    seen: set[int] = set()
    for row in model._default_manager.order_by("pk").values("pk", *known).iterator(5000):
        pk = row["pk"]
        seen.add(pk)
        columns, image = newest.get(pk, ((), None))
        if image is None:
            yield Fault(
                "inserted", f"{title}第 {pk} 行没有操作记录，来历不明。", table=table, row=pk
            )
            continue
        then = dict(zip(columns, image, strict=True))
        names = shared(columns)
        yield from _field_faults(
            model, pk, names, [then[name] for name in names], [row[name] for name in names]
        )
    for pk, (_, image) in newest.items():
        if image is not None and pk not in seen:
            yield Fault("deleted", f"{title}第 {pk} 行被删除，没有操作记录。", table=table, row=pk)


def _field_faults(
    model: type[models.Model], pk: int, columns: list[str], image: list[Any], live: list[Any]
) -> Iterator[Fault]:
    if image == live:
        return
    personal: frozenset[str] = getattr(model, "PERSONAL", frozenset())
    for column, then, now in zip(columns, image, live, strict=True):
        if not matches(then, now, personal=column in personal):
            title = f"{model._meta.verbose_name}第 {pk} 行的“{_label(model, column)}”"
            yield Fault(
                "row", f"{title}被改动，与操作记录不符。", None, model._meta.label, pk, column
            )


def _label(model: type[models.Model], column: str) -> str:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return str(fields[column].verbose_name)


def made_by(*, actor: Actor, mark: str) -> int | None:
    """Return the id of what this person's form made; None if it has not been done."""
    found = Sending.objects.filter(mark=mark, user_id=actor.user_id)
    return found.values_list("made", flat=True).first()
