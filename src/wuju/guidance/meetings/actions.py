"""Everything that changes meetings: record, correct, cancel; land and undo in bulk."""

import datetime as dt
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import models

from wuju.access.roles import require
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor, OutsideScope
from wuju.kit.bulk import insert_rows
from wuju.kit.errors import DomainError
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.people.actions import ensure_rosters

from .checks import local_day
from .drafts import Correction, MeetingDraft, ResolutionDraft, differences
from .models import AttendanceException, Meeting, Resolution, Topic
from .plan import CORRECTED, VOTE_COLUMNS, Plan, Planned, is_late, plan
from .races import no_twins
from .rolls import Kept, Rolls, draft_of, kept

__all__ = ["Correction", "MeetingDraft", "ResolutionDraft"]

# Rows a statement: SQLite is a third slower when Django fills a statement to its limit.
_BATCH = 100


class ChangedMeanwhile(DomainError):
    """Somebody else saved the meeting first. `differences` holds both versions' values."""

    def __init__(self, yours: MeetingDraft, theirs: MeetingDraft, version: int) -> None:
        self.yours, self.theirs, self.version = yours, theirs, version
        self.differences = differences(yours, theirs)
        named = "、".join(one.label for one in self.differences) or "内容"
        super().__init__(f"这条会议记录刚被别人改过（{named}），请核对两个版本后再保存。")


class PlanIsPast(DomainError):
    def __init__(self) -> None:
        super().__init__("计划日期已过，请登记为已召开，或改为今后的日期。")


class AlreadyCancelled(DomainError):
    def __init__(self) -> None:
        super().__init__("这次会议已经取消，不能再改。")


class ReasonNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("取消会议须写明理由，请填写后再试。")


class ChangedSinceTheImport(DomainError):
    def __init__(self) -> None:
        super().__init__("这批会议导入后有记录被改过，不能整批撤回，请逐条更正。")


@action
def record_meeting(*, draft: MeetingDraft, actor: Actor, at: dt.datetime) -> Meeting:
    """Record one meeting, counted against the roster of its day.

    Raises:
        OutsideScope: the organization, or a guest, is outside the actor's scope.
        NotYetHeld, PlanIsPast, BeforeEstablishment, AfterDissolution: the day cannot be.
        AlreadyRecorded: same organization, kind, day and reference number.
        NobodyIsOnTheRoster, NoCommittee, GroupKeepsCounts: there is nobody to name.
        NotOnTheRosterOfThatDay, MarkedTwice, NumbersDoNotAddUp, NotWrittenRight.

    Source: 中国共产党支部工作条例（试行）第十一条至第十六条; 教育管理工作条例第二十三条 (exempt).
    """
    require(actor, "record_meeting")
    if draft.status == "planned" and draft.held_on < local_day(at):
        raise PlanIsPast
    made, images = _create([draft], actor, at)
    ledger.record(
        "meeting.recorded",
        actor=actor,
        at=at,
        target=f"meeting:{made.planned[0].meeting.pk}",
        org_path=made.planned[0].home.path,
        images=images,
    )
    return made.planned[0].meeting


@action
def correct_meeting(
    *,
    meeting_id: int,
    draft: MeetingDraft,
    version: int,
    actor: Actor,
    at: dt.datetime,
    reason: str = "",
) -> Meeting:
    """Replace the content of a meeting; the ledger keeps what stood before.

    Raises:
        ChangedMeanwhile: `version` is no longer the present one.
        AlreadyCancelled: the meeting was cancelled.
        OutsideScope and every refusal of `record_meeting`.
    """
    require(actor, "record_meeting")
    made, images = _correct([Correction(meeting_id, version, draft)], actor, at)
    ledger.record(
        "meeting.corrected",
        actor=actor,
        at=at,
        target=f"meeting:{meeting_id}",
        org_path=made.planned[0].home.path,
        reason=reason,
        images=images,
    )
    return made.planned[0].meeting


@action
def cancel_meeting(
    *, meeting_id: int, version: int, reason: str, actor: Actor, at: dt.datetime
) -> Meeting:
    """Cancel a planned meeting, or one recorded by mistake; the row stays and counts no more.

    Raises:
        ReasonNeeded, OutsideScope, ChangedMeanwhile, AlreadyCancelled.
    """
    require(actor, "record_meeting")
    if len(reason.strip()) < 2:
        raise ReasonNeeded
    meeting = _locked([meeting_id], actor)[meeting_id]
    of = kept([meeting])[meeting.pk]
    if meeting.status == "cancelled":
        raise AlreadyCancelled
    if meeting.version != version:
        theirs = draft_of(meeting, of)
        raise ChangedMeanwhile(theirs, theirs, meeting.version)
    before = {meeting.pk: values_of(meeting)}
    meeting.status = "cancelled"
    meeting.version += 1
    meeting.save(update_fields=["status", "version"])
    _touch(meeting.organization_id, [meeting.held_on], of.topics, of.resolutions)
    ledger.record(
        "meeting.cancelled",
        actor=actor,
        at=at,
        target=f"meeting:{meeting.pk}",
        org_path=meeting.organization.path,
        reason=reason.strip(),
        images=[Images.changed(before, [meeting])],
    )
    return meeting


