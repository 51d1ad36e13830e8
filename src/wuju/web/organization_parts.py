"""The sheets of an organization's page: what it owes, who leads it, what was recorded, what is being put right."""

import datetime as dt
from dataclasses import dataclass

from wuju.access.roles import may
from wuju.engine.items import Status
from wuju.guidance.meetings import queries as meetings
from wuju.kit.actors import Actor
from wuju.kit.periods import period_from_number
from wuju.ledger import queries as ledger
from wuju.loops import queries as loops
from wuju.loops.lifecycle import DONE
from wuju.loops.queries import LoopRow
from wuju.org import queries as org_queries
from wuju.org.queries import OrganizationRow, SeatRow, TermRow
from wuju.org.words import AREA_KINDS, TAGS
from wuju.standings import lists
from wuju.standings import queries as standings
from wuju.standings.awaiting import AwaitedRow, awaited_items
from wuju.standings.lists import present_periods, short_title
from wuju.standings.queries import StandingRow

from .needing import task_of, why_href
from .parts import Detail, Entry, Task
from .places import href_of

LINES = 12


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of an organization: status, figures, period, and the way to its rule."""

    row: StandingRow
    period: str
    why: str


@dataclass(frozen=True, slots=True)
class Items:
    """The items to act on, then the quiet ones: done, judged at the end of the period, never looked at, not judged yet."""

    title: str
    lines: tuple[ItemLine, ...]
    done: tuple[ItemLine, ...]
    later: tuple[ItemLine, ...]
    unverified: tuple[ItemLine, ...]
    awaited: tuple[AwaitedRow, ...]


def items_of(actor: Actor, row: OrganizationRow, day: dt.date, project: str = "") -> Items:
    """Return this period's own items, and those of the last period that are still lacking."""
    present = set(present_periods(day))
    rows = standings.standings_of(
        scope=actor.scope, organization_id=row.id, periods=lists.periods_in_view(day)
    )
    shown = [
        cell
        for cell in rows
        if (cell.period in present or cell.status in lists.PAST)
        and cell.status is not Status.NOT_APPLICABLE
        and project in {"", cell.project}
    ]

    def line(cell: StandingRow) -> ItemLine:
        period = period_from_number(cell.period)
        return ItemLine(cell, short_title(period, day), why_href(row.id, cell.item, period.label))

    to_do = lists.codes_to_do(scope=actor.scope)
    parts: dict[str, list[ItemLine]] = {"lines": [], "done": [], "later": [], "unverified": []}
    for cell in shown:
        parts[_part_of(cell, to_do)].append(line(cell))
    judged = [cell for cell in shown if cell.status is not Status.UNVERIFIED]
    return Items(
        _items_title(judged),
        **{name: tuple(rows) for name, rows in parts.items()},
        awaited=_awaited(actor, row, day, project),
    )


def _awaited(
    actor: Actor, row: OrganizationRow, day: dt.date, project: str
) -> tuple[AwaitedRow, ...]:
    """Return the items about the organization that wait for facts nobody publishes yet."""
    profile = org_queries.profile_on(scope=actor.scope, organization_id=row.id, on=day)
    about = {
        name: getattr(profile, name, "none") for name in ("kind", "field", "area_kind", "tag")
    }
    return tuple(awaited_items(scope=actor.scope, project=project, profile=about))


def _part_of(cell: StandingRow, to_do: frozenset[str]) -> str:
    if cell.status is Status.UNVERIFIED:
        return "unverified"
    if cell.status in {Status.MET, Status.EXEMPT}:
        return "done"
    return "later" if cell.status is Status.OPEN and cell.item not in to_do else "lines"


def _items_title(rows: list[StandingRow]) -> str:
    """三季度支部党员大会没有做到，其余按期."""
    lacking = [row for row in rows if row.status in lists.PAST]
    if not rows:
        return "本期没有评判的清单项"
    if not lacking:
        return f"本期 {len(rows)} 项，没有缺项"
    first = f"{lacking[0].title}{lacking[0].word}"
    return f"{first}，其余按期" if len(lacking) == 1 else f"{first}等 {len(lacking)} 项要补"


def help_of(actor: Actor, row: OrganizationRow, day: dt.date) -> list[Task]:
    """Return the procedures that the organizations below have to put right."""
    groups = lists.needs(
        scope=actor.scope,
        day=day,
        under=row.path,
        statuses=(*lists.PAST, Status.DUE_SOON),
        use="procedure",
    )
    may_record = may(actor, "record_meeting")
    return [
        task_of(group, day=day, above=row.id, own=False, may_record=may_record) for group in groups
    ]


def lede_of(row: OrganizationRow, members: int, below: int) -> str:
    parts = [row.kind_label, f"党员 {members} 人"]
    if below:
        parts.insert(1, f"下有 {below} 个组织")
    if row.dissolved_on:
        parts.append(f"{row.dissolved_on:%Y-%m-%d} 撤销")
    return f"{'，'.join(parts)}。代码 {row.code}。"


