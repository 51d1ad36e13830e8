"""Many people write at once on PostgreSQL: nobody sees an error, and the standings equal a full run."""

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

import pytest
from django.db import connection, transaction

from tests.conftest import NOW, SYSTEM, TODAY, District, add_members
from tests.loops import cast
from tests.standings.test_live_standings import assert_equal_to_a_full_run, hold
from wuju.accountability.bulletins import actions as bulletins
from wuju.guidance.meetings import actions as meetings
from wuju.guidance.meetings.drafts import MeetingDraft
from wuju.guidance.meetings.models import Meeting
from wuju.guidance.study import actions as study
from wuju.guidance.study.drafts import CourseDraft
from wuju.kit.action import Touched
from wuju.kit.errors import DomainError
from wuju.ledger import actions as ledger
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_chain
from wuju.loops import actions as loops
from wuju.org.models import Organization
from wuju.people import actions as people
from wuju.people.models import Membership, Roster
from wuju.rulepacks.queries import active_packs, program
from wuju.standings import actions
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import Feed, Freshness, RollUpLine, Standing
from wuju.standings.sources import WHOLE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer at a time: there is nothing to cross",
    ),
]
KINDS = ("members_meeting", "theme_day", "party_lecture", "committee_meeting", "group_meeting")
PATIENCE = 60  # seconds nobody waits longer than: a writer stuck for good is an error


class Crowd:
    """People at their own connections. `refused` counts the sentences they were given."""

    def __init__(self, size: int) -> None:
        self.pool = ThreadPoolExecutor(size)
        self.start = threading.Barrier(size)
        self.refused: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()

    def does(self, *deeds: Callable[[], object]) -> "Future[None]":
        return self.pool.submit(self._run, deeds, barrier=False)

    def together(self, *people: Sequence[Callable[[], object]]) -> None:
        """Everybody starts at the same moment; an error of anybody is an error here."""
        done = [self.pool.submit(self._run, deeds, barrier=True) for deeds in people]
        for one in done:
            one.result(PATIENCE * 10)

    def _run(self, deeds: Sequence[Callable[[], object]], *, barrier: bool) -> None:
        try:
            if barrier:
                self.start.wait(PATIENCE)
            for deed in deeds:
                try:
                    deed()
                except DomainError as refusal:
                    self.refused.append(str(refusal))
        finally:
            connection.close()


class Writer:
    """Somebody who does what people do, at random, in branches where others do the same."""

    def __init__(self, town: District, seed: int) -> None:
        self.town, self.rng = town, random.Random(seed)
        self.branches = [town.east_branch, town.east_small, town.west_branch]

    def deeds(self, how_many: int) -> Iterator[Callable[[], object]]:
        chosen = (
            [self.record] * 9 + [self.correct] * 4 + [self.cancel] * 2 + [self.arrive] * 2
            + [self.transfer] * 2 + [self.teach] * 2 + [self.raise_one] * 2 + [self.notify]
        )  # fmt: skip
        for turn in range(how_many):
            yield self.close_one if turn % 25 == 12 else self.rng.choice(chosen)

    def branch(self) -> Organization:
        return self.rng.choice(self.branches)

    def day(self) -> dt.date:
        return dt.date(2026, 1, 1) + dt.timedelta(days=self.rng.randrange(327))

    def draft(self) -> MeetingDraft:
        named = self.rng.random() < 0.5
        return MeetingDraft(
            organization_id=self.branch().pk,
            kind=self.rng.choice(KINDS[:3] if named else KINDS),
            held_on=self.day(),
            attendance="named" if named else "counts",
            ref=self.rng.choice(["", "1", "2"]),
        )

    def record(self) -> None:
        meetings.record_meeting(draft=self.draft(), actor=SYSTEM, at=NOW)

    def some_meeting(self) -> Meeting | None:
        return Meeting.objects.filter(status="held").order_by("?").first()

    def correct(self) -> None:
        if meeting := self.some_meeting():
            meetings.correct_meeting(
                meeting_id=meeting.pk, version=meeting.version, draft=self.draft(), actor=SYSTEM, at=NOW
            )  # fmt: skip

    def cancel(self) -> None:
        if meeting := self.some_meeting():
            meetings.cancel_meeting(
                meeting_id=meeting.pk, version=meeting.version, reason="重复登记", actor=SYSTEM, at=NOW
            )  # fmt: skip

    def arrive(self) -> None:
        category = self.rng.choice(["full", "probationary"])
        add_members(self.branch(), self.rng.randint(1, 2), category=category, from_on=self.day())

    def some_member(self) -> Membership | None:
        return Membership.objects.filter(until_on=None).order_by("?").first()

    def transfer(self) -> None:
        if (row := self.some_member()) and row.from_on < TODAY:
            people.transfer_member(
                member_id=row.member_id,
                to_organization_id=self.branch().pk,
                on=row.from_on
                + dt.timedelta(days=self.rng.randint(1, (TODAY - row.from_on).days)),
                actor=SYSTEM,
                at=NOW,
            )

    def teach(self) -> None:
        if row := self.some_member():
            teach(self.branch(), row.member_id, self.day(), self.rng.choice([8, 16, 40]))

    def raise_one(self) -> None:
        cast.raised(self.town, self.branch())

    def notify(self) -> None:
        cast.notified(self.town, self.branch())

    def close_one(self) -> None:
        cast.closed(self.town)


