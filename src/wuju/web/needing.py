"""What is lacking, as lines of work: a sentence, the names, the last day, and the way to put it right. Pure but for addresses."""

import datetime as dt
import re
from urllib.parse import urlencode

from wuju.engine.items import Kind, Status
from wuju.standings.lists import NeedGroup, short_title

from .parts import Task
from .places import href_of
from .templatetags.wuju import days_left

NAMES = 6
_MEETING = re.compile(r"\bkind = '(\w+)'")


def why_href(organization_id: int, item: str, period: str) -> str:
    return href_of("why", organization_id, item, period)


def meeting_href(organization_id: int, kind: str = "") -> str:
    """Return the form that records a meeting of an organization, or "" while there is none."""
    address = href_of("meeting-new")
    given = {"kind": kind, "org": organization_id} if kind else {"org": organization_id}
    return f"{address}?{urlencode(given)}" if address else ""


def names_of(names: list[str]) -> str:
    """三十里铺村、松川村等 7 个."""
    if len(names) <= NAMES:
        return "、".join(names)
    return f"{'、'.join(names[:NAMES])}等 {len(names)} 个"


def task_of(group: NeedGroup, *, day: dt.date, above: int, own: bool, may_record: bool) -> Task:
    """Return a group as a line of work.

    Args:
        above: the organization whose 为什么 page lists the group.
        own: whether the page is of the one organization concerned, whose name then goes unsaid.
        may_record: whether this person records meetings.
    """
    only = group.organizations[0].id if group.count == 1 else None
    form = _form_of(group, only) if may_record and only else ""
    why = why_href(only or above, group.item, group.period.label)
    names = [] if own or group.count == 1 else [row.name for row in group.organizations]
    detail = names_of(names) or f"{group.target}。"
    return Task(
        status=group.status.code,
        title=sentence_of(group, day=day, own=own),
        href=form or why,
        verb=_verb_of(group, has_form=bool(form)),
        detail=detail,
        word=group.word,
        due_on=group.due_on,
        due_note=_due_note(group, day),
    )


def sentence_of(group: NeedGroup, *, day: dt.date, own: bool) -> str:
    """4 个支部三季度支部党员大会没有记录."""
    if own:
        who = ""
    elif group.count == 1:
        who = group.organizations[0].name
    else:
        who = f"{group.count} 个{'支部' if group.all_branches else '组织'}"
    return f"{who}{short_title(group.period, day)}{group.title}{_how(group)}"


def _how(group: NeedGroup) -> str:
    ahead = group.status in {Status.OPEN, Status.DUE_SOON}
    if group.kind is Kind.COUNT:
        if ahead:
            return "还没有记录" if group.none_recorded else "还差次数"
        return "没有记录" if group.none_recorded else "次数不够"
    return "，还没有完成" if ahead else f"，{group.word}"


def _form_of(group: NeedGroup, organization_id: int) -> str:
    """Return the form that would satisfy the group, where that is the record of a meeting."""
    kind = _MEETING.search(group.condition)
    if group.fact != "meeting" or not kind:
        return ""
    return meeting_href(organization_id, kind.group(1))


def _verb_of(group: NeedGroup, *, has_form: bool) -> str:
    if not has_form:
        return "看名单" if group.count > 1 else "看情况"
    return "去补录" if group.status in {Status.OVERDUE, Status.MISSED} else "去记录"


def _due_note(group: NeedGroup, day: dt.date) -> str:
    left = days_left((group.due_on - day).days)
    return f"补录{left}" if group.status is Status.OVERDUE else left
