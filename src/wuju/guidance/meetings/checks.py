"""What a meeting is refused for before it is counted: place, day, codes, lengths, twins."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone

from wuju.kit.actors import Actor, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.markings import refuse_marked
from wuju.kit.prepared import prepared
from wuju.kit.strict import chunks
from wuju.org.models import Organization
from wuju.people import queries as people
from wuju.votes import quorum

from .attendance import GroupKeepsCounts
from .drafts import LABELS, MeetingDraft, ResolutionDraft
from .models import Meeting
from .words import ATTENDANCE, DECLARED, KINDS, LECTURERS, RULES, STATUSES, TOPICS

LENGTHS = MappingProxyType(
    {"topic": 200, "place": 100, "chair": 50, "note": 1000, "ref": 60, "done_by": 50,
     "done_by_unit": 100}
)  # fmt: skip
_MAX_PEOPLE = 1_000_000
_MAX_HOURS_TENTHS = 1000


class AlreadyRecorded(DomainError):
    def __init__(self, draft: MeetingDraft) -> None:
        number = f"、编号“{draft.ref}”" if draft.ref else ""
        super().__init__(
            f"本组织{draft.held_on:%Y年%-m月%-d日}的{KINDS[draft.kind]}{number}已经登记过；"
            "若是另一次会议，请填写编号加以区别。"
        )


class NotYetHeld(DomainError):
    def __init__(self) -> None:
        super().__init__("会议日期在今天之后，不能登记为已召开，请核对日期或登记为计划。")


class BeforeEstablishment(DomainError):
    def __init__(self, established_on: dt.date) -> None:
        super().__init__(f"会议日期早于本组织成立日期（{established_on.isoformat()}），请核对。")


class AfterDissolution(DomainError):
    def __init__(self, dissolved_on: dt.date) -> None:
        super().__init__(f"会议日期晚于本组织撤销日期（{dissolved_on.isoformat()}），请核对。")


class NotWrittenRight(DomainError):
    """A value no form would send: an unknown code, too long a text, too large a number."""


def local_day(at: dt.datetime) -> dt.date:
    """Return the day of a moment where the installation is."""
    return at.astimezone(get_default_timezone()).date()


@dataclass(frozen=True, slots=True)
class Home:
    """The organization a meeting belongs to."""

    id: int
    path: str
    name: str
    kind: str
    established_on: dt.date
    dissolved_on: dt.date | None


def homes(drafts: Iterable[MeetingDraft], actor: Actor) -> dict[int, Home]:
    """Return the organizations of `drafts`.

    Raises:
        OutsideScope: one of them is unknown or outside the actor's scope.
    """
    wanted = sorted({draft.organization_id for draft in drafts})
    found: dict[int, Home] = {}
    for part in chunks(wanted):
        found |= {row[0]: Home(*row) for row in _homes(part)}
    if len(found) < len(wanted) or not all(
        actor.scope.covers(home.path) for home in found.values()
    ):
        raise OutsideScope
    return found


@prepared
def _homes(orgs: Sequence[int]) -> QuerySet[Any, Any]:
    return Organization.objects.filter(pk__in=orgs).values_list(
        "id", "path", "short_name", "kind", "established_on", "dissolved_on"
    )


def check(draft: MeetingDraft, home: Home, today: dt.date) -> None:
    """Refuse a meeting on an impossible day, or with codes, texts or votes that cannot be.

    Raises:
        NotYetHeld, BeforeEstablishment, AfterDissolution, GroupKeepsCounts,
        NotWrittenRight, MarkedSecret.
    """
    _check_codes(draft)
    _check_sizes(draft)
    if draft.status == "held" and draft.held_on > today:
        raise NotYetHeld
    if draft.held_on < home.established_on:
        raise BeforeEstablishment(home.established_on)
    if home.dissolved_on and draft.held_on > home.dissolved_on:
        raise AfterDissolution(home.dissolved_on)
    if draft.needs_a_roll and draft.kind == "group_meeting" and home.kind != "group":
        raise GroupKeepsCounts


_CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"kind": KINDS, "status": STATUSES, "attendance": ATTENDANCE, "lecturer": LECTURERS}
)


def _check_codes(draft: MeetingDraft) -> None:
    for name, known in _CODES.items():
        if getattr(draft, name) not in known:
            raise NotWrittenRight(f"“{LABELS[name]}”的代码无法识别，请重新选择。")
    if set(draft.topics) - set(TOPICS):
        raise NotWrittenRight("会议内容的代码无法识别，请重新选择。")
    for one in draft.resolutions:
        if one.rule not in RULES or one.declared not in DECLARED:
            raise NotWrittenRight("表决规则或结果的代码无法识别，请重新选择。")


def _check_sizes(draft: MeetingDraft) -> None:
    for name, longest in LENGTHS.items():
        if len(getattr(draft, name)) > longest:
            raise NotWrittenRight(f"“{LABELS[name]}”最多{longest}个字，请精简。")
    written = (draft.topic, draft.place, draft.note, *(one.text for one in draft.resolutions))
    refuse_marked("\n".join(filter(None, written)), where="会议记录")
    if any(not one.text.strip() or len(one.text) > 500 for one in draft.resolutions):
        raise NotWrittenRight("决议须写明内容，最多500个字。")
    numbers = [draft.due, draft.present, draft.excused]
    if any(number is not None and not 0 <= number <= _MAX_PEOPLE for number in numbers):
        raise NotWrittenRight("应到、实到、请假人数须为不超过一百万的非负整数。")
    if not 0 <= draft.hours_tenths <= _MAX_HOURS_TENTHS:
        raise NotWrittenRight("一次会议的学时须在0到100之间，请核对。")


def check_vote(one: ResolutionDraft, due: int | None, present: int | None) -> tuple[int, int]:
    """Return (due, present) of a vote: as written, else as counted.

    Raises:
        NotWrittenRight: neither is known.
        VotesDoNotAddUp: more came than were due, or more agreed than could.
    """
    due = one.due if one.due is not None else due
    present = one.present if one.present is not None else present
    if due is None or present is None:
        raise NotWrittenRight("有表决事项的会议须填应到、实到人数。")
    quorum.judge(one.rule, due=due, present=present, ayes=one.ayes)
    return due, present


def keys_taken(drafts: Sequence[MeetingDraft]) -> dict[tuple[int, str, dt.date, str], int]:
    """Return {key: meeting} of meetings on record within the days and organizations of `drafts`."""
    if not drafts:
        return {}
    first, last = min(d.held_on for d in drafts), max(d.held_on for d in drafts)
    found: dict[tuple[int, str, dt.date, str], int] = {}
    for part in chunks(sorted({draft.organization_id for draft in drafts})):
        for pk, org, kind, day, ref in _standing(part, first, last):
            found[(org, kind, day, ref)] = pk
    return found


@prepared
def _standing(orgs: Sequence[int], first: dt.date, last: dt.date) -> QuerySet[Any, Any]:
    return (
        Meeting.objects.standing()
        .filter(organization_id__in=orgs, held_on__gte=first, held_on__lte=last)
        .values_list("id", "organization_id", "kind", "held_on", "ref_key")
    )


def refuse_twins(drafts: Sequence[MeetingDraft], own: Sequence[int | None]) -> None:
    """Refuse a meeting that is on record already or stands twice in `drafts`.

    Args:
        own: for each draft, the meeting it corrects, or None.
    """
    correcting = {pk for pk in own if pk is not None}
    seen = {key for key, pk in keys_taken(drafts).items() if pk not in correcting}
    for draft in drafts:
        if draft.status == "cancelled":
            continue
        if draft.key in seen:
            raise AlreadyRecorded(draft)
        seen.add(draft.key)


def refuse_strangers(drafts: Iterable[MeetingDraft], actor: Actor) -> None:
    """Refuse guests whom the actor may not see."""
    guests = sorted({member for draft in drafts for member in draft.guest_ids})
    if guests and len(people.names_of(scope=actor.scope, member_ids=guests)) < len(guests):
        raise OutsideScope