def teach(branch: Organization, member: int, on: dt.date, hours: int) -> None:
    study.record_course(
        draft=CourseDraft(
            organization_id=branch.pk,
            name="基层党员轮训",
            started_on=on,
            ended_on=on,
            hours={member: hours * 10},
        ),
        actor=SYSTEM,
        at=NOW,
    )


def write_at_once(town: District, writers: int, writes: int) -> list[str]:
    with Crowd(writers) as crowd:
        crowd.together(*([*Writer(town, seed).deeds(writes)] for seed in range(writers)))
    return crowd.refused


def settle() -> None:
    """Nothing is left to do: every event is sealed, no bulk run is outstanding."""
    assert Event.objects.unsealed().count() == 0
    assert verify_chain(scope=WHOLE) == []
    assert Freshness.objects.get().computing_since is None
    assert_equal_to_a_full_run()


def test_eight_writers_leave_what_a_full_run_would(judged: District) -> None:
    refused = write_at_once(judged, 8, 25)

    assert all(sentence.endswith("。") for sentence in refused)
    assert len(refused) < 8 * 25 / 2
    settle()


@pytest.mark.slow
def test_eight_writers_of_five_hundred_writes_leave_what_a_full_run_would(
    judged: District,
) -> None:
    refused = write_at_once(judged, 8, 500)

    assert all(sentence.endswith("。") for sentence in refused)
    settle()


def test_wide_runs_among_writers_lose_no_record(judged: District) -> None:
    def run() -> None:
        actions.catch_up(today=TODAY)
        time.sleep(0.1)

    def declare() -> None:
        actions.declare_feed(
            organization=judged.east,
            fact="meeting",
            starts_on=dt.date(2026, 3, 1),
            actor=SYSTEM,
            at=NOW,
        )

    with Crowd(6) as crowd:
        writers = [[*Writer(judged, seed).deeds(10)] for seed in range(4)]
        crowd.together(*writers, [run] * 4, [run, declare, run])

    settle()


def test_the_first_records_of_organizations_nobody_judged_yet(judged: District) -> None:
    Standing.objects.all().delete()
    RollUpLine.objects.all().delete()
    orgs = list(Organization.objects.order_by("id").values_list("id", flat=True))

    def refresh(org: int) -> Callable[[], object]:
        @transaction.atomic
        def one() -> None:
            actions.refresh_touched(Touched({"meeting": {org}}, {"meeting": None}), NOW)

        return one

    with Crowd(len(orgs) * 2) as crowd:
        crowd.together(*([refresh(org)] for org in orgs * 2))

    pack = active_packs(scope=WHOLE)[-1]
    reading = program(scope=WHOLE, pack=pack, dialect="postgres").items_reading("meeting")
    cells, lines = evaluate_all(as_of=TODAY)
    assert Standing.objects.count() == sum(cell.item in reading for cell in cells) > 0
    stored = RollUpLine.objects.values_list("organization_id", "item", "period", "n", "missed")
    assert {row for row in stored if row[3]} == {
        (li.org_id, li.item, li.period, li.n, li.missed)
        for li in lines
        if li.item in reading and li.n
    }


