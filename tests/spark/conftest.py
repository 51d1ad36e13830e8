"""A real Spark cluster on loopback: a master and two worker processes, started once and stopped by their own number."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.standings.conftest import judged

__all__ = ["judged"]

HOST = "127.0.0.1"
WORKERS = 2
PATIENCE = 180
"""Seconds; several suites may share two processors."""
QUICK = {
    f"spark.{who}.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    for who in ("driver", "executor")
} | {"spark.driver.memory": "2g", "spark.executor.memory": "1g"}
"""Short runs gain nothing from the second compiler of Java."""


@dataclass(frozen=True)
class Cluster:
    """Where the master listens, and where it tells who works."""

    master: str
    status: str

    def workers(self) -> list[dict[str, Any]]:
        """Return the living worker processes as the master sees them."""
        with urllib.request.urlopen(f"{self.status}/json/", timeout=10) as answer:  # noqa: S310 - loopback
            every: list[dict[str, Any]] = json.load(answer)["workers"]
        return [worker for worker in every if worker["state"] == "ALIVE"]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if find_spec("pyspark") is None:
        pytest.skip("the extra spark is not installed: make setup-spark")
    if not which("java"):
        pytest.skip("no Java on this machine")
    folder = tmp_path_factory.mktemp("spark")
    port, web = free_port(), free_port()
    found = Cluster(f"spark://{HOST}:{port}", f"http://{HOST}:{web}")
    with ExitStack() as running:
        master = ["deploy.master.Master", "--port", str(port), "--webui-port", str(web)]
        start(running, folder / "master", *master)
        wait(lambda: found.workers() == [])
        for number in range(WORKERS):
            each = ["--cores", "1", "--memory", "1200m", "--webui-port", str(free_port())]
            where = folder / f"worker-{number}"
            start(running, where, "deploy.worker.Worker", *each, found.master)
        wait(lambda: len(found.workers()) == WORKERS)
        yield found


@pytest.fixture(scope="session")
def session(cluster: Cluster) -> Iterator[Any]:
    from wuju.engine.spark import join

    made = join(cluster.master, QUICK)
    yield made
    made.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def start(running: ExitStack, folder: Path, role: str, *arguments: str) -> None:
    """Start one process of the cluster, bound to loopback, to be stopped when the stack is left."""
    import pyspark

    folder.mkdir()
    home = Path(pyspark.__file__).parent
    places = {"SPARK_LOCAL_DIRS": folder, "SPARK_WORKER_DIR": folder, "SPARK_HOME": home}
    java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    environment = {
        **os.environ,
        **{name: str(place) for name, place in places.items()},
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "300m",
        "SPARK_DAEMON_JAVA_OPTS": java,
    }
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.{role}", "--host", HOST]
    log = running.enter_context((folder / "log.txt").open("w"))
    process = subprocess.Popen(
        [*command, *arguments], env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT
    )
    running.callback(stop, process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and its executors with it; after ten seconds make it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait(ready: Any) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if ready():
                return
        except OSError:
            pass
        assert time.monotonic() < until, "the cluster did not start"
        time.sleep(0.2)
