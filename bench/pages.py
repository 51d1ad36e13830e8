"""Pages as a signed-in person gets them, whole HTML, through every layer but the socket."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest import mock

from bench.grounds import Ground
from bench.measure import Line, Watch, repeated

if TYPE_CHECKING:
    from django.test import Client

ROLES = (
    "county_officer", "township_officer", "secretary", "inspector", "system_admin",
    "security_admin", "auditor",
)  # fmt: skip


def bench(ground: Ground) -> Iterator[Line]:
    officer = ground.client("county_officer")
    yield _page(ground, officer, "meetings, first page", "/meetings/", 120)
    deep = f"/meetings/?after={_deep_place(ground)}"
    yield _page(ground, officer, "meetings, deep page", deep, 120)
    secretary = ground.client("secretary")
    yield _page(ground, secretary, "meetings of one branch", "/meetings/", 40)
    yield _page(ground, officer, "members, first page", "/members/")
    yield _page(ground, officer, "organization tree", "/orgs/", 40)
    yield _page(ground, officer, "organization tree, one opened", _opened(), 40)
    yield from _findings(ground, officer)
    yield _page(ground, officer, "board of findings", "/loops/")
    yield _page(ground, officer, "one finding", _finding())
    yield _page(ground, officer, "one organization", f"/orgs/{ground.branches[0][0]}/")
    yield _page(ground, officer, "search", "/search?q=党支部")
    for role in ROLES:
        if role in ground.accounts:
            yield _page(ground, ground.client(role), f"today of {role}", "/")
    yield _export(ground, officer)


def _page(
    ground: Ground, client: "Client", name: str, address: str, bar: float | None = None
) -> Line:
    """Measure one address and count its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    with CaptureQueriesContext(connection) as spent:
        client.get(address)
    queries = len(spent)  # before the next request empties the log
    watch = repeated(lambda: client.get(address), times=ground.sizes.requests)
    return Line(name, "ms", watch.samples("ms"), bar, queries=queries)


def _deep_place(ground: Ground) -> str:
    """Return the place of the meeting with `deep` newer ones before it."""
    from wuju.guidance.meetings.models import Meeting

    rows = Meeting.objects.order_by("-held_on", "-id").values_list("held_on", "id")
    day, pk = rows[ground.sizes.deep]
    return f"{day.isoformat()}.{pk}"


def _opened() -> str:
    """Return the tree with the township opened that has the most organizations."""
    from django.db.models import Count

    from wuju.org.models import Organization

    towns = Organization.objects.filter(kind="township_committee")
    return f"/orgs/?open={towns.annotate(n=Count('children')).order_by('-n', 'id')[0].pk}"


def _finding() -> str:
    from wuju.loops.models import Loop

    return f"/loops/{Loop.objects.order_by('id').values_list('id', flat=True)[0]}/"


def _findings(ground: Ground, officer: "Client") -> Iterator[Line]:
    """The register with many findings on record."""
    from wuju.loops.models import Loop

    with ground.scratch():
        watch = _land_findings(ground)
        rate = [ground.sizes.findings / seconds for seconds in watch.spent]
        yield Line(f"land {ground.sizes.findings:,} findings", "rows/s", rate)
        address = "/loops/register/"
        yield _page(ground, officer, "findings, first page", address, 120)
        newest = Loop.objects.order_by("-id").values_list("id", flat=True)[0]
        deep = f"{address}?after={newest - ground.sizes.findings + 1}"
        yield _page(ground, officer, "findings, deep page", deep, 120)


def _land_findings(ground: Ground) -> Watch:
    from wuju.loops import actions
    from wuju.standings.actions import wide

    since = ground.today.replace(month=1, day=1)
    days = max(1, (ground.today - since).days)
    rows = [
        actions.LandedFinding(
            draft=actions.FindingDraft(
                organization_id=ground.branches[n % len(ground.branches)][0],
                origin="inspection",
                category=("org_life", "education", "disclosure")[n % 3],
                title=f"记录不规范之{n}",
                fact="查阅记录本，没有记载。",
                basis="《中国共产党支部工作条例（试行）》第十一条",
                ref=f"性能{n}",
            ),
            opened_on=since + dt.timedelta(days=n * days // ground.sizes.findings),
            due_on=ground.today + dt.timedelta(days=n % 60),
        )
        for n in range(ground.sizes.findings)
    ]
    # The wide run that follows is measured with the imports.
    with mock.patch.object(wide, "catch_up", return_value=0):
        return repeated(
            lambda: actions.land_loops(
                findings=rows, actor=ground.actor, at=ground.at, batch="bench"
            ),
            times=1,
            warm_up=0,
        )


def _export(ground: Ground, officer: "Client") -> Line:
    """The whole register of meetings as a workbook, per 20,000 rows."""
    from wuju.guidance.meetings.models import Meeting

    share = 20_000 / Meeting.objects.standing().count()
    watch = repeated(lambda: officer.get("/exports/meetings/"), times=ground.sizes.runs, warm_up=0)
    return Line(
        "export 20,000 meetings as .xlsx", "s", [seconds * share for seconds in watch.spent], 4
    )
