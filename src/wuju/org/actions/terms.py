"""Terms of leading bodies and the seats on them."""

import datetime as dt
from collections.abc import Sequence

from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Seat, Term


@action
def land_terms(*, terms: Sequence[Term], actor: Actor, at: dt.datetime, batch: str = "") -> None:
    """Register terms in bulk (届期). Source: 关于党的基层组织任期的意见."""
    Term.objects.bulk_create(terms)
    touch("term", {term.organization_id for term in terms})
    ledger.record(
        "terms.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(terms)},
        images=[Images.created(terms)],
        batch=batch,
    )


@action
def land_seats(*, seats: Sequence[Seat], actor: Actor, at: dt.datetime, batch: str = "") -> None:
    """Register who holds which post, in bulk (班子席位)."""
    Seat.objects.bulk_create(seats)
    touch("seat", {seat.organization_id for seat in seats})
    ledger.record(
        "seats.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(seats)},
        images=[Images.created(seats)],
        batch=batch,
    )


@action
def record_election(
    *,
    term_id: int,
    elected_on: dt.date,
    reported_on: dt.date | None,
    actor: Actor,
    at: dt.datetime,
) -> Term:
    """Record that a term ended with an election, and when the result was reported upward.

    Source: 中国共产党章程 第三十一条 (the elected secretary is reported for approval).
    """
    term = (
        Term.objects.select_related("organization").select_for_update(of=("self",)).get(pk=term_id)
    )
    actor.scope.require(term.organization.path)
    before = {term.pk: values_of(term)}
    term.elected_on, term.reported_on = elected_on, reported_on
    term.save(update_fields=["elected_on", "reported_on"])
    touch("term", [term.organization_id])
    ledger.record(
        "term.elected",
        actor=actor,
        at=at,
        target=f"term:{term.pk}",
        org_path=term.organization.path,
        images=[Images.changed(before, [term])],
    )
    return term
