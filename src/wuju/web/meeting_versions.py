"""Two people changed one meeting: both versions field by field, and the choice between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse

from wuju.guidance.meetings.actions import ChangedMeanwhile
from wuju.guidance.meetings.drafts import LABELS, MeetingDraft
from wuju.guidance.meetings.words import ATTENDANCE, KINDS, LECTURERS, STATUSES, TOPICS
from wuju.org.queries import OrganizationRow
from wuju.people import queries as people

from .parts import Crumb
from .places import href_of
from .requests import WebRequest, actor_of
from .responses import page
from .templatetags.wuju import NONE, tenths

PICK = "pick."
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "status": STATUSES,
    "attendance": ATTENDANCE,
    "lecturer": LECTURERS,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One field on which the versions disagree, in words."""

    name: str
    label: str
    yours: str
    theirs: str


def choose(
    request: WebRequest, organization: OrganizationRow, meeting_id: int, refusal: ChangedMeanwhile
) -> HttpResponse:
    """Show both versions; what was typed goes along hidden, with the version now on record."""
    names = _names(request, refusal)
    context = {
        "crumbs": [
            Crumb("台账", href_of("registers")),
            Crumb("会议", href_of("meetings")),
            Crumb("两个版本"),
        ],
        "organization": organization,
        "meeting_id": meeting_id,
        "refusal": str(refusal),
        "version": refusal.version,
        "choices": [
            Choice(
                f"{PICK}{one.field}",
                one.label,
                _said(one.field, one.yours, names),
                _said(one.field, one.theirs, names),
            )
            for one in refusal.differences
        ],
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in {"csrfmiddlewaretoken", "version"} and not name.startswith(PICK)
        ],
    }
    return page(request, "meetings/versions.html", context, status=409)


def with_picks(request: WebRequest, draft: MeetingDraft, on_record: MeetingDraft) -> MeetingDraft:
    """Return the draft with the fields for which the person picked what is on record."""
    picked = {
        name: getattr(on_record, name)
        for name in LABELS
        if request.POST.get(f"{PICK}{name}") == "theirs"
    }
    return replace(draft, **picked)


def _names(request: WebRequest, refusal: ChangedMeanwhile) -> dict[int, str]:
    members = {
        member
        for one in refusal.differences
        if one.field.endswith("_ids")
        for version in (one.yours, one.theirs)
        for member in (version if isinstance(version, tuple) else ())
    }
    if not members:
        return {}
    return people.names_of(scope=actor_of(request).scope, member_ids=sorted(members))


def _said(name: str, value: Any, names: Mapping[int, str]) -> str:
    if name in _WORDS:
        return _WORDS[name].get(str(value), str(value))
    if name in _READ:
        return _READ[name](value) or NONE
    if name.endswith("_ids"):
        return "、".join(names.get(member, "（已转出）") for member in value or ()) or NONE
    if isinstance(value, bool):
        return "是" if value else "否"
    return NONE if value in (None, "") else str(value)


_READ: Mapping[str, Callable[[Any], str]] = {
    "hours_tenths": tenths,
    "topics": lambda kinds: "、".join(TOPICS[kind] for kind in kinds),
    "resolutions": lambda votes: f"{len(votes)} 项" if votes else "",
}
