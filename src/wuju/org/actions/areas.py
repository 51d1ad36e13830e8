"""Register administrative areas with the codes of both official code books."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images
from wuju.org.models import Area, AreaCode, AreaParentage


@dataclass(frozen=True, slots=True)
class AreaDraft:
    """An area about to be registered. `codes` are (scheme, edition, code); `key` is only for this call."""

    key: str
    name: str
    kind: str
    parent_key: str
    position: int
    codes: tuple[tuple[str, str, str], ...] = ()


@action
def establish_areas(
    *, drafts: Sequence[AreaDraft], from_on: dt.date, actor: Actor, at: dt.datetime
) -> dict[str, Area]:
    """Register areas, their parents and codes in one event; return them by key."""
    areas = [Area(name=draft.name, kind=draft.kind, position=draft.position) for draft in drafts]
    Area.objects.bulk_create(areas)
    by_key = {draft.key: area for draft, area in zip(drafts, areas, strict=True)}
    parentages = [
        AreaParentage(area=by_key[draft.key], parent=by_key[draft.parent_key], from_on=from_on)
        for draft in drafts
        if draft.parent_key
    ]
    codes = [
        AreaCode(area=by_key[draft.key], scheme=scheme, edition=edition, code=code)
        for draft in drafts
        for scheme, edition, code in draft.codes
    ]
    AreaParentage.objects.bulk_create(parentages)
    AreaCode.objects.bulk_create(codes)
    ledger.record(
        "areas.established",
        actor=actor,
        at=at,
        target="areas",
        org_path=actor.unit_path,
        details={"count": len(areas)},
        images=[Images.created(rows) for rows in (areas, parentages, codes) if rows],
    )
    return by_key
