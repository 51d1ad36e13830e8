"""The definition of truth: what every item means, in slow and obvious plain Python. Pure.

Nothing here is fast and nothing is shared with the compiler but the reading of texts
(`resolve`). Where a compiled answer differs, the compiler is wrong.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from wuju.engine.items import Kind, Status
from wuju.engine.judging import score_of, status_of
from wuju.engine.resolve import DERIVED, Resolved, levels, resolve
from wuju.engine.results import SUMMED, Cell, RollUp
from wuju.engine.rules import OrgColumn, Pair, Rules
from wuju.engine.tally import Place, Tallier, Tally
from wuju.engine.world import Row, World, valid
from wuju.kit.facts import Catalog
from wuju.kit.periods import Period, period_from_number


def evaluate(
    rules: Rules, catalog: Catalog, world: World, as_of: dt.date, since: dt.date | None = None
) -> list[Cell]:
    """Return every cell, ordered by organization, item code and period number.

    Args:
        since: first day looked at; by default `kit.periods.horizon(as_of)`.
    """
    return sorted(_Oracle(rules, catalog, world, as_of).cells(since))


def roll_up(rules: Rules, cells: Sequence[Cell], world: World, as_of: dt.date) -> list[RollUp]:
    """Return a line for every ancestor × item × period, on the tree of min(period end, as of)."""
    above: dict[int, list[tuple[int, dt.date, dt.date | None]]] = defaultdict(list)
    for ancestor, descendant, start, until in world.closure:
        above[descendant].append((ancestor, start, until))
    below: dict[tuple[int, str, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        day = period_from_number(cell.period).snapshot(as_of)
        for ancestor, start, until in above[cell.org_id]:
            if valid(start, until, day):
                below[ancestor, cell.item, cell.period].append(cell)
    return sorted(_line(rules, place, found) for place, found in below.items())


def _line(rules: Rules, place: tuple[int, str, int], cells: list[Cell]) -> RollUp:
    item = rules.by_code[place[1]]
    number = {status: sum(1 for cell in cells if cell.status is status) for status in Status}
    left_out = {Status.NOT_APPLICABLE, Status.EXEMPT}
    if not rules.provisional(item):
        left_out.add(Status.UNVERIFIED)
    summed = [cell for cell in cells if cell.status not in left_out]
    scores = [cell.score for cell in cells if cell.score is not None]
    return RollUp(
        *place,
        n=len(cells) - number[Status.NOT_APPLICABLE],
        met=number[Status.MET],
        open=number[Status.OPEN],
        due_soon=number[Status.DUE_SOON],
        overdue=number[Status.OVERDUE],
        missed=number[Status.MISSED],
        exempt=number[Status.EXEMPT],
        unverified=number[Status.UNVERIFIED],
        numerator=sum(cell.numerator for cell in summed) if item.kind in SUMMED else None,
        denominator=sum(cell.denominator for cell in summed) if item.kind in SUMMED else None,
        score_sum=sum(scores),
        n_judged=len(scores),
    )


class _Oracle:
    def __init__(self, rules: Rules, catalog: Catalog, world: World, as_of: dt.date) -> None:
        self.rules, self.catalog, self.world, self.as_of = rules, catalog, world, as_of
        self.tallier = Tallier(catalog, world)
        self.found: dict[tuple[int, str, int], Cell] = {}

    def cells(self, since: dt.date | None) -> list[Cell]:
        for level in levels(self.rules):
            for item in level:
                plan = resolve(item, self.rules, self.catalog)
                for period in self.rules.periods(item.per, self.as_of, since):
                    for life in self.world.life:
                        self.judge(plan, period, life)
        return list(self.found.values())

    def judge(
        self, plan: Resolved, period: Period, life: tuple[int, dt.date, dt.date | None]
    ) -> None:
        profile = self.profile(life[0], period.snapshot(self.as_of))
        wanted = plan.item.applies_to.items()
        if profile and all(profile.get(column) in values for column, values in wanted):
            place = Place(life[0], period, self.as_of, profile)
            key = (life[0], plan.item.code, period.number)
            self.found[key] = self.cell(plan, place, life)

    def cell(
        self, plan: Resolved, place: Place, life: tuple[int, dt.date, dt.date | None]
    ) -> Cell:
        status, tally, score = Status.NOT_APPLICABLE, Tally(0, 0, (), 0), None
        owed = is_owed(life[1], life[2], place.period, half_is_enough=plan.item.owe_partial)
        if owed and self.tallier.holds_for_org(plan.only_if, place):
            status = Status.EXEMPT
            if not self.waived(plan, place):
                tally = self.tally(plan, place)
                status = self.status(plan, place, tally)
                score = self.score(plan, place, tally, status)
        return Cell(
            place.org_id,
            plan.item.code,
            place.period.number,
            tally.numerator,
            tally.denominator,
            status,
            score,
            tally.evidence,
            max(tally.keys, default=0),
        )

    # ------------------------------------------------------------------ who and when
    def profile(self, org_id: int, day: dt.date) -> Row | None:
        """Return the profile valid on the day, with the members counted on that day."""
        spec = self.catalog["org"]
        start, until = spec.valid or ("", "")
        for row in self.tallier.by("org", spec.org).get(org_id, ()):
            if valid(row[start], row.get(until), day):
                return {**row, **self.head_count(org_id, day)}
        return None

    def head_count(self, org_id: int, day: dt.date) -> dict[str, int]:
        if "member" not in self.catalog:
            return {}
        members = self.tallier.states("member", org_id, day)
        full = sum(1 for row in members if row.get("category") == "full")
        return dict(zip(DERIVED, (len(members), full), strict=True))

    def waived(self, plan: Resolved, place: Place) -> bool:
        """Whether an approved waiver covers the whole period."""
        start, end = place.period.starts_on, place.period.ends_on
        return any(
            org_id == place.org_id
            and item == plan.item.code
            and valid(from_on, until_on, start)
            and valid(from_on, until_on, end)
            for org_id, item, from_on, until_on in self.world.waivers
        )

    def fed(self, plan: Resolved, place: Place) -> bool:
        """Whether every fact had started: before the period for events, by the snapshot for states."""
        for spec in plan.feeds:
            needed_by = place.period.starts_on if spec.date else place.day
            started = self.tallier.feed_starts().get((place.org_id, spec.name))
            if started is None or started > needed_by:
                return False
        return True

    # ------------------------------------------------------------------ how it stands
    def tally(self, plan: Resolved, place: Place) -> Tally:
        if plan.item.kind is Kind.COMPOSITE:
            return self.composite(plan, place)
        return self.tallier.tally(plan, place)

    def composite(self, plan: Resolved, place: Place) -> Tally:
        """Weighted mean, over the parts judged at all, of the mean score of their judged sub-periods."""
        total = weights = judged = 0
        for code, weight in plan.item.parts.items():
            if scores := list(self.part_scores(code, place)):
                judged += 1
                total += weight * (sum(scores) // len(scores))
                weights += weight
        if not weights:
            return Tally(0, 0, (), judged)
        return Tally(total // weights, 1, (), judged)

    def part_scores(self, code: str, place: Place) -> Iterator[int]:
        for (org_id, item, number), cell in self.found.items():
            inside = period_from_number(number)
            within = inside.starts_on in place.period and inside.ends_on in place.period
            if (org_id, item) == (place.org_id, code) and within and cell.score is not None:
                yield cell.score

    def limits(self, plan: Resolved, place: Place) -> list[Pair] | None:
        found: list[Pair] = []
        for limit in plan.limits:
            pair: Pair | None
            if isinstance(limit, OrgColumn):
                number = place.profile.get(limit.column)
                pair = None if number is None else (int(number), 1)
            else:
                pair = limit
            if pair is None:
                return None
            found.append(pair)
        return found

    def status(self, plan: Resolved, place: Place, tally: Tally) -> Status:
        if not self.fed(plan, place) or not tally.seen:
            return Status.UNVERIFIED
        if tally.denominator <= 0:
            return Status.NOT_APPLICABLE
        number = (tally.numerator, tally.denominator)
        return status_of(plan, number, self.limits(plan, place), place.period, self.as_of)

    def score(self, plan: Resolved, place: Place, tally: Tally, status: Status) -> int | None:
        if status not in {Status.MET, Status.MISSED} or not plan.scoring:
            return None
        limits = self.limits(plan, place) or []
        pair = (tally.numerator, tally.denominator)
        return score_of(plan, pair, limits[0], met=status is Status.MET)


def is_owed(
    established: dt.date, dissolved: dt.date | None, period: Period, *, half_is_enough: bool
) -> bool:
    """Whether an organization owes a period: lived wholly, or by more than half of its days.

    An open period counts to its end; the day of dissolution is not lived.
    """
    first = max(established, period.starts_on)
    past = period.ends_on + dt.timedelta(days=1)
    last = min(dissolved, past) if dissolved else past
    lived = max((last - first).days, 0)
    return lived * 2 > period.days if half_is_enough else lived == period.days
