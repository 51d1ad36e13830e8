"""The one writer of undo: deletes what a batch created, restores what it changed, refuses what moved on."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django.apps import apps
from django.db import IntegrityError, models
from django.db.models import ProtectedError

from wuju.kit.action import action, touch, touch_everything
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.sheets.registry import RowChange
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of

from .images import image_of, restored


def _named(numbers: Iterable[int]) -> str:
    rows = sorted(set(numbers) - {0})
    if not rows:
        return "其中的记录"
    shown = "、".join(str(number) for number in rows[:20])
    return f"第 {shown} 行" + (f"等 {len(rows)} 行" if len(rows) > 20 else "")


class ChangedSince(DomainError):
    """A row of the batch was changed or removed by a later action."""

    def __init__(self, numbers: Iterable[int]) -> None:
        super().__init__(
            f"不能撤回：{_named(numbers)}导入以后又有变更，请先核对这些行，改为逐条更正。"
        )


class InUse(DomainError):
    """A later record hangs on a row that the batch created."""

    def __init__(self, numbers: Iterable[int]) -> None:
        super().__init__(
            f"不能撤回：{_named(numbers)}新登记的记录上已经有后续业务，请先处理后续业务。"
        )


class PlaceTaken(DomainError):
    """What a row goes back to belongs to another record by now."""

    def __init__(self, numbers: Iterable[int]) -> None:
        super().__init__(
            f"不能撤回：{_named(numbers)}原来的编号或位置已被后来的记录使用，请改为逐条更正。"
        )


@action
def put_back(
    *,
    changes: Sequence[RowChange],
    actor: Actor,
    at: dt.datetime,
    batch: str,
    touched: Mapping[str, Iterable[int]] | None = None,
) -> int:
    """Undo changes, last first; every column returns to what it was. Return how many rows.

    Args:
        changes: one a row, in the order in which the batch made them, images whole.
        touched: fact -> organizations to look at again; None means all of them.

    Raises:
        ChangedSince: a row no longer is what the batch left.
        InUse: something else refers to a row the batch created.
        PlaceTaken: a unique value a row goes back to is in use.
    """
    live = _live(changes)
    moved = [c.number for c in changes if _as_left(live, c) is None]
    if moved:
        raise ChangedSince(moved)
    images: list[Images] = []
    for (label, created), group in groupby(
        reversed(changes), key=lambda change: (change.model, change.before is None)
    ):
        steps = list(group)
        rows = [live[label, change.pk] for change in steps]
        images.append(_deleted(rows, steps) if created else _restored(rows, steps))
    ledger.record(
        "rows.put_back",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(changes)},
        images=images,
        batch=batch,
    )
    _touch(touched)
    return len(changes)


def _touch(touched: Mapping[str, Iterable[int]] | None) -> None:
    if touched is None:
        touch_everything()
        return
    for fact, orgs in touched.items():
        touch(fact, orgs)


def _live(changes: Sequence[RowChange]) -> dict[tuple[str, int], models.Model]:
    """Return the rows as they are now, locked until commit."""
    wanted: dict[str, list[int]] = {}
    for change in changes:
        wanted.setdefault(change.model, []).append(change.pk)
    return {
        (label, row.pk): row
        for label, keys in wanted.items()
        for part in chunks(sorted(keys))
        for row in apps.get_model(label)
        ._default_manager.select_for_update(no_key=True)
        .filter(pk__in=part)
    }


def _as_left(live: dict[tuple[str, int], models.Model], change: RowChange) -> models.Model | None:
    row = live.get((change.model, change.pk))
    return row if row is not None and image_of(row) == change.after else None


def _deleted(rows: Sequence[models.Model], steps: Sequence[RowChange]) -> Images:
    images = Images.deleted(rows)
    numbers = {change.pk: change.number for change in steps}
    model = type(rows[0])
    # Rows that may stand under each other go one by one, children first.
    nested = any(field.related_model is model for field in model._meta.concrete_fields)
    for part in chunks([row.pk for row in rows], 1 if nested else 500):
        try:
            model._default_manager.filter(pk__in=part).delete()
        except ProtectedError as used:
            raise InUse(_holders(used, model, numbers)) from used
    return images


def _holders(used: ProtectedError, model: type[models.Model], numbers: dict[int, int]) -> set[int]:
    """Return the sheet rows whose records the protected objects point at."""
    return {
        numbers.get(getattr(holder, field.attname), 0)
        for holder in used.protected_objects
        for field in holder._meta.concrete_fields
        if field.related_model is model
    }


def _restored(rows: Sequence[models.Model], steps: Sequence[RowChange]) -> Images:
    before = {row.pk: values_of(row) for row in rows}
    columns: dict[str, None] = {}
    for row, change in zip(rows, steps, strict=True):
        columns |= dict.fromkeys(restored(row, change.before or {}))
    model = type(rows[0])
    fields = list(columns)
    # A unique value may pass from one row to another, so such rows go one by one, last first.
    one_by_one = any(getattr(model._meta.get_field(name), "unique", False) for name in fields)
    try:
        if one_by_one:
            for row in rows:
                row.save(update_fields=fields)
        elif fields:
            model._default_manager.bulk_update(rows, fields, batch_size=200)
    except IntegrityError as taken:
        raise PlaceTaken(change.number for change in steps) from taken
    return Images.changed(before, rows)
