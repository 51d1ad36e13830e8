"""Build the Anding demo in the present (empty) home: tree, people, records, findings, rules, accounts."""

import datetime as dt
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.contrib.auth.hashers import make_password

from wuju.access import actions as access
from wuju.guidance.meetings import actions as meetings
from wuju.kit.actors import Actor, system_actor
from wuju.kit.facts import fact_sources
from wuju.org import actions as org
from wuju.org.models import Organization, TermReminder
from wuju.people import actions as people
from wuju.rulepacks.actions import install_pack
from wuju.rulepacks.catalog import pack_home
from wuju.standings import actions as standings
from wuju.standings.models import Standing

from .findings import raise_findings
from .meetings import Branch, hold_meetings
from .people import Population, plan_terms, populate
from .study import hold_courses
from .tree import FICTITIOUS_TOWN, Plan, plan_tree

PASSWORD = "anding-demo"  # noqa: S105 - printed on purpose, for invented data on this machine only


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account as printed: who it is for."""

    username: str
    title: str
    name: str
    role: str
    organization: str
    unit: str


ACCOUNTS = (
    Account("zuzhibu", "区委组织部干部，看全区", "赵甲", "county_officer", "AD", "AD-ZB"),
    Account("zhenweiyuan", f"{FICTITIOUS_TOWN}组织委员", "钱乙", "township_officer", "SLZ", "SLZ"),
    Account("shuji", "试验一村党支部书记", "孙丙", "secretary", "SLZ-01", "SLZ-01"),
    Account("ducha", "督查员，看全区，提出和核实问题", "李丁", "inspector", "AD", "AD-ZB"),
    Account("chankou", "巉口镇组织委员（真实地名，中性数据）", "周戊", "township_officer", "AD06", "AD06"),
    Account("heshi", "核实人，另一名区委组织部干部", "吴己", "county_officer", "AD", "AD-ZB"),
    Account("xitong", "系统管理员，只管账号", "郑庚", "system_admin", "AD", "AD-ZB"),
    Account("anquan", "安全管理员，只批授权", "王辛", "security_admin", "AD", "AD-ZB"),
    Account("shenji", "审计员，只看留痕", "冯壬", "auditor", "AD", "AD-ZB"),
)  # fmt: skip


_DUTIES = {
    "county_officer": "干部",
    "township_officer": "组织委员",
    "secretary": "书记",
    "inspector": "督查员",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "auditor": "审计员",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What was built, in sentences, and the accounts to print."""

    lines: tuple[str, ...]
    accounts: tuple[Account, ...]
    password: str


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the cycle collector, which would walk the growing district over and over: a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def build(*, seed: int, at: dt.datetime, small: bool = False) -> Report:
    """Fill the home with the demo district. Same seed and day give the same data.

    `small` builds one street and 示例镇 only, for tests.
    """
    started = time.process_time()
    actor = system_actor("演示数据", because="the demo builds its own fictitious district")
    today = at.date()
    plan = plan_tree(seed=seed, today=today, small=small)
    by_code = _establish(plan, actor, at, today)
    population, members = _people(plan, by_code, seed, actor, at, today)
    branches = _branches(plan, by_code, population, members)
    held = _meet(branches, by_code, seed, actor, at, today)
    hours = hold_courses(
        branches=branches, committees=_committees(by_code), seed=seed, actor=actor, at=at
    )
    found = raise_findings(by_code=by_code, seed=seed, actor=actor, at=at)
    _merge(by_code, actor, at, today)
    _open_accounts(by_code, actor, at)
    cells = _judge(by_code, actor, at, today)
    return Report(
        lines=(
            f"安定区：22 个乡镇街道、335 个村和社区，另有虚构的{FICTITIOUS_TOWN}；党组织 {len(by_code)} 个。",
            f"党员 {len(members)} 名（均为虚构），会议 {held} 次，学时 {hours} 条，问题 {found} 条。",
            f"已按 anding_2026 评判 {cells} 项，用 CPU {time.process_time() - started:.1f} 秒。",
        ),
        accounts=ACCOUNTS,
        password=PASSWORD,
    )


def _establish(
    plan: Plan, actor: Actor, at: dt.datetime, today: dt.date
) -> dict[str, Organization]:
    areas = org.establish_areas(drafts=plan.areas, from_on=dt.date(2003, 7, 1), actor=actor, at=at)
    made = org.establish_organizations(
        drafts=[
            replace(draft, area_id=areas[area].pk) if area else draft
            for draft, area in plan.organizations
        ],
        actor=actor,
        at=at,
        batch="demo-tree",
    )
    del today
    return {row.code: row for row in made}


