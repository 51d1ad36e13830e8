"""Naive loops through the Django ORM: for every organization, item and period a query or two, as most web programs do it.

Written as a page would compute a standing when it is asked for: plain querysets over tables with
the indexes of `databases`, a few rows at a time. A sample of the organizations is judged and the
time is taken in proportion to the cells.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from bench import twelve
from wuju.engine.items import Item, Kind
from wuju.engine.judging import meets, score_of, status_of
from wuju.engine.resolve import Resolved, resolve
from wuju.engine.results import Cell
from wuju.kit.periods import Period, periods_between

AS_OF = twelve.AS_OF
HELD = {
    "congress_held": "member_congress",
    "committee_held": "committee_meeting",
    "theme_day_held": "theme_day",
}
type Numbers = tuple[int, int, int, int]
"""Numerator, denominator, evidence, largest key."""


def connect(file: Path) -> None:
    """Set Django up on the SQLite file of `databases.fill_sqlite`."""
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}},
        INSTALLED_APPS=[],
        DEBUG=False,
        USE_TZ=False,
    )
    django.setup()


def models() -> dict[str, Any]:
    """Return one plain model a table."""
    from django.db import models as m

    def model(table: str, key: str, **fields: Any) -> Any:
        meta = type("Meta", (), {"app_label": "bench", "managed": False, "db_table": f"t_{table}"})
        body = {"__module__": __name__, "Meta": meta, key: m.BigIntegerField(primary_key=True)}
        return type(table.capitalize(), (m.Model,), {**body, **fields})

    def to(other: Any, column: str) -> Any:
        return m.ForeignKey(other, m.DO_NOTHING, db_column=column, related_name="+")

    number, text, date = m.BigIntegerField, m.TextField, m.DateField
    activity = model(
        "activity", "activity_id", org_id=number(), kind=text(), status=text(), held_on=date()
    )
    member = model("member", "member_id", org_id=number(), status=text(), joined_on=date())
    return {
        "org": model("org", "org_id", kind=text()),
        "activity": activity,
        "member": member,
        "attendance": model("attendance", "attendance_id", activity=to(activity, "activity_id"), status=number()),
        "training": model(
            "training", "training_id", member=to(member, "member_id"), held_on=date(), hours10=number(), verified=m.BooleanField()
        ),
        "dues": model(
            "dues", "dues_id", member=to(member, "member_id"), month=date(), due_cents=number(), paid_cents=number(),
            paid_on=date(null=True),
        ),
        "finding": model("finding", "finding_id", org_id=number(), due_on=date(), closed_on=date(null=True)),
        "income": model("income", "income_id", org_id=number(), reported_on=date(), amount_cents=number()),
        "cadre": model("cadre", "cadre_id", org_id=number(), since_on=date(), until_on=date(null=True)),
        "doc": model("doc", "doc_id", org_id=number(), kind=text(), submitted_on=date()),
        "attest": model("attest", "attest_id", org_id=number(), item=text(), graded_on=date(), grade=number()),
    }  # fmt: skip


class Loops:
    """Judges organization by organization."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self.tables = tables
        rules = twelve.rules()
        self.plans = [resolve(item, rules, twelve.catalog()) for item in rules.items]

    def rows(self, name: str) -> Any:
        return self.tables[name].objects

    def sample(self, every: int) -> list[tuple[int, str]]:
        """Return every so manieth branch and village with its kind."""
        found = []
        for kind in ("branch", "village"):
            ids = (
                self.rows("org")
                .filter(kind=kind)
                .order_by("org_id")
                .values_list("org_id", flat=True)
            )
            found += [(org, kind) for org in list(ids)[::every]]
        return found

    def cells(self, orgs: list[tuple[int, str]]) -> Iterator[Cell]:
        for org, kind in orgs:
            made: dict[str, list[Cell]] = {}
            for plan in self.plans:
                if kind in plan.item.applies_to["kind"]:
                    made[plan.item.code] = [
                        self.cell(plan, org, p, made) for p in _periods(plan.item.per)
                    ]
                    yield from made[plan.item.code]

    def cell(self, plan: Resolved, org: int, period: Period, made: dict[str, list[Cell]]) -> Cell:
        item, last = plan.item, min(period.ends_on, AS_OF)
        if item.kind is Kind.COMPOSITE:
            num, den, rows, key = self.composite(item, made)
        elif item.code in HELD:
            num, den, rows, key = self.held(org, HELD[item.code], period.starts_on, last)
        else:
            count: Callable[[int, dt.date, dt.date], Numbers] = getattr(self, item.code)
            num, den, rows, key = count(org, period.starts_on, last)
        pair = (num, den)
        if den <= 0:
            return Cell(org, item.code, period.number, num, den, _status(0), None, rows, key)
        limits = [limit for limit in plan.limits if isinstance(limit, tuple)]
        status = status_of(plan, pair, limits, period, AS_OF)
        judged = status.code in {"met", "missed"}
        met = meets(plan.operator, pair, limits)
        score = score_of(plan, pair, limits[0], met=met) if judged else None
        return Cell(org, item.code, period.number, num, den, status, score, rows, key)

    # ------------------------------------------------------------------ one item each
    def held(self, org: int, kind: str, first: dt.date, last: dt.date) -> Numbers:
        rows = self.rows("activity").filter(
            org_id=org, kind=kind, status="held", held_on__range=(first, last)
        )
        keys = [row.activity_id for row in rows]
        return len(keys), 1, len(keys), max(keys, default=0)

    def attendance_ratio(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        num = den = rows = key = 0
        kinds = ["member_congress", "lecture", "theme_day"]
        acts = self.rows("activity").filter(
            org_id=org, kind__in=kinds, status="held", held_on__range=(first, last)
        )
        for act in acts:
            for one in self.rows("attendance").filter(activity=act):
                num, den, rows = num + (one.status == 1), den + (one.status != 2), rows + 1
                key = max(key, one.attendance_id)
        return num, den, rows, key

    def training_coverage(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        num, keys = 0, []
        for who in self.rows("member").filter(org_id=org, status="active", joined_on__lte=last):
            done = self.rows("training").filter(
                member=who, verified=True, held_on__range=(first, last)
            )
            num += sum(one.hours10 for one in done) >= 320
            keys.append(who.member_id)
        return num, len(keys), len(keys), max(keys, default=0)

    def dues_paid_ratio(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        num = den = rows = key = 0
        ends = Period.containing(first, "month").ends_on
        for one in self.rows("dues").filter(
            member__org_id=org, member__status="active", month__range=(first, last)
        ):
            paid = one.paid_on is not None and one.paid_on <= ends and one.paid_on <= AS_OF
            num, den, rows = num + (one.paid_cents if paid else 0), den + one.due_cents, rows + 1
            key = max(key, one.dues_id)
        return num, den, rows, key

    def findings_on_time(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        rows = list(self.rows("finding").filter(org_id=org, due_on__range=(first, last)))
        kept = sum(row.closed_on is not None and row.closed_on <= row.due_on for row in rows)
        return kept, len(rows), len(rows), max((row.finding_id for row in rows), default=0)

    def collective_income(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        rows = self.rows("income").filter(org_id=org, reported_on__range=(first, last))
        found = rows.order_by("-reported_on", "-income_id").first()
        return (found.amount_cents, 1, 1, found.income_id) if found else (0, 1, 0, 0)

    def reserve_cadres(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        del first
        rows = self.rows("cadre").filter(org_id=org, since_on__lte=last)
        keys = [row.cadre_id for row in rows if row.until_on is None or row.until_on > last]
        return len(keys), 1, len(keys), max(keys, default=0)

    def archive_complete(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        asked = ["plan", "roster", "ledger", "minutes", "review", "summary"]
        rows = list(
            self.rows("doc").filter(org_id=org, kind__in=asked, submitted_on__range=(first, last))
        )
        return (
            len({row.kind for row in rows}),
            6,
            len(rows),
            max((row.doc_id for row in rows), default=0),
        )

    def review_attested(self, org: int, first: dt.date, last: dt.date) -> Numbers:
        rows = self.rows("attest").filter(
            org_id=org, item="review", graded_on__range=(first, last)
        )
        found = rows.order_by("-graded_on", "-attest_id").first()
        return (found.grade, 1, 1, found.attest_id) if found else (0, 1, 0, 0)

    def composite(self, item: Item, made: dict[str, list[Cell]]) -> Numbers:
        total = weights = parts = 0
        for code, weight in item.parts.items():
            scores = [cell.score for cell in made[code] if cell.score is not None]
            if scores:
                total += weight * (sum(scores) // len(scores))
                weights, parts = weights + weight, parts + 1
        return (total // weights, 1, parts, 0) if weights else (0, 0, 0, 0)


def _periods(grain: str) -> list[Period]:
    return list(periods_between(Period.containing(AS_OF, "year").starts_on, AS_OF, grain))


def _status(number: int) -> Any:
    from wuju.engine.items import Status

    return Status(number)
