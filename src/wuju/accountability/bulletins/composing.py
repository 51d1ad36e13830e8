"""What a bulletin or a notice says, from the findings it speaks of. Knows no database."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wuju.kit.letters import Block, Heading, Letter, Numbered, Paragraph, Table
from wuju.loops.queries import LoopRow, PeriodSummary
from wuju.loops.words import NATURES

EXAMPLES = 3  # examples a class of problems
SOMEBODY = {
    "village": "有的村", "community": "有的社区", "agency": "有的机关单位", "soe": "有的国有企业",
    "school": "有的学校", "hospital": "有的医院",
}  # fmt: skip
DEMANDS = (
    "对照问题举一反三，逐项写明措施、责任人和完成时限。",
    "整改以看得出成效的事实为准，只补写记录的不算整改。",
    "核实由没有参与整改的人员进行，未经核实的不销号。",
    "不得因整改增加村（社区）填表、留痕和会议，已有的数据不重复要。",
)
_TAILS = ("支部委员会", "党支部", "党总支", "总支部委员会", "委员会", "党委", "党工委", "支部")
_HEADS = ("中国共产党", "中共")


@dataclass(frozen=True, slots=True)
class Example:
    """One finding as an example: what was seen, whose it is, and the names that must not show."""

    title: str
    organization: str
    field: str
    category: str
    hidden: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BulletinDraft:
    """A bulletin about to be issued over the days from `first` to `last` inclusive."""

    kind: str
    title: str
    first: dt.date
    last: dt.date
    good_practices: Sequence[str] = ()
    demands: Sequence[str] = ()
    names_organizations: bool = False
    naming_approved: str = ""
    comprehensive: bool = False
    addressed_to: str = "各乡镇（街道）党（工）委，区直各党（工）委、党组"
    series: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands around the body of a letter."""

    number: str
    issuer: str
    title: str
    to: str
    issued_on: dt.date
    comprehensive: bool = False
    remark: str = ""


