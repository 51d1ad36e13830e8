"""The same year with what the product folds when a record is written: a meeting knows who came, dues know the organization.

Attendance is two counters at its meeting, and a row of dues carries the organization and the
status its member had. Training stays as it was: what a person has is asked by person. Numbers and
verdicts are those of the unfolded records; only the evidence of attendance is meetings.
"""

from dataclasses import replace
from pathlib import Path

from bench import generator, twelve
from wuju.engine.rules import Rules
from wuju.kit.facts import Catalog, Column

RATIO = "attendance_ratio"
VIEWS = twelve.VIEWS | {
    "attendance": (
        "SELECT activity_id AS attendance_id, org_id, held_on, present, asked, kind AS activity_kind,"
        " status AS activity_status FROM t_attendance"
    ),
    "dues": "SELECT * FROM t_dues",
}
_FOLDED = {
    "attendance": (
        "SELECT a.activity_id, a.org_id, a.held_on, a.kind, a.status, coalesce(t.present, 0) AS present,"
        " coalesce(t.asked, 0) AS asked FROM '{0}/activity/*.parquet' AS a"
        " JOIN (SELECT activity_id, count(*) FILTER (WHERE status = 1) AS present,"
        " count(*) FILTER (WHERE status <> 2) AS asked FROM '{0}/attendance/*.parquet' GROUP BY activity_id) AS t"
        " ON t.activity_id = a.activity_id ORDER BY a.activity_id"
    ),
    "dues": (
        "SELECT d.dues_id, m.org_id, d.month, m.status AS member_status, d.due_cents, d.paid_cents, d.paid_on"
        " FROM '{0}/dues/*.parquet' AS d JOIN '{0}/member/*.parquet' AS m ON m.member_id = d.member_id ORDER BY d.dues_id"
    ),
}


def fold(where: Path, to: Path) -> dict[str, Path]:
    """Write what is folded under `to` and return the folder of every table."""
    import duckdb

    folders = {name: where / name for name in (*generator.FACTS, *generator.STRUCTURE)}
    for name, select in _FOLDED.items():
        folders[name] = to / name
        folders[name].mkdir(parents=True, exist_ok=True)
        file = folders[name] / "part-0.parquet"
        duckdb.execute(
            f"COPY ({select.format(where)}) TO '{file}' (ROW_GROUP_SIZE {generator.ROW_GROUP})"
        )
    return folders


def catalog() -> Catalog:
    found = twelve.catalog()
    counters = {name: Column(name=name, type="int") for name in ("present", "asked")}
    attendance = found["attendance"]
    return found | {"attendance": replace(attendance, columns=attendance.columns | counters)}


def rules() -> Rules:
    """Return the twelve items; attendance adds up counters instead of rows."""
    found = twelve.rules()
    items = tuple(
        item.model_validate(
            {**item.model_dump(), "numerator": {"sum": "present"}, "denominator": {"sum": "asked"}}
        )
        if item.code == RATIO
        else item
        for item in found.items
    )
    return replace(found, items=items, digest="bench-folded")
