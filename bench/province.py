"""One write in a database fifteen times as large: the district copied beside itself, under a province.

Every copy has its own organizations, people, records and standings, all under one more level
of the tree. What a write costs must follow the records it touches, not those around it.
"""

import random
import statistics
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bench.grounds import Ground, living_branches
from bench.measure import Line, Watch
from bench.writes import record

COPIES = 14
_STEP = 10_000_000  # between the keys of two copies
_TABLES = (
    "org_organization", "org_profile", "org_parentage", "org_seat", "org_term", "org_succession",
    "people_member", "people_membership", "people_roster", "meetings_meeting",
    "meetings_attendanceexception", "meetings_resolution", "meetings_topic", "study_course",
    "study_coursehours", "standings_feed", "standings_standing", "standings_rollupline",
)  # fmt: skip
_UNIQUE = frozenset({"code", "id_index", "row_key"})  # texts no two rows may share


def bench(ground: Ground) -> Iterator[Line]:
    from wuju.kit.actors import OrgScope

    with ground.scratch():
        small = _spent(ground, first=50_000)
        yield Line("one write in the district, warm", "ms", small)
        orgs = enlarge(COPIES)
        everywhere = OrgScope(roots=tuple(f"{1 + no:04d}" for no in range(COPIES + 1)))
        wide = replace(
            ground,
            branches=living_branches(ground.today),
            actor=replace(ground.actor, scope=everywhere),
        )
        large = _spent(wide, first=60_000)
        yield Line(f"one write among {orgs:,} organizations, warm", "ms", large, 20)
        ratio = statistics.median(large) / statistics.median(small)
        yield Line("province / district, one write", "times", [ratio], 1.5)


def _spent(ground: Ground, *, first: int) -> list[float]:
    """Return the milliseconds of each write after some that warm the caches up."""
    watch, rng = Watch(), random.Random(first)
    chosen = replace(ground, branches=rng.sample(ground.branches, k=min(40, len(ground.branches))))
    for n in range(first, first + 80):
        record(chosen, n)
    for n in range(first + 80, first + 80 + ground.sizes.writes):
        with watch:
            record(chosen, n)
    return watch.samples("ms")


def enlarge(copies: int) -> int:
    """Copy the district so many times under a province; return how many organizations there are."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for table in _TABLES:
            names, values = _columns(cursor, table)
            for no in range(1, copies + 1):
                chosen = ", ".join(value.format(step=no * _STEP, no=no) for value in values)
                cursor.execute(
                    f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} WHERE id < {_STEP}"
                )
        _put_under_a_province()
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        cursor.execute("SELECT count(*) FROM org_organization")
        return int(cursor.fetchone()[0])


def _columns(cursor: Any, table: str) -> tuple[str, list[str]]:
    """Return the column names of a table, and how each becomes another one's."""
    cursor.execute(f"PRAGMA foreign_key_list({table})")
    moved = {row[3] for row in cursor.fetchall() if row[2] in _TABLES} | {"id"}
    cursor.execute(f"PRAGMA table_info({table})")
    names = [row[1] for row in cursor.fetchall()]
    values = []
    for name in names:
        if name in moved:
            values.append(f'"{name}" + {{step}}')
        elif name == "path":
            values.append("printf('%04d', 1 + {no}) || substr(path, 5)")
        elif name in _UNIQUE:
            values.append(f"coalesce(nullif(\"{name}\", '') || '@{{no}}', '')")
        else:
            values.append(f'"{name}"')
    return ", ".join(f'"{name}"' for name in names), values


def _put_under_a_province() -> None:
    from wuju.org.models import Organization, Parentage

    top = Organization.objects.get(path="0001")
    roots = list(Organization.objects.filter(path__in=[f"{1 + n:04d}" for n in range(COPIES + 1)]))
    province = Organization.objects.create(
        code="省", path="0900", name="示例省委", short_name="示例省委", kind=top.kind,
        field=top.field, established_on=top.established_on,
    )  # fmt: skip
    for root in roots:
        Parentage.objects.create(
            organization=root, parent=province, from_on=top.established_on, until_on=None
        )
