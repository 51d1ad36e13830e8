"""Findings to play with, and short words for the acts that bring them on."""

import datetime as dt

from tests.conftest import NOW, District
from wuju.kit.actors import Actor
from wuju.ledger.models import Event
from wuju.loops import actions
from wuju.loops.models import Loop, Measure, Step
from wuju.org.models import Organization

RAISED = dt.date(2026, 9, 1)  # a Tuesday
NOTIFIED = dt.date(2026, 9, 3)
PLANNED = dt.date(2026, 9, 8)
DONE = dt.date(2026, 9, 20)
EFFECT = dt.date(2026, 9, 22)
SUBMITTED = dt.date(2026, 9, 23)
VERIFIED = dt.date(2026, 9, 25)
CLOSED = dt.date(2026, 9, 28)


def draft(organization: Organization, **more: object) -> actions.FindingDraft:
    values: dict[str, object] = {
        "organization_id": organization.pk,
        "origin": "inspection",
        "category": "org_life",
        "title": "二季度支部党员大会少开一次",
        "fact": "查阅记录本，二季度只有一次支部党员大会记录。",
        "basis": "《中国共产党支部工作条例（试行）》第十一条",
    }
    return actions.FindingDraft(**(values | more))  # type: ignore[arg-type]


def raised(town: District, organization: Organization | None = None, **more: object) -> Loop:
    return actions.raise_finding(
        draft=draft(organization or town.east_branch, **more),
        on=RAISED,
        actor=town.inspector,
        at=NOW,
    )


def notified(town: District, organization: Organization | None = None, **more: object) -> Loop:
    loop = raised(town, organization, **more)
    return actions.send_notice(loop_id=loop.pk, on=NOTIFIED, actor=town.officer, at=NOW)


def planned(town: District, organization: Organization | None = None, **more: object) -> Loop:
    loop = notified(town, organization, **more)
    actions.propose_measures(
        loop_id=loop.pk,
        plan=actions.Plan(
            measures=[
                actions.MeasureDraft("补开支部党员大会", "责任甲"),
                actions.MeasureDraft("每季度末由镇上核对一次", "责任甲", kind="lasting"),
            ],
            responsible_person="责任甲",
            cause="nobody_named",
        ),
        on=PLANNED,
        actor=town.east_secretary,
        at=NOW,
    )
    return actions.accept_plan(loop_id=loop.pk, on=PLANNED, actor=town.officer, at=NOW)


def rectified(town: District, organization: Organization | None = None, **more: object) -> Loop:
    loop = planned(town, organization, **more)
    for measure in Measure.objects.filter(loop=loop):
        loop = actions.complete_measure(
            measure_id=measure.pk, on=DONE, actor=town.east_secretary, at=NOW
        )
    return loop


def effect(happened_on: dt.date = EFFECT, **more: str) -> actions.EvidenceDraft:
    return actions.EvidenceDraft(
        text="补开的支部党员大会讨论了发展党员，决议已公示。",
        happened_on=happened_on,
        kind=more.get("kind", "effect"),
        submitted_by=more.get("submitted_by", ""),
    )


def submitted(town: District, *evidence: actions.EvidenceDraft) -> Loop:
    loop = rectified(town)
    return actions.submit_evidence(
        loop_id=loop.pk,
        evidence=evidence or [effect()],
        on=SUBMITTED,
        actor=town.east_secretary,
        at=NOW,
    )


def verified(town: District) -> Loop:
    loop = submitted(town)
    return actions.verify(
        loop_id=loop.pk, accepted=True, on=VERIFIED, actor=town.inspector, at=NOW
    )


def closed(town: District) -> Loop:
    loop = verified(town)
    return actions.close(loop_id=loop.pk, on=CLOSED, actor=town.officer, at=NOW)


def trace() -> tuple[int, int, list[tuple[object, ...]]]:
    """Return everything a refusal must leave as it was."""
    columns = ("id", "state", "due_on", "closed_on", "version", "last_step_on", "verified_on")
    return (
        Event.objects.count(),
        Step.objects.count(),
        list(Loop.objects.order_by("id").values_list(*columns)),
    )


def as_person(actor: Actor, **changes: object) -> Actor:
    from dataclasses import replace

    return replace(actor, **changes)  # type: ignore[arg-type]
