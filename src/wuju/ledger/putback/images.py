"""Whole images of rows, personal values included: what undoing needs. The holder encrypts them."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import models

from wuju.kit.sheets.registry import Json, RowChange

type Image = dict[str, Json]
type Snapshot = dict[tuple[str, int], Image]


def image_of(row: models.Model) -> Image:
    """Return every column of a row but its key, as JSON; dates in ISO."""
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def _plain(value: object) -> Json:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    assert value is None or isinstance(value, (bool, int, float, str, list, dict))  # noqa: S101 - binary columns are not for sheets
    return value


def snapshot(*querysets: Iterable[models.Model]) -> Snapshot:
    """Return {(model label, key): image} of all rows, in the order given."""
    return {(row._meta.label, row.pk): image_of(row) for rows in querysets for row in rows}


def differences(
    before: Snapshot, after: Snapshot, numbers: Mapping[tuple[str, int], int]
) -> list[RowChange]:
    """Return one change for each row that is new or differs, in the order of `after`.

    `numbers` says which row of the sheet caused it; 0 where it does not say.
    """
    return [
        RowChange(
            number=numbers.get(place, 0),
            model=place[0],
            pk=place[1],
            before=before.get(place),
            after=image,
        )
        for place, image in after.items()
        if before.get(place) != image
    ]


def restored(row: models.Model, image: Mapping[str, Json]) -> list[str]:
    """Set the columns of `row` back to `image`; return the names of those that differed."""
    changed = []
    for field in row._meta.concrete_fields:
        if field.primary_key or _plain(getattr(row, field.attname)) == image[field.attname]:
            continue
        setattr(row, field.attname, field.to_python(image[field.attname]))
        changed.append(field.name)
    return changed
