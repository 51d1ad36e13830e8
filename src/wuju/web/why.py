"""为什么: from one number to the rule and the rows behind it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wuju.engine.items import Kind
from wuju.org.queries import OrganizationRow
from wuju.standings.lists import AHEAD, PAST, short_title
from wuju.standings.queries import FreshnessRow, LineRow
from wuju.standings.why import Evidence, EvidenceRow, Why, period_of
from wuju.standings.why import why as explain

from .needing import why_href
from .organizations import crumbs_of
from .parts import Crumb, Detail, Notice
from .places import href_of
from .readers import notice_of, reader_of
from .requests import WebRequest
from .responses import page

FOLDED = 10  # rows; a longer table opens on request
OUTSIDE = "其他组织的记录，不在您的管理范围内"
# record kind of a row, and the page that shows it
PAGES = {"meeting": "meeting", "loop": "loop", "finding": "loop", "org": "org"}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A row behind the number, with the page of its record."""

    row: EvidenceRow
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class EvidenceSheet:
    """A set of rows as a table: the columns that say nothing are left out, many rows are folded."""

    lines: tuple[EvidenceLine, ...]
    more: int

    @property
    def dated(self) -> bool:
        return any(line.row.on for line in self.lines)

    @property
    def reasoned(self) -> bool:
        return any(line.row.reason for line in self.lines)

    @property
    def long(self) -> bool:
        return len(self.lines) > FOLDED


@dataclass(frozen=True, slots=True)
class Level:
    """An organization on the way up or down with its sum."""

    name: str
    href: str
    line: LineRow | None
    status: str
    word: str
    is_here: bool = False


@require_safe
def why(request: WebRequest, organization_id: int, item: str, period: str) -> HttpResponse:
    actor, day = reader_of(request), timezone.localdate()
    asked = period_of(item=item, text=period, today=day)
    found = explain(scope=actor.scope, organization_id=organization_id, item=item, period=asked)
    row = found.organization
    return page(
        request,
        "why/why.html",
        {
            "crumbs": crumbs_of(actor, row, Crumb(found.item.title)),
            "why": found,
            "row": row,
            "title": f"{short_title(asked, day)}{found.item.title}",
            "lede": sentence_of(found),
            "is_result": found.item.use == "result",
            "unit": _unit(found),
            "counted": sheet_of(found.counted),
            "missing": sheet_of(found.missing),
            "excluded": sheet_of(found.excluded),
            "missing_title": _missing_title(found),
            "missing_note": "还没有记录的可以补录；补录以后，这里会立刻更新。"
            if _is_short(found)
            else "算进来的记录里，没有达不到要求的。",
            "below": [_level(found, child, line) for child, line in found.children],
            "below_title": _below_title(found),
            "way": _way_up(found),
            "facts": _facts(found),
            "notice": _notice(found),
            "as_of": found.as_of,
        },
    )


def sheet_of(evidence: Evidence) -> EvidenceSheet:
    lines = (EvidenceLine(row, row.title or OUTSIDE, _page_of(row)) for row in evidence.rows)
    return EvidenceSheet(tuple(lines), evidence.more)


def _unit(found: Why) -> str:
    """Members are counted as people, parts of a composite as items, everything else as rows."""
    if found.item.kind is Kind.COMPOSITE:
        return "项"
    return "人" if found.item.fact == "member" else "条"


def _page_of(row: EvidenceRow) -> str:
    """Return the page of a row's record; a member's row opens the roster, never a page of figures.

    A part of a composite has its own why page.
    """
    if row.period:
        return why_href(row.org_id, row.fact, row.period)
    if not row.title or row.record_id is None:
        return ""
    if row.record == "member":
        return href_of("org-members", row.org_id)
    return href_of(PAGES.get(row.record, row.record), row.record_id)


def sentence_of(found: Why) -> str:
    """Say how the organization stands, and everything below it."""
    said = []
    if found.provisional:
        said.append("依据待核，只列出情况，不作评判")
    elif found.cell:
        cell = found.cell
        alone = cell.counts_alone or found.item.kind is Kind.COUNT
        value = f"已有 {cell.numerator}" if alone else f"{cell.numerator}/{cell.denominator}"
        said.append(cell.word if cell.code == "unverified" else f"{cell.word}，{value}")
    line = found.line
    if line and found.children:
        owed = f"含下级，应做到 {line.owed} 个组织，已做到 {line.met} 个"
        said.append(f"{owed}，待补 {line.lacking} 个" if line.lacking else owed)
    return f"{'；'.join(said) or '这个组织本期不承担这一项'}。"


def standing_of(line: LineRow) -> tuple[str, str]:
    """Return the status and the word that sums up a line."""
    if not line.owed:
        return ("unverified", "未核实") if line.unverified else ("exempt", "免除")
    if line.missed:
        return "missed", "未达到"
    if line.overdue:
        return "overdue", "期满待录"
    return ("met", "已完成") if line.met == line.owed else ("open", "进行中")


def _level(found: Why, row: OrganizationRow, line: LineRow | None, *, here: bool = False) -> Level:
    status, word = standing_of(line) if line else ("not_applicable", "不适用")
    href = "" if here else why_href(row.id, found.item.code, found.period.label)
    return Level(row.short_name, href, line, status, word, here)


def _missing_title(found: Why) -> str:
    """Say what is missing: rows that fall short, or rows that are not there."""
    if found.missing.total:
        return f"其中没有做到 {found.missing.total} {_unit(found)}"
    if found.cell is not None and _is_short(found):
        return f"还差次数：{found.target}，已有 {found.cell.numerator}"
    return "没有缺的"


def _is_short(found: Why) -> bool:
    """Whether records are lacking that nobody has entered, as against records that fall short."""
    short = found.cell is not None and found.cell.status in {*PAST, *AHEAD}
    return short and found.item.kind is Kind.COUNT


def _below_title(found: Why) -> str:
    lacking = sum(1 for _, line in found.children if line.lacking)
    if not lacking:
        return f"{len(found.children)} 个下级都没有待补的"
    return f"{len(found.children)} 个下级中 {lacking} 个有待补的"


def _way_up(found: Why) -> list[Level]:
    """Return the roll-up from the organization to the top of the scope."""
    own = _level(found, found.organization, found.line, here=True)
    return [own, *(_level(found, row, line) for row, line in reversed(found.path))]


def _facts(found: Why) -> list[Detail]:
    covered, expected = found.coverage
    whole = "" if covered == expected else "不完整，其余未核实"
    as_of = found.as_of
    return [
        Detail("数据截至", f"{as_of.year}年{as_of.month}月{as_of.day}日" if as_of else "尚未评判"),
        Detail("覆盖", f"{covered}/{expected} 个组织", note=whole),
        Detail("规则包", f"{found.pack.stored.title} 第 {found.pack.version} 版"),
        Detail("采用文号", found.pack.document),
        Detail("规则指纹", found.pack.digest[:16]),
    ]


def _notice(found: Why) -> Notice | None:
    return notice_of(FreshnessRow(found.as_of, found.computing_since, "批量变更"))
