"""Whom and what the cells of a meetings sheet name: organizations, people of that day's roster, meetings on record."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from wuju.kit import crypto
from wuju.kit.actors import OrgScope
from wuju.kit.identifiers import widen_id_number
from wuju.kit.names import by_strokes
from wuju.kit.sheets.registry import StagedRow
from wuju.kit.strict import chunks, within
from wuju.org.models import Organization
from wuju.people.models import Member, Membership, Roster

from .attendance import Roll
from .checks import Home
from .models import Meeting
from .rolls import Kept, Rolls, kept
from .words import COMMITTEE_KINDS

_ID_LENGTHS = (15, 18)


def resolve_organizations(
    rows: Sequence[StagedRow], scope: OrgScope, default: str
) -> dict[str, Home]:
    """Write the organization's code into each row's `org`, found by code or by a name that is unique.

    Returns {code: organization}.
    """
    texts = {str(row.values.get("org", default)) for row in rows} - {""}
    found = _homes(texts, scope)
    homes: dict[str, Home] = {}
    for row in rows:
        text = str(row.values.get("org", default))
        matches = found.get(text, {})
        if not text:
            row.fail("org", "请填写组织代码，或在上传时选择所属党组织。")
        elif not matches:
            row.fail("org", f"没有“{text}”这个党组织，或者不在您的管理范围内，请核对。")
        elif len(matches) > 1:
            codes = "、".join(list(matches)[:5])
            row.ask("org", f"有 {len(matches)} 个党组织叫“{text}”，请改填组织代码（{codes}）。")
        else:
            ((code, home),) = matches.items()
            row.values["org"] = code
            homes[code] = home
    return homes


def _homes(texts: set[str], scope: OrgScope) -> dict[str, dict[str, Home]]:
    """Return {code or name: {code: organization}}; a code wins over names, the living over the dissolved."""
    found: dict[str, dict[str, Home]] = {}
    for part in chunks(sorted(texts)):
        rows = (
            Organization.objects.visible_to(scope)
            .filter(Q(code__in=part) | Q(name__in=part) | Q(short_name__in=part))
            .order_by("path")
            .values_list(
                "id", "path", "short_name", "kind", "established_on", "dissolved_on", "code",
                "name",
            )
        )  # fmt: skip
        for pk, path, short, kind, established_on, dissolved_on, code, name in rows:
            home = Home(pk, path, short, kind, established_on, dissolved_on)
            for text in {code, name, short}:
                found.setdefault(text, {})[code] = home
    return {text: _preferred(text, options) for text, options in found.items()}


def _preferred(text: str, options: dict[str, Home]) -> dict[str, Home]:
    if text in options:
        return {text: options[text]}
    living = {code: home for code, home in options.items() if home.dissolved_on is None}
    return living or options


# --------------------------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class NotOnTheList:
    """Why a list of attendees cannot be read."""

    sentence: str


@dataclass(slots=True)
class People:
    """The names of everybody who ever belonged to the sheet's organizations, and numbers it writes."""

    names: dict[int, dict[str, list[int]]]  # organization -> name -> members
    numbers: dict[str, int]  # id number, as written -> member

    def read(self, org: int, roll: Roll, written: Sequence[str]) -> tuple[int, ...] | NotOnTheList:
        """Return the members a list names, each once, or why it cannot be read.

        An ambiguous or unknown name stops the list: nobody's presence is guessed.
        """
        found: dict[int, None] = {}
        for text in written:
            members = self._candidates(org, roll, text)
            if not members:
                return NotOnTheList(f"“{_shown(text)}”不在会议当日的党员名册中，请核对。")
            if len(members) > 1:
                return NotOnTheList(
                    f"当日名册中有{len(members)}名“{text}”，请改写公民身份号码加以区别。"
                )
            found[members[0]] = None
        return tuple(found)

    def _candidates(self, org: int, roll: Roll, text: str) -> list[int]:
        if _is_number(text):
            members = [self.numbers[text]] if text in self.numbers else []
        else:
            members = self.names.get(org, {}).get(text, [])
        return [member for member in members if member in roll.everyone]


