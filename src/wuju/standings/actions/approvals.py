"""What people decide about standings: where a feed begins, who is waived, what a panel graded."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from wuju.access.roles import require
from wuju.engine.items import Item
from wuju.kit.action import action, touch, touch_everything
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.facts import fact_sources
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.org.models import Organization
from wuju.rulepacks.queries import active_packs
from wuju.standings.awaiting import refuse_awaited
from wuju.standings.models import Attestation, Feed, Waiver
from wuju.standings.sources import WHOLE

from . import above, turns


class UnknownItem(DomainError):
    def __init__(self, code: str) -> None:
        super().__init__(f"清单里没有“{code}”这一项，请从规则页选择清单项。")


class UnknownFactName(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"没有叫“{name}”的数据，请用 wuju facts 查看。")


class CellRefused(DomainError):
    """One of several: which one, and why; none of them landed."""

    def __init__(self, organization: str, item: str, why: DomainError) -> None:
        super().__init__(f"{organization}“{item}”没有通过，这一批都没有登记。{why}")


class WaiverMustLast(DomainError):
    def __init__(self) -> None:
        super().__init__("免除的截止日期须在开始日期之后，请改正后再登记。")


class DocumentNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("请填写文号：没有文件依据的，不能登记。")


class NobodyGraded(DomainError):
    def __init__(self) -> None:
        super().__init__("请写明参加评价的人，每人写一次。")


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


@dataclass(frozen=True, slots=True)
class WaiverDraft:
    """What is applied for, by whom, on what document.

    `authority` is who decided it where the level above the organization is not here.
    """

    organization: Organization
    item: str
    from_on: dt.date
    until_on: dt.date | None
    reason: str
    document: str
    applicant: str
    applicant_unit: Organization
    authority: str = ""


@action
def waive(*, draft: WaiverDraft, actor: Actor, at: dt.datetime) -> Waiver:
    """Exempt an organization from an item for some days, as a named person applied for.

    The actor approves in the name of the level above. For the top organization, whose level
    above is not here, the actor records what the authority decided in its document.

    Raises:
        UnknownItem: no such item in the pack in use.
        WaiverMustLast, DocumentNeeded: the days or the document are wrong.
        ApplicantNeeded, ApplicantOfAnotherUnit, ApplicantCannotApprove: see `above`.
        NotAbove, AuthorityNeeded, AuthorityIsHere: see `above`.
    """
    require(actor, "waive")
    draft = replace(draft, authority=draft.authority.strip())
    actor.scope.require(draft.organization.path)
    _check_waiver(draft)
    above.require_applicant(draft.organization, draft.applicant, draft.applicant_unit, actor)
    above.require_above(draft.organization, draft.authority, actor)
    if not draft.authority and actor.unit_path == draft.applicant_unit.path:
        raise above.ApplicantCannotApprove
    waiver = Waiver.objects.create(
        **{field.name: getattr(draft, field.name) for field in fields(draft)},
        approver="" if draft.authority else actor.name,
        recorded_by=actor.name,
        approved_on=at.date(),
    )
    ledger.record(
        "waiver.approved",
        actor=actor,
        at=at,
        target=f"organization:{draft.organization.pk}",
        org_path=draft.organization.path,
        details={
            "item": draft.item,
            "document": draft.document,
            "applicant_unit": draft.applicant_unit.code,
        },
        images=[Images.created([waiver])],
    )
    touch("waiver", [draft.organization.pk])
    return waiver


def _check_waiver(draft: WaiverDraft) -> None:
    _item(draft.item)
    if draft.until_on is not None and draft.until_on <= draft.from_on:
        raise WaiverMustLast
    if not draft.document.strip():
        raise DocumentNeeded


@action
def waive_each(*, drafts: Sequence[WaiverDraft], actor: Actor, at: dt.datetime) -> list[Waiver]:
    """Exempt several organizations at once: every one is checked for itself, all or none land.

    Raises:
        CellRefused: what `waive` said of one of them.
    """
    made = []
    for draft in drafts:
        try:
            made.append(waive(draft=draft, actor=actor, at=at))
        except DomainError as why:
            raise CellRefused(draft.organization.short_name, draft.item, why) from why
    return made


@action
def attest(
    *,
    organization: Organization,
    item: str,
    grade: int,
    graded_on: dt.date,
    panel: list[str],
    document: str,
    authority: str = "",
    actor: Actor,
    at: dt.datetime,
) -> Attestation:
    """Record the grade a named panel gave an organization's work (attested items only).

    Raises:
        UnknownItem: no such item in the pack in use.
        GradeOutsideScale: the grade is not on the item's scale.
        NobodyGraded: the panel is empty or names somebody twice.
        DocumentNeeded: no document says so.
        NotAbove, AuthorityNeeded, AuthorityIsHere: see `above`.
    """
    require(actor, "attest")
    actor.scope.require(organization.path)
    _check_grade(item, grade)
    names = [name.strip() for name in panel]
    if not names or not all(names) or len(set(names)) < len(names):
        raise NobodyGraded
    if not document.strip():
        raise DocumentNeeded
    above.require_above(organization, authority, actor)
    row = Attestation.objects.create(
        organization=organization,
        item=item,
        grade=grade,
        graded_on=graded_on,
        panel="、".join(names),
        panel_size=len(names),
        authority=authority.strip(),
        recorded_by=actor.name,
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


def _check_grade(code: str, grade: int) -> None:
    """Refuse an item the pack in use has not, or a grade outside its scale."""
    scale = _item(code).scale
    if scale and grade not in scale:
        raise GradeOutsideScale(scale)


def _item(code: str) -> Item:
    """Return an item as the newest version that has it says; refuse with UnknownItem or FactsAwaited."""
    for pack in reversed(active_packs(scope=WHOLE)):
        if code in pack.stored.rules.by_code:
            return pack.stored.rules.by_code[code]
    refuse_awaited(code)
    raise UnknownItem(code)
