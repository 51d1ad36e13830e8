"""A browser, and a server for it: imported by the files marked `browser`."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

__all__ = ["browser", "live_server"]

# Playwright's own loop is seen by Django as a running one; nothing here is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

QUIET = (
    "--no-sandbox", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("没有 chromium，浏览器测试跳过。")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield chromium
        chromium.close()
        for connection in connections.all(initialized_only=True):
            # Django never closes a database in memory; beside a running loop this is a second
            # connection to it, and would be complained of when the run ends.
            BaseDatabaseWrapper.close(connection)


@pytest.fixture(scope="module")
def live_server(browser: Browser) -> Iterator[LiveServer]:
    """Serve the test database. Started after it exists, so that all threads share one connection."""
    server = LiveServer("localhost")
    yield server
    server.stop()