def test_feeds_start_once_whoever_comes_first(judged: District) -> None:
    Feed.objects.all().delete()
    actions.catch_up(today=TODAY)
    people_of = [judged.east_branch, judged.east_small, judged.west_branch] * 2

    def record(n: int) -> Callable[[], object]:
        return lambda: hold(people_of[n], KINDS[n % 3], dt.date(2026, 1 + n, 7))

    with Crowd(6) as crowd:
        crowd.together(*([record(n), record(n)] for n in range(6)))

    assert len(crowd.refused) == 6
    assert_equal_to_a_full_run()


def test_of_several_who_turn_the_day_one_computes(judged: District) -> None:
    tomorrow, computed = TODAY + dt.timedelta(days=1), []

    with Crowd(4) as crowd:
        crowd.together(
            *([lambda: computed.append(actions.ensure_day(today=tomorrow))] for _ in range(4))
        )

    assert sorted(computed) == [False, False, False, True]
    assert Freshness.objects.get().evaluated_on == tomorrow


# ------------------------------------------------------------------ one waits for another


def held_open(first: Callable[[], object], second: Callable[[], object]) -> bool:
    """Run `second` while `first` is done but not committed; return whether it waited for the commit."""
    with Crowd(1) as crowd:
        with transaction.atomic():
            first()
            other = crowd.does(second)
            time.sleep(0.7)
            waited = not other.done()
        other.result(PATIENCE)
    assert crowd.refused == []
    return waited


def test_a_wide_run_waits_for_the_write_before_it(judged: District) -> None:
    waited = held_open(
        lambda: hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16)),
        lambda: actions.catch_up(today=TODAY),
    )

    assert waited
    assert_equal_to_a_full_run()


def test_a_write_during_a_wide_run_is_judged_after_it(judged: District) -> None:
    waited = held_open(
        lambda: actions.catch_up(today=TODAY),
        lambda: hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16)),
    )

    assert waited
    assert_equal_to_a_full_run()


def test_writes_in_different_branches_do_not_wait_but_for_their_shared_sums(
    judged: District,
) -> None:
    assert not held_open(
        lambda: hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16)),
        lambda: hold(judged.west_branch, "group_meeting", dt.date(2026, 8, 17)),
    )
    assert_equal_to_a_full_run()


def test_hours_follow_a_member_who_is_being_transferred(judged: District) -> None:
    """The new home is judged by the transfer before the hours exist, so the hours have to wait."""
    member = add_members(judged.east_branch, 1)[0]

    held_open(
        lambda: people.transfer_member(
            member_id=member,
            to_organization_id=judged.west_branch.pk,
            on=dt.date(2026, 6, 1),
            actor=SYSTEM,
            at=NOW,
        ),
        lambda: teach(judged.east_branch, member, dt.date(2026, 9, 9), 40),
    )

    assert_equal_to_a_full_run()


# ------------------------------------------------------------------ the same thing twice


def test_the_same_meeting_recorded_twice_at_once_is_refused_with_the_sentence(
    judged: District,
) -> None:
    draft = MeetingDraft(
        organization_id=judged.east_branch.pk,
        kind="theme_day",
        held_on=dt.date(2026, 9, 5),
        attendance="named",
    )

    with Crowd(4) as crowd:
        crowd.together(
            *(
                [lambda: meetings.record_meeting(draft=draft, actor=SYSTEM, at=NOW)]
                for _ in range(4)
            )
        )

    assert Meeting.objects.count() == 1
    assert len(crowd.refused) == 3
    assert all("2026年9月5日的主题党日已经登记过" in sentence for sentence in crowd.refused)
    assert_equal_to_a_full_run()


