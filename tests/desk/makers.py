"""What the tests of the desk share: workbooks as people really send them, and plain ways to import them."""

import datetime as dt
import io
import json
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.db import connection

from tests.conftest import NOW
from wuju.desk import actions, queries
from wuju.desk.models import Batch
from wuju.kit.actors import Actor
from wuju.kit.identifiers import check_digit
from wuju.people.models import Member, Membership

AS_OF = {"as_of": "2026-10-31"}
ROSTER = ("组织代码", "姓名", "公民身份号码", "性别", "出生日期", "人员类别", "手机号码")


def id_number(born: str, serial: int) -> str:
    """Return a valid number of a region that does not exist; odd serials are men's."""
    body = f"990101{born}{serial:03d}"
    return body + check_digit(body)


def workbook(*rows: Sequence[object], merge: tuple[int, int, int, int] | None = None) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_numbers": False})
    sheet = book.add_worksheet("名册")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows):
        for index, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(line, index, cell, day)
            elif cell is not None:
                sheet.write(line, index, cell)
    if merge:
        sheet.merge_range(*merge, rows[merge[0]][merge[1]])
    book.close()
    return target.getvalue()


def roster(*rows: Sequence[object]) -> bytes:
    return workbook(ROSTER, *rows)


def stage(content: bytes, actor: Actor, *, kind: str = "members", **options: str) -> Batch:
    return actions.stage_upload(
        kind=kind,
        content=content,
        filename="花名册.xlsx",
        options=(AS_OF if kind == "members" else {}) | options,
        actor=actor,
        at=NOW,
    )


def land(content: bytes, actor: Actor, *, kind: str = "members", **options: str) -> Batch:
    batch = stage(content, actor, kind=kind, **options)
    return actions.land_batch(batch_id=batch.pk, actor=actor, at=NOW)


def rows_of(batch: Batch, actor: Actor) -> dict[int, queries.RowView]:
    page = queries.preview(scope=actor.scope, batch_id=batch.pk, size=1000)
    return {row.number: row for row in page.rows}


def counts(batch: Batch) -> dict[str, int]:
    return {
        state: count
        for state in ("new", "update", "same", "error", "ask")
        if (count := getattr(batch, f"rows_{state}"))
    }


def cell(row: queries.RowView, column: str) -> queries.CellView:
    return next(cell for cell in row.cells if cell.column == column)


def dump(*models: Any) -> str:
    """Return every column of every row, to compare a table with itself."""
    return json.dumps([list(m.objects.order_by("pk").values()) for m in models], default=str)


def people() -> str:
    return dump(Member, Membership)


def raw_bytes(*tables: str) -> str:
    """Return what a thief of the database file reads."""
    text = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            text += [repr(tuple(line)) for line in cursor.fetchall()]
    return "\n".join(text)
