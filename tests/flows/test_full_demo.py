"""The whole demo district, judged by every engine: the long version of test_demo."""

import pytest
from django.test import TestCase

from tests.conftest import NOW, TODAY
from wuju.engine.items import Status
from wuju.flows.demo.build import build
from wuju.org.models import Organization
from wuju.standings.evaluation import evaluate_all
from wuju.standings.models import Standing


@pytest.mark.slow
def test_every_engine_judges_the_whole_district_alike(db: None) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        build(seed=20240418, at=NOW)

    wide, database, oracle = (
        evaluate_all(as_of=TODAY, engine=engine) for engine in ("duckdb", "database", "oracle")
    )

    assert sorted(wide[0]) == sorted(database[0]) == sorted(oracle[0])
    assert sorted(wide[1]) == sorted(database[1]) == sorted(oracle[1])
    town = Organization.objects.get(code="SLZ").path
    bad = Standing.objects.filter(status__in=[Status.MISSED, Status.OVERDUE])
    assert not bad.exclude(organization__path__startswith=town).exists()