def test_a_correction_onto_a_meeting_recorded_at_once_is_refused_with_the_sentence(
    judged: District,
) -> None:
    hold(judged.east_branch, "theme_day", dt.date(2026, 9, 5))
    meeting = Meeting.objects.get()
    draft = MeetingDraft(
        organization_id=judged.east_branch.pk,
        kind="theme_day",
        held_on=dt.date(2026, 9, 12),
        attendance="counts",
    )
    with Crowd(1) as crowd:
        with transaction.atomic():
            hold(judged.east_branch, "theme_day", dt.date(2026, 9, 12))
            other = crowd.does(
                lambda: meetings.correct_meeting(
                    meeting_id=meeting.pk, version=1, draft=draft, actor=SYSTEM, at=NOW
                )
            )
            time.sleep(0.5)
        other.result(PATIENCE)

    assert len(crowd.refused) == 1
    assert "2026年9月12日的主题党日已经登记过" in crowd.refused[0]


def test_a_roster_is_stored_once_by_whoever_needs_it_first(judged: District) -> None:
    drafts = [
        MeetingDraft(
            organization_id=judged.east_branch.pk,
            kind=kind,
            held_on=dt.date(2026, 9, 5),
            attendance="named",
        )
        for kind in KINDS[:3]
    ]

    def record(draft: MeetingDraft) -> Callable[[], object]:
        return lambda: meetings.record_meeting(draft=draft, actor=SYSTEM, at=NOW)

    with Crowd(3) as crowd:
        crowd.together(*([record(draft)] for draft in drafts))

    assert crowd.refused == []
    assert (Meeting.objects.count(), Roster.objects.count()) == (3, 1)


def test_the_same_course_recorded_twice_at_once_is_refused_with_the_sentence(
    judged: District,
) -> None:
    first, second = add_members(judged.east_branch, 2)
    on = dt.date(2026, 9, 5)

    with Crowd(1) as crowd:
        with transaction.atomic():
            teach(judged.east_branch, first, on, 8)
            other = crowd.does(lambda: teach(judged.east_branch, second, on, 8))
            time.sleep(0.5)
        other.result(PATIENCE)

    assert crowd.refused == ["同一次培训刚被别人登记过，请核对后再提交一次。"]
    assert_equal_to_a_full_run()


def test_a_reference_of_a_finding_is_given_once(judged: District) -> None:
    with Crowd(3) as crowd:
        crowd.together(
            *([lambda: cast.raised(judged, judged.east_branch, ref="甲7")] for _ in range(3))
        )

    assert crowd.refused == ["本组织编号“甲7”的问题已经登记过，请核对编号。"] * 2


def test_numbers_are_given_once_and_without_gaps(judged: District) -> None:
    branches = [judged.east_branch, judged.east_small, judged.west_branch] * 2
    given: list[str] = []
    documents: list[str] = []

    def raise_and_notify(branch: Organization) -> Callable[[], object]:
        def deed() -> None:
            loop = cast.raised(judged, branch)
            given.append(loop.number)
            paper = bulletins.issue_notice(
                draft=bulletins.NoticeDraft([loop.pk]), actor=judged.officer, at=NOW
            )
            documents.append(paper.number)

        return deed

    with Crowd(6) as crowd:
        crowd.together(*([raise_and_notify(branch)] * 2 for branch in branches))

    assert crowd.refused == []
    assert sorted(given) == [f"2026-{n:04d}" for n in range(1, 13)]
    assert sorted(int(one.rpartition("〕")[2].rstrip("号")) for one in documents) == [
        *range(1, 13)
    ]
    settle()


def test_several_processes_seal_one_chain(judged: District) -> None:
    def write(n: int) -> Callable[[], object]:
        return lambda: loops.raise_finding(
            draft=cast.draft(judged.west_branch), on=cast.RAISED, actor=judged.inspector, at=NOW
        )

    with Crowd(6) as crowd:
        crowd.together(
            *([write(n) for _ in range(4)] for n in range(4)), *[[ledger.seal] * 20] * 2
        )

    settle()
