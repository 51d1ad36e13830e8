"""Terms of leading bodies, the seats on them, vacancies and the reminders they call for."""

import datetime as dt
from collections.abc import Sequence

from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.kit.bulk import insert_rows
from wuju.kit.errors import DomainError
from wuju.kit.workdays import add_months
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization, Seat, Term, TermReminder, Vacancy

REMINDED_BEFORE = 6  # months before expiry the upper organization reminds (domain.md COM-05)
OVERLONG_AFTER = 3  # months a secretary's post may stand empty (domain.md WK-04 W1, V2)


class NotVacant(DomainError):
    def __init__(self) -> None:
        super().__init__("该职务没有登记空缺，请先登记空缺日期。")


@action
def land_terms(*, terms: Sequence[Term], actor: Actor, at: dt.datetime, batch: str = "") -> None:
    """Register terms in bulk (届期), and the reminders their upper organizations will owe.

    Source: 关于党的基层组织任期的意见 (length of terms, reminder six months before).
    """
    insert_rows(terms)
    parents = dict(
        Organization.objects.filter(pk__in={term.organization_id for term in terms}).values_list(
            "id", "parent_id"
        )
    )
    reminders = [
        TermReminder(
            organization_id=parents[term.organization_id],
            term=term,
            due_on=add_months(term.expires_on, -REMINDED_BEFORE),
        )
        for term in terms
        if parents[term.organization_id]
    ]
    insert_rows(reminders)
    touch("term", {term.organization_id for term in terms})
    touch("term_reminder", {reminder.organization_id for reminder in reminders})
    ledger.record(
        "terms.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(terms)},
        images=[Images.created(rows) for rows in (terms, reminders) if rows],
        batch=batch,
    )


@action
def land_seats(*, seats: Sequence[Seat], actor: Actor, at: dt.datetime, batch: str = "") -> None:
    """Register who holds which post, in bulk (班子席位)."""
    insert_rows(seats)
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
        Term.objects.select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=term_id)
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


@action
def send_reminders(
    *, reminder_ids: Sequence[int], sent_on: dt.date, actor: Actor, at: dt.datetime
) -> int:
    """Record that the upper organization reminded (by letter or telephone); return how many."""
    rows = list(
        TermReminder.objects.filter(pk__in=reminder_ids, sent_on=None)
        .select_related("organization")
        .order_by("id")
    )
    for row in rows:
        actor.scope.require(row.organization.path)
    before = {row.pk: values_of(row) for row in rows}
    for row in rows:
        row.sent_on = sent_on
    TermReminder.objects.bulk_update(rows, ["sent_on"], batch_size=300)
    touch("term_reminder", {row.organization_id for row in rows})
    ledger.record(
        "term.reminded",
        actor=actor,
        at=at,
        target="term_reminders",
        org_path=actor.unit_path,
        details={"count": len(rows), "on": sent_on.isoformat()},
        images=[Images.changed(before, rows)] if rows else [],
    )
    return len(rows)


@action
def open_vacancy(
    *, organization_id: int, post: str, vacant_from: dt.date, actor: Actor, at: dt.datetime
) -> Vacancy:
    """Record that a post stands empty, ending the seat of who held it."""
    organization = Organization.objects.get(pk=organization_id)
    actor.scope.require(organization.path)
    held = list(
        Seat.objects.filter(
            organization_id=organization_id, body="party_committee", post=post, until_on=None
        )
    )
    before = {seat.pk: values_of(seat) for seat in held}
    for seat in held:
        seat.until_on = vacant_from
        seat.save(update_fields=["until_on"])
    row = Vacancy.objects.create(
        organization=organization,
        post=post,
        vacant_from=vacant_from,
        overlong_on=add_months(vacant_from, OVERLONG_AFTER),
    )
    touch("seat", [organization_id])
    touch("seat_vacancy", [organization_id])
    ledger.record(
        "post.vacated",
        actor=actor,
        at=at,
        target=f"organization:{organization_id}",
        org_path=organization.path,
        details={"post": post},
        images=[Images.created([row]), *([Images.changed(before, held)] if held else [])],
    )
    return row


@action
def fill_vacancy(
    *, organization_id: int, post: str, holder: str, on: dt.date, actor: Actor, at: dt.datetime
) -> Seat:
    """Record who took an empty post.

    Raises:
        NotVacant: no open vacancy of this post is on record.
    """
    organization = Organization.objects.get(pk=organization_id)
    actor.scope.require(organization.path)
    row = Vacancy.objects.filter(
        organization_id=organization_id, post=post, filled_on=None
    ).first()
    if row is None:
        raise NotVacant
    before = {row.pk: values_of(row)}
    row.filled_on = on
    row.save(update_fields=["filled_on"])
    seat = Seat.objects.create(
        organization=organization, body="party_committee", post=post, holder=holder, from_on=on
    )
    touch("seat", [organization_id])
    touch("seat_vacancy", [organization_id])
    ledger.record(
        "post.filled",
        actor=actor,
        at=at,
        target=f"organization:{organization_id}",
        org_path=organization.path,
        details={"post": post},
        images=[Images.changed(before, [row]), Images.created([seat])],
    )
    return seat