def chinese_date(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "——"


def bare_names(name: str) -> set[str]:
    """Return a name and the shorter forms it is known by.

    >>> sorted(bare_names("中共东川镇委员会"))
    ['东川镇', '东川镇委员会', '中共东川镇', '中共东川镇委员会']
    """
    found = {name}
    for head in _HEADS:
        found |= {part.removeprefix(head) for part in found}
    for tail in _TAILS:
        found |= {part.removesuffix(tail) for part in found}
    return {part for part in found if len(part) >= 2}


def without_names(text: str, names: Iterable[str], instead: str = "") -> str:
    """Return the text with every name, longest first, replaced.

    >>> without_names("东川镇东川一村党课记录不全", ["东川镇", "东川一村"])
    '党课记录不全'
    """
    for name in sorted({name for name in names if name}, key=lambda name: (-len(name), name)):
        text = text.replace(name, instead)
    return text.strip("，、：: ")


def said_of(example: Example, *, by_name: bool) -> str:
    """Return one example as a bulletin puts it: 有的村…, or with its name where that was approved."""
    if by_name:
        return (
            f"{example.organization}：{without_names(example.title, example.people, '有关同志')}"
        )
    text = without_names(example.title, example.people, "有关同志")
    text = without_names(text, example.hidden)
    return f"{SOMEBODY.get(example.field, '有的单位')}{text}"


def bulletin_blocks(
    draft: BulletinDraft, totals: Sequence[PeriodSummary], examples: Sequence[Example]
) -> list[Block]:
    """Return the body: how it stands, what was done well, problems by class, what is asked."""
    raised, closed = sum(row.raised for row in totals), sum(row.closed for row in totals)
    overdue, again = sum(row.overdue for row in totals), sum(row.recurring for row in totals)
    span = f"{chinese_date(draft.first)}至{chinese_date(draft.last)}"
    standing = (
        f"{span}，共立项问题{raised}个，经核实销号{closed}个，逾期未完成{overdue}个；"
        f"同一组织同类问题再次出现{again}个。现将有关情况通报如下。"
    )
    blocks: list[Block] = [Paragraph(standing), Heading("做得好的方面")]
    good = [text.strip() for text in draft.good_practices if text.strip()]
    blocks.append(
        Numbered(tuple(good))
        if good
        else Paragraph(f"各级党组织积极整改，{closed}个问题经他人核实后销号。")
    )
    if draft.kind != "commend" and raised:
        blocks += [Heading("存在的问题"), *_problems(draft, totals, examples)]
    demands = tuple(text.strip() for text in draft.demands if text.strip()) or DEMANDS
    return [*blocks, Heading("下一步要求"), Numbered(demands)]


def _problems(
    draft: BulletinDraft, totals: Sequence[PeriodSummary], examples: Sequence[Example]
) -> list[Block]:
    blocks: list[Block] = []
    for row in totals:
        if not row.raised:
            continue
        said = [
            said_of(example, by_name=draft.names_organizations)
            for example in examples
            if example.category == row.category
        ]
        once = list(dict.fromkeys(text.rstrip("。") for text in said))[:EXAMPLES]
        blocks += [
            Heading(row.title, 2),
            Paragraph(f"这类问题{row.raised}个。{'；'.join(once)}。"),
        ]
    return blocks


def notice_blocks(
    rows: Sequence[LoopRow],
    details: Mapping[int, tuple[str, str]],
    *,
    plan_due_on: dt.date | None,
    objection_until: dt.date | None,
) -> list[Block]:
    """Return the body of a 整改通知书: findings with their articles, what is asked, deadlines.

    Args:
        details: finding id -> (fact, article).
    """
    demands = (
        f"请在{chinese_date(plan_due_on)}以前报送整改措施，写明做什么、谁负责、什么时候完成。",
        "整改期限见下表。确需延期的，在期限以前说明理由，由督办部门批准。",
        "整改完成后报送结果说明，写清什么时候、做成了什么，不需要专门建档、附照片或补写记录。",
        "结果由没有参与整改的人员核实，核实后销号，销号后回访。",
    )
    objection = (
        f"对事实或依据有异议的，请在{chinese_date(objection_until)}以前书面提出；"
        "异议由提出问题以外的人裁定，裁定期间整改时限停算。"
    )
    return [
        Paragraph("经督查，你单位存在以下问题，现通知如下。"),
        Heading("问题和依据"),
        Numbered(tuple(_finding(row, *details[row.id]) for row in rows)),
        Heading("整改要求"),
        Numbered(demands),
        _deadlines(rows),
        Heading("异议"),
        Paragraph(objection),
    ]


def _finding(row: LoopRow, fact: str, basis: str) -> str:
    return f"{row.organization}（问题{row.number}）：{fact.rstrip('。')}。依据：{basis}。"


def _deadlines(rows: Sequence[LoopRow]) -> Table:
    return Table(
        ("问题编号", "责任组织", "整改方式", "整改期限"),
        tuple(
            (row.number, row.organization, NATURES[row.nature], chinese_date(row.due_on))
            for row in rows
        ),
        caption="整改期限表",
        widths=(3, 5, 3, 4),
    )


def supervision_blocks(rows: Sequence[LoopRow], reason: str) -> list[Block]:
    """Return the body of a 督办单: what is late, why it is pressed, by when to answer."""
    return [
        Paragraph(f"以下整改事项已过期限，请抓紧办理。督办原因：{reason.strip()}"),
        Heading("督办事项"),
        Numbered(tuple(f"{row.organization}（问题{row.number}）：{row.title}。" for row in rows)),
        _deadlines(rows),
        Heading("办理要求"),
        Paragraph("请说明进展和困难，需要上级协调的一并提出；能完成的，报送结果说明后申请核实。"),
    ]


def letter(cover: Cover, blocks: Sequence[Block], *, kind: str) -> Letter:
    """Return the whole letter, of kind 通报 or 通知."""
    return Letter(
        kind=kind,
        issuer=cover.issuer,
        number=cover.number,
        title=cover.title,
        to=cover.to,
        paragraphs=tuple(blocks),
        signature=cover.issuer,
        date_text=chinese_date(cover.issued_on),
        remark=cover.remark,
        extent="composite" if cover.comprehensive else "special",
    )


# ------------------------------------------------------------------ blocks as rows and back


def as_lines(blocks: Iterable[Block]) -> list[tuple[str, int, str]]:
    """Return (kind, level, text) lines of blocks; cells of a table line are kept apart by tabs."""
    lines: list[tuple[str, int, str]] = []
    for block in blocks:
        match block:
            case Heading():
                lines.append(("heading", block.level, block.text))
            case Paragraph():
                lines.append(("paragraph", 1, block.text))
            case Numbered():
                lines += [("item", number, text) for number, text in enumerate(block.items, 1)]
            case Table():
                head = [block.caption, ",".join(map(str, block.widths)), *block.header]
                lines.append(("table", 1, "\t".join(head)))
                lines += [("row", 1, "\t".join(cells)) for cells in block.rows]
    return lines


def as_blocks(lines: Sequence[tuple[str, int, str]]) -> list[Block]:
    """Return the blocks of lines: the inverse of `as_lines`."""
    blocks: list[Block] = []
    for kind, level, text in lines:
        last = blocks[-1] if blocks else None
        match kind:
            case "item" if isinstance(last, Numbered) and level > 1:
                blocks[-1] = Numbered((*last.items, text))
            case "item":
                blocks.append(Numbered((text,)))
            case "row" if isinstance(last, Table):
                cells = tuple(text.split("\t"))
                blocks[-1] = Table(last.header, (*last.rows, cells), last.caption, last.widths)
            case "table":
                caption, widths, *header = text.split("\t")
                sizes = tuple(int(part) for part in widths.split(",") if part)
                blocks.append(Table(tuple(header), (), caption, sizes))
            case "heading":
                blocks.append(Heading(text, level))  # type: ignore[arg-type]
            case _:
                blocks.append(Paragraph(text))
    return blocks
