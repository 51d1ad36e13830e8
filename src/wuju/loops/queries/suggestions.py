"""Reads 投诉建议: the list of those who answer, one by its code, and how long answers take."""

import datetime as dt
from dataclasses import dataclass
from statistics import median_low

from wuju.kit import crypto
from wuju.kit.actors import OrgScope
from wuju.kit.workdays import working_days_between
from wuju.loops.actions.suggesting import CONTEXT, PURPOSE, NoSuchSuggestion, code_key
from wuju.loops.models import Suggestion
from wuju.loops.words import SUGGESTION_KINDS


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One as it is shown. `waited`: working days until the answer, or until today."""

    id: int
    number: str
    kind: str
    text: str
    received_on: dt.date
    answer: str
    answered_on: dt.date | None
    answered_by: str
    answered_by_unit: str
    waited: int
    version: int
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """The last year: how many came, how many were answered, the median of working days it took."""

    received: int
    answered: int
    days: int | None


def pace(*, scope: OrgScope, today: dt.date) -> Pace:
    """Say to everybody how long answers take."""
    del scope  # open to strangers
    since = today - dt.timedelta(days=365)
    rows = Suggestion.objects.filter(received_on__gte=since).values_list(
        "received_on", "answered_on"
    )
    took = [working_days_between(first, last) for first, last in rows if last]
    return Pace(len(rows), len(took), median_low(took) if took else None)


def followed(*, scope: OrgScope, number: str, code: str, today: dt.date) -> SuggestionRow | None:
    """Return the one of this number if the code opens it, without the contact; else None."""
    del scope  # whoever has the code wrote it
    rows = Suggestion.objects.filter(
        number=number.strip().upper(),
        code_index__in=crypto.blind_candidates(code_key(code), PURPOSE),
    )
    found = rows.first()
    return _row(found, today) if found else None


def suggestions(*, scope: OrgScope, today: dt.date, limit: int = 200) -> list[SuggestionRow]:
    """List for those who answer: what waits first, the longest wait on top; then the answered, newest first."""
    del scope  # belongs to no organization; the face asks who may answer
    done = Suggestion.objects.exclude(answered_on=None).order_by("-answered_on", "-id")[:limit]
    return [*waiting(scope=OrgScope(), today=today, limit=limit), *(_row(r, today) for r in done)]


def waiting(*, scope: OrgScope, today: dt.date, limit: int = 200) -> list[SuggestionRow]:
    """List what nobody has answered, the longest wait first."""
    del scope  # belongs to no organization; the face asks who may answer
    rows = Suggestion.objects.waiting().order_by("received_on", "id")[:limit]
    return [_row(row, today) for row in rows]


def suggestion(*, scope: OrgScope, suggestion_id: int, today: dt.date) -> SuggestionRow:
    """Return one with its contact, for those who answer.

    Raises:
        NoSuchSuggestion: there is none.
    """
    del scope  # belongs to no organization; the face asks who may answer
    row = Suggestion.objects.filter(pk=suggestion_id).first()
    if row is None:
        raise NoSuchSuggestion
    return _row(row, today, crypto.decrypt(row.contact_cipher, CONTEXT))


def _row(row: Suggestion, today: dt.date, contact: str = "") -> SuggestionRow:
    return SuggestionRow(
        id=row.pk,
        number=row.number,
        kind=SUGGESTION_KINDS[row.kind],
        text=row.text,
        received_on=row.received_on,
        answer=row.answer,
        answered_on=row.answered_on,
        answered_by=row.answered_by,
        answered_by_unit=row.answered_by_unit,
        waited=working_days_between(row.received_on, row.answered_on or today),
        version=row.version,
        contact=contact,
    )
