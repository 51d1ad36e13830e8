"""The roll of a day, by name: whom a form may mark as away before the meeting is stored."""

import datetime as dt
from dataclasses import dataclass

from wuju.kit.actors import OrgScope
from wuju.kit.names import by_strokes
from wuju.org import queries as org
from wuju.org.words import BODIES, POSTS
from wuju.people.models import Membership

from .drafts import MeetingDraft
from .rolls import rolls
from .words import COMMITTEE_KINDS

# Nobody's list fits these: a group is a part of the roster, a committee is often not all Party members.
COUNTED_KINDS = COMMITTEE_KINDS | {"group_meeting"}


@dataclass(frozen=True, slots=True)
class RollRow:
    """One person of the roll. Of an `is_exempt` one nothing is required (教育条例第二十三条)."""

    member_id: int
    name: str
    is_exempt: bool


@dataclass(frozen=True, slots=True)
class RollCall:
    """Who is due on a day, by name; `chair` is the secretary's name then, "" if unknown."""

    rows: tuple[RollRow, ...]
    chair: str

    @property
    def due(self) -> int:
        return sum(not row.is_exempt for row in self.rows)


def roll_call(*, scope: OrgScope, organization_id: int, kind: str, on: dt.date) -> RollCall:
    """Return the roll from which a meeting of this kind and day is counted.

    Raises:
        OutsideScope: the organization lies outside the scope, or does not exist.
    """
    org.organization(scope=scope, organization_id=organization_id)
    wanted = MeetingDraft(organization_id=organization_id, kind=kind, held_on=on)
    roll = rolls([wanted]).on(organization_id, on)
    is_committee = kind in COMMITTEE_KINDS
    circle = roll.seated if is_committee else roll.everyone
    exempt = frozenset[int]() if is_committee else roll.exempt
    names, chair = _names(organization_id, on)
    chosen = sorted(
        ((names[member], member) for member in circle if member in names),
        key=lambda pair: (by_strokes(pair[0]), pair[1]),
    )
    rows = tuple(RollRow(member, name, member in exempt) for name, member in chosen)
    return RollCall(rows, _secretary(scope, organization_id, on) or chair)


def _names(organization_id: int, on: dt.date) -> tuple[dict[int, str], str]:
    """Return {member: name} of the organization on a day, and the secretary's name."""
    rows = list(
        Membership.objects.filter(organization_id=organization_id)
        .on(on)
        .values_list("member_id", "member__name", "post")
    )
    heads = [name for _, name, post in rows if post == "secretary"]
    return {member: name for member, name, _ in rows}, heads[0] if heads else ""


def _secretary(scope: OrgScope, organization_id: int, on: dt.date) -> str:
    seats = org.seats(scope=scope, organization_id=organization_id, on=on)
    head = (BODIES["party_committee"], POSTS["secretary"])
    return next((seat.holder for seat in seats if (seat.body, seat.post) == head), "")
