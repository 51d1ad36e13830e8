"""A write brings its standings up to date in its own transaction, and exactly as a full run would."""

import datetime as dt
import random

import pytest

from tests.conftest import NOW, SYSTEM, TODAY, District, add_members
from tests.standings.conftest import committed
from wuju.engine.items import Status
from wuju.guidance.meetings import actions as meetings
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.kit.periods import Period
from wuju.org import actions as org
from wuju.org.models import Organization
from wuju.people import actions as people
from wuju.standings import actions
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import Freshness, RollUpLine, Standing


def status(organization: Organization, item: str, period: str) -> Status:
    row = Standing.objects.get(
        organization=organization, item=item, period=Period.parse(period).number
    )
    return Status(row.status)


def hold(organization: Organization, kind: str, on: dt.date) -> None:
    draft = MeetingDraft(
        organization_id=organization.pk,
        kind=kind,
        held_on=on,
        attendance="counts",
        due=3,
        present=3,
    )
    meetings.record_meeting(draft=draft, actor=SYSTEM, at=NOW)


def assert_equal_to_a_full_run() -> None:
    cells, lines = evaluate_all(as_of=TODAY)
    wanted = {
        (c.org_id, c.item, c.period): (c.numerator, c.denominator, int(c.status), c.score, c.evidence, c.evidence_key)
        for c in cells
    }  # fmt: skip
    stored = {
        (row[0], row[1], row[2]): row[3:]
        for row in Standing.objects.values_list(
            "organization_id", "item", "period", "numerator", "denominator", "status", "score",
            "evidence", "evidence_key",
        )
    }  # fmt: skip
    assert stored == wanted
    sums = {
        (li.org_id, li.item, li.period): (
            li.n, li.met, li.open, li.due_soon, li.overdue, li.missed, li.exempt, li.unverified,
            li.numerator or 0, li.denominator or 0, li.score_sum, li.n_judged,
        )
        for li in lines
    }  # fmt: skip
    kept = {
        (row[0], row[1], row[2]): row[3:]
        for row in RollUpLine.objects.values_list(
            "organization_id", "item", "period", "n", "met", "open", "due_soon", "overdue",
            "missed", "exempt", "unverified", "numerator", "denominator", "score_sum", "n_judged",
        )
    }  # fmt: skip
    nothing = (0,) * 12
    assert {k: v for k, v in kept.items() if v != nothing} == {
        k: v for k, v in sums.items() if v != nothing
    }


def test_recording_the_missing_meeting_turns_the_status(judged: District) -> None:
    assert status(judged.east_branch, "meetings.members_meeting", "2026Q3") is Status.MISSED

    hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16))

    assert status(judged.east_branch, "meetings.members_meeting", "2026Q3") is Status.MET
    line = RollUpLine.objects.get(
        organization=judged.county,
        item="meetings.members_meeting",
        period=Period.parse("2026Q3").number,
    )
    assert (line.n, line.met, line.missed) == (3, 1, 2)


def test_a_refused_write_leaves_the_standings_alone(judged: District) -> None:
    before = list(Standing.objects.order_by("id").values_list("status", flat=True))

    with pytest.raises(Exception, match="。"):
        hold(judged.east_branch, "members_meeting", TODAY + dt.timedelta(days=9))

    assert list(Standing.objects.order_by("id").values_list("status", flat=True)) == before


def test_a_seventh_full_member_brings_committee_meetings(judged: District) -> None:
    branch = judged.east_small
    assert status(branch, "meetings.committee_meeting", "2026-11") is Status.NOT_APPLICABLE

    add_members(branch, 4)

    assert status(branch, "meetings.committee_meeting", "2026-11") is not Status.NOT_APPLICABLE
    assert_equal_to_a_full_run()


def test_a_waiver_takes_the_cell_out(judged: District) -> None:
    draft = actions.WaiverDraft(
        organization=judged.east_branch,
        item="meetings.members_meeting",
        from_on=dt.date(2026, 7, 1),
        until_on=dt.date(2026, 10, 1),
        reason="防汛抢险",
        document="试组发〔2026〕9号",
        applicant="李辰",
        applicant_unit=judged.east,
    )
    actions.waive(draft=draft, actor=judged.officer, at=NOW)

    assert status(judged.east_branch, "meetings.members_meeting", "2026Q3") is Status.EXEMPT
    assert_equal_to_a_full_run()