def _people(
    plan: Plan, by_code: dict[str, Organization], seed: int, actor: Actor, at: dt.datetime, today: dt.date
) -> tuple[Population, list[int]]:  # fmt: skip
    population = populate(
        organizations=by_code,
        sizes=plan.sizes,
        committee_seats={draft.code: draft.committee_seats for draft, _ in plan.organizations},
        seed=seed,
        today=today,
    )
    landed = people.land_members(
        drafts=population.members,
        as_of=dt.date(today.year - 1, 1, 1),
        actor=actor,
        at=at,
        batch="demo-members",
    )
    org.land_seats(seats=population.seats, actor=actor, at=at, batch="demo-seats")
    terms = plan_terms(organizations=by_code, seed=seed, today=today)
    org.land_terms(terms=terms, actor=actor, at=at, batch="demo-terms")
    _remind(by_code, actor, at, today)
    return population, [member.pk for member in landed]


def _remind(
    by_code: dict[str, Organization], actor: Actor, at: dt.datetime, today: dt.date
) -> None:
    """Every reminder that fell due was sent, a week before its day; 示例镇 forgot one."""
    forgotten = TermReminder.objects.filter(
        term__organization=by_code["SLZ-03"], due_on__lte=today
    ).values_list("id", flat=True)
    due = TermReminder.objects.filter(due_on__lte=today).exclude(pk__in=list(forgotten))
    groups: dict[dt.date, list[int]] = {}
    for pk, day in due.values_list("id", "due_on"):
        groups.setdefault(day.replace(day=1), []).append(pk)
    for day, ids in sorted(groups.items()):
        org.send_reminders(reminder_ids=ids, sent_on=day, actor=actor, at=at)


def _branches(
    plan: Plan, by_code: dict[str, Organization], population: Population, members: list[int]
) -> list[Branch]:
    drafts = {draft.code: draft for draft, _ in plan.organizations}
    found, place = [], 0
    for code, size in plan.sizes.items():
        own = list(
            zip(
                members[place : place + size],
                population.members[place : place + size],
                strict=True,
            )
        )
        place += size
        found.append(Branch(by_code[code], own, drafts[code].committee_seats, drafts[code].groups))
    return found


def _committees(by_code: dict[str, Organization]) -> list[Organization]:
    kinds = {"county_committee", "township_committee", "working_committee", "committee"}
    return [row for row in by_code.values() if row.kind in kinds]


def _meet(
    branches: list[Branch], by_code: dict[str, Organization], seed: int, actor: Actor, at: dt.datetime, today: dt.date
) -> int:  # fmt: skip
    held = 0
    merged = by_code["SLZ-07"]
    merged.dissolved_on = _merged_on(today)  # known to the generator before it is recorded
    for month in hold_meetings(
        branches=branches, committees=_committees(by_code), seed=seed, today=today
    ):
        moment = min(
            at,
            at.replace(
                year=month.entered_on.year, month=month.entered_on.month, day=month.entered_on.day
            ),
        )
        meetings.land_meetings(
            drafts=month.drafts, actor=actor, at=moment, batch=f"demo-{month.entered_on:%Y%m}"
        )
        held += len(month.drafts)
    return held


def _merged_on(today: dt.date) -> dt.date:
    return dt.date(today.year, 3, 1) if today.month > 3 else dt.date(today.year - 1, 9, 1)


def _merge(
    by_code: dict[str, Organization], actor: Actor, at: dt.datetime, today: dt.date
) -> None:
    """试验七村 was merged into 试验八村: members moved, duties and records inherited."""
    old, new = by_code["SLZ-07"], by_code["SLZ-08"]
    on = _merged_on(today)
    people.move_everybody(from_id=old.pk, to_id=new.pk, on=on, actor=actor, at=at)
    org.merge_organization(predecessor_id=old.pk, successor_id=new.pk, on=on, actor=actor, at=at)


def _open_accounts(by_code: dict[str, Organization], actor: Actor, at: dt.datetime) -> None:
    encoded = make_password(PASSWORD)  # once: hashing is slow on purpose
    for account in ACCOUNTS:
        if not {account.organization, account.unit} <= by_code.keys():
            continue
        user = access.open_account(
            username=account.username,
            name=account.name,
            password=PASSWORD,
            encoded=encoded,
            unit=by_code[account.unit],
            duty=_DUTIES[account.role],
            actor=actor,
            at=at,
        )
        access.grant_role(
            user=user,
            role=account.role,
            organization=by_code[account.organization],
            from_on=dt.date(at.year - 1, 1, 1),
            actor=actor,
            at=at,
        )


def _judge(by_code: dict[str, Organization], actor: Actor, at: dt.datetime, today: dt.date) -> int:
    """Declare that records are complete since the first day of the year, adopt the rules, judge."""
    root = by_code["AD"]
    for fact in sorted(set(fact_sources) - {"org", "waiver", "attestation"}):
        standings.declare_feed(
            organization=root, fact=fact, starts_on=_first_day(today), actor=actor, at=at
        )
    install_pack(
        folder=pack_home() / "anding_2026", document="演示采用〔2026〕1号", actor=actor, at=at
    )
    standings.ensure_day(today=today)
    return Standing.objects.count()


def _first_day(today: dt.date) -> dt.date:
    return dt.date(today.year if today.month > 3 else today.year - 1, 1, 1)
