"""Row images: what a row held before and after a change, with personal values as commitments.

A model names its personal columns in `PERSONAL`; such a value never enters the ledger, only
a salted SHA-256 of it, which a later look at the row can still confirm or refute. Columns
named in `UNTRACED` change without an action (the time of the last sign-in) and are left out.
"""

import datetime as dt
import hashlib
import json
import secrets
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import models

CHUNK = 2000
type Values = tuple[Any, ...]


def plain(value: object) -> str:
    """Return the JSON text of a value JSON does not know: dates ISO, moments in UTC, bytes hashed."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return hashlib.sha256(bytes(value)).hexdigest()
    return str(value)


def commitment(value: object, salt: str) -> str:
    """Return the salted digest that stands for a personal value."""
    return f"{salt}:{hashlib.sha256(f'{salt}|{value}'.encode()).hexdigest()}"


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    left_out = untraced(model)
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in left_out
    )


def untraced(model: type[models.Model]) -> frozenset[str]:
    """Return the columns of a model that images leave out."""
    columns: frozenset[str] = getattr(model, "UNTRACED", frozenset())
    return columns


@cache
def _reader(model: type[models.Model]) -> tuple[Callable[[Any], Values], tuple[int, ...]]:
    """Return the function that reads a row's columns, and the positions of personal ones."""
    columns = _columns(model)
    personal: frozenset[str] = getattr(model, "PERSONAL", frozenset())
    read = attrgetter(*columns)
    return (
        read if len(columns) > 1 else lambda row: (read(row),),
        tuple(n for n, column in enumerate(columns) if column in personal),
    )


def values_of(row: models.Model) -> Values:
    """Return the image of one row: its columns in order, personal ones committed to."""
    read, personal = _reader(type(row))
    values = read(row)
    if not personal:
        return values
    hidden = list(values)
    for position in personal:
        if hidden[position] not in ("", None):
            hidden[position] = commitment(hidden[position], secrets.token_hex(6))
    return tuple(hidden)


@dataclass(frozen=True, slots=True)
class Images:
    """Before and after of some rows of one table. `rows` are (pk, before or None, after or None)."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[int, Values | None, Values | None]]

    @classmethod
    def created(cls, rows: Sequence[models.Model]) -> "Images":
        model = type(rows[0])
        return cls(
            model._meta.label, _columns(model), [(row.pk, None, values_of(row)) for row in rows]
        )

    @classmethod
    def changed(cls, before: Mapping[int, Values], rows: Sequence[models.Model]) -> "Images":
        """Pair images taken with `values_of` before the change with the rows as they are now."""
        model = type(rows[0])
        return cls(
            model._meta.label,
            _columns(model),
            [(row.pk, before[row.pk], values_of(row)) for row in rows],
        )

    @classmethod
    def deleted(cls, rows: Sequence[models.Model]) -> "Images":
        model = type(rows[0])
        return cls(
            model._meta.label, _columns(model), [(row.pk, values_of(row), None) for row in rows]
        )

    def chunks(self) -> Iterable[tuple[int, bytes, str]]:
        """Yield (number of rows, compressed payload, digest of the uncompressed payload)."""
        for start in range(0, len(self.rows), CHUNK):
            part = self.rows[start : start + CHUNK]
            text = json.dumps(
                {"columns": self.columns, "rows": part},
                ensure_ascii=False,
                separators=(",", ":"),
                default=plain,
            ).encode()
            yield len(part), zlib.compress(text, 1), hashlib.sha256(text).hexdigest()


def unpack(payload: bytes | memoryview) -> dict[str, Any]:
    """Return {"columns": […], "rows": [[pk, before, after], …]} of a chunk."""
    unpacked: dict[str, Any] = json.loads(zlib.decompress(bytes(payload)))
    return unpacked


def matches(image: object, live: object, *, personal: bool) -> bool:
    """Say whether a live value is the one an image speaks of."""
    if personal and isinstance(image, str) and image:
        return commitment(live, image.split(":", 1)[0]) == image
    if isinstance(live, (dt.date, bytes, memoryview)):
        return image == plain(live)
    return image == live


def model_of(table: str) -> type[models.Model]:
    return apps.get_model(table)
