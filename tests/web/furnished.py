"""One of everything on each side of the district, and the address of every page about it."""

import datetime as dt
import re
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

from tests.conftest import NOW, SYSTEM, TODAY, District, add_members
from tests.desk.makers import id_number, roster, stage
from tests.loops import cast
from tests.web.judged import adopt_pack
from wuju.access import actions as access
from wuju.access.models import Token
from wuju.access.queries import actor_for
from wuju.accountability.bulletins import actions as bulletins
from wuju.accountability.bulletins.actions import NoticeDraft
from wuju.accountability.inspections.actions import (
    InspectionDraft,
    plan_inspection,
    raise_from_inspection,
)
from wuju.guidance.meetings import actions as meetings
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.kit.actors import Actor
from wuju.loops.actions.suggesting import ANYBODY, SuggestionDraft, receive_suggestion
from wuju.org.models import Organization

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Side:
    """The records of one township, by the names of the parameters in addresses."""

    organization: Organization
    organization_id: int
    meeting_id: int
    loop_id: int
    raised_id: int
    batch_id: int
    inspection_id: int
    bulletin_id: int
    members: tuple[int, ...]
    account_id: int
    grant_id: int
    token_id: int
    suggestion_id: int

    def values(self) -> dict[str, object]:
        return {
            "organization_id": self.organization_id,
            "meeting_id": self.meeting_id,
            "loop_id": self.loop_id,
            "batch_id": self.batch_id,
            "inspection_id": self.inspection_id,
            "bulletin_id": self.bulletin_id,
            "account_id": self.account_id,
            "grant_id": self.grant_id,
            "token_id": self.token_id,
            "suggestion_id": self.suggestion_id,
            "item": "meetings.members_meeting",
            "period": "2026Q3",
        }


def furnish(town: District, branch: Organization, officer: Actor) -> Side:
    """Give a branch members, a meeting, a staged roster, an inspection, findings and a notice."""
    members = add_members(branch, 3)
    held = meetings.record_meeting(
        draft=MeetingDraft(
            organization_id=branch.pk,
            kind="theme_day",
            held_on=dt.date(2026, 11, 10),
            topic="护林防火",
            chair="党员甲",
        ),
        actor=officer,
        at=NOW,
    )
    line = (branch.code, "周壬", id_number("19800101", branch.pk), "男", "1980-01-01",
            "正式党员", "13800001234")  # fmt: skip
    wrong = (branch.code, "=1+1", "123", "男", "1980-01-01", "正式党员", "+8613800001234")
    batch = stage(roster(line, wrong), officer)
    inspection = plan_inspection(
        draft=InspectionDraft(
            title="三季度专项督查",
            kind="special",
            started_on=cast.RAISED,
            ended_on=cast.NOTIFIED,
            plan_number="备2026-3",
            organization_ids=[branch.pk],
        ),
        actor=town.inspector,
        at=NOW,
    )
    found = raise_from_inspection(
        inspection_id=inspection.pk,
        draft=cast.draft(branch),
        on=cast.RAISED,
        actor=town.inspector,
        at=NOW,
    )
    notice = bulletins.issue_notice(
        draft=NoticeDraft(loop_ids=[found.pk]), actor=town.officer, at=NOW
    )
    raised = cast.raised(town, branch, category="disclosure", title="三务公开栏没有更新")
    person, waiting, token = account_of(branch)
    handed_in = receive_suggestion(
        draft=SuggestionDraft("burden", "同样的数报了两次。"), code="ABCD", actor=ANYBODY, at=NOW
    )
    return Side(
        organization=branch,
        organization_id=branch.pk,
        meeting_id=held.pk,
        loop_id=found.pk,
        raised_id=raised.pk,
        batch_id=batch.pk,
        inspection_id=inspection.pk,
        bulletin_id=notice.pk,
        members=tuple(members),
        account_id=person,
        grant_id=waiting,
        token_id=token,
        suggestion_id=handed_in.pk,
    )


def account_of(branch: Organization) -> tuple[int, int, int]:
    """Open an account in a branch with a grant that waits and a token."""
    user = access.open_account(
        username=f"person{branch.pk}",
        name=f"{branch.short_name}郭亥",
        password="chunfeng-2026-huayu",
        unit=branch,
        actor=SYSTEM,
        at=NOW,
    )
    grant = access.request_grant(
        user=user, role="clerk", organization=branch, from_on=TODAY, actor=SYSTEM, at=NOW
    )
    access.issue_token(
        title=f"{branch.short_name}台式机",
        until_on=TODAY,
        actor=actor_for(user=user, today=TODAY),
        at=NOW,
    )
    return user.pk, grant.pk, Token.objects.get(user=user).pk


def both(town: District) -> tuple[Side, Side]:
    """Furnish (East, West), with a pack in force."""
    adopt_pack()
    return (
        furnish(town, town.east_branch, town.east_officer),
        furnish(town, town.west_branch, town.west_officer),
    )


def routes() -> list[tuple[str, str]]:
    """List (name, route) of every page."""
    found = []
    for group in get_resolver().url_patterns:
        for entry in getattr(group, "url_patterns", [group]):
            assert isinstance(entry, URLPattern)
            assert entry.name
            found.append((entry.name, str(entry.pattern)))
    return found


def address(route: str, **values: object) -> str:
    """Fill a route in; `kind`, `slug` and `code` have words of their own."""
    words = {
        "kind": "members",
        "slug": "verification",
        "code": "guidance",
    }
    return "/" + PARAMETER.sub(lambda found: str((words | values)[found[1]]), route)
