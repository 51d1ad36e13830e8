"""`wuju work`: does what takes too long for a page, one thing after the other, until it is stopped."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

LOOK = 1.0  # seconds between two looks for work: one small query
LONGEST = 60.0  # seconds to wait after several failures in a row


def work(
    once: Annotated[bool, typer.Option("--once", help="做完眼前的就结束")] = False,
) -> None:
    """在后台重新计算（大批变更、组织调整、换规则包、过零点之后）；wuju serve 会自行启动，不必另开。"""
    from wuju.cli.session import now, ready

    ready()
    from wuju.standings.actions import work_off

    if once:
        typer.echo(f"已完成 {work_off(clock=now)} 次全量评判。")
        return
    _until_orphaned()


def _until_orphaned() -> None:
    """Work until stopped, or until the server that started this process is gone."""
    import logging

    from django.db import close_old_connections

    from wuju.cli.session import now
    from wuju.standings.actions import work_off

    log, parent, failures = logging.getLogger(__name__), os.getppid(), 0
    while os.getppid() == parent:
        close_old_connections()
        try:
            work_off(clock=now)
            failures = 0
        except Exception:
            # What failed stays asked for and is tried again; the page of progress says so.
            log.exception("the wide run failed")
            failures += 1
        time.sleep(min(LOOK * 2**failures, LONGEST))


@contextmanager
def beside() -> Iterator[None]:
    """Keep a worker process running as long as the block does."""
    leaving = threading.Event()
    keeper = threading.Thread(target=_keep, args=(leaving,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join(10)


def _keep(leaving: threading.Event) -> None:
    """Start the worker again whenever it dies."""
    while not leaving.is_set():
        worker = subprocess.Popen(
            [sys.executable, "-c", "from wuju.cli import main; main()", "work"]
        )
        while worker.poll() is None and not leaving.wait(0.5):
            pass
        worker.terminate()
        worker.wait()
        leaving.wait(LOOK)
