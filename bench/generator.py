"""A year of records of a district or a province, invented: one table a kind of record, nothing folded.

Written by DuckDB to Parquet. Every value is a hash of a key and a purpose, so the same
scale gives the same rows on any machine and any number of threads. Attendance is a row a
person and a meeting, training and dues know only their member: whoever wants the
organization or the day must join. That is what the ratios of `bench/wide.py` are
measured on; the product's own facts are folded when they are written.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

FIRST = "DATE '2025-01-01'"
SINCE = "DATE '2000-01-01'"
"""When every organization was founded and every feed began."""
ROW_GROUP = 1 << 20


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the tree: its kind, and how many of them stand under one of the level above."""

    kind: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Scale:
    """How large: the root, the levels below it, and members of a branch in the mean."""

    name: str
    root: str
    levels: tuple[Level, ...]
    members: int


_LOW = (Level("township", 13, 17), Level("village", 10, 12), Level("branch", 2, 4))
TINY = Scale("tiny", "county", (Level("township", 2, 2), Level("village", 2, 3), _LOW[2]), 12)
DISTRICT = Scale(
    "district", "county", (Level("township", 20, 20), Level("village", 16, 17), _LOW[2]), 30
)
PROVINCE = Scale(
    "province", "province", (Level("city", 20, 20), Level("county", 8, 10), *_LOW), 21
)
QUARTER = Scale("quarter", "province", (Level("city", 5, 5), *PROVINCE.levels[1:]), 21)
"""A quarter of a province, for databases that would need days and a disk for all of it."""
SCALES = {scale.name: scale for scale in (TINY, DISTRICT, QUARTER, PROVINCE)}

FACTS = (
    "member", "activity", "attendance", "training", "dues", "finding", "income", "cadre", "doc",
    "attest",
)  # fmt: skip
STRUCTURE = ("org", "life", "lineage", "feed", "waiver", "closure")
FED = (
    "member", "activity", "attendance", "training", "dues", "finding", "income", "cadre",
    "document", "attestation",
)  # fmt: skip
"""Names of the facts in `bench/twelve/catalog.yaml`."""


def generate(scale: Scale, where: Path, *, threads: int = 2) -> dict[str, int]:
    """Write every table to `where/<table>/part-0.parquet` and return how many rows each has."""
    import duckdb

    counted = {}
    with duckdb.connect(":memory:") as db:
        db.execute(f"SET threads = {threads}")
        db.execute("SET enable_progress_bar = false")
        for macro in _macros():
            db.execute(macro)
        _tree(db, scale)
        _people(db, scale)
        for table, select in _tables():
            folder = where / table
            folder.mkdir(parents=True, exist_ok=True)
            db.execute(
                f"COPY ({select}) TO '{folder / 'part-0.parquet'}'"
                f" (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP})"
            )
            counted[table] = _rows(db, folder)
    return counted


def _rows(db: "duckdb.DuckDBPyConnection", folder: Path) -> int:
    found = db.execute(f"SELECT count(*) FROM '{folder}/*.parquet'").fetchone()
    return int(found[0]) if found else 0


# ---------------------------------------------------------------- chance
def _macros() -> Iterator[str]:
    """Chance as a function of a key and a purpose."""
    yield "CREATE MACRO u(id, purpose) AS (hash(id, purpose) >> 11)::DOUBLE / 9007199254740992"
    yield "CREATE MACRO pick(id, purpose, n) AS (hash(id, purpose) % n)::BIGINT"
    yield (
        "CREATE MACRO bell(id, purpose) AS"
        " sqrt(-2 * ln(1 - u(id, purpose))) * cos(2 * pi() * u(id, purpose || ' turned'))"
    )
    yield "CREATE MACRO drawn(chance, steps) AS len(list_filter(steps, lambda x: x <= chance))"
    yield f"CREATE MACRO day(n) AS {FIRST} + CAST(n AS INTEGER)"


def poisson_steps(mean: float) -> list[float]:
    """Return P(X ≤ 0), P(X ≤ 1), … until almost one."""
    term = total = math.exp(-mean)
    steps = [total]
    while total < 1 - 1e-9:
        term *= mean / len(steps)
        total += term
        steps.append(total)
    return steps


