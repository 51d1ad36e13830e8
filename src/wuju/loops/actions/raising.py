"""Raising findings, sending the notice, objections, withdrawal."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F

from wuju.access.roles import require
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.markings import refuse_marked
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images
from wuju.loops.clocks import clocks_on
from wuju.loops.lifecycle import GUARDS, Case
from wuju.loops.models import Loop, LoopCounter, Step, YearCounter
from wuju.loops.schedule import Clocks, day_of, later, stopped
from wuju.org.models import Organization

from .step import (
    Said,
    StepRefused,
    Work,
    begin,
    check,
    finish,
    move_deadline,
    open_deadline,
    person_of,
    unit_name,
)


class DueTooEarly(DomainError):
    def __init__(self) -> None:
        super().__init__("整改期限应晚于通知日期，请重新填写期限。")


class RefTaken(DomainError):
    def __init__(self, ref: str) -> None:
        super().__init__(f"本组织编号“{ref}”的问题已经登记过，请核对编号。")


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A finding as it is raised. `raised_by` is empty where the actor raised it."""

    organization_id: int
    origin: str
    category: str
    title: str
    fact: str
    basis: str
    severity: str = "should"
    nature: str = "by_date"
    category_text: str = ""
    raised_by: str = ""
    lead_unit: str = ""
    ref: str = ""


@action
def raise_finding(
    *, draft: FindingDraft, on: dt.date | None = None, actor: Actor, at: dt.datetime
) -> Loop:
    """Open a finding (立项): a fact and the article it offends against. `on`: the day it was found.

    It is linked to the last finding of the same class in the same organization (改了又犯).

    Raises:
        NotGranted, OutsideScope: the actor may not raise findings, or not there.
        StepRefused: no fact or no article is given, or the day lies ahead.
        MarkedSecret: the text carries a secrecy marking.
        RefTaken: the organization has a finding of this reference.
    """
    require(actor, "raise_finding")
    organization = Organization.objects.filter(pk=draft.organization_id).first()
    actor.scope.require(organization.path if organization else "")
    assert organization is not None  # noqa: S101 - an empty path is covered by no scope
    today = day_of(at)
    opened_on = on or today
    case = Case(fact=draft.fact, basis=draft.basis, on=opened_on, today=today)
    against = [
        GUARDS[name].refusal(case)
        for name in ("grounded", "not_in_the_future")
        if not GUARDS[name].holds(case)
    ]
    if against:
        raise StepRefused(against)
    unit = Organization.objects.filter(path=actor.unit_path).first() if actor.unit_path else None
    loop = drafted(draft, clocks_on(opened_on), opened_on=opened_on, actor=actor, unit=unit)
    loop.number = next(iter(take_numbers(opened_on.year, 1)))
    loop.organization = organization
    loop.earlier_id = last_like(loop)
    _insert(loop)
    step = Step(
        loop=loop,
        name="raise",
        to_state="opened",
        on=opened_on,
        at=at,
        done_by=loop.raised_by,
        actor_name=actor.name,
        actor_user_id=actor.user_id,
        unit=unit_name(actor),
    )
    step.save(force_insert=True)
    touch("finding", [organization.pk])
    ledger.record(
        "finding.raised",
        actor=actor,
        at=at,
        target=f"loop:{loop.pk}",
        org_path=organization.path,
        details={"number": loop.number, "category": loop.category},
        images=[Images.created([loop]), Images.created([step])],
    )
    return loop


def _insert(loop: Loop) -> None:
    try:
        with transaction.atomic():
            loop.save(force_insert=True)
    except IntegrityError as taken:
        same = Loop.objects.filter(organization_id=loop.organization_id, ref=loop.ref)
        if loop.ref and same.exists():
            raise RefTaken(loop.ref) from taken
        raise


def drafted(
    draft: FindingDraft,
    clocks: Clocks,
    *,
    opened_on: dt.date,
    actor: Actor,
    unit: Organization | None,
) -> Loop:
    """Return the unsaved finding of a draft, without number and lineage. `unit` raised it."""
    refuse_marked(f"{draft.title}\n{draft.fact}\n{draft.basis}", where="问题描述")
    return Loop(
        origin=draft.origin,
        category=draft.category,
        category_text=draft.category_text.strip(),
        organization_id=draft.organization_id,
        unit=unit,
        raised_by=draft.raised_by.strip() or person_of(actor),
        raised_user_id=actor.user_id,
        title=draft.title.strip() or draft.fact.strip()[:60],
        fact=draft.fact.strip(),
        basis=draft.basis.strip(),
        severity=draft.severity,
        nature=draft.nature,
        lead_unit=draft.lead_unit.strip(),
        opened_on=opened_on,
        notice_due_on=clocks.notice.after(opened_on),
        last_step_on=opened_on,
        ref=draft.ref.strip(),
    )


