"""One cluster for all tests that need it: a master and two worker processes on loopback, and a session joined to them."""

from collections.abc import Iterator
from importlib.util import find_spec
from shutil import which
from typing import Any

import pytest
from bench.cluster import QUICK, Cluster
from bench.cluster import cluster as started

from tests.standings.conftest import judged

__all__ = ["judged"]

WORKERS = 2
SETTINGS = {f"spark.{who}.extraJavaOptions": QUICK for who in ("driver", "executor")} | {
    "spark.driver.memory": "2g",
    "spark.executor.memory": "1g",
}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if find_spec("pyspark") is None:
        pytest.skip("the extra spark is not installed: make setup-spark")
    if not which("java"):
        pytest.skip("no Java on this machine")
    folder = tmp_path_factory.mktemp("spark")
    with started(folder, workers=WORKERS, memory="1200m", java=QUICK) as found:
        yield found


@pytest.fixture(scope="session")
def session(cluster: Cluster) -> Iterator[Any]:
    from wuju.engine.spark import join

    made = join(cluster.master, SETTINGS)
    yield made
    made.stop()
