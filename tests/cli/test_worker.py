"""`wuju serve` keeps a worker beside the server, and no page judges the district itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from wuju.cli import homes, work


def test_the_server_knows_that_workers_judge(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from contextlib import nullcontext

    import granian

    seen: list[tuple[bool, str | None]] = []

    class Server:
        def __init__(self, *_: object, **__: object) -> None: ...

        def serve(self) -> None:
            seen.append((settings.WUJU_WORKERS, os.environ.get("WUJU_WORKERS")))

    monkeypatch.setattr(granian, "Granian", Server)
    monkeypatch.setattr(work, "beside", nullcontext)
    monkeypatch.setenv("WUJU_WORKERS", "0")
    settings.WUJU_WORKERS = False

    homes._serve("127.0.0.1", 1, 1)

    assert seen == [(True, "1")]


def test_a_worker_that_dies_is_started_again_and_ends_with_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[int] = []
    popen = subprocess.Popen

    def stand_in(_command: list[str]) -> Any:
        process = popen([sys.executable, "-c", "import time; time.sleep(60)"])
        started.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", stand_in)
    monkeypatch.setattr(work, "LOOK", 0.05)

    with work.beside():
        wait_until(lambda: len(started) == 1)
        os.kill(started[0], signal.SIGKILL)
        wait_until(lambda: len(started) == 2)

    assert [alive(pid) for pid in started] == [False, False]


def wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(200):
        if happened():
            return
        time.sleep(0.05)
    pytest.fail("it never happened")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
