"""Pandas: the twelve items as a careful analyst writes them, one vectorised pass an item, and a merge with the tree.

Nobody is waived, nothing is inherited, and every feed had begun: what these records do not
have is not written down here, though the wide run asks for it.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from bench import twelve
from wuju.engine.items import Item, Kind, Status
from wuju.engine.resolve import resolve
from wuju.engine.results import ADDED, SUMMED
from wuju.kit.periods import GRAINS, Period, periods_between

FULL = 10_000
COUNTED = {status.code: int(status) for status in Status if status.code in ADDED}


@dataclass(frozen=True)
class Frames:
    """Judges the records of one folder."""

    where: Path

    def read(self, name: str, *columns: str) -> pd.DataFrame:
        folder = self.where / name
        return pq.read_table(folder, columns=list(columns)).to_pandas(date_as_object=False)

    @cached_property
    def as_of(self) -> pd.Timestamp:
        return pd.Timestamp(twelve.AS_OF)

    @cached_property
    def org(self) -> pd.DataFrame:
        return self.read("org", "org_id", "kind")

    def periods(self, grain: str) -> pd.DataFrame:
        first = Period.containing(twelve.AS_OF, "year").starts_on
        found = list(periods_between(first, twelve.AS_OF, grain))
        return pd.DataFrame(
            {
                "period": [p.number for p in found],
                "ends_on": pd.to_datetime([p.ends_on for p in found]),
                "late": [(twelve.AS_OF - p.ends_on).days for p in found],
            }
        )

    def number(self, day: "pd.Series[Any]", grain: str) -> "pd.Series[Any]":
        months = GRAINS[grain]
        index = 0 if grain == "year" else (day.dt.month - 1) // months + 1
        base = {"month": 0, "quarter": 100, "half": 200, "year": 300}[grain]
        return day.dt.year * 1000 + base + index

    # ------------------------------------------------------------------ what is counted
    def activities(self, kind: str, grain: str) -> pd.DataFrame:
        rows = self.read("activity", "activity_id", "org_id", "kind", "status", "held_on")
        kept = (rows.kind == kind) & (rows.status == "held") & (rows.held_on <= self.as_of)
        rows = rows[kept].assign(period=lambda r: self.number(r.held_on, grain))
        groups = rows.groupby(["org_id", "period"]).activity_id
        return groups.agg(num="size", evidence="size", evidence_key="max").reset_index()

    def attendance_ratio(self) -> pd.DataFrame:
        acts = self.read("activity", "activity_id", "org_id", "kind", "status", "held_on")
        kinds = acts.kind.isin(["member_congress", "lecture", "theme_day"])
        acts = acts[kinds & (acts.status == "held") & (acts.held_on <= self.as_of)]
        acts = acts.assign(period=self.number(acts.held_on, "quarter"))
        rows = self.read("attendance", "attendance_id", "activity_id", "status")
        rows = rows.merge(acts[["activity_id", "org_id", "period"]], on="activity_id")
        rows = rows.assign(present=rows.status == 1, asked=rows.status != 2)
        return _added(rows, "attendance_id", num="present", den="asked")

    def training_coverage(self) -> pd.DataFrame:
        rows = self.read("training", "member_id", "held_on", "hours10", "verified")
        rows = rows[rows.verified & (rows.held_on <= self.as_of)]
        hours = rows.groupby("member_id").hours10.sum()
        who = self.read("member", "member_id", "org_id", "status", "joined_on")
        who = who[(who.status == "active") & (who.joined_on <= self.as_of)]
        enough = who.member_id.map(hours).fillna(0) >= 320
        year = self.periods("year").period.iloc[0]
        return _added(
            who.assign(period=year, enough=enough, one=1), "member_id", num="enough", den="one"
        )

    def dues_paid_ratio(self) -> pd.DataFrame:
        who = self.read("member", "member_id", "org_id", "status")
        rows = self.read(
            "dues", "dues_id", "member_id", "month", "due_cents", "paid_cents", "paid_on"
        )
        rows = rows[rows.month <= self.as_of]
        rows = rows.merge(who.loc[who.status == "active", ["member_id", "org_id"]], on="member_id")
        ends = rows.month + pd.offsets.MonthEnd(0)
        paid = (rows.paid_on <= ends) & (rows.paid_on <= self.as_of)
        rows = rows.assign(
            period=self.number(rows.month, "month"), paid=rows.paid_cents.where(paid, 0)
        )
        return _added(rows, "dues_id", num="paid", den="due_cents")

    def findings_on_time(self) -> pd.DataFrame:
        rows = self.read("finding", "finding_id", "org_id", "due_on", "closed_on")
        first = Period.containing(twelve.AS_OF, "year").starts_on
        rows = rows[(rows.due_on <= self.as_of) & (rows.due_on >= pd.Timestamp(first))]
        rows = rows.assign(
            period=self.number(rows.due_on, "quarter"), kept=rows.closed_on <= rows.due_on, one=1
        )
        return _added(rows, "finding_id", num="kept", den="one")

    def newest(self, rows: pd.DataFrame, day: str, key: str, value: str) -> pd.DataFrame:
        rows = rows[rows[day] <= self.as_of].sort_values([day, key])
        rows = rows.assign(period=self.number(rows[day], "year"))
        last = rows.drop_duplicates(["org_id", "period"], keep="last")
        found = last.rename(columns={value: "num", key: "evidence_key"}).assign(evidence=1)
        return found[["org_id", "period", "num", "evidence", "evidence_key"]]

    def collective_income(self) -> pd.DataFrame:
        rows = self.read("income", "income_id", "org_id", "reported_on", "amount_cents")
        return self.newest(rows, "reported_on", "income_id", "amount_cents")

    def review_attested(self) -> pd.DataFrame:
        rows = self.read("attest", "attest_id", "org_id", "item", "graded_on", "grade")
        return self.newest(rows[rows["item"] == "review"], "graded_on", "attest_id", "grade")

    def reserve_cadres(self) -> pd.DataFrame:
        rows, found = self.read("cadre", "cadre_id", "org_id", "since_on", "until_on"), []
        for period in self.periods("half").itertuples():
            day = min(period.ends_on, self.as_of)
            there = rows[(rows.since_on <= day) & (rows.until_on.isna() | (rows.until_on > day))]
            found.append(there.assign(period=period.period))
        groups = pd.concat(found).groupby(["org_id", "period"]).cadre_id
        return groups.agg(num="size", evidence="size", evidence_key="max").reset_index()

    def archive_complete(self) -> pd.DataFrame:
        rows = self.read("doc", "doc_id", "org_id", "kind", "submitted_on")
        asked = ["plan", "roster", "ledger", "minutes", "review", "summary"]
        rows = rows[rows.kind.isin(asked) & (rows.submitted_on <= self.as_of)]
        groups = rows.assign(period=self.number(rows.submitted_on, "half")).groupby(
            ["org_id", "period"]
        )
        return groups.agg(
            num=("kind", "nunique"), evidence=("doc_id", "size"), evidence_key=("doc_id", "max")
        ).reset_index()

    # ------------------------------------------------------------------ judging
    def cells(self) -> pd.DataFrame:
        """Return the cells of the twelve items; the composite comes last and reads the others."""
        made: dict[str, pd.DataFrame] = {}
        for no, item in enumerate(twelve.rules().items, 1):
            made[item.code] = self.judged(no, item, self.measured(item, made))
        return pd.concat(made.values(), ignore_index=True)

    def measured(self, item: Item, made: dict[str, pd.DataFrame]) -> pd.DataFrame:
        held = {
            "congress_held": "member_congress",
            "committee_held": "committee_meeting",
            "theme_day_held": "theme_day",
        }
        if item.code in held:
            return self.activities(held[item.code], item.per)
        if item.kind is Kind.COMPOSITE:
            return self.composite(item, made)
        found: pd.DataFrame = getattr(self, item.code)()
        return found

    def composite(self, item: Item, made: dict[str, pd.DataFrame]) -> pd.DataFrame:
        year = self.periods("year").period.iloc[0]
        total: Any = 0
        weights = parts = 0
        for code, weight in item.parts.items():
            scored = made[code].dropna(subset="score")
            groups = scored.groupby("org_id").score
            mean = groups.sum().astype("int64") // groups.size()
            total, weights, parts = (mean * weight + total, weights + weight, parts + 1)
        found = (total // weights).rename("num").reset_index()
        return found.assign(period=year, den=1, evidence=parts, evidence_key=0)

    def judged(self, no: int, item: Item, measured: pd.DataFrame) -> pd.DataFrame:
        plan = resolve(item, twelve.rules(), twelve.catalog())
        orgs = self.org.loc[self.org.kind.isin(item.applies_to["kind"]), ["org_id"]]
        rows = orgs.merge(self.periods(item.per), how="cross")
        rows = rows.merge(measured, on=["org_id", "period"], how="left")
        den = len(item.all_of) if item.kind is Kind.SET else 1
        by_rows = item.kind in {Kind.RATIO, Kind.DEADLINE, Kind.COVERAGE, Kind.COMPOSITE}
        rows["den"] = rows["den"].fillna(0) if by_rows else den
        numbers = ["num", "den", "evidence", "evidence_key"]
        rows[numbers] = rows[numbers].fillna(0).astype("int64")
        limit = plan.limits[0]
        above, below = limit if isinstance(limit, tuple) else (0, 1)
        time = np.select(
            [rows.late > item.grace, rows.late > 0, rows.late >= -item.soon],
            [Status.MISSED, Status.OVERDUE, Status.DUE_SOON],
            Status.OPEN,
        )
        met = rows.num * below >= above * rows.den
        said = np.where((rows.late > 0) | (not plan.waits), Status.MET, time)
        rows["status"] = np.where(rows.den <= 0, 0, np.where(met, said, time))
        share = 0
        if plan.scoring == "proportional":
            share = rows.num * below * FULL // (above * rows.den).where(rows.den > 0, 1)
        score = pd.Series(np.where(rows.status == Status.MET, FULL, share), dtype="Int64")
        rows["score"] = score.where(rows.status.isin([Status.MET, Status.MISSED]))
        columns = ["org_id", "period", *numbers, "status", "score"]
        return rows[columns].assign(item_no=no)

    # ------------------------------------------------------------------ rolling up
    def lines(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Return the lines: item by item, each cell at every ancestor, added up."""
        tree = self.read("closure", "ancestor_id", "descendant_id")
        kinds = dict(enumerate((item.kind for item in twelve.rules().items), 1))
        found = []
        for no, rows in cells.groupby("item_no"):
            looked = rows.status > Status.UNVERIFIED
            made = pd.DataFrame({"descendant_id": rows.org_id, "period": rows.period})
            made["n"] = (rows.status != 0).astype("int64")
            for name, status in COUNTED.items():
                made[name] = (rows.status == status).astype("int64")
            made["numerator"], made["denominator"] = (
                rows.num.where(looked, 0),
                rows.den.where(looked, 0),
            )
            made["score_sum"] = rows.score.fillna(0).astype("int64")
            made["n_judged"] = rows.score.notna().astype("int64")
            above = made.merge(tree, on="descendant_id").drop(columns="descendant_id")
            added = above.groupby(["ancestor_id", "period"]).sum().reset_index()
            if kinds[int(str(no))] not in SUMMED:
                added[["numerator", "denominator"]] = None
            found.append(added.rename(columns={"ancestor_id": "org_id"}).assign(item_no=no))
        return pd.concat(found, ignore_index=True)


def _added(rows: pd.DataFrame, key: str, *, num: str, den: str) -> pd.DataFrame:
    groups = rows.groupby(["org_id", "period"])
    return groups.agg(
        num=(num, "sum"), den=(den, "sum"), evidence=(key, "size"), evidence_key=(key, "max")
    ).reset_index()
