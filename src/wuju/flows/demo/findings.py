"""The demo's findings: two dozen, in every stage, all of them in the fictitious 示例镇."""

import datetime as dt
import random

from wuju.kit.actors import Actor
from wuju.kit.workdays import add_working_days
from wuju.loops import actions
from wuju.loops.actions import EvidenceDraft, FindingDraft, LandedFinding, MeasureDraft
from wuju.org.models import Organization

_KINDS = (
    ("org_life", "三季度支部党员大会没有记录", "查阅记录本，七月至九月没有召开支部党员大会的记载。", "《中国共产党支部工作条例（试行）》第十一条", "补开支部党员大会并研究本季度重要事项", "支部党员大会按季召开，参会人员均签到在册"),
    ("education", "党员集中学习学时不足", "抽查学时登记，多名党员全年集中学习不足三十二学时。", "《中国共产党党员教育管理工作条例》第二十条", "分两期组织集中补课", "抽查党员学时均已达到规定"),
    ("term", "换届准备不充分", "届满日期已近，尚未提出换届请示。", "《关于党的基层组织任期的意见》", "制定换届工作方案并报乡镇党委", "换届请示已获批复"),
    ("disclosure", "党务公开栏内容陈旧", "公开栏张贴的是去年的内容。", "《中华人民共和国村民委员会组织法》第三十条", "更换公开内容并明确专人负责", "随机询问五户群众，均看到最新公开内容"),
    ("members", "流动党员联系不到位", "两名流动党员半年内没有联系记录。", "《中国共产党党员教育管理工作条例》第三十三条", "逐人明确联系人并每季度联系一次", "两名流动党员均已取得联系"),
    ("duties", "书记责任清单没有细化", "责任清单照抄上级文件，没有本村事项。", "《党委（党组）落实全面从严治党主体责任规定》第二条", "结合本村实际重新制定责任清单", "新清单已在党员大会通过并逐项推进"),
)  # fmt: skip
_STAGES = (
    "opened", "notified", "plan", "rectifying", "submitted", "verified", "closed", "closed",
    "closed", "overdue", "closed", "imported",
)  # fmt: skip


def raise_findings(
    *, by_code: dict[str, Organization], seed: int, actor: Actor, at: dt.datetime
) -> int:
    """Land the demo's findings and return how many."""
    rng = random.Random(seed + 5)
    today = at.date()
    villages = [by_code[f"SLZ-{n:02d}"] for n in (1, 2, 3, 4, 5, 8)]
    rows = [
        _finding(rng, villages[n % len(villages)], _KINDS[(n + n // 6) % 6], stage, n, today)
        for n, stage in enumerate(_STAGES * 2)
    ]
    loops, _ = actions.land_loops(
        findings=sorted(rows, key=lambda row: row.opened_on),
        actor=actor,
        at=at,
        batch="demo-findings",
    )
    return len(loops)


def _finding(
    rng: random.Random, village: Organization, kind: tuple[str, ...], stage: str, n: int, today: dt.date
) -> LandedFinding:  # fmt: skip
    category, title, fact, basis, measure, effect = kind
    age = {"opened": 1, "notified": 4, "plan": 9, "rectifying": 16, "submitted": 24}.get(
        stage, 60 + 9 * n
    )
    opened = add_working_days(today - dt.timedelta(days=age + rng.randint(0, 2)), 0)
    draft = FindingDraft(
        organization_id=village.pk,
        origin="inspection",
        category=category,
        title=f"{village.short_name.removesuffix('党支部')}{title}",
        fact=fact,
        basis=basis,
        raised_by="李丁",
        lead_unit="示例镇党委",
        ref=f"督查{today.year}-{n + 1:02d}",
    )
    return _grown(draft, stage, opened, (measure, effect), today)


def _grown(
    draft: FindingDraft, stage: str, opened: dt.date, words: tuple[str, str], today: dt.date
) -> LandedFinding:
    """Give a finding the dates of its life up to `stage`."""
    person = f"{draft.title[:4]}支书"
    notified = add_working_days(opened, 2)
    accepted = add_working_days(notified, 4)
    done = accepted + dt.timedelta(days=6)
    submitted = add_working_days(done, 2)
    verified = add_working_days(submitted, 3)
    place = ("opened", "notified", "plan", "rectifying", "submitted", "verified", "closed")
    reached = (
        len(place) - 1 if stage == "imported" else 3 if stage == "overdue" else place.index(stage)
    )

    def upto(n: int, day: dt.date) -> dt.date | None:
        return min(day, today) if reached >= n else None

    checked = reached >= 5 and stage != "imported"
    return LandedFinding(
        draft=draft,
        opened_on=opened,
        notified_on=upto(1, notified),
        plan_accepted_on=upto(2, accepted),
        measures=(
            MeasureDraft(words[0], person),
            MeasureDraft("健全工作制度，明确专人负责", person, kind="lasting"),
        ),
        measures_done_on=upto(4, done),
        evidence=(
            EvidenceDraft(words[1], min(done + dt.timedelta(days=1), today), "effect", person),
        )
        if reached >= 4
        else (),
        submitted_on=upto(4, submitted),
        verified_by="吴己" if checked else "",
        verified_unit="区委组织部" if checked else "",
        verified_on=min(verified, today) if checked else None,
        closed_on=upto(6, add_working_days(verified, 1)),
        responsible_person=person,
        rectifying=stage in {"rectifying", "overdue"},
    )