@action
def land_meetings(
    *,
    drafts: Sequence[MeetingDraft],
    actor: Actor,
    at: dt.datetime,
    batch: str = "",
    corrections: Sequence[Correction] = (),
) -> list[Meeting]:
    """Record many meetings, and correct some, in one event; all of them or none.

    Returns:
        The new meetings in the order of `drafts`, then the corrected ones.

    Raises:
        Every refusal of `record_meeting` and `correct_meeting`, for the first row refused.
    """
    require(actor, "record_meeting")
    made, images = _create(drafts, actor, at)
    changed, more = _correct(corrections, actor, at)
    ledger.record(
        "meetings.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"created": len(drafts), "corrected": len(corrections)},
        images=[*images, *more],
        batch=batch,
    )
    return [planned.meeting for planned in (*made.planned, *changed.planned)]


@action
def undo_meetings(
    *,
    batch: str,
    meeting_ids: Sequence[int],
    actor: Actor,
    at: dt.datetime,
    restore: Sequence[Correction] = (),
) -> int:
    """Take a landed batch back: delete what it created, restore what it corrected.

    Args:
        meeting_ids: meetings the batch created and nobody changed since.
        restore: for each corrected one, the version it landed with and the draft before.

    Raises:
        ChangedSinceTheImport: a meeting was changed or cancelled since.
        OutsideScope: a meeting is gone or outside the actor's scope.
    """
    require(actor, "record_meeting")
    meetings = list(_locked(meeting_ids, actor).values())
    if any(meeting.version != 1 for meeting in meetings):
        raise ChangedSinceTheImport
    images = _delete(meetings)
    try:
        _, more = _correct(restore, actor, at)
    except ChangedMeanwhile as refusal:
        raise ChangedSinceTheImport from refusal
    ledger.record(
        "meetings.undone",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"deleted": len(meetings), "restored": len(restore)},
        images=[*images, *more],
        batch=batch,
    )
    return len(meetings) + len(restore)


# ------------------------------------------------------------------------------ inside an action


def _create(
    drafts: Sequence[MeetingDraft], actor: Actor, at: dt.datetime
) -> tuple[Plan, list[Images]]:
    """Write new meetings with what hangs on them; return them and their images."""
    made = plan(drafts, own=[None] * len(drafts), actor=actor, today=local_day(at))
    _point_at_rosters(made, actor)
    meetings = [planned.meeting for planned in made.planned]
    with no_twins(drafts, [None] * len(drafts)):
        insert_rows(meetings)
    images = _created(meetings) + _write_children(made.planned)
    for one in made.planned:
        _touch(one.home.id, [one.meeting.held_on], one.topics, one.votes)
    return made, images


def _created(rows: Sequence[models.Model]) -> list[Images]:
    return [Images.created(rows)] if rows else []


def _write_children(planned: Sequence[Planned]) -> list[Images]:
    exceptions = [row for one in planned for row in one.exceptions()]
    topics = [row for one in planned for row in one.topic_rows()]
    resolutions = [row for one in planned for row in one.resolutions()]
    images: list[Images] = []
    for rows in (exceptions, topics, resolutions):
        insert_rows(rows)
        images += _created(rows)
    return images


def _point_at_rosters(made: Plan, actor: Actor) -> None:
    """Give every named meeting the snapshot of its day."""
    rolls = made.rolls()
    contents = [(org, roll.exemptions()) for (org, _), roll in rolls.items()]
    found = dict(zip(rolls, ensure_rosters(contents=contents, actor=actor), strict=True))
    for planned in made.planned:
        if planned.stretch:
            planned.meeting.roster = found[planned.stretch]


def _locked(meeting_ids: Sequence[int], actor: Actor) -> dict[int, Meeting]:
    """Return the meetings, locked until commit, in the order asked for.

    Raises:
        OutsideScope: one is gone or lies outside the actor's scope.
    """
    found: dict[int, Meeting] = {}
    for part in chunks(sorted(set(meeting_ids))):
        rows = Meeting.objects.select_related("organization").select_for_update(
            of=("self",), no_key=True
        )
        found |= {row.pk: row for row in rows.filter(pk__in=part).order_by("id")}
    for pk in meeting_ids:
        if pk not in found or not actor.scope.covers(found[pk].organization.path):
            raise OutsideScope
    return {pk: found[pk] for pk in meeting_ids}


