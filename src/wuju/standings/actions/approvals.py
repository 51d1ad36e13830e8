"""What people decide about standings: where a feed begins, who is waived, what a panel graded."""

import datetime as dt

from wuju.access.roles import require
from wuju.kit.action import action, touch, touch_everything
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.facts import fact_sources
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization
from wuju.rulepacks.queries import active_packs
from wuju.standings.models import Attestation, Feed, Waiver
from wuju.standings.sources import WHOLE

from . import turns


class UnknownItem(DomainError):
    def __init__(self, code: str) -> None:
        super().__init__(f"清单里没有“{code}”这一项，请从规则页选择清单项。")


class UnknownFactName(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"没有叫“{name}”的数据，请用 wuju facts 查看。")


class ApplicantCannotApprove(DomainError):
    def __init__(self) -> None:
        super().__init__("申请免除的组织不能自己批准，请由上级党组织批准。")


class GradeOutsideScale(DomainError):
    def __init__(self, scale: dict[int, str]) -> None:
        words = "、".join(f"{value} {word}" for value, word in sorted(scale.items(), reverse=True))
        super().__init__(f"等级须在评价尺度之内：{words}。")


@action
def declare_feed(
    *,
    organization: Organization,
    fact: str,
    starts_on: dt.date,
    whole_subtree: bool = True,
    actor: Actor,
    at: dt.datetime,
) -> Feed:
    """State from which day records of a fact are complete for an organization (数据起始日).

    Before that day nothing is a failure: the status reads 未核实.
    """
    require(actor, "declare_feed")
    actor.scope.require(organization.path)
    if fact not in fact_sources:
        raise UnknownFactName(fact)
    turns.enter()  # before the row: a first record of the organization starts the same feed
    turns.hold([organization.pk])
    feed = Feed.objects.filter(
        organization=organization, fact=fact, whole_subtree=whole_subtree
    ).first()
    if feed:
        before = {feed.pk: values_of(feed)}
        feed.starts_on, feed.declared = starts_on, True
        feed.save(update_fields=["starts_on", "declared"])
        images = Images.changed(before, [feed])
    else:
        feed = Feed.objects.create(
            organization=organization,
            fact=fact,
            starts_on=starts_on,
            whole_subtree=whole_subtree,
            declared=True,
        )
        images = Images.created([feed])
    ledger.record(
        "feed.declared",
        actor=actor,
        at=at,
        target=f"organization:{organization.pk}",
        org_path=organization.path,
        details={"fact": fact, "starts_on": starts_on.isoformat()},
        images=[images],
    )
    if whole_subtree:
        touch_everything()
    else:
        touch(fact, [organization.pk])
    return feed


@action
def waive(
    *,
    organization: Organization,
    item: str,
    from_on: dt.date,
    until_on: dt.date | None,
    reason: str,
    document: str,
    actor: Actor,
    at: dt.datetime,
) -> Waiver:
    """Exempt an organization from an item for some days; the approver is never the applicant.

    Raises:
        UnknownItem: no such item in the pack in use.
        ApplicantCannotApprove: the approver works for the organization itself.
    """
    require(actor, "waive")
    actor.scope.require(organization.path)
    if not any(item in pack.stored.rules.by_code for pack in active_packs(scope=WHOLE)):
        raise UnknownItem(item)
    if actor.unit_path == organization.path:
        raise ApplicantCannotApprove
    waiver = Waiver.objects.create(
        organization=organization,
        item=item,
        from_on=from_on,
        until_on=until_on,
        reason=reason,
        approver=actor.name,
        document=document,
        approved_on=at.date(),
    )
    ledger.record(
        "waiver.approved",
        actor=actor,
        at=at,
        target=f"organization:{organization.pk}",
        org_path=organization.path,
        details={"item": item, "document": document},
        images=[Images.created([waiver])],
    )
    touch("waiver", [organization.pk])
    return waiver


@action
def attest(
    *,
    organization: Organization,
    item: str,
    grade: int,
    graded_on: dt.date,
    panel: list[str],
    document: str,
    actor: Actor,
    at: dt.datetime,
) -> Attestation:
    """Record the grade a named panel gave an organization's work (attested items only).

    Raises:
        UnknownItem: no such item in the pack in use.
        GradeOutsideScale: the grade is not on the item's scale.
    """
    require(actor, "waive")
    actor.scope.require(organization.path)
    found = next(
        (
            pack.stored.rules.by_code[item]
            for pack in reversed(active_packs(scope=WHOLE))
            if item in pack.stored.rules.by_code
        ),
        None,
    )
    if found is None:
        raise UnknownItem(item)
    if found.scale and grade not in found.scale:
        raise GradeOutsideScale(found.scale)
    row = Attestation.objects.create(
        organization=organization,
        item=item,
        grade=grade,
        graded_on=graded_on,
        panel="、".join(panel),
        panel_size=len(panel),
        document=document,
    )
    ledger.record(
        "work.attested",
        actor=actor,
        at=at,
        target=f"organization:{organization.pk}",
        org_path=organization.path,
        details={"item": item, "grade": grade, "document": document},
        images=[Images.created([row])],
    )
    touch("attestation", [organization.pk])
    return row
