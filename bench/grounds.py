"""What the benches stand on: a judged district, its people, and how to put the database back."""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from wuju.kit.actors import Actor

type Branch = tuple[int, str, dt.date]  # id, code, established on


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured, and how often."""

    import_rows: int = 10_000
    findings: int = 20_000
    writes: int = 200
    deep: int = 20_000  # rows before the deep page of meetings
    runs: int = 3  # of what takes seconds
    requests: int = 15  # of what takes milliseconds


SMALL = Sizes(import_rows=20, findings=30, writes=3, deep=5, runs=1, requests=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """A judged district.

    `accounts` are {role: username}. Changes made inside `scratch()` are gone after it.
    """

    at: dt.datetime
    actor: "Actor"
    branches: list[Branch]
    accounts: dict[str, str]
    sizes: Sizes
    scratch: Callable[[], AbstractContextManager[None]]

    @property
    def today(self) -> dt.date:
        return self.at.date()

    def client(self, role: str) -> "Client":
        """Return a signed-in browser without a browser."""
        from django.test import Client

        from wuju.access.models import User

        client = Client()
        client.force_login(
            User.objects.get(username=self.accounts[role]),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client


def living_branches(today: dt.date) -> list[Branch]:
    """Return branches with members that are as old as this year."""
    from wuju.org.models import Organization
    from wuju.people.models import Membership

    peopled = Membership.objects.filter(until_on=None).values("organization_id")
    rows = Organization.objects.filter(
        pk__in=peopled, dissolved_on=None, established_on__lt=today.replace(month=1, day=1)
    )
    return list(rows.order_by("path").values_list("id", "code", "established_on"))


def demo_ground(home: Path, sizes: Sizes) -> Ground:
    """Stand on the demo in `home`, which `wuju demo` has built."""
    os.environ["WUJU_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "wuju.config.settings"
    import django

    django.setup()
    from django.utils import timezone

    from wuju.flows.demo.build import ACCOUNTS
    from wuju.kit.actors import system_actor
    from wuju.standings.actions import ensure_day

    at = timezone.localtime()
    ensure_day(today=at.date())
    accounts: dict[str, str] = {}
    for account in ACCOUNTS:
        accounts.setdefault(account.role, account.username)
    return Ground(
        at=at,
        actor=system_actor("性能测量", because="the bench works in a demo home"),
        branches=living_branches(at.date()),
        accounts=accounts,
        sizes=sizes,
        scratch=lambda: _copied(home / "wuju.sqlite3"),
    )


@contextmanager
def _copied(database: Path) -> Iterator[None]:
    """Keep a copy of the database aside and put it back."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    aside = database.with_suffix(".aside")
    shutil.copyfile(database, aside)
    try:
        yield
    finally:
        connection.close()
        for stale in database.parent.glob(database.name + "-*"):
            stale.unlink()
        aside.replace(database)