def _correct(
    corrections: Sequence[Correction], actor: Actor, at: dt.datetime
) -> tuple[Plan, list[Images]]:
    """Overwrite meetings and what hangs on them; return them as they are now, and the images."""
    if not corrections:
        return Plan([], Rolls({}, {})), []
    ids = [one.meeting_id for one in corrections]
    stored = _locked(ids, actor)
    hanging = kept(stored.values())
    for one in corrections:
        _refuse_stale(one, stored[one.meeting_id], hanging[one.meeting_id])
    made = plan([one.draft for one in corrections], own=ids, actor=actor, today=local_day(at))
    _point_at_rosters(made, actor)
    before = {pk: values_of(meeting) for pk, meeting in stored.items()}
    for planned, meeting in zip(made.planned, stored.values(), strict=True):
        of, days = hanging[meeting.pk], [meeting.held_on, planned.meeting.held_on]
        for owner in (meeting.organization_id, planned.home.id):
            _touch(owner, days, planned.topics or of.topics, planned.votes or of.resolutions)
        _overwrite(meeting, planned)
    rows = list(stored.values())
    # Locked above, so every row exists: this is an update, twenty times faster than bulk_update.
    how = {"update_conflicts": True, "unique_fields": ["id"], "update_fields": CORRECTED}
    with no_twins([one.draft for one in corrections], ids):
        Meeting.objects.bulk_create(rows, batch_size=_BATCH, **how)  # type: ignore[arg-type]
    images = [Images.changed(before, rows)]
    return made, images + _replace_children(made.planned, hanging)


def _refuse_stale(one: Correction, meeting: Meeting, of: Kept) -> None:
    if meeting.version != one.version:
        raise ChangedMeanwhile(one.draft, draft_of(meeting, of), meeting.version)
    if meeting.status == "cancelled":
        raise AlreadyCancelled


def _overwrite(meeting: Meeting, planned: Planned) -> None:
    """Copy the new content into the stored row, which keeps who entered it and when."""
    new = planned.meeting
    new.late = is_late(held_on=new.held_on, entered_on=meeting.entered_on)
    new.version = meeting.version + 1
    for name in CORRECTED:
        setattr(meeting, name, getattr(new, name))
    planned.meeting = meeting


def _replace_children(planned: Sequence[Planned], hanging: dict[int, Kept]) -> list[Images]:
    """Exchange what hangs on corrected meetings where it differs; the rest keeps its rows."""
    images: list[Images] = []
    for model, name, rows, content in _CHILDREN:
        gone: list[Any] = []
        fresh: list[Any] = []
        for one in planned:
            old, new = getattr(hanging[one.meeting.pk], name), rows(one)
            if [content(row) for row in old] != [content(row) for row in new]:
                gone += old
                fresh += new
        images += _exchange(model, gone, fresh)
    return images


def _exchange(model: type[models.Model], gone: list[Any], fresh: list[Any]) -> list[Images]:
    images = [Images.deleted(gone)] if gone else []
    for part in chunks([row.pk for row in gone]):
        model._default_manager.filter(pk__in=part).delete()
    insert_rows(fresh)
    return images + _created(fresh)


type _Child = tuple[
    type[models.Model], str, Callable[[Planned], list[Any]], Callable[[Any], tuple[object, ...]]
]
_CHILDREN: tuple[_Child, ...] = (
    (AttendanceException, "exceptions", Planned.exceptions, attrgetter("member_id", "reason")),
    (Topic, "topics", Planned.topic_rows, attrgetter("kind")),
    (Resolution, "resolutions", Planned.resolutions, attrgetter(*VOTE_COLUMNS)),
)


def _delete(meetings: Sequence[Meeting]) -> list[Images]:
    hanging = kept(meetings)
    images: list[Images] = []
    for row in meetings:
        of = hanging[row.pk]
        _touch(row.organization_id, [row.held_on], of.topics, of.resolutions)
    for model, name, _, _ in _CHILDREN:
        gone = [row for of in hanging.values() for row in getattr(of, name)]
        images += _exchange(model, gone, [])
    return images + _exchange(Meeting, list(meetings), [])


def _touch(
    org: int, days: Sequence[dt.date], topics: Sequence[object], votes: Sequence[object]
) -> None:
    """Touch a meeting on its days, and its topics and votes if it has any: they share its day."""
    touch("meeting", [org], days)
    if topics:
        touch("meeting_topic", [org], days)
    if votes:
        touch("resolution", [org], days)
