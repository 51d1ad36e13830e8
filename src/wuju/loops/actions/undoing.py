"""Taking a landed batch of findings back."""

import datetime as dt
from collections.abc import Sequence

from wuju.access.roles import require
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images
from wuju.loops.models import Deadline, Evidence, Loop, Measure, Step

from .landing import ChangedSince, FindingChange, change_words


@action
def undo_loops(
    *,
    created: Sequence[int],
    restored: Sequence[FindingChange],
    batch: str,
    actor: Actor,
    at: dt.datetime,
) -> int:
    """Take a landed batch back: new findings go, changed ones get their words again.

    Raises:
        ChangedSince: a finding was worked on since it landed.
    """
    require(actor, "import")
    require(actor, "raise_finding")
    loops = [
        row
        for part in chunks(list(created))
        for row in Loop.objects.select_related("organization").filter(pk__in=part).order_by("id")
    ]
    for row in loops:
        actor.scope.require(row.organization.path)
        if row.version != 1:
            raise ChangedSince(row.number)
    images = _delete(loops)
    changed, more = change_words(restored, actor)
    touched = {row.organization_id for row in (*loops, *changed)}
    touch("finding", touched)
    touch("loop_due", touched)
    ledger.record(
        "findings.undone",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"deleted": len(loops), "restored": len(changed)},
        images=[*images, *more],
        batch=batch,
    )
    return len(loops) + len(changed)


def _delete(loops: list[Loop]) -> list[Images]:
    """Delete findings with their parts; a later one that was linked to them blocks it."""
    ids = [row.pk for row in loops]
    linked = [
        number
        for part in chunks(ids)
        for pk, number in Loop.objects.filter(earlier_id__in=part).values_list("id", "number")
        if pk not in set(ids)
    ]
    if linked:
        raise ChangedSince(linked[0])
    images = []
    for model in (Step, Evidence, Measure, Deadline):
        rows = [
            row
            for part in chunks(ids)
            for row in model._default_manager.filter(loop_id__in=part).order_by("id")
        ]
        images += [Images.deleted(rows)] if rows else []
        for part in chunks([row.pk for row in rows]):
            model._default_manager.filter(pk__in=part).delete()
    images += [Images.deleted(loops)] if loops else []
    for part in chunks(ids):
        Loop.objects.filter(pk__in=part).update(earlier=None)  # they may be linked to one another
    for part in chunks(ids):
        Loop.objects.filter(pk__in=part).delete()
    return images
