"""Everything that issues documents: rectification notices, supervision letters, bulletins."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from wuju.access.roles import require
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.letters import Block, TooLong, check_length, count_characters, refuse_marked
from wuju.kit.letters.content import LIMITS, all_texts
from wuju.ledger import actions as ledger
from wuju.ledger import queries as trail
from wuju.ledger.images import Images
from wuju.loops import actions as loops
from wuju.loops import queries as findings
from wuju.loops.clocks import clocks_by_day
from wuju.loops.lifecycle import RUNNING
from wuju.loops.models import Loop
from wuju.loops.schedule import day_of
from wuju.org.models import Organization

from . import queries as documents
from .composing import (
    BulletinDraft,
    Cover,
    as_lines,
    bulletin_blocks,
    letter,
    notice_blocks,
    supervision_blocks,
)
from .gathering import examples, named_in
from .models import Bulletin, BulletinBlock, BulletinLoop, BulletinSeries
from .words import CIRCULARS, SERIES


class NamingNotApproved(DomainError):
    def __init__(self) -> None:
        super().__init__("点名通报须经批准，请填写批准文号；没有批准的，请按不点名印发。")


class NamesSomebody(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"不点名的通报里写了“{name}”，请改成“有的单位”一类说法；确需点名的，请填写批准文号。"
        )


class NothingToSay(DomainError):
    def __init__(self) -> None:
        super().__init__("没有选中问题，请至少选一个问题。")


class NotForNotice(DomainError):
    def __init__(self, number: str) -> None:
        super().__init__(f"问题{number}已经通知过，请只选还没有下发整改通知的问题。")


class NotLate(DomainError):
    def __init__(self, number: str) -> None:
        super().__init__(f"问题{number}没有逾期，不需要督办，请取消选择。")


class SupervisionNeedsReason(DomainError):
    def __init__(self) -> None:
        super().__init__("督办由人决定，请写明督办原因。")


class NoUnit(DomainError):
    def __init__(self) -> None:
        super().__init__("账号没有所在单位，不能印发文件，请联系系统管理员补上。")


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice over some findings. `due_on` None = a deadline by the nature of each finding."""

    loop_ids: Sequence[int]
    due_on: dt.date | None = None
    title: str = "关于限期整改有关问题的通知"
    series: str = ""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A document with its body, about to be numbered and stored."""

    row: Bulletin
    blocks: Sequence[Block]
    loop_ids: Sequence[int]
    series: str


@action
def issue_notice(*, draft: NoticeDraft, actor: Actor, at: dt.datetime) -> Bulletin:
    """Issue one 整改通知书 over findings not yet notified; each of them is notified by it.

    Raises:
        NothingToSay, NotForNotice: no finding is chosen, or one has its notice.
        TooLong: the body passes 4,000 characters.
        NotGranted, OutsideScope, StepRefused.
    """
    require(actor, "order_rectification")
    found = _loops(draft.loop_ids, actor)
    for loop in found:
        if loop.state != "opened":
            raise NotForNotice(loop.number)
    for loop in found:
        loops.send_notice(loop_id=loop.pk, due_on=draft.due_on, actor=actor, at=at)
    sent = {loop.pk: loop for loop in _loops(draft.loop_ids, actor)}
    today = day_of(at)
    rows = findings.by_ids(scope=actor.scope, loop_ids=sent, today=today)
    clocks = clocks_by_day()
    plans = [loop.plan_due_on for loop in sent.values() if loop.plan_due_on]
    blocks = notice_blocks(
        rows,
        {pk: (loop.fact, loop.basis) for pk, loop in sent.items()},
        plan_due_on=min(plans, default=None),
        objection_until=min(clocks(row.opened_on).objection.after(today) for row in rows),
    )
    row = _paper("notice", draft.title, rows, actor, today)
    return _issue(_Paper(row, blocks, list(sent), draft.series), actor=actor, at=at)


@action
def issue_supervision(
    *, loop_ids: Sequence[int], reason: str, series: str = "", actor: Actor, at: dt.datetime
) -> Bulletin:
    """Issue one 督办单 over overdue findings. A person decides, and says why.

    Raises:
        NothingToSay, NotLate, SupervisionNeedsReason, NotGranted, OutsideScope, TooLong.
    """
    require(actor, "order_rectification")
    if len(reason.strip()) < 2:
        raise SupervisionNeedsReason
    today = day_of(at)
    for loop in _loops(loop_ids, actor):
        if loop.state not in RUNNING or loop.due_on is None or loop.due_on >= today:
            raise NotLate(loop.number)
    rows = findings.by_ids(scope=actor.scope, loop_ids=loop_ids, today=today)
    row = _paper("supervise", "关于督促办理逾期整改事项的通知", rows, actor, today)
    paper = _Paper(row, supervision_blocks(rows, reason), [r.id for r in rows], series)
    return _issue(paper, actor=actor, at=at)


def _loops(keys: Sequence[int], actor: Actor) -> list[Loop]:
    wanted = sorted(set(keys))
    if not wanted:
        raise NothingToSay
    found = list(
        Loop.objects.select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in=wanted)
        .order_by("id")
    )
    for loop in found:
        actor.scope.require(loop.organization.path)
    if len(found) != len(wanted):
        raise OutsideScope
    return found


def _paper(
    kind: str, title: str, rows: Sequence[findings.LoopRow], actor: Actor, today: dt.date
) -> Bulletin:
    to = "、".join(dict.fromkeys(row.organization for row in rows))
    return Bulletin(
        kind=kind,
        title=title.strip(),
        issued_on=today,
        issuer=_issuer(actor),
        addressed_to=to[:500],
        names_organizations=True,
    )


def _issuer(actor: Actor) -> Organization:
    found = Organization.objects.filter(path=actor.unit_path or "-").first()
    if found is None:
        raise NoUnit
    return found


@action
def issue_bulletin(*, draft: BulletinDraft, actor: Actor, at: dt.datetime) -> Bulletin:
    """Issue a 通报 over a period: grouped by class of problem, good practice beside it.

    Organizations are not named (有的村…) unless naming was approved by a document.

    Raises:
        NamingNotApproved: organizations are named without an approval number.
        NamesSomebody: what was typed names one although naming was not chosen.
        TooLong: the body passes 4,000 characters, 5,000 if comprehensive.
        NotGranted, NoUnit, MarkedSecret.

    Source: 《整治形式主义为基层减负若干规定》 (length).
    """
    require(actor, "issue_bulletin")
    assert draft.kind in CIRCULARS  # noqa: S101 - the forms offer no other
    if draft.names_organizations and not draft.naming_approved.strip():
        raise NamingNotApproved
    if not draft.names_organizations:
        typed = "\n".join((draft.title, *draft.good_practices, *draft.demands))
        if name := named_in(typed):
            raise NamesSomebody(name)
    today = day_of(at)
    shown = examples(scope=actor.scope, draft=draft, today=today)
    totals = findings.summary(scope=actor.scope, first=draft.first, last=draft.last)
    row = Bulletin(
        kind=draft.kind,
        title=draft.title.strip(),
        issued_on=today,
        issuer=_issuer(actor),
        addressed_to=draft.addressed_to.strip(),
        comprehensive=draft.comprehensive,
        names_organizations=draft.names_organizations,
        naming_approved=draft.naming_approved.strip(),
        period_from_on=draft.first,
        period_to_on=draft.last,
    )
    paper = _Paper(
        row,
        bulletin_blocks(draft, totals, [example for _, example in shown]),
        [pk for pk, _ in shown],
        draft.series,
    )
    return _issue(paper, actor=actor, at=at)


def _issue(paper: _Paper, *, actor: Actor, at: dt.datetime) -> Bulletin:
    row = paper.row
    witness = trail.head(scope=actor.scope)
    row.ledger_sequence, row.ledger_hash = witness.sequence, witness.hash
    row.number = _take_number(paper.series or SERIES[row.kind], row.issued_on.year)
    row.characters = _checked(paper)
    row.save(force_insert=True)
    blocks = [
        BulletinBlock(bulletin=row, position=place, kind=kind, level=level, text=text)
        for place, (kind, level, text) in enumerate(as_lines(paper.blocks))
    ]
    links = [BulletinLoop(bulletin=row, loop_id=pk) for pk in paper.loop_ids]
    BulletinBlock.objects.bulk_create(blocks)
    BulletinLoop.objects.bulk_create(links)
    if row.kind in CIRCULARS:
        touch("bulletin", [row.issuer_id], [row.issued_on])
    ledger.record(
        "bulletin.issued",
        actor=actor,
        at=at,
        target=f"bulletin:{row.pk}",
        org_path=row.issuer.path,
        details={"number": row.number, "kind": row.kind, "findings": len(links)},
        images=[
            Images.created([row]),
            Images.created(blocks),
            *([Images.created(links)] if links else []),
        ],
    )
    return row


def _checked(paper: _Paper) -> int:
    """Return the characters of the body; refuse one that is too long or carries a marking."""
    row = paper.row
    cover = Cover(
        number=row.number,
        issuer=row.issuer.name,
        title=row.title,
        to=row.addressed_to,
        issued_on=row.issued_on,
        comprehensive=row.comprehensive,
    )
    draft = letter(cover, paper.blocks, kind="通报" if row.kind in CIRCULARS else "通知")
    length = count_characters(draft)
    if length > LIMITS[draft.extent]:
        raise TooLong(check_length(draft)[0])
    refuse_marked("\n".join(all_texts(draft)), where="文稿")
    return length


def _take_number(prefix: str, year: int) -> str:
    """Give the next number of a series. A number is never given again."""
    BulletinSeries.objects.get_or_create(prefix=prefix, year=year)
    series = BulletinSeries.objects.select_for_update(no_key=True).get(prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}〔{year}〕{series.last}号"


def export_document(*, bulletin_id: int, actor: Actor, at: dt.datetime) -> bytes:
    """Hand an issued document over as .docx after GB/T 9704-2012, and note who took it.

    Raises:
        NotGranted, OutsideScope.
    """
    require(actor, "read")
    content = documents.document(scope=actor.scope, bulletin_id=bulletin_id)
    ledger.record_export(
        what="bulletin",
        rows=1,
        filters={"bulletin": bulletin_id},
        target=f"bulletin:{bulletin_id}",
        actor=actor,
        at=at,
    )
    return content