def beta_quantiles(a: float, b: float, how_many: int = 1000) -> list[float]:
    """Return the middle of each of `how_many` slices of equal probability, by adding up the density."""
    fine = 20 * how_many
    density = [
        ((n + 0.5) / fine) ** (a - 1) * (1 - (n + 0.5) / fine) ** (b - 1) for n in range(fine)
    ]
    found: list[float] = []
    whole, total = sum(density), 0.0
    for n, part in enumerate(density):
        total += part / whole
        while len(found) < how_many and total >= (len(found) + 0.5) / how_many:
            found.append((n + 0.5) / fine)
    return found


# ---------------------------------------------------------------- organizations and people
def _tree(db: "duckdb.DuckDBPyConnection", scale: Scale) -> None:
    """Number the organizations level by level; the children of one stand together."""
    db.execute(
        f"CREATE TABLE org AS SELECT 1::BIGINT AS org_id, NULL::BIGINT AS parent_id, 0 AS level, '{scale.root}' AS kind"
    )
    for depth, level in enumerate(scale.levels, 1):
        spread = level.most - level.least + 1
        children = f"range({level.least} + pick(org_id, 'children', {spread}))"
        db.execute(
            "INSERT INTO org SELECT (SELECT max(org_id) FROM org) + row_number() OVER (ORDER BY org_id, n),"
            f" org_id, {depth}, '{level.kind}'"
            f" FROM (SELECT org_id, unnest({children}) AS n FROM org WHERE level = {depth - 1})"
        )
    db.execute(
        "CREATE TABLE above AS SELECT org_id AS ancestor_id, org_id AS descendant_id FROM org"
    )
    for depth in range(1, len(scale.levels) + 1):
        db.execute(
            "INSERT INTO above SELECT a.ancestor_id, o.org_id FROM org AS o"
            f" JOIN above AS a ON a.descendant_id = o.parent_id WHERE o.level = {depth}"
        )


def _people(db: "duckdb.DuckDBPyConnection", scale: Scale) -> None:
    """Give each branch its diligence and members, each village its income a month."""
    quantiles = beta_quantiles(5, 1.5)
    db.execute(
        "CREATE TABLE branch AS SELECT *, (sum(members) OVER (ORDER BY org_id))::BIGINT - members + 1 AS first_member FROM ("
        f" SELECT org_id, ({quantiles})[1 + pick(org_id, 'diligence', {len(quantiles)})] AS diligence,"
        f" greatest(5, drawn(u(org_id, 'members'), {poisson_steps(scale.members)}))::BIGINT AS members"
        " FROM org WHERE kind = 'branch')"
    )
    db.execute(
        "CREATE TABLE village AS SELECT org_id, exp(ln(1e6) + 0.5 * bell(org_id, 'income')) AS rate"
        " FROM org WHERE kind = 'village'"
    )
    db.execute(
        "CREATE TABLE person AS SELECT first_member + n AS member_id, org_id, diligence FROM"
        " (SELECT org_id, first_member, diligence, unnest(range(members)) AS n FROM branch)"
    )
    _meetings(db)


_SLOTS = (
    *(("theme_day", month) for month in range(12)),
    *(("committee_meeting", month) for month in range(12)),
    *(("group_meeting", month) for month in range(12)),
    *(("group_meeting_again", month) for month in range(12)),
    *(("member_congress", quarter * 3 + 2) for quarter in range(4)),
    *(("lecture", quarter * 3 + 1) for quarter in range(4)),
    ("org_life", 5), ("org_life", 11), ("democratic_review", 11), ("volunteer_service", 6),
)  # fmt: skip


def _meetings(db: "duckdb.DuckDBPyConnection") -> None:
    """Hold (or only plan, or forget) every meeting of the year, numbered by date, with who was invited."""
    slots = ", ".join(f"({no}, '{kind}', {month})" for no, (kind, month) in enumerate(_SLOTS))
    db.execute(
        "CREATE TABLE meeting AS SELECT row_number() OVER (ORDER BY held_on, org_id, slot) AS activity_id, *"
        " FROM (SELECT b.org_id, s.slot, replace(s.kind, '_again', '') AS kind,"
        " CASE WHEN u(key, 'held') < 0.72 + 0.28 * diligence THEN 'held' ELSE 'planned' END AS status,"
        " (DATE '2025-01-01' + to_months(s.month))::DATE + pick(key, 'day', 28)::INTEGER AS held_on, diligence, members, first_member"
        " FROM (SELECT *, unnest(range(64)) AS slot, org_id * 64 + unnest(range(64)) AS key FROM branch) AS b"
        f" JOIN (VALUES {slots}) AS s(slot, kind, month) ON s.slot = b.slot"
        " WHERE u(key, 'held') < 0.75 + 0.28 * diligence)"
    )
    invited = (
        "CASE WHEN status <> 'held' THEN 0 WHEN kind = 'committee_meeting' THEN least(5, members)"
        " WHEN kind = 'group_meeting' THEN members // 2 ELSE members END"
    )
    db.execute(
        "CREATE TABLE invited AS SELECT *, (sum(how_many) OVER (ORDER BY activity_id))::BIGINT - how_many + 1 AS first_id"
        f" FROM (SELECT activity_id, {invited} AS how_many, first_member, 0.80 + 0.17 * diligence AS present"
        " FROM meeting)"
    )


