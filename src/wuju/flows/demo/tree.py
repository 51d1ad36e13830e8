"""The demo's organizations: a committee for each real township, a branch for each village, and the other fields."""

import datetime as dt
import random
from dataclasses import dataclass, field

from wuju.kit.names import initials, pinyin
from wuju.org import places
from wuju.org.actions import AreaDraft, OrganizationDraft

FICTITIOUS_TOWN = "示例镇"
ROOT = "AD"
TRIAL_VILLAGES = 8
_NUMERALS = "一二三四五六七八九十"

# (code, name, kind, field, number of branches, what the branches are called)
SYSTEMS = (
    ("AD-JG", "中共安定区直属机关工作委员会", "working_committee", "agency", 132, "机关第{n}党支部"),
    ("AD-JY", "中共安定区教育系统委员会", "committee", "school", 96, "第{n}学校党支部"),
    ("AD-WJ", "中共安定区卫生健康系统委员会", "committee", "hospital", 34, "第{n}医院党支部"),
    ("AD-GZ", "中共安定区国有企业委员会", "committee", "soe", 28, "第{n}企业党支部"),
    ("AD-LX", "中共安定区非公有制经济组织和社会组织工作委员会", "working_committee", "new_economic", 88, "第{n}两新党支部"),
)  # fmt: skip
# Beside the villages, each township has these: (suffix, name, field)
TOWNSHIP_UNITS = (
    ("JG", "机关党支部", "agency"),
    ("XX", "中心学校党支部", "school"),
    ("WS", "卫生院党支部", "hospital"),
    ("SQ", "企业党支部", "soe"),
    ("HZ", "合作社联合党支部", "new_economic"),
    ("LT", "老干部党支部", "agency"),
    ("SH", "社会组织联合党支部", "new_social"),
    ("ZH", "综合服务党支部", "agency"),
    ("ZF", "综合执法党支部", "agency"),
)


@dataclass(slots=True)
class Plan:
    """What to establish, and how many members each branch gets."""

    areas: list[AreaDraft] = field(default_factory=list)
    organizations: list[tuple[OrganizationDraft, str]] = field(
        default_factory=list
    )  # (draft, area key)
    sizes: dict[str, int] = field(default_factory=dict)


def plan_tree(*, seed: int, today: dt.date, small: bool = False) -> Plan:
    """Return the whole tree as drafts, parents before children.

    About 1,000 branches: 22 townships and streets, 335 villages and communities, five
    systems of other fields, and the fictitious 示例镇 with eight 试验村. `small` keeps one
    street and 示例镇, for tests.
    """
    rng = random.Random(seed)
    plan = Plan()
    since = dt.date(2003, 7, 1)
    plan.areas.append(
        AreaDraft("AD", places.COUNTY[1], "county", "", 1, ((*places.NBS, places.COUNTY[0]),))
    )
    _add(
        plan,
        ROOT,
        "中共定西市安定区委员会",
        "county_committee",
        "agency",
        "",
        since,
        area="AD",
        area_kind="county",
        position=1,
    )
    _add(plan, "AD-ZB", "中共安定区委组织部", "department", "agency", ROOT, since, position=2)
    for number, place in enumerate(places.townships()[: 1 if small else None], start=1):
        _township(plan, rng, number, place, since)
    for number, (code, name, kind, sector, branches, pattern) in enumerate(
        () if small else SYSTEMS, start=40
    ):
        _add(plan, code, name, kind, sector, ROOT, since, position=number, seats=7)
        for n in range(1, branches + 1):
            size = rng.randint(4, 16) if sector == "new_economic" else rng.randint(14, 44)
            _branch(
                plan,
                rng,
                f"{code}{n:03d}",
                "安定区" + pattern.format(n=_chinese(n)),
                sector,
                code,
                size,
                since,
            )
    _fictitious(plan, rng, since, today)
    return plan


def _add(
    plan: Plan, code: str, name: str, kind: str, sector: str, parent: str, since: dt.date,
    *, area: str = "", area_kind: str = "none", position: int = 0, seats: int = 0, groups: int = 0,
    units: int = 0, households: int = 0, tag: str = "none", short: str = "",
) -> None:  # fmt: skip
    plan.organizations.append(
        (
            OrganizationDraft(
                code=code, name=name, short_name=short or _short(name), kind=kind, field=sector, parent_code=parent,
                established_on=since, area_kind=area_kind, position=position,
                committee_seats=seats, groups=groups, joint_units=units, households=households, tag=tag,
                initials=initials(_short(name)), pinyin=pinyin(_short(name)),
            ),
            area,
        )
    )  # fmt: skip


def _short(name: str) -> str:
    return name.removeprefix("中共定西市").removeprefix("中共").replace("安定区委员会", "安定区委")


