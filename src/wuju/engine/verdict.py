"""Status and score as SQL: what is said of a pair of numbers that were gathered. Pure; text only."""

from dataclasses import dataclass

from wuju.engine.dialects import Dialect
from wuju.engine.items import Item, Status
from wuju.engine.render import Needed, profile_column
from wuju.engine.resolve import Resolved
from wuju.engine.rules import OrgColumn, Pair

FULL = 10_000


@dataclass(frozen=True)
class Verdict:
    """Judges rows called `i` (status) and `j` (score), which know their gate, numbers and lateness.

    `named`: the item's own figures are columns of the row instead of literals, so that
    items judged alike have the same text and are judged in one pass.
    """

    plan: Resolved
    dialect: Dialect
    named: bool = False

    @property
    def item(self) -> Item:
        return self.plan.item

    # ------------------------------------------------------------------ the item's figures
    def figures(self, needed: Needed) -> tuple[tuple[str, str], ...]:
        """Return (name, SQL over the spine) of what the row must carry: limits, and when `named` everything."""
        found = []
        for no, limit in enumerate(self.plan.limits):
            if isinstance(limit, OrgColumn):
                needed.profile.add(limit.column)
                found.append((f"limit_{no}", profile_column(limit.column)))
            elif self.named:
                found.append((f"limit_{no}", self.fixed(limit)[0]))
            if self.named:
                below = 1 if limit is None or isinstance(limit, OrgColumn) else limit[1]
                found.append((f"of_{no}", self.dialect.integer(below)))
        if self.named:
            found += [("grace", str(self.item.grace)), ("soon", str(self.item.soon))]
        return tuple(found)

    def fixed(self, limit: Pair | None) -> tuple[str, str]:
        above, below = limit or (None, 1)
        return (
            self.dialect.null("int") if above is None else self.dialect.integer(above),
            str(below),
        )

    def limit(self, no: int, alias: str) -> tuple[str, str]:
        """(numerator, denominator) of a limit as SQL; an undecided one is NULL."""
        limit = self.plan.limits[no]
        if self.named:
            return f"{alias}.limit_{no}", f"{alias}.of_{no}"
        if isinstance(limit, OrgColumn):
            return f"{alias}.limit_{no}", "1"
        return self.fixed(limit)

    # ------------------------------------------------------------------ status
    def status(self) -> str:
        plan = self.plan
        time = self.late()
        late = Status.UNVERIFIED if plan.to_confirm else Status.MISSED
        unmet = str(int(late)) if plan.operator == "at_most" else time
        met = (
            f"CASE WHEN i.late > 0 THEN {Status.MET} ELSE {time} END"
            if plan.waits
            else str(int(Status.MET))
        )
        missing = [
            f"WHEN i.limit_{no} IS NULL THEN {Status.UNVERIFIED}"
            for no, limit in enumerate(plan.limits)
            if isinstance(limit, OrgColumn)
        ]
        if plan.undecided:
            judged = f"ELSE {Status.UNVERIFIED} END"
        else:
            judged = f"{' '.join(missing)} WHEN {self.meets()} THEN {met} ELSE {unmet} END"
        return f"CASE WHEN i.gate < 3 THEN i.gate WHEN i.den <= 0 THEN {Status.NOT_APPLICABLE} {judged}"

    def meets(self) -> str:
        """num/den against the limits, by cross-product."""
        operator, last = self.plan.operator, len(self.plan.limits) - 1
        above = _compare("i.num", ">=", self.limit(0, "i"), "i.den")
        below = _compare("i.num", "<=", self.limit(last, "i"), "i.den")
        if operator == "at_least":
            return above
        return below if operator == "at_most" else f"{above} AND {below}"

    def late(self) -> str:
        """How late an unmet item is; a shortfall against an unconfirmed rule is unverified."""
        overdue, missed = (
            (Status.UNVERIFIED, Status.UNVERIFIED)
            if self.plan.to_confirm
            else (Status.OVERDUE, Status.MISSED)
        )
        grace, soon = ("i.grace", "i.soon") if self.named else (self.item.grace, self.item.soon)
        return (
            f"CASE WHEN i.late > {grace} THEN {missed} WHEN i.late > 0 THEN {overdue}"
            f" WHEN i.late >= -{soon} THEN {Status.DUE_SOON} ELSE {Status.OPEN} END"
        )

    # ------------------------------------------------------------------ score
    def score(self) -> str:
        scoring = self.plan.scoring
        if not scoring or self.plan.undecided:
            return self.dialect.null("int")
        if scoring == "bands":
            value = self.banded()
            body = f"CASE WHEN j.status IN ({Status.MET}, {Status.MISSED}) THEN {value} END"
        else:
            missed = self.share() if scoring == "proportional" else "0"
            body = f"CASE j.status WHEN {Status.MET} THEN {FULL} WHEN {Status.MISSED} THEN {missed} END"
        return self.dialect.cast(body, "int")

    def banded(self) -> str:
        bands: tuple[tuple[Pair, int], ...] = self.plan.bands
        whens = " ".join(
            f"WHEN {_compare('j.num', '>=', (self.dialect.integer(pair[0]), str(pair[1])), 'j.den')} THEN {score}"
            for pair, score in bands
        )
        return f"CASE {whens} ELSE 0 END"

    def share(self) -> str:
        """Return the unmet part of a proportional score; below zero and without a threshold it is 0."""
        above, below = self.limit(0, "j")
        limit = self.plan.limits[0]
        if isinstance(limit, tuple) and limit[0] <= 0 and not self.named:
            return "0"
        value = self.dialect.divide(f"j.num * {below} * {FULL}", f"{above} * j.den")
        return f"CASE WHEN j.num <= 0 OR {above} <= 0 THEN 0 ELSE {value} END"


def _compare(num: str, sign: str, limit: tuple[str, str], den: str) -> str:
    return f"{num} * {limit[1]} {sign} {limit[0]} * {den}"
