"""One meeting recorded: checked, stored, traced, every standing it touches judged again, committed."""

import datetime as dt
import random
import statistics
from collections.abc import Iterator

from bench.grounds import Ground
from bench.measure import Line, Watch, repeated

KINDS = ("members_meeting", "theme_day", "party_lecture", "committee_meeting")


def bench(ground: Ground) -> Iterator[Line]:
    watch, queries = Watch(), 0
    with ground.scratch():
        record(ground, 0)
        for n in range(1, ground.sizes.writes + 1):
            with watch:
                record(ground, n)
        queries = _queries(ground, ground.sizes.writes + 1)
    spent = watch.samples("ms")
    name = "one write with its fresh standings"
    yield Line(name, "ms", spent, 8, queries=queries)
    p95 = sorted(spent)[int(len(spent) * 0.95)]
    yield Line(f"the same, 95th percentile of {len(spent)}", "ms", [p95], 20)
    whole = in_database(ground)
    yield Line("whole district in the database", "s", whole.samples("s"))
    ratio = statistics.median(whole.samples("ms")) / statistics.median(spent)
    yield Line("whole district / one write", "times", [ratio], 200, more_is_better=True)


def in_database(ground: Ground) -> Watch:
    """Judge every organization by the same SQL inside the database, as a live refresh does."""
    from wuju.standings.evaluation import evaluate_all

    return repeated(
        lambda: evaluate_all(as_of=ground.today, engine="database"),
        times=ground.sizes.runs,
        warm_up=0,
    )


def record(ground: Ground, n: int) -> None:
    """Record the n-th meeting, in a random branch on a random day."""
    from wuju.guidance.meetings import actions
    from wuju.guidance.meetings.drafts import MeetingDraft

    rng = random.Random(n)
    kind = KINDS[n % len(KINDS)]
    actions.record_meeting(
        draft=MeetingDraft(
            organization_id=rng.choice(ground.branches)[0],
            kind=kind,
            held_on=ground.today - dt.timedelta(days=rng.randint(0, 80)),
            attendance="counts" if kind == "committee_meeting" else "named",
            topic="学习党章党规党纪",
            ref=f"性能{n}",
        ),
        actor=ground.actor,
        at=ground.at,
    )


def _queries(ground: Ground, n: int) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as spent:
        record(ground, n)
    return len(spent)