@dataclass(frozen=True, slots=True)
class Committee:
    """Who leads the organization, and how long the term still runs."""

    title: str
    seats: tuple[SeatRow, ...]
    term: TermRow | None


def committee_of(actor: Actor, row: OrganizationRow, day: dt.date) -> Committee:
    seats = org_queries.seats(scope=actor.scope, organization_id=row.id, on=day)
    term = org_queries.present_term(scope=actor.scope, organization_id=row.id)
    people = len({seat.holder for seat in seats})
    title = f"班子 {people} 人" if people else "还没有登记班子"
    if term:
        title += f"，{_term_left(term.expires_on, day)}"
    return Committee(title, tuple(seats), term)


def _term_left(expires_on: dt.date, day: dt.date) -> str:
    if expires_on < day:
        return f"任期已于 {expires_on.year}年{expires_on.month}月届满"
    months = (expires_on.year - day.year) * 12 + expires_on.month - day.month
    months -= expires_on.day < day.day
    years, rest = divmod(max(months, 0), 12)
    if not years and not rest:
        return "本月内届满"
    return f"任期还有{f' {years} 年' if years else ''}{f' {rest} 个月' if rest else ''}"


def facts_of(actor: Actor, row: OrganizationRow, members: int, day: dt.date) -> list[Detail]:
    profile = org_queries.profile_on(scope=actor.scope, organization_id=row.id, on=day)
    above = org_queries.ancestors(scope=actor.scope, path=row.path)
    found = [Detail("全称", row.name)]
    if above:
        found.append(Detail("上级", above[-1].short_name, href_of("org", above[-1].id)))
    found += [
        Detail("类别", f"{row.kind_label}，{row.field_label}领域"),
        Detail("成立", f"{row.established_on.year}年{row.established_on.month}月"),
        Detail("党员", f"{members} 人", href_of("org-members", row.id)),
    ]
    if profile is None:
        return found
    numbers = (
        ("党小组", profile.groups, "个"),
        ("委员职数", profile.committee_seats, "人"),
        ("覆盖单位", profile.joint_units, "个"),
        ("所辖户数", profile.households, "户"),
    )
    found += [Detail(label, f"{value} {unit}") for label, value, unit in numbers if value]
    if profile.area_kind != "none":
        found.append(Detail("区域", AREA_KINDS[profile.area_kind]))
    if profile.tag != "none":
        found.append(Detail("标记", TAGS[profile.tag]))
    return found


# ------------------------------------------------------------------ records


def timeline_of(actor: Actor, row: OrganizationRow, day: dt.date) -> list[Entry]:
    """Return the newest meetings, findings and, for those who may read the trail, changes."""
    held = meetings.timeline(scope=actor.scope, organization_id=row.id, limit=LINES)
    entries = [
        Entry(
            text=meeting.title,
            on=meeting.on,
            href=href_of("meeting", meeting.id),
            tag="补录" if meeting.is_late else "",
        )
        for meeting in held
    ]
    raised = loops.of_organization(scope=actor.scope, organization_id=row.id, today=day)
    entries += [
        Entry(
            text=f"提出问题：{loop.title}",
            on=loop.opened_on,
            detail=f"问题 {loop.number}，{loop.state_label}",
            href=href_of("loop", loop.id),
            is_key=True,
        )
        for loop in raised[:LINES]
    ]
    if may(actor, "read_trail"):
        entries += _changes(actor, row)
    return sorted(entries, key=lambda entry: entry.on or day, reverse=True)[:LINES]


_CHANGES = {
    "organizations.established": "登记成立",
    "organization.renamed": "更改名称",
    "organization.moved": "调整隶属",
    "organization.merged": "合并",
    "organization.dissolved": "撤销",
}


def _changes(actor: Actor, row: OrganizationRow) -> list[Entry]:
    events = ledger.trail(scope=actor.scope, target=f"organization:{row.id}", limit=LINES)
    return [
        Entry(
            text=_CHANGES.get(event.action, "维护组织信息"),
            on=event.at.date(),
            detail=f"{event.actor}{'：' if event.reason else ''}{event.reason}",
        )
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class Findings:
    title: str
    running: tuple[LoopRow, ...]
    done: tuple[LoopRow, ...]


def findings_of(actor: Actor, row: OrganizationRow, day: dt.date) -> Findings:
    rows = loops.of_organization(scope=actor.scope, organization_id=row.id, today=day)
    running = tuple(loop for loop in rows if loop.state not in DONE)
    late = sum(loop.overdue for loop in running)
    title = f"{len(running)} 个问题在办" if running else "没有在办的问题"
    if late:
        title += f"，{late} 个逾期"
    return Findings(title, running, tuple(loop for loop in rows if loop.state in DONE))