# ---------------------------------------------------------------- tables
def _tables() -> Iterator[tuple[str, str]]:
    yield from _structure()
    yield from _gatherings()
    yield from _of_members()
    yield from _of_branches()
    yield from _of_villages()


def _structure() -> Iterator[tuple[str, str]]:
    """What the engine reads besides facts: nobody merged, nobody is excused, every feed runs."""
    yield (
        "org",
        f"SELECT org_id AS org_row_id, org_id, kind, {SINCE} AS from_on FROM org ORDER BY org_id",
    )
    yield (
        "life",
        f"SELECT org_id, {SINCE} AS established_on, NULL::DATE AS dissolved_on FROM org ORDER BY org_id",
    )
    yield "lineage", "SELECT org_id, org_id AS owner_id FROM org ORDER BY org_id"
    facts = ", ".join(f"('{fact}')" for fact in FED)
    yield (
        "feed",
        f"SELECT org_id, fact, {SINCE} AS starts_on FROM org, (VALUES {facts}) AS f(fact) ORDER BY fact, org_id",
    )
    yield (
        "waiver",
        "SELECT NULL::BIGINT AS org_id, NULL::VARCHAR AS item, NULL::DATE AS from_on, NULL::DATE AS until_on LIMIT 0",
    )
    yield (
        "closure",
        (
            f"SELECT ancestor_id, descendant_id, {SINCE} AS from_on, NULL::DATE AS until_on FROM above"
            " ORDER BY descendant_id, ancestor_id"
        ),
    )


def _gatherings() -> Iterator[tuple[str, str]]:
    yield (
        "activity",
        (
            "SELECT activity_id, org_id, kind, status, held_on, 30 + pick(activity_id, 'minutes', 150) AS minutes"
            " FROM meeting ORDER BY activity_id"
        ),
    )
    chance = "u(attendance_id, 'present')"
    yield (
        "attendance",
        (
            "SELECT attendance_id, activity_id, member_id,"
            f" CASE WHEN {chance} < present THEN 1 WHEN {chance} < present + 0.04 THEN 2 ELSE 0 END::SMALLINT AS status"
            " FROM (SELECT first_id + n AS attendance_id, activity_id, first_member + n AS member_id, present"
            " FROM (SELECT *, unnest(range(how_many)) AS n FROM invited)) ORDER BY attendance_id"
        ),
    )


def _of_members() -> Iterator[tuple[str, str]]:
    yield (
        "member",
        (
            "SELECT member_id, org_id, CASE WHEN u(member_id, 'left') < 0.02 THEN 'left' ELSE 'active' END AS status,"
            " day(pick(member_id, 'joined', 15330) - 15000) AS joined_on FROM person ORDER BY member_id"
        ),
    )
    courses = f"unnest(range(drawn(u(member_id, 'courses'), {poisson_steps(6)})))"
    yield (
        "training",
        (
            "SELECT row_number() OVER (ORDER BY n, key) AS training_id, member_id, day(n) AS held_on,"
            " [20, 40, 60, 80, 120][1 + pick(key, 'hours', 5)]::BIGINT AS hours10, u(key, 'verified') < 0.97 AS verified"
            " FROM (SELECT member_id, key, pick(key, 'course day', 365) AS n FROM"
            f" (SELECT member_id, member_id * 64 + {courses} AS key FROM person)) ORDER BY training_id"
        ),
    )
    late = "u(key, 'late')"
    paid = f"{late} >= 0.06 - 0.05 * diligence"
    yield (
        "dues",
        (
            "SELECT row_number() OVER (ORDER BY key) AS dues_id, member_id, month, due_cents,"
            f" CASE WHEN {paid} THEN due_cents ELSE 0 END AS paid_cents,"
            f" CASE WHEN {paid} THEN month + (pick(key, 'paid', 27) + CASE WHEN {late} > 0.97 THEN 35 ELSE 0 END)::INTEGER END AS paid_on"
            " FROM (SELECT member_id, diligence, m * 1000000000 + member_id AS key,"
            " (DATE '2025-01-01' + to_months(m::INTEGER))::DATE AS month,"
            " [20, 200, 500, 1000, 1500, 3000][1 + pick(member_id, 'dues', 6)]::BIGINT AS due_cents"
            " FROM person, (SELECT unnest(range(12)) AS m)) ORDER BY key"
        ),
    )


