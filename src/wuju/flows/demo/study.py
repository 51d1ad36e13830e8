"""The demo's training courses: each branch's two yearly courses, each committee's rotation, hours by real attendance."""

import datetime as dt
import random

from wuju.guidance.study import actions
from wuju.guidance.study.drafts import CourseDraft
from wuju.kit.actors import Actor
from wuju.org.models import Organization

from .meetings import Branch

SHORT = (
    "试验二村党支部"  # its second course has not been held: a coverage gap in the fictitious town
)


def hold_courses(
    *, branches: list[Branch], committees: list[Organization], seed: int, actor: Actor, at: dt.datetime
) -> int:  # fmt: skip
    """Land the courses of the running year and return the number of hours rows."""
    rng = random.Random(seed + 4)
    today = at.date()
    drafts: list[CourseDraft] = []
    for branch in branches:
        drafts += _of_branch(rng, branch, today)
    rotation = _day(today, 4)
    drafts += [
        CourseDraft(
            organization_id=row.pk,
            name="党员集中轮训",
            started_on=rotation - dt.timedelta(days=2),
            ended_on=rotation,
            task="theory",
        )
        for row in committees
        if row.kind != "county_committee"
    ]
    drafts.append(_secretaries(branches, committees, today))
    landed = actions.land_courses(drafts=drafts, actor=actor, at=at, batch="demo-courses")
    return len(landed.hours)


def _day(today: dt.date, month: int) -> dt.date:
    """Return the 24th of a month of the last twelve months that is over."""
    day = dt.date(today.year, month, 24)
    return day if day < today else day.replace(year=today.year - 1)


def _of_branch(rng: random.Random, branch: Branch, today: dt.date) -> list[CourseDraft]:
    row = branch.organization
    found = []
    for month, tenths, name, task in (
        (6, 180, "党章党规党纪集中学习", "rules_discipline"),
        (9, 160, "党的创新理论集中培训", "theory"),
    ):
        day = _day(today, month)
        alive = row.established_on <= day and (row.dissolved_on is None or day < row.dissolved_on)
        if not alive or (row.name == SHORT and month == 9):
            continue
        seats = {
            pk: tenths if draft.post == "none" else tenths * 2
            for pk, draft in branch.members
            if not draft.exempt and draft.from_on <= day
        }
        found.append(
            CourseDraft(
                organization_id=row.pk,
                name=name,
                started_on=day - dt.timedelta(days=rng.randint(1, 3)),
                ended_on=day,
                task=task,
                hours=seats,
            )
        )
    return found


def _secretaries(
    branches: list[Branch], committees: list[Organization], today: dt.date
) -> CourseDraft:
    """Return the course the county holds for all branch secretaries in spring."""
    county = next(row for row in committees if row.kind == "county_committee")
    day = _day(today, 5)
    return CourseDraft(
        organization_id=county.pk,
        name="基层党组织书记集中轮训班",
        started_on=day - dt.timedelta(days=4),
        ended_on=day,
        level="county",
        task="political_training",
        hours={
            branch.members[0][0]: 280
            for branch in branches
            if branch.organization.dissolved_on is None
        },
    )
