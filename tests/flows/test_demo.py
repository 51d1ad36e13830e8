"""The demo: deterministic, judged alike by every engine, faults only in 示例镇, no identifier in clear."""

import datetime as dt
import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.db import connection
from django.test import TestCase
from typer.testing import CliRunner

from tests.conftest import NOW, SYSTEM, TODAY
from wuju.engine.items import Status
from wuju.flows.demo.build import build
from wuju.flows.demo.tree import plan_tree
from wuju.guidance.meetings.models import Meeting
from wuju.kit.actors import OrgScope
from wuju.kit.names import is_fictitious
from wuju.ledger import actions as ledger
from wuju.ledger.queries import verify_chain, verify_records
from wuju.org.models import Organization, Seat
from wuju.people.models import Member
from wuju.standings.actions import freeze_run
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import Standing
from wuju.standings.replay import replay
from wuju.standings.runs import folder_of

SEED = 20240418
WHOLE = OrgScope.whole(because="tests of the demo")


@pytest.fixture
def demo(db: None) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        build(seed=SEED, at=NOW, small=True)


def test_the_demo(demo: None, settings: "pytest.FixtureRequest") -> None:
    """One build, many looks: building is the expensive part."""
    engines_agree()
    faults_sit_only_in_the_fictitious_town()
    nothing_personal_is_in_clear()
    the_ledger_verifies()
    the_command_prints_what_the_oracle_says(settings)
    a_frozen_run_holds_nothing_personal(settings)


def engines_agree() -> None:
    wide, database, oracle = (
        evaluate_all(as_of=TODAY, engine=engine) for engine in ("duckdb", "database", "oracle")
    )
    assert sorted(wide[0]) == sorted(database[0]) == sorted(oracle[0])
    assert sorted(wide[1]) == sorted(database[1]) == sorted(oracle[1])
    stored = Standing.objects.values_list("organization_id", "item", "period", "status")
    assert sorted(stored) == sorted((c.org_id, c.item, c.period, int(c.status)) for c in wide[0])


def faults_sit_only_in_the_fictitious_town() -> None:
    town = Organization.objects.get(code="SLZ").path
    bad = Standing.objects.filter(status__in=[Status.MISSED, Status.OVERDUE]).values_list(
        "organization__path", "organization__name", "item"
    )
    assert [row for row in bad if not row[0].startswith(town)] == []
    assert {name for _, name, _ in bad} >= {"试验一村党支部", "试验二村党支部"}
    assert Meeting.objects.filter(late=True, organization__path__startswith=town).exists()
    assert all(is_fictitious(name) for name in Member.objects.values_list("name", flat=True))


def nothing_personal_is_in_clear() -> None:
    """Neither an id number nor a phone number stands in any column of any table."""
    import re

    number = re.compile(r"999999\d{11}[\dX]|(?<![0-9a-f])100\d{8}(?![0-9a-f])")
    for model in apps.get_models():
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                text = " ".join(
                    str(v) for v in row if isinstance(v, str) and not v.startswith("v1:")
                )
                assert not number.search(text), (table, text[:200])


def a_frozen_run_holds_nothing_personal(settings: object) -> None:
    """No name, identifier or phone of a member in any file, whatever the encoding of the table."""
    import re

    settings.WUJU_HOME = Path(tempfile.mkdtemp(dir=settings.WUJU_HOME))  # type: ignore[attr-defined]
    run = freeze_run(title="核对", as_of=TODAY, actor=SYSTEM, at=NOW)
    people = list(Member.objects.all())
    secrets = {person.name for person in people} | {row.holder for row in Seat.objects.all()}
    names = re.compile("|".join(map(re.escape, sorted(secrets - {""}))))
    numbers = re.compile(r"999999\d{11}[\dX]|(?<!\d)1\d{10}(?!\d)")
    checked = [path for path in folder_of(run.folder).rglob("*") if path.is_file()]
    for path in checked:
        rows = pq.read_table(path).to_pylist() if path.suffix == ".parquet" else []
        for text in (path.read_bytes().decode("utf-8", "ignore"), str(rows)):
            assert not names.search(text), path
            assert not numbers.search(re.sub(r"[0-9a-f]{64}", "digest", text)), path
    assert len(people) > 100
    assert len(checked) > 20
    assert replay(scope=WHOLE, run_id=run.pk).equal


def the_ledger_verifies() -> None:
    ledger.seal()
    assert verify_chain(scope=WHOLE) == []
    assert verify_records(scope=WHOLE) == []


def the_command_prints_what_the_oracle_says(settings: object) -> None:
    from wuju.cli import app
    from wuju.kit.periods import period_from_number

    settings.WUJU_DEMO = True  # type: ignore[attr-defined]
    answer = CliRunner().invoke(app, ["evaluate", "--json", "--as-of", TODAY.isoformat()])
    assert answer.exit_code == 0, answer.output
    printed = [json.loads(line) for line in answer.stdout.splitlines()]
    codes = dict(Organization.objects.values_list("id", "code"))
    wanted = [
        {
            "org": codes[cell.org_id],
            "item": cell.item,
            "period": period_from_number(cell.period).label,
            "numerator": cell.numerator,
            "denominator": cell.denominator,
            "status": cell.status.code,
            "score": cell.score,
            "evidence": cell.evidence,
        }
        for cell in evaluate_all(as_of=TODAY, engine="oracle")[0]
    ]
    assert printed == sorted(wanted, key=lambda row: (row["org"], row["item"], row["period"]))


def test_the_same_seed_gives_the_same_tree() -> None:
    one, two = (plan_tree(seed=SEED, today=TODAY) for _ in range(2))

    assert one.organizations == two.organizations
    assert one.sizes == two.sizes
    assert 950 <= len(one.sizes) <= 1100
    assert 24_000 <= sum(one.sizes.values()) <= 33_000


@pytest.mark.parametrize("month", [1, 2, 6, 12])
def test_it_builds_in_any_month(month: int, db: None) -> None:
    moment = NOW.replace(month=month, day=3)
    with TestCase.captureOnCommitCallbacks(execute=True):
        report = build(seed=SEED, at=moment, small=True)

    assert report.accounts
    assert Standing.objects.filter(status=Status.MET).exists()
    bad = Standing.objects.filter(
        status__in=[Status.MISSED, Status.OVERDUE],
    ).exclude(organization__path__startswith=Organization.objects.get(code="SLZ").path)
    assert list(bad.values_list("organization__name", "item", "period")[:5]) == []
    assert isinstance(moment, dt.datetime)
