"""Verification by another person, closure, revisit."""

import datetime as dt

from wuju.kit.action import action
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.ledger.images import Images, values_of
from wuju.loops.models import Deadline, Loop

from .step import Said, Work, begin, check, finish, open_deadline, unit_name

_VERIFICATION = [
    "verified_by", "verified_user_id", "verified_unit", "verified_on", "verified_by_other",
]  # fmt: skip


class NewDueNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("重新打开须写明新的整改期限，并且晚于今天，请填写期限。")


@action
def verify(
    *,
    loop_id: int,
    accepted: bool,
    note: str = "",
    on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Verify the result (核实), or send it back with a reason.

    The verifier is nobody who did, entered or answers for the rectification, by name and by
    account, and comes from another unit. Something that happened must show the effect.

    Raises:
        NotGranted, OutsideScope, StepRefused.
    """
    work = begin(loop_id, actor=actor, at=at, on=on)
    if not accepted:
        check(work, "return_evidence", reason=note)
        work.loop.returned += 1
        _forget_verification(work)
        said = Said(note=note.strip())
        return finish(work, "return_evidence", said, changed=["returned", *_VERIFICATION])
    check(work, "verify")
    loop = work.loop
    loop.verified_by = work.person
    loop.verified_user_id = actor.user_id
    loop.verified_unit = unit_name(actor)
    loop.verified_on = work.on
    loop.verified_by_other = True
    loop.paper_only = False
    return finish(
        work,
        "verify",
        Said(note=note.strip()),
        changed=["paper_only", *_VERIFICATION],
    )


def _forget_verification(work: Work) -> None:
    """Start verification again; the step keeps who had verified."""
    loop = work.loop
    loop.verified_by, loop.verified_unit = "", ""
    loop.verified_user_id = loop.verified_on = None
    loop.verified_by_other = loop.closed_first_on is not None


@action
def close(
    *, loop_id: int, note: str = "", on: dt.date | None = None, actor: Actor, at: dt.datetime
) -> Loop:
    """Close a verified finding (销号). The first verified closure stays on record for good."""
    work = begin(loop_id, actor=actor, at=at, on=on)
    check(work, "close")
    loop = work.loop
    loop.closed_on = work.on
    loop.closed_first_on = loop.closed_first_on or work.on
    loop.revisit_due_on = work.clocks.revisit.after(work.on)
    row = _deadline(work)
    before = {row.pk: values_of(row)}
    row.closed_on = work.on
    row.verified_by_other = True
    row.save(update_fields=["closed_on", "verified_by_other"])
    work.images.append(Images.changed(before, [row]))
    return finish(
        work,
        "close",
        Said(note=note.strip()),
        changed=["closed_on", "closed_first_on", "revisit_due_on"],
    )


def _deadline(work: Work) -> Deadline:
    return Deadline.objects.get(loop=work.loop, round=work.loop.round)


@action
def revisit(
    *,
    loop_id: int,
    holds: bool,
    note: str = "",
    due_on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Look again after closure (回访): the result holds, or the finding is reopened with a new deadline.

    Reopening keeps the first closure and its deadline, and opens a second round.

    Raises:
        NotGranted, OutsideScope, StepRefused.
        NewDueNeeded: it is reopened without a deadline that lies ahead.
    """
    work = begin(loop_id, actor=actor, at=at, on=None)
    loop = work.loop
    if holds:
        check(work, "confirm_revisit")
        loop.revisited_on = work.on
        said = Said(note=note.strip())
        return finish(work, "confirm_revisit", said, changed=["revisited_on"])
    check(work, "reopen", reason=note)
    if due_on is None or due_on <= work.on:
        raise NewDueNeeded
    said = Said(note=note.strip(), due_before_on=loop.due_on, due_after_on=due_on)
    loop.revisited_on = work.on
    _start_another_round(work, due_on)
    return finish(
        work,
        "reopen",
        said,
        changed=[
            "revisited_on", "revisit_due_on", "reopened", "round", "closed_on", "due_on",
            "original_due_on", *_VERIFICATION,
        ],
    )  # fmt: skip


def _start_another_round(work: Work, due_on: dt.date) -> None:
    loop = work.loop
    first = Deadline.objects.filter(loop=loop, round=loop.round).first()
    if first is not None:  # a finding imported as closed may never have had a deadline
        before = {first.pk: values_of(first)}
        first.reopened = 1
        first.save(update_fields=["reopened"])
        work.images.append(Images.changed(before, [first]))
    _forget_verification(work)
    loop.closed_on = loop.revisit_due_on = None
    loop.reopened += 1
    loop.round += 1
    open_deadline(work, due_on)
