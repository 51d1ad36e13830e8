"""E3xx: what a pack may never ask for (整治形式主义). Pure.

Source: 《整治形式主义为基层减负若干规定》 (督查检查考核), 《关于防治“指尖上的形式主义”的若干意见》.
"""

import re
from collections.abc import Iterator, Sequence

from wuju.engine.items import Item, Kind
from wuju.rulepacks.bench import Bench, Complaints, tokens
from wuju.rulepacks.loader import Spot
from wuju.rulepacks.procedures import (
    Classification,
    Milestone,
    Plan,
    PlanTarget,
    Procedure,
    Situation,
    Step,
    Votes,
)
from wuju.rulepacks.reading import Steps

_APP = re.compile(
    "打卡|签到|积分|点赞|转发量|在线时长|登录|活跃度|浏览量|阅读量|点击|关注量|人脸|定位|轨迹|学习强国|使用率|上线率"
)
_APP_WORDS = frozenset(
    {
        *("login", "logins", "online", "click", "clicks", "likes", "points", "checkin"),
        *("gps", "face", "track", "pageviews", "activeness"),
    }
)
_PROOF = re.compile("照片|拍照|截图|录像|附件|笔记|心得|佐证|印证材料|留痕|纸条|会议记录上传")
_PROOF_WORDS = frozenset(
    {
        *("photo", "photos", "picture", "attachment", "attachments", "screenshot"),
        *("note", "notes", "diary", "slip"),
    }
)
_WEAK = re.compile("软弱涣散|后进|末位|较差")
_QUOTA = re.compile("比例|名额|数量|不少于|不低于|倒排|确定|列为|淘汰|指标")
_PERSON = re.compile("排名|名次|排行|个人得分|个人评分|党员得分|党员评分|末位")
_PERSON_WORDS = frozenset({"rank", "ranking", "leaderboard", "scoreboard", "topn"})
_PERSON_KINDS = frozenset({Kind.LATEST, Kind.SET, Kind.COUNT})


def asks_for_proof(text: str) -> bool:
    """Whether a text asks for photographs, notes, slips or attachments."""
    return bool(_PROOF.search(text) or tokens(text) & _PROOF_WORDS)


def _of_an_app(text: str) -> bool:
    return bool(_APP.search(text) or tokens(text) & _APP_WORDS)


def _sayings(item: Item) -> Iterator[tuple[str, str]]:
    """Yield what an item says and the key it stands under; conditions are told at the fact they read."""
    yield "code", item.code
    yield "title", item.title
    yield "of", " ".join(item.texts)


def check(bench: Bench) -> Complaints:
    for spot, item in bench.judged:
        yield from weighed_procedure(spot, item)
        yield from activity_as_result(bench, spot, item)
        yield from app_activity(spot, item)
        yield from demanded_proof(spot, item)
        yield from weak_quota(spot, item)
        yield from person_output(bench, spot, item)
    yield from parameters(bench)
    for spot, part in bench.own_parts:
        for steps, title in titles(part):
            yield from title_of_part(spot, steps, title)


def weighed_procedure(spot: Spot, item: Item) -> Complaints:
    """E301: work is not judged by meetings held; a procedure has a status and no number."""
    for key in ("weight", "score", "bands"):
        if item.use == "procedure" and getattr(item, key) not in {None, ()}:
            why = f"“{item.title}”是程序项，只提示是否完成，请删去 {key}。"
            yield spot.complain("E301", why, key)


def activity_as_result(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E302: meetings, courses and notices are procedures; only coverage of persons by them is a result."""
    if item.use != "result":
        return
    spec = bench.catalog.get(item.fact or "")
    if spec and spec.activity:
        why = f"“{spec.title}”是活动，不是成效，请改为 use: procedure。"
        yield spot.complain("E302", why, "use")
    for part in item.parts:
        found = bench.pack.items.get(part)
        if found and found.use == "procedure":
            why = f"组成项“{found.title}”是程序项，不能进入综合项，请删去。"
            yield spot.complain("E302", why, "parts", part)


def app_activity(spot: Spot, item: Item) -> Complaints:
    """E303: nothing that somebody does inside software is measured."""
    if key := next((key for key, said in _sayings(item) if _of_an_app(said)), None):
        why = f"“{item.title}”考核的是软件里的活动，不得作为清单项，请改为工作本身的事实。"
        yield spot.complain("E303", why, key)


def demanded_proof(spot: Spot, item: Item) -> Complaints:
    """E304: no photograph, note, slip or attachment is a condition of anything."""
    if key := next((key for key, said in _sayings(item) if asks_for_proof(said)), None):
        why = f"“{item.title}”要求照片、笔记或附件等材料，不得作为条件，请改为已有记录。"
        yield spot.complain("E304", why, key)


def weak_quota(spot: Spot, item: Item) -> Complaints:
    """E305: weak organizations are found by facts, never filled up to a number."""
    floor = item.target is not None and item.target.operator != "at_most"
    counted = item.kind in {Kind.COUNT, Kind.STOCK, Kind.RATIO}
    if floor and counted and _WEAK.search(item.title) and _QUOTA.search(item.title):
        why = f"“{item.title}”给软弱涣散组织定了数量或比例，请删去：应整顿的逐个研究确定。"
        yield spot.complain("E305", why, "title")


def person_output(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E306: no person and no organization is ranked, and no rows of persons are counted one by one."""
    said = f"{item.code} {item.title}"
    if _PERSON.search(said) or tokens(said) & _PERSON_WORDS:
        yield spot.complain("E306", f"“{item.title}”是排名或个人评分，请删去。", "title")
    spec = bench.catalog.get(item.fact or "")
    if spec and spec.sensitive and item.kind in _PERSON_KINDS:
        why = f"“{spec.title}”是个人的记录，请改用 coverage、stock 或 ratio 按组织汇总。"
        yield spot.complain("E306", why, "kind")


def parameters(bench: Bench) -> Complaints:
    """E303, E304 for parameters: a number of clicks or photographs is not a parameter either."""
    for name, parameter in bench.pack.parameters.items():
        said = f"{name} {parameter.unit}"
        if f"${name}" not in bench.pack.own:
            continue
        if _of_an_app(said):
            why = f"参数“{name}”量的是软件里的活动，请删去。"
            yield bench.pack.places[f"${name}"].complain("E303", why)
        if asks_for_proof(said):
            why = f"参数“{name}”量的是照片、笔记或附件，请删去。"
            yield bench.pack.places[f"${name}"].complain("E304", why)


def titles(part: Procedure | Votes | Classification | Plan) -> Iterator[tuple[Steps, str]]:
    """Yield the place and text of every title in a part: what is done, measured or weighed."""
    yield ("title",), part.title
    lists: dict[str, Sequence[Step | Situation | PlanTarget | Milestone]] = {}
    if isinstance(part, Procedure):
        lists = {"steps": part.steps}
    elif isinstance(part, Classification):
        lists = {"situations": part.situations}
    elif isinstance(part, Plan):
        lists = {"targets": part.targets, "milestones": part.milestones}
    for key, entries in lists.items():
        yield from (((key, no, "title"), entry.title) for no, entry in enumerate(entries))


def title_of_part(spot: Spot, steps: Steps, title: str) -> Complaints:
    """E303, E306 for parts: no step is a sign-in, no target a ranking."""
    if _APP.search(title):
        why = f"“{title}”是软件里的活动，不得写进程序和计划，请改为工作本身的步骤。"
        yield spot.complain("E303", why, *steps)
    if _PERSON.search(title):
        yield spot.complain("E306", f"“{title}”是排名或个人评分，请删去。", *steps)
