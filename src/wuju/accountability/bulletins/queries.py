"""Everything that reads bulletins and notices; each is a letter at any time. Each takes a scope."""

import datetime as dt
from dataclasses import dataclass

from wuju.kit.actors import OrgScope
from wuju.kit.letters import Letter, check_length, write_letter
from wuju.kit.strict import within
from wuju.loops import queries as findings

from .composing import BulletinDraft, Cover, as_blocks, bulletin_blocks, chinese_date, letter
from .gathering import examples
from .models import Bulletin, BulletinBlock, BulletinLoop
from .words import CIRCULARS, KINDS


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """One issued document as lists show it."""

    id: int
    number: str
    kind: str
    title: str
    issued_on: dt.date
    issuer: str
    characters: int
    names_organizations: bool

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class BulletinPage:
    """One issued document: its letter, the findings it speaks of inside the scope, its witness."""

    row: BulletinRow
    letter: Letter
    findings: tuple[findings.LoopRow, ...]
    naming_approved: str
    ledger_sequence: int
    ledger_hash: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A bulletin before it is issued; `warnings` are sentences on its length.

    `reminder` says what software cannot see: names it was never told.
    """

    letter: Letter
    warnings: tuple[str, ...]
    reminder: str = "已去掉登记过的组织名称和人名，请通读全文，确认没有可以认出的单位和个人。"


_COLUMNS = (
    "id", "number", "kind", "title", "issued_on", "issuer__name", "characters",
    "names_organizations",
)  # fmt: skip


def bulletins(*, scope: OrgScope, kinds: tuple[str, ...] = ()) -> list[BulletinRow]:
    """List issued documents, the newest first."""
    found = Bulletin.objects.visible_to(scope)
    if kinds:
        found = found.filter(kind__in=kinds)
    return [
        BulletinRow(*values)
        for values in found.order_by("-issued_on", "-id").values_list(*_COLUMNS)
    ]


def bulletin(*, scope: OrgScope, bulletin_id: int, today: dt.date) -> BulletinPage:
    """Return one issued document.

    Raises:
        OutsideScope: it does not concern the scope, or does not exist.
    """
    row = _visible(scope, bulletin_id)
    links = BulletinLoop.objects.filter(bulletin=row).values_list("loop_id", flat=True)
    return BulletinPage(
        row=BulletinRow(
            row.pk,
            row.number,
            row.kind,
            row.title,
            row.issued_on,
            row.issuer.name,
            row.characters,
            row.names_organizations,
        ),
        letter=_letter(row),
        findings=tuple(findings.by_ids(scope=scope, loop_ids=links, today=today)),
        naming_approved=row.naming_approved,
        ledger_sequence=row.ledger_sequence,
        ledger_hash=row.ledger_hash,
    )


def _visible(scope: OrgScope, bulletin_id: int) -> Bulletin:
    found = Bulletin.objects.visible_to(scope).select_related("issuer")
    row = found.filter(pk=bulletin_id).first()
    if row is None:
        scope.require("")
    assert row is not None  # noqa: S101 - an empty path is covered by no scope
    return row


def letter_of(*, scope: OrgScope, bulletin_id: int) -> Letter:
    """Return an issued document as a letter; the ledger head it saw is its remark (附注)."""
    return _letter(_visible(scope, bulletin_id))


def _letter(row: Bulletin) -> Letter:
    lines = BulletinBlock.objects.filter(bulletin=row).order_by("position")
    cover = Cover(
        number=row.number,
        issuer=row.issuer.name,
        title=row.title,
        to=row.addressed_to,
        issued_on=row.issued_on,
        comprehensive=row.comprehensive,
        remark=_witness(row),
    )
    kind = "通报" if row.kind in CIRCULARS else "通知"
    return letter(cover, as_blocks(list(lines.values_list("kind", "level", "text"))), kind=kind)


def _witness(row: Bulletin) -> str:
    return (
        f"数据截至{chinese_date(row.issued_on)}；印发时留痕第{row.ledger_sequence}号，"
        f"摘要{row.ledger_hash[:16]}"
    )


def document(*, scope: OrgScope, bulletin_id: int) -> bytes:
    """Return an issued document as .docx after GB/T 9704-2012; the same bytes each time."""
    return write_letter(letter_of(scope=scope, bulletin_id=bulletin_id))


def preview(*, scope: OrgScope, draft: BulletinDraft, issuer: str, today: dt.date) -> Preview:
    """Return a bulletin as it would be issued today, without a number."""
    shown = examples(scope=scope, draft=draft, today=today)
    totals = findings.summary(scope=scope, first=draft.first, last=draft.last)
    cover = Cover(
        number="（印发时编号）",
        issuer=issuer,
        title=draft.title,
        to=draft.addressed_to,
        issued_on=today,
        comprehensive=draft.comprehensive,
    )
    blocks = bulletin_blocks(draft, totals, [example for _, example in shown])
    made = letter(cover, blocks, kind="通报")
    return Preview(made, tuple(check_length(made)))


def of_loop(*, scope: OrgScope, loop_id: int) -> list[BulletinRow]:
    """List the documents that speak of one finding, the newest first; none outside the scope."""
    links = BulletinLoop.objects.filter(
        within(scope, "loop__organization__path"), loop_id=loop_id
    ).values("bulletin")
    found = Bulletin.objects.visible_to(scope).filter(pk__in=links)
    rows = found.order_by("-issued_on", "-id").values_list(*_COLUMNS)
    return [BulletinRow(*values) for values in rows]