def _of_branches() -> Iterator[tuple[str, str]]:
    raised = f"unnest(range(drawn(u(org_id, 'findings'), {poisson_steps(3)})))"
    yield (
        "finding",
        (
            "SELECT row_number() OVER (ORDER BY n, key) AS finding_id, org_id, day(n) AS opened_on,"
            " day(n + [15, 30, 60][1 + pick(key, 'limit', 3)]) AS due_on,"
            " CASE WHEN u(key, 'open') >= 0.08 THEN day(n + 5 + pick(key, 'closed', 45)) END AS closed_on"
            " FROM (SELECT org_id, key, pick(key, 'found', 360) AS n FROM"
            f" (SELECT org_id, org_id * 64 + {raised} AS key FROM branch)) ORDER BY finding_id"
        ),
    )
    kinds = "['plan', 'roster', 'ledger', 'minutes', 'review', 'summary', 'photo', 'other']"
    yield (
        "doc",
        (
            f"SELECT row_number() OVER (ORDER BY n, key) AS doc_id, org_id, {kinds}[1 + key % 8] AS kind, day(n) AS submitted_on"
            " FROM (SELECT org_id, key, 181 * (key // 8 % 2) + pick(key, 'filed', 180) AS n FROM"
            " (SELECT org_id, diligence, org_id * 16 + unnest(range(16)) AS key FROM branch)"
            " WHERE u(key, 'kept') < CASE WHEN key % 8 < 6 THEN 0.9 + 0.1 * diligence ELSE 0.3 END) ORDER BY doc_id"
        ),
    )
    times = "[0, 1, 1, 1, 1, 1, 1, 2][1 + pick(org_id, 'graded', 8)]"
    yield (
        "attest",
        (
            "SELECT row_number() OVER (ORDER BY n, key) AS attest_id, org_id, 'review' AS item, day(n) AS graded_on,"
            " greatest(0, least(100, trunc(84 + 8 * bell(key, 'grade'))))::BIGINT AS grade"
            " FROM (SELECT org_id, key, 150 + pick(key, 'grading', 190) AS n FROM"
            f" (SELECT org_id, org_id * 2 + unnest(range({times})) AS key FROM branch)) ORDER BY attest_id"
        ),
    )


def _of_villages() -> Iterator[tuple[str, str]]:
    """Income is reported month by month as a running total, sometimes not at all, sometimes twice."""
    reports = "SELECT org_id, rate, unnest(range(24)) AS report FROM village"
    yield (
        "income",
        (
            "SELECT row_number() OVER (ORDER BY reported_on, key) AS income_id, org_id, reported_on,"
            " (rate * (m + 1) * (0.9 + 0.2 * u(key, 'amount')))::BIGINT AS amount_cents FROM"
            " (SELECT org_id, rate, m, key, (DATE '2025-01-01' + to_months(m::INTEGER))::DATE + (20 + pick(key, 'reported', 8))::INTEGER AS reported_on"
            f" FROM (SELECT *, report % 12 AS m, report // 12 AS again, org_id * 24 + report AS key FROM ({reports}))"
            " WHERE u(org_id * 12 + m, 'reports') < 0.93 AND (again = 0 OR u(org_id * 12 + m, 'again') < 0.05))"
            " ORDER BY income_id"
        ),
    )
    yield (
        "cadre",
        (
            "SELECT row_number() OVER (ORDER BY key) AS cadre_id, org_id, day(n) AS since_on,"
            " CASE WHEN u(key, 'gone') < 0.3 THEN day(n + 100 + pick(key, 'stayed', 1400)) END AS until_on"
            " FROM (SELECT org_id, key, pick(key, 'since', 1230) - 900 AS n FROM"
            " (SELECT org_id, org_id * 8 + unnest(range(pick(org_id, 'reserve', 6))) AS key FROM village))"
            " ORDER BY cadre_id"
        ),
    )
