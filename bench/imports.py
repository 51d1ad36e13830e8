"""Workbooks as people send them, from the file to rows on record with their before and after."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from unittest import mock

from bench.grounds import Ground
from bench.measure import Line, Watch

MEETINGS = ("组织代码", "会议类型", "日期", "主题", "主持人", "应到", "实到", "请假", "编号")
MEMBERS = ("组织代码", "姓名", "公民身份号码", "性别", "出生日期", "人员类别", "手机号码")


@dataclass(slots=True)
class _Spent:
    preview: Watch = field(default_factory=Watch)
    landing: list[float] = field(default_factory=list)
    wide: Watch = field(default_factory=Watch)


def bench(ground: Ground) -> Iterator[Line]:
    how_many = ground.sizes.import_rows
    books: tuple[tuple[str, str, bytes, dict[str, str]], ...] = (
        ("meetings", "meetings", meetings_book(ground, how_many), {}),
        ("a roster", "members", roster_book(ground, how_many), {"as_of": f"{ground.today}"}),
    )
    for title, kind, book, options in books:
        spent = _Spent()
        for _ in range(ground.sizes.runs):
            with ground.scratch():
                _import(ground, kind, book, options, spent)
        rows = f"{how_many:,} rows of {title}"
        yield Line(f"preview .xlsx of {rows}", "s", spent.preview.samples("s"), 5)
        rates = [how_many / seconds for seconds in spent.landing]
        yield Line(f"land {rows}", "rows/s", rates, 1500, more_is_better=True)
        if spent.wide.spent:
            yield Line(f"wide run after {rows}", "s", spent.wide.samples("s"))


def _import(
    ground: Ground, kind: str, book: bytes, options: dict[str, str], spent: _Spent
) -> None:
    """Stage and land one file; the wide run that follows the commit is timed apart."""
    from wuju.desk import actions as desk
    from wuju.standings.actions import wide

    actor, at = ground.actor, ground.at
    with spent.preview:
        batch = desk.stage_upload(
            kind=kind, content=book, filename="bench.xlsx", options=options, actor=actor, at=at
        )
    assert batch.rows_new == ground.sizes.import_rows, f"{kind}: only {batch.rows_new} rows new"
    before, whole, ensure_day = len(spent.wide.spent), Watch(), wide.ensure_day

    def timed(*, today: dt.date) -> bool:
        with spent.wide:
            return ensure_day(today=today)

    with mock.patch.object(wide, "ensure_day", timed), whole:
        desk.land_batch(batch_id=batch.pk, actor=actor, at=at)
    spent.landing.append(whole.spent[0] - sum(spent.wide.spent[before:]))


def meetings_book(ground: Ground, how_many: int) -> bytes:
    first = ground.today.replace(month=1, day=1)
    days = max(1, (ground.today - first).days)
    return workbook(
        MEETINGS,
        [
            (
                ground.branches[n % len(ground.branches)][1],
                ("支部党员大会", "党课", "主题党日")[n % 3],
                first + dt.timedelta(days=n % days),
                "学习党章党规党纪",
                "赵甲",
                20,
                20 - n % 3,
                n % 3,
                f"台账{n:05d}",
            )
            for n in range(how_many)
        ],
    )


def roster_book(ground: Ground, how_many: int) -> bytes:
    """Return people who do not exist, in a region no code book knows."""
    from wuju.kit.identifiers import check_digit

    rows: list[Sequence[object]] = []
    for n in range(how_many):
        born = dt.date(1950, 1, 1) + dt.timedelta(days=n)
        body = f"990101{born:%Y%m%d}{101 + n % 2:03d}"
        rows.append(
            (
                ground.branches[n % len(ground.branches)][1],
                f"试{n:05d}",
                body + check_digit(body),
                "女" if n % 2 else "男",
                born,
                "正式党员",
                str(13_800_000_000 + n),
            )
        )
    return workbook(MEMBERS, rows)


def workbook(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_numbers": False})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, header)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(line, column, cell, day)
            else:
                sheet.write(line, column, cell)
    book.close()
    return target.getvalue()