def take_numbers(
    year: int, how_many: int, series: type[YearCounter] = LoopCounter
) -> Iterable[str]:
    """Reserve numbers of a year, never given again even if the finding is taken back.

    The row of the year is locked until commit.
    """
    series.objects.get_or_create(year=year)
    counter = series.objects.select_for_update(no_key=True).get(year=year)
    first = counter.last + 1
    counter.last += how_many
    counter.save(update_fields=["last"])
    return [f"{year}-{number:04d}" for number in range(first, first + how_many)]


def last_like(loop: Loop) -> int | None:
    """Return the last finding of the same class in the same organization."""
    rows = Loop.objects.filter(organization_id=loop.organization_id, category=loop.category)
    if loop.category == "other":
        rows = rows.filter(category_text=loop.category_text)
    rows = (
        rows.exclude(state="withdrawn").exclude(pk=loop.pk).filter(opened_on__lte=loop.opened_on)
    )
    return rows.order_by(F("opened_on").desc(), "-id").values_list("id", flat=True).first()


@action
def send_notice(
    *,
    loop_id: int,
    due_on: dt.date | None = None,
    on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Send the rectification notice (整改通知). The deadline follows the nature unless one is set.

    Raises:
        NotGranted, OutsideScope, StepRefused.
        DueTooEarly: the deadline is not after the notice.
    """
    work = begin(loop_id, actor=actor, at=at, on=on)
    check(work, "send_notice")
    loop = work.loop
    due = due_on or work.clocks.due_on(loop.nature, work.on)
    if due <= work.on:
        raise DueTooEarly
    loop.notified_on = work.on
    loop.plan_due_on = min(work.clocks.plan.after(work.on), due)
    open_deadline(work, due)
    return finish(
        work,
        "send_notice",
        Said(due_after_on=due),
        changed=["notified_on", "plan_due_on", "due_on", "original_due_on"],
    )


@action
def object_to(
    *, loop_id: int, text: str, on: dt.date | None = None, actor: Actor, at: dt.datetime
) -> Loop:
    """Object to a finding (提出异议) within the days the rules give from the notice; the clock stops."""
    work = begin(loop_id, actor=actor, at=at, on=on)
    check(work, "object_to", reason=text)
    return finish(work, "object_to", Said(note=text.strip()))


@action
def rule_on_objection(
    *,
    loop_id: int,
    upheld: bool,
    reason: str,
    on: dt.date | None = None,
    actor: Actor,
    at: dt.datetime,
) -> Loop:
    """Decide on an objection: upheld withdraws the finding, rejected moves its dates by the days lost."""
    work = begin(loop_id, actor=actor, at=at, on=on)
    name = "uphold_objection" if upheld else "reject_objection"
    check(work, name, reason=reason)
    if upheld:
        return finish(work, name, Said(note=reason.strip()))
    before = work.loop.due_on
    _give_days_back(work)
    return finish(
        work,
        name,
        Said(note=reason.strip(), due_before_on=before, due_after_on=work.loop.due_on),
        changed=["due_on", "plan_due_on"],
    )


def _give_days_back(work: Work) -> None:
    loop = work.loop
    objected = Step.objects.filter(loop=loop, name="object_to").order_by("-id").first()
    assert objected is not None and loop.due_on and loop.plan_due_on  # noqa: S101, PT018 - the state says so
    lost = stopped(objected.on, work.on)
    loop.plan_due_on = later(loop.plan_due_on, lost)
    move_deadline(work, later(loop.due_on, lost))


@action
def withdraw(
    *, loop_id: int, reason: str, on: dt.date | None = None, actor: Actor, at: dt.datetime
) -> Loop:
    """Withdraw a finding before its notice was sent (撤回)."""
    work = begin(loop_id, actor=actor, at=at, on=on)
    check(work, "withdraw", reason=reason)
    return finish(work, "withdraw", Said(note=reason.strip()))
