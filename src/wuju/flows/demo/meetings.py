"""One year of meetings, month by month, shaped like life: fixed Party days, harvest evenings, late entries.

Every real organization has held what it owes; gaps belong to 示例镇 alone (`GAPS`).
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from wuju.guidance.meetings.drafts import MeetingDraft, ResolutionDraft
from wuju.org.models import Organization
from wuju.people.actions import MemberDraft

_TOPICS = ("学习党的创新理论", "学习党章党规党纪", "研究产业发展", "环境整治志愿服务", "走访困难群众", "防汛防滑安全", "移风易俗宣传", "春耕备耕服务", "政策宣讲", "民主议事", "安全生产学习", "年度工作总结")  # fmt: skip
_LECTURES = ("发扬优良传统", "严守党的纪律", "推动乡村振兴", "加强基层治理")
_MATTERS = ("研究集体资产管理事项", "研究年度工作计划", "研究服务群众事项", "研究发展党员工作")

# 示例镇 only: (village, kind) -> months of the running year in which nothing was held.
GAPS: dict[tuple[str, str], frozenset[int]] = {
    ("试验一村党支部", "members_meeting"): frozenset({7, 8, 9}),
    ("试验二村党支部", "theme_day"): frozenset({7, 8}),  # seasonal: the summer harvest
    ("试验三村党支部", "committee_meeting"): frozenset({3, 6, 9}),
    ("试验八村党支部", "party_lecture"): frozenset({4, 5, 6}),
}
LATE = "试验五村党支部"  # enters every meeting a month later


@dataclass(slots=True)
class Branch:
    """What the generator needs to know of one branch. Member ids are in roster order."""

    organization: Organization
    members: list[tuple[int, MemberDraft]]
    seats: int
    groups: int
    party_day: int = 1

    @property
    def full(self) -> int:
        return sum(draft.category == "full" for _, draft in self.members)

    @property
    def expected(self) -> list[int]:
        return [pk for pk, draft in self.members if not draft.exempt]

    @property
    def secretary(self) -> str:
        return self.members[0][1].name


@dataclass(slots=True)
class Month:
    """The meetings that are entered in one month, on its last working day or the day of the demo."""

    entered_on: dt.date
    drafts: list[MeetingDraft] = field(default_factory=list)


def hold_meetings(
    *, branches: list[Branch], committees: list[Organization], seed: int, today: dt.date
) -> list[Month]:
    """Return the meetings of the last twelve months, by the month in which they are entered."""
    rng = random.Random(seed + 3)
    starts = [_first(today, back) for back in range(11, -1, -1)]
    months = [Month(min(_last(start), today)) for start in starts]
    for branch in branches:
        branch.party_day = rng.choice((5, 8, 10, 12, 15, 18))
    for place, start in enumerate(starts):
        for branch in branches:
            for draft in _of_branch(rng, branch, start, today):
                late = branch.organization.name == LATE and place + 1 < len(months)
                months[place + late].drafts.append(draft)
        for row in committees:
            months[place].drafts += _of_committee(rng, row, start, today)
    return months


def _first(today: dt.date, back: int) -> dt.date:
    index = today.year * 12 + today.month - 1 - back
    return dt.date(index // 12, index % 12 + 1, 1)


def _last(start: dt.date) -> dt.date:
    return (start.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _held(branch: Branch, kind: str, day: dt.date, today: dt.date) -> bool:
    row = branch.organization
    gap = GAPS.get((row.name, kind), frozenset())
    alive = row.established_on <= day and (row.dissolved_on is None or day < row.dissolved_on)
    return alive and day <= today and not (day.year == today.year and day.month in gap)


def _of_branch(
    rng: random.Random, branch: Branch, start: dt.date, today: dt.date
) -> Iterator[MeetingDraft]:
    day = start.replace(day=branch.party_day)
    if _held(branch, "theme_day", day, today):
        topics = {6: ("discipline_education",), 7: ("oath_renewal",)}.get(day.month, ())
        yield _named(rng, branch, "theme_day", day, topic=_TOPICS[day.month - 1], topics=topics)
    if branch.full >= 7 and _held(branch, "committee_meeting", start.replace(day=3), today):
        came = branch.seats if rng.random() < 0.8 else branch.seats - 1
        yield _counts(branch, "committee_meeting", start.replace(day=3), branch.seats, came)
    size = max(3, len(branch.expected) // max(branch.groups, 1))
    for n in range(branch.groups):
        when = start.replace(day=20 + n)
        if _held(branch, "group_meeting", when, today):
            yield _counts(
                branch, "group_meeting", when, size, size - rng.randint(0, 1), ref=f"第{n + 1}小组"
            )
    yield from _quarterly(rng, branch, start, today)


def _quarterly(
    rng: random.Random, branch: Branch, start: dt.date, today: dt.date
) -> Iterator[MeetingDraft]:
    """Members' meetings in February, May, August, November; lectures a month later or with them."""
    if start.month % 3 == 2 and _held(branch, "members_meeting", start.replace(day=16), today):
        draft = _named(
            rng, branch, "members_meeting", start.replace(day=16), topic=rng.choice(_MATTERS)
        )
        yield _with_vote(rng, draft, branch)
    if start.month % 3 == 1 and _held(branch, "party_lecture", start.replace(day=22), today):
        yield _named(
            rng, branch, "party_lecture", start.replace(day=22), topic=rng.choice(_LECTURES),
            lecturer="secretary" if rng.random() < 0.5 else "member", hours_tenths=15,
        )  # fmt: skip
    if start.month == 12 and _held(branch, "org_life_meeting", start.replace(day=27), today):
        yield _named(
            rng,
            branch,
            "org_life_meeting",
            start.replace(day=27),
            topic="年度组织生活会",
            topics=("criticism",),
        )