def _branch(
    plan: Plan, rng: random.Random, code: str, name: str, sector: str, parent: str, size: int, since: dt.date,
    *, area: str = "", area_kind: str = "none", position: int = 0, households: int = 0, tag: str = "none",
) -> None:  # fmt: skip
    joint = "联合党支部" in name
    seats = 0 if size < 7 else 3 if size < 30 else 5
    groups = 0 if size < 18 else 2 if size < 40 else 3
    if sector in {"village", "agency", "soe", "hospital"} and rng.random() < 0.55:
        groups = 0
    _add(
        plan, code, name, "joint_branch" if joint else "branch", sector, parent, since, area=area,
        area_kind=area_kind, position=position, seats=seats, groups=groups,
        units=rng.randint(2, 5) if joint else 0, households=households, tag=tag,
    )  # fmt: skip
    plan.sizes[code] = size


def _township(
    plan: Plan, rng: random.Random, number: int, place: places.Place, since: dt.date
) -> None:
    code = f"AD{number:02d}"
    street = place.kind == "subdistrict"
    plan.areas.append(
        AreaDraft(code, place.name, place.kind, "AD", number, ((*places.NBS, place.nbs_code), (*places.MCA, place.mca_code)))
    )  # fmt: skip
    title = f"中共{place.name}工作委员会" if street else f"中共{place.name}委员会"
    _add(
        plan, code, title, "working_committee" if street else "township_committee", "agency", ROOT, since,
        area=code, area_kind=place.kind, position=10 + number, seats=9, short=f"{place.name}党{'工' if street else ''}委",
    )  # fmt: skip
    own = [v for v in places.villages() if v.parent_nbs_code == place.nbs_code]
    for n, village in enumerate(own, start=1):
        _village(plan, rng, f"{code}-{n:02d}", code, village, n, since)
    for suffix, name, sector in TOWNSHIP_UNITS:
        size = rng.randint(6, 16) if sector.startswith("new") else rng.randint(12, 40)
        _branch(
            plan,
            rng,
            f"{code}{suffix}",
            f"{place.name}{name}",
            sector,
            code,
            size,
            since,
            position=80,
        )


def _village(
    plan: Plan, rng: random.Random, code: str, township: str, village: places.Place, n: int, since: dt.date
) -> None:  # fmt: skip
    plan.areas.append(
        AreaDraft(
            code, village.short, village.kind, township, n, ((*places.NBS, village.nbs_code),)
        )
    )
    households = rng.randint(180, 620) if village.kind == "village" else rng.randint(900, 3200)
    tag = "poverty_exited" if village.kind == "village" and rng.random() < 0.35 else "none"
    if rng.random() < 0.12:
        name = f"{village.short}党总支"
        _add(
            plan, code, name, "general_branch", village.kind, township, since, area=code,
            area_kind=village.kind, position=n, seats=5, households=households, tag=tag,
        )  # fmt: skip
        for m in (1, 2):
            _branch(
                plan,
                rng,
                f"{code}-{m}",
                f"{village.short}第{_NUMERALS[m - 1]}党支部",
                village.kind,
                code,
                rng.randint(30, 48),
                since,
            )
        return
    _branch(
        plan, rng, code, f"{village.short}党支部", village.kind, township, rng.randint(36, 49), since,
        area=code, area_kind=village.kind, position=n, households=households, tag=tag,
    )  # fmt: skip


def _fictitious(plan: Plan, rng: random.Random, since: dt.date, today: dt.date) -> None:
    """示例镇: the only place with faults. One village has no committee, one is new, one will be merged."""
    plan.areas.append(AreaDraft("SLZ", FICTITIOUS_TOWN, "township", "AD", 99, ()))
    _add(plan, "SLZ", f"中共{FICTITIOUS_TOWN}委员会", "township_committee", "agency", ROOT, since, area="SLZ",
         area_kind="township", position=99, seats=9, short=f"{FICTITIOUS_TOWN}党委")  # fmt: skip
    for n in range(1, TRIAL_VILLAGES + 1):
        code, name = f"SLZ-{n:02d}", f"试验{_NUMERALS[n - 1]}村"
        plan.areas.append(AreaDraft(code, name, "village", "SLZ", n, ()))
        size = (
            6 if n == 4 else 20 if n in {7, 8} else rng.randint(22, 38)
        )  # 试验四村 stays below seven full members
        new = dt.date(today.year, 5, 12) if n == 6 else since  # 试验六村 was set up in May
        _branch(
            plan, rng, code, f"{name}党支部", "village", "SLZ", size, new, area=code,
            area_kind="village", position=n, households=rng.randint(150, 400),
        )  # fmt: skip


def _chinese(n: int) -> str:
    """Return 1–199 in Chinese numerals: 21 → 二十一."""
    if n >= 100:
        rest = n % 100
        return "一百" + ("" if not rest else ("零" if rest < 10 else "") + (_chinese(rest) if rest >= 20 or rest < 10 else "一" + _chinese(rest)))  # fmt: skip
    tens, units = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[units - 1] if units else "")
