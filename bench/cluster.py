"""A Spark cluster on loopback: a master and worker processes, stopped by their own number."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 180
"""Seconds; several suites may share two processors."""
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Options of Java under which short runs start sooner."""


@dataclass(frozen=True)
class Cluster:
    """Where the master listens, and where it tells who works."""

    master: str
    status: str

    def workers(self) -> list[dict[str, Any]]:
        """Return the living worker processes as the master sees them."""
        with urllib.request.urlopen(f"{self.status}/json/", timeout=10) as answer:
            every: list[dict[str, Any]] = json.load(answer)["workers"]
        return [worker for worker in every if worker["state"] == "ALIVE"]


@contextmanager
def cluster(folder: Path, *, workers: int, memory: str, java: str = "") -> Iterator[Cluster]:
    """Run a master and workers of one core each; their logs and scratch files lie in `folder`."""
    port, web = free_port(), free_port()
    found = Cluster(f"spark://{HOST}:{port}", f"http://{HOST}:{web}")
    with ExitStack() as running:
        listening = ["--port", str(port), "--webui-port", str(web)]
        start(running, folder / "master", java, "deploy.master.Master", *listening)
        wait(lambda: found.workers() == [])
        for number in range(workers):
            each = ["--cores", "1", "--memory", memory, "--webui-port", str(free_port())]
            where = folder / f"worker-{number}"
            start(running, where, java, "deploy.worker.Worker", *each, found.master)
        wait(lambda: len(found.workers()) == workers)
        yield found


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def start(running: ExitStack, folder: Path, java: str, role: str, *arguments: str) -> None:
    """Start one process of the cluster, bound to loopback, to be stopped when the stack is left."""
    import pyspark

    folder.mkdir(parents=True)
    home = Path(pyspark.__file__).parent
    places = {"SPARK_LOCAL_DIRS": folder, "SPARK_WORKER_DIR": folder, "SPARK_HOME": home}
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


def wait(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if ready():
                return
        except OSError:
            pass
        if time.monotonic() > until:
            raise TimeoutError("the cluster did not start")
        time.sleep(0.2)