def _is_number(text: str) -> bool:
    return len(text) in _ID_LENGTHS and text[:-1].isdecimal()


def _shown(text: str) -> str:
    return crypto.mask_id(text) if _is_number(text) else text


def people(rows: Iterable[StagedRow], orgs: Iterable[int]) -> People:
    """Read the names of the organizations' members, and find the id numbers that rows write."""
    names: dict[int, dict[str, list[int]]] = {}
    for part in chunks(sorted(set(orgs))):
        lines = (
            Membership.objects.filter(organization_id__in=part)
            .order_by("member_id")
            .values_list("organization_id", "member__name", "member_id")
            .distinct()
        )
        for org, name, member in lines:
            names.setdefault(org, {}).setdefault(name, []).append(member)
    return People(names, _numbers(rows))


def _numbers(rows: Iterable[StagedRow]) -> dict[str, int]:
    written = {text for row in rows for text in listed(row) or () if _is_number(text)}
    by_index = {
        index: text
        for text in written
        for index in crypto.blind_candidates(widen_id_number(text.upper()), "id")
    }
    found: dict[str, int] = {}
    for part in chunks(sorted(by_index)):
        lines = Member.objects.filter(id_index__in=part).values_list("id_index", "id")
        found |= {by_index[index]: member for index, member in lines}
    return found


def listed(row: StagedRow) -> tuple[str, ...] | None:
    """Return the names a row lists, or None."""
    value = row.values.get("attendees")
    return tuple(str(text) for text in value) if isinstance(value, tuple) and value else None


# ------------------------------------------------------------------------ meetings on record


@dataclass(slots=True)
class Register:
    """The meetings on record that rows may be, with what hangs on them."""

    meetings: dict[int, Meeting] = field(default_factory=dict)
    hanging: dict[int, Kept] = field(default_factory=dict)


def register_of(keys: Iterable[int], scope: OrgScope) -> Register:
    """Read the meetings with these keys that lie inside the scope."""
    found = Register()
    for part in chunks(sorted(set(keys))):
        rows = Meeting.objects.filter(within(scope, "organization__path"), pk__in=part)
        found.meetings |= {row.pk: row for row in rows.standing().loaded()}
    found.hanging = kept(found.meetings.values())
    return found


def names_present(
    meetings: Iterable[Meeting], hanging: Mapping[int, Kept], rolls: Rolls
) -> dict[int, tuple[str, ...]]:
    """Return {named meeting: names of those who came}, guests left out, by strokes of the surname."""
    wanted = [meeting for meeting in meetings if meeting.roster_id]
    rosters = _rosters(meeting.roster_id for meeting in wanted if meeting.roster_id)
    present: dict[int, list[int]] = {}
    for meeting in wanted:
        marks = {row.member_id: row.reason for row in hanging[meeting.pk].exceptions}
        pairs = rosters[meeting.roster_id or 0]
        if meeting.kind in COMMITTEE_KINDS:
            circle = rolls.on(meeting.organization_id, meeting.held_on).seated
            pairs = [[member, 0] for member in circle]
        present[meeting.pk] = [
            member
            for member, exempt in pairs
            if marks.get(member, "exempt" if exempt else "came") == "came"
        ]
    names = _names({member for members in present.values() for member in members})
    order = {member: (by_strokes(name), member) for member, name in names.items()}
    return {
        pk: tuple(names[member] for member in sorted(members, key=order.__getitem__))
        for pk, members in present.items()
    }


def _rosters(keys: Iterable[int]) -> dict[int, list[list[int]]]:
    found: dict[int, list[list[int]]] = {}
    for part in chunks(sorted(set(keys))):
        found |= dict(Roster.objects.filter(pk__in=part).values_list("id", "member_ids"))
    return found


def _names(members: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in chunks(sorted(members)):
        found |= dict(Member.objects.filter(pk__in=part).values_list("id", "name"))
    return found


def date_of(row: StagedRow) -> dt.date | None:
    """Return the day a row writes, or None."""
    day = row.values.get("held_on")
    return day if isinstance(day, dt.date) else None
