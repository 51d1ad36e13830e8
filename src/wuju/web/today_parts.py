"""What 今日 is made of: sections of tasks for each kind of reader."""

import datetime as dt
from dataclasses import dataclass

from wuju.access.roles import may
from wuju.accountability.inspections import queries as inspections
from wuju.engine.items import Status
from wuju.guidance.meetings import queries as meetings
from wuju.kit.actors import Actor
from wuju.loops import queries as loops
from wuju.loops.actions.suggesting import may_answer
from wuju.loops.lifecycle import RUNNING
from wuju.loops.queries import Filters, LoopRow, TodayCount, suggestions
from wuju.loops.queries.mine import raised_by_account
from wuju.org import queries as org_queries
from wuju.org.queries import OrganizationRow
from wuju.org.words import BRANCHES
from wuju.standings import lists
from wuju.standings.lists import NeedGroup, UnitNeed, short_title

from .needing import names_of, task_of, why_href
from .parts import Empty, Task
from .places import href_of

SHOWN = 12
_LOOPS = {  # code of a count: status, word, verb
    "overdue": ("overdue", "逾期", "去看"),
    "returned": ("missed", "退回", "改正"),
    "due_soon": ("due_soon", "将到期", "去看"),
    "to_notify": ("open", "待下发", "下发"),
    "to_judge": ("open", "待裁定", "裁定"),
    "to_plan": ("open", "待报措施", "报措施"),
    "to_accept": ("open", "待认可", "认可"),
    "to_rectify": ("open", "整改中", "去看"),
    "to_verify": ("open", "待核实", "核实"),
    "to_close": ("open", "待销号", "销号"),
    "to_revisit": ("due_soon", "待回访", "回访"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A sheet of tasks: the first of them shown, the rest folded. `empty` stands where there are none."""

    title: str
    tasks: tuple[Task, ...]
    rest: tuple[Task, ...] = ()
    note: str = ""
    empty: Empty | None = None

    @property
    def count(self) -> int:
        return len(self.tasks) + len(self.rest)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """What one unit needs help with, item by item; `href` leads to the branches."""

    status: str
    word: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One township with what it lacks, for those who help it. In official order, never sorted."""

    name: str
    href: str
    past: int
    soon: int
    lines: tuple[UnitLine, ...]


def section(title: str, tasks: list[Task], *, note: str = "", empty: Empty | None = None) -> Section:  # fmt: skip
    return Section(title, tuple(tasks[:SHOWN]), tuple(tasks[SHOWN:]), note, empty)


def is_branch(home: OrganizationRow) -> bool:
    return home.kind in BRANCHES


def need_sections(actor: Actor, home: OrganizationRow, day: dt.date) -> list[Section]:
    """Return what is due, then what was missed, then for a branch what the period still asks."""
    own = is_branch(home)
    ahead = (Status.DUE_SOON, Status.OPEN) if own else (Status.DUE_SOON,)
    groups = lists.needs(
        scope=actor.scope,
        day=day,
        statuses=(*lists.PAST, *ahead),
        use="" if own else "procedure",
    )

    def tasks(*statuses: Status) -> list[Task]:
        return [_task(group, actor, home, day) for group in groups if group.status in statuses]

    due = section(
        "期满待录和将到期",
        tasks(Status.OVERDUE, Status.DUE_SOON),
        empty=Empty("没有到期要补的。", note="期满后还有十四天可以补录，补录不算迟到。"),
    )
    missed = section("上期没有做到", tasks(Status.MISSED), note="补录仍然可以，状态会跟着更新。")
    still = section("本期还要做", tasks(Status.OPEN))
    return [due] + [part for part in (missed, still) if part.count]


def _task(group: NeedGroup, actor: Actor, home: OrganizationRow, day: dt.date) -> Task:
    own = is_branch(home) and group.count == 1 and group.organizations[0].id == home.id
    return task_of(group, day=day, above=home.id, own=own, may_record=may(actor, "record_meeting"))


def units(actor: Actor, home: OrganizationRow, day: dt.date) -> tuple[list[Unit], int]:
    """Return the units that lack something, in official order, and how many lack nothing."""
    needs = lists.needs_by_unit(scope=actor.scope, day=day, above=home.path)
    below = org_queries.children(scope=actor.scope, organization_id=home.id)
    found = [_unit(row, needs[row.path], day) for row in below if row.path in needs]
    return found, len(below) - len(found)


def _unit(row: OrganizationRow, needs: list[UnitNeed], day: dt.date) -> Unit:
    past = sum(need.count for need in needs if need.status in lists.PAST)
    return Unit(
        name=row.short_name,
        href=href_of("org", row.id),
        past=past,
        soon=sum(need.count for need in needs) - past,
        lines=tuple(
            UnitLine(
                need.status.code,
                need.word,
                f"{short_title(need.period, day)}{need.title}，{need.count} 个组织",
                why_href(row.id, need.item, need.period.label),
            )
            for need in needs
        ),
    )


# ------------------------------------------------------------------ findings


def loop_section(actor: Actor, day: dt.date) -> Section:
    """Return what the findings ask of this person, counted, with the names of the places."""
    counts = loops.today_counts(scope=actor.scope, actor=actor, today=day)
    rows: tuple[LoopRow, ...] = ()
    if counts:
        running = Filters(states=tuple(sorted(RUNNING)))
        rows = loops.register(scope=actor.scope, filters=running, today=day, size=200).rows
    order = {code: place for place, code in enumerate(_LOOPS)}
    tasks = [_loop_task(line, rows) for line in sorted(counts, key=lambda c: order[c.code])]
    return section(
        "问题闭环",
        tasks,
        empty=Empty("没有等您办的问题。", note="督查、自查提出的问题到了您这一步，会出现在这里。"),
    )


def _loop_task(line: TodayCount, rows: tuple[LoopRow, ...]) -> Task:
    status, word, verb = _LOOPS[line.code]
    found = _matching(line, rows)
    if line.count == 1 and len(found) == 1:
        row = found[0]
        title, detail = f"{row.organization}：{row.title}", f"问题 {row.number}，{row.state_label}"
        return Task(status, title, href_of("loop", row.id), verb, detail, word, row.due_on)
    state = "overdue" if line.code == "overdue" else ".".join(line.states)
    names = list(dict.fromkeys(row.organization for row in found))
    return Task(
        status=status,
        title=f"{line.count} 个问题{line.title}",
        href=f"{href_of('loop-register') or href_of('loops')}?state={state}",
        verb=verb,
        detail=names_of(names),
        word=word,
        due_on=min((row.due_on for row in found if row.due_on), default=None),
        due_note="最早到期" if any(row.due_on for row in found) else "",
    )


def _matching(line: TodayCount, rows: tuple[LoopRow, ...]) -> list[LoopRow]:
    """Return the findings a count is of, as far as a list shows; none where it cannot tell."""
    if line.code in {"to_plan", "to_accept"}:
        return []
    found = [row for row in rows if row.state in line.states]
    if line.code == "overdue":
        return [row for row in found if row.overdue]
    if line.code == "due_soon":
        return [row for row in found if row.days_left is not None and 0 <= row.days_left <= 7]
    if line.code == "returned":
        return [row for row in found if row.returned]
    return found


def raised_section(actor: Actor, day: dt.date) -> Section:
    """Return the running findings this person raised."""
    rows = raised_by_account(scope=actor.scope, user_id=actor.user_id or 0, today=day)
    tasks = [
        Task(
            status="overdue" if row.overdue else "open",
            title=f"{row.organization}：{row.title}",
            href=href_of("loop", row.id),
            verb="查看",
            detail=f"问题 {row.number}，{row.category_label}",
            word="逾期" if row.overdue else row.state_label,
            due_on=row.due_on,
        )
        for row in rows
    ]
    new = href_of("finding-new") if may(actor, "raise_finding") else ""
    empty = Empty("您没有在办的问题。", new, "提出问题", "您提出的问题办到哪一步，会列在这里。")
    return section("我提出的问题", tasks, empty=empty)


def inspection_section(actor: Actor, day: dt.date) -> Section:
    """Return the inspections of this year that are still to come or under way."""
    rows = inspections.inspections(scope=actor.scope, year=day.year)
    tasks = [
        Task(
            status="open" if row.started_on <= day else "due_soon",
            title=row.title,
            href=href_of("inspection", row.id),
            verb="打开",
            detail=f"{row.unit}，{row.organizations} 个组织，{row.basis}",
            word="进行中" if row.started_on <= day else "待开展",
            due_on=row.started_on,
            due_note="开始",
        )
        for row in reversed(rows)
        if row.ended_on >= day
    ]
    empty = Empty("没有待开展的督查。", note="按年度计划安排的督查，开始前会列在这里。")
    return section("督查安排", tasks, empty=empty)


def suggestion_section(actor: Actor, day: dt.date) -> Section:
    """Return what people handed in and nobody has answered, the longest wait first."""
    if not may_answer(actor):
        return Section("投诉建议", ())
    tasks = [
        Task(
            status="open",
            title=f"{row.kind}：{row.text[:40]}",
            href=href_of("suggestion", row.id),
            verb="答复",
            detail=row.number,
            word="待答复",
            due_on=row.received_on,
            due_note=f"收到，已过 {row.waited} 个工作日",
        )
        for row in suggestions.waiting(scope=actor.scope, today=day)
    ]
    return section("投诉建议", tasks)


# ------------------------------------------------------------------ finished


def finished(actor: Actor, home: OrganizationRow, day: dt.date) -> list[Task]:
    """Return what was finished this month: findings closed, and for a branch its meetings."""
    first = day.replace(day=1)
    closed = loops.closed_between(scope=actor.scope, first=first, last=day, today=day)
    done = [
        Task(
            status="met",
            title=f"{row.organization}：{row.title}",
            href=href_of("loop", row.id),
            verb="查看",
            detail=f"问题 {row.number}",
            word="已销号",
            due_on=row.closed_on,
        )
        for row in closed
    ]
    return done + (_meetings(actor, first) if is_branch(home) else [])


def _meetings(actor: Actor, first: dt.date) -> list[Task]:
    held = meetings.meetings(scope=actor.scope, since=first, limit=20).rows
    return [
        Task(
            status="met",
            title=f"{row.kind_label}{'：' if row.topic else ''}{row.topic}",
            href=href_of("meeting", row.id) or href_of("org", row.organization_id),
            verb="查看",
            detail="补录" if row.late else "",
            word="已记录",
            due_on=row.held_on,
        )
        for row in held
        if row.status == "held"
    ]