def _named(
    rng: random.Random, branch: Branch, kind: str, day: dt.date, **more: object
) -> MeetingDraft:
    """Everybody due came but a few on leave; harvest months keep more people away."""
    members = [
        pk for pk, draft in branch.members
        if not draft.exempt and draft.from_on <= day
    ]  # fmt: skip
    busy = 0.12 if day.month in {7, 8, 10} else 0.05
    away = rng.sample(
        members, k=min(len(members) // 3, round(len(members) * busy * rng.random() * 2))
    )
    return MeetingDraft(
        organization_id=branch.organization.pk,
        kind=kind,
        held_on=day,
        chair=branch.secretary,
        excused_ids=tuple(sorted(away)),
        **more,  # type: ignore[arg-type]
    )


def _counts(
    branch: Branch, kind: str, day: dt.date, due: int, present: int, ref: str = ""
) -> MeetingDraft:
    return MeetingDraft(
        organization_id=branch.organization.pk,
        kind=kind,
        held_on=day,
        attendance="counts",
        due=due,
        present=present,
        excused=due - present,
        chair=branch.secretary,
        ref=ref,
    )


def _with_vote(rng: random.Random, draft: MeetingDraft, branch: Branch) -> MeetingDraft:
    from dataclasses import replace  # noqa: PLC0415

    voters = [
        pk for pk, member in branch.members
        if member.category == "full" and not member.exempt
    ]  # fmt: skip
    present = len(set(voters) - set(draft.excused_ids))
    vote = ResolutionDraft(
        text=draft.topic, rule="members_decision", due=len(voters), present=present,
        ayes=present - rng.randint(0, max(0, present - len(voters) // 2 - 1) // 4), declared="passed",
    )  # fmt: skip
    return replace(draft, resolutions=(vote,))


def _of_committee(
    rng: random.Random, row: Organization, start: dt.date, today: dt.date
) -> Iterator[MeetingDraft]:
    """Bureau meetings with their first topic, study groups, the yearly democratic-life meeting."""
    day = start.replace(day=9)
    if day > today or day < row.established_on:
        return
    plan: list[tuple[str, int, tuple[str, ...]]] = [
        ("bureau_meeting", 9, ("branch_building",) if start.month == 3 else ())
    ]
    if start.month % 3 == 2:
        plan.append(("study_group", 19, ("theory_study",)))
    if start.month == 1:
        plan.append(("democratic_life_meeting", 25, ("criticism",)))
    if start.month == 7:
        plan.append(("party_lecture", 1, ()))
    for kind, date, topics in plan:
        if start.replace(day=date) > today:
            continue
        due = 9 if row.kind != "county_committee" else 11
        yield MeetingDraft(
            organization_id=row.pk,
            kind=kind,
            held_on=start.replace(day=date),
            attendance="counts",
            due=due,
            present=due - rng.randint(0, 2),
            excused=None,
            first_agenda=kind in {"bureau_meeting", "study_group"},
            lecturer="secretary" if kind == "party_lecture" else "none",
            topics=topics,
        )