@pytest.mark.parametrize(
    "writes", [300, pytest.param(3000, marks=pytest.mark.slow)], ids=["hundreds", "thousands"]
)
def test_many_random_writes_equal_a_full_run(judged: District, writes: int) -> None:
    rng = random.Random(20260401)
    branches = [judged.east_branch, judged.east_small, judged.west_branch]
    kinds = ["members_meeting", "theme_day", "party_lecture", "committee_meeting", "group_meeting"]
    used: set[tuple[int, str, dt.date]] = set()
    for turn in range(writes):
        branch, kind = rng.choice(branches), rng.choice(kinds)
        day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(327))
        if turn % 10 == 9:
            add_members(branch, 1, category=rng.choice(["full", "probationary"]), from_on=day)
        elif turn % 10 == 8:
            member = branch.memberships.filter(until_on=None, from_on__lt=day).first()
            if member:
                target = rng.choice([b for b in branches if b.pk != branch.pk])
                people.transfer_member(
                    member_id=member.member_id, to_organization_id=target.pk, on=day, actor=SYSTEM, at=NOW
                )  # fmt: skip
        elif (branch.pk, kind, day) not in used:
            used.add((branch.pk, kind, day))
            hold(branch, kind, day)

    assert_equal_to_a_full_run()


def test_moving_a_subtree_is_computed_right_after_commit(judged: District) -> None:
    with committed():
        org.move_organization(
            organization_id=judged.east_small.pk,
            parent_id=judged.west.pk,
            on=dt.date(2026, 11, 1),
            actor=judged.officer,
            at=NOW,
        )
        assert Freshness.objects.get().computing_since == NOW

    assert Freshness.objects.get().computing_since is None
    assert_equal_to_a_full_run()
    quarter = Period.parse("2026Q3").number
    month = Period.parse("2026-11").number
    lines = {
        (row.organization_id, row.item, row.period): row.n
        for row in RollUpLine.objects.filter(period__in=[quarter, month])
    }
    assert lines[judged.west.pk, "meetings.members_meeting", quarter] == 1  # as reported then
    assert lines[judged.west.pk, "meetings.theme_day", month] == 2  # the tree of today


def test_a_successor_inherits_the_records(judged: District) -> None:
    hold(judged.east_small, "members_meeting", dt.date(2026, 8, 16))
    with committed():
        org.merge_organization(
            predecessor_id=judged.east_small.pk,
            successor_id=judged.east_branch.pk,
            on=dt.date(2026, 9, 1),
            actor=judged.officer,
            at=NOW,
        )

    assert status(judged.east_branch, "meetings.members_meeting", "2026Q3") is Status.MET
    assert status(judged.east_small, "meetings.theme_day", "2026-08") is Status.MISSED
    assert_equal_to_a_full_run()


def test_before_its_feed_nothing_is_a_failure(town: District) -> None:
    from tests.standings.conftest import adopt

    add_members(town.east_branch, 9)
    adopt()
    with committed():
        hold(town.east_branch, "theme_day", dt.date(2026, 10, 5))
    actions.ensure_day(today=TODAY)

    assert status(town.east_branch, "meetings.theme_day", "2026-09") is Status.UNVERIFIED
    assert status(town.east_branch, "meetings.theme_day", "2026-10") is Status.MET
    assert status(town.east_branch, "meetings.members_meeting", "2026Q3") is Status.UNVERIFIED


def test_midnight_turns_open_into_waiting_for_entry(judged: District) -> None:
    branch = judged.west_branch
    assert status(branch, "meetings.theme_day", "2026-11") is Status.DUE_SOON

    assert actions.ensure_day(today=dt.date(2026, 12, 2))
    assert not actions.ensure_day(today=dt.date(2026, 12, 2))

    assert status(branch, "meetings.theme_day", "2026-11") is Status.OVERDUE
    actions.ensure_day(today=dt.date(2026, 12, 15))
    assert status(branch, "meetings.theme_day", "2026-11") is Status.MISSED
