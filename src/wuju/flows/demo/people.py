"""The demo's members, seats and terms: invented names, invalid id numbers (no such region), no real person."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

from wuju.kit.identifiers import check_digit
from wuju.kit.names import fictitious_name
from wuju.org.models import Organization, Seat, Term
from wuju.people.actions import MemberDraft

REGION = "999999"  # in no code book, so no demo number can be a real person's
_POSTS = ("secretary", "organization", "publicity", "discipline", "deputy_secretary")
_SMALL = ("secretary", "organization", "discipline")
_SCHOOLING = {
    "village": ("junior", "senior", "senior", "primary", "college"),
    "community": ("senior", "college", "college", "bachelor"),
}
_OFFICE = ("college", "bachelor", "bachelor", "graduate")


@dataclass(slots=True)
class Population:
    """Members to mirror, and the seats their posts fill."""

    members: list[MemberDraft] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)


def populate(
    *,
    organizations: dict[str, Organization],
    sizes: dict[str, int],
    committee_seats: dict[str, int],
    seed: int,
    today: dt.date,
) -> Population:
    """Return about 30,000 members over the branches, deterministic by seed and day."""
    rng = random.Random(seed + 1)
    population = Population()
    since = dt.date(today.year - 1, 1, 1)
    serial = 0
    taken: Counter[dt.date] = Counter()
    for code, size in sizes.items():
        branch = organizations[code]
        start = max(since, branch.established_on)
        for n in range(size):
            serial += 1
            draft = _member(rng, branch, n, serial, start, today, committee_seats[code], taken)
            population.members.append(draft)
        population.seats += _seats(
            branch, population.members[-size:], committee_seats[code], start
        )
    population.seats += _upper_seats(rng, organizations, sizes, committee_seats, since)
    return population


def _member(
    rng: random.Random,
    branch: Organization,
    n: int,
    serial: int,
    start: dt.date,
    today: dt.date,
    seats: int,
    taken: Counter[dt.date],
) -> MemberDraft:
    post = "secretary" if n == 0 else "committee_member" if n < seats else "none"
    age = (
        rng.randint(32, 57)
        if post != "none"
        else rng.choice((rng.randint(24, 60), rng.randint(40, 84)))
    )
    born = dt.date(today.year - age, rng.randint(1, 12), rng.randint(1, 28))
    joined = dt.date(
        born.year + rng.randint(20, max(21, min(age - 2, 40))),
        rng.randint(1, 12),
        rng.randint(1, 28),
    )
    probationary = post == "none" and rng.random() < 0.02
    if probationary:
        joined = today - dt.timedelta(days=rng.randint(20, 330))
    male = rng.random() < (0.78 if branch.field == "village" else 0.6)
    body = f"{REGION}{born:%Y%m%d}{taken[born] * 2 + male:03d}"
    taken[born] += 1
    old = age >= 75 and post == "none"
    return MemberDraft(
        row_key=f"demo-{serial:06d}",
        organization_id=branch.pk,
        name=fictitious_name(rng),
        sex="male" if male else "female",
        category="probationary" if probationary else "full",
        from_on=max(start, joined) if probationary else start,
        born_on=born,
        ethnicity="汉族" if rng.random() < 0.94 else "回族",
        education=rng.choice(_SCHOOLING.get(branch.field, _OFFICE)),
        id_number=body + check_digit(body),
        phone=f"100{serial:08d}",
        joined_on=joined,
        full_on=None if probationary else _plus_year(joined),
        migrant=post == "none" and branch.field == "village" and not old and rng.random() < 0.09,
        exempt=old,
        exempt_document="示例党支部会议纪要〔2026〕2号" if old else "",
        post=post,
    )


def _plus_year(day: dt.date) -> dt.date:
    return (
        day.replace(year=day.year + 1)
        if (day.month, day.day) != (2, 29)
        else day.replace(year=day.year + 1, day=28)
    )


def _seats(
    branch: Organization, members: list[MemberDraft], seats: int, start: dt.date
) -> list[Seat]:
    """Fill the committee from the members who hold posts; below seven there is a secretary only.

    With three seats the organization member also looks after publicity: one head, two posts.
    """
    posts = [_POSTS[0]] if not seats else list(_POSTS[:seats]) if seats > 3 else list(_SMALL)
    holders = members[: max(seats, 1)]
    found = [
        _seat(branch, post, holder, start) for post, holder in zip(posts, holders, strict=True)
    ]
    if seats == 3:
        found.append(_seat(branch, "publicity", holders[1], start))
        found[-1].first_post = False
    return found


def _seat(branch: Organization, post: str, holder: MemberDraft, start: dt.date) -> Seat:
    return Seat(
        organization=branch,
        body="party_committee",
        post=post,
        holder=holder.name,
        woman=holder.sex == "female",
        filed=branch.field in {"village", "community"},
        from_on=start,
    )


def _upper_seats(
    rng: random.Random,
    organizations: dict[str, Organization],
    sizes: dict[str, int],
    committee_seats: dict[str, int],
    since: dt.date,
) -> list[Seat]:
    """Fill committees above branches, and general branches, with invented officials."""
    posts = (*_POSTS, *["member"] * 9)
    return [
        Seat(
            organization=row,
            body="party_committee",
            post=posts[n],
            holder=fictitious_name(rng),
            woman=rng.random() < 0.3,
            filed=row.kind == "general_branch",
            from_on=max(since, row.established_on),
        )
        for code, row in organizations.items()
        if code not in sizes
        for n in range(committee_seats[code])
    ]


def plan_terms(*, organizations: dict[str, Organization], seed: int, today: dt.date) -> list[Term]:
    """Return terms: village and community bodies were renewed last winter, the others run their years.

    In 示例镇 one village (试验三村) let its term run out without an election.
    """
    rng = random.Random(seed + 2)
    terms: list[Term] = []
    for row in organizations.values():
        if row.kind in {"county_committee", "department"}:
            continue
        local = row.field in {"village", "community"}
        years = (
            5
            if local or row.kind in {"township_committee", "committee", "working_committee"}
            else 3
        )
        if local:
            terms += _village_terms(rng, row, today)
        else:
            start = dt.date(
                today.year - rng.randint(0, years - 2), rng.randint(1, 2), rng.randint(1, 28)
            )
            start = max(start, row.established_on)
            terms.append(_term(row, start, years))
    return terms


def _term(row: Organization, start: dt.date, years: int) -> Term:
    end = start.replace(year=start.year + years) - dt.timedelta(days=1)
    return Term(organization=row, started_on=start, expires_on=end, years=years)


def _village_terms(rng: random.Random, row: Organization, today: dt.date) -> list[Term]:
    elected = dt.date(today.year, rng.randint(1, 2), rng.randint(3, 26))
    if row.established_on >= elected:
        return [_term(row, row.established_on, 5)]
    expires = elected + dt.timedelta(days=rng.randint(1, 20))
    old = Term(
        organization=row,
        started_on=expires.replace(year=expires.year - 5) + dt.timedelta(days=1),
        expires_on=expires,
        years=5,
    )
    if row.name == "试验三村党支部":
        return [old]
    old.ended_on = old.elected_on = elected
    old.report_due_on = elected + dt.timedelta(days=30)
    old.reported_on = elected + dt.timedelta(days=rng.randint(3, 20))
    return [old, _term(row, elected, 5)]
