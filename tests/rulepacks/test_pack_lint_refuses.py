"""Each complaint of the linter: a pack spoiled by one line is refused, its good neighbour is not."""

import re
from pathlib import Path

import pytest

from wuju.rulepacks import linter
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.complaints import Complaint

from .conftest import WritePacks
from .parts import SPOILS_OF_PARTS, Spoil

ITEMS = "base_pack/items/items.yaml"
PACK = "base_pack/pack.yaml"
PARAMETERS = "base_pack/parameters.yaml"
CASES = "base_pack/cases/cases.yaml"
DISTRICT = "district_pack/pack.yaml"
REFINED = "district_pack/items/items.yaml"
PROJECTS = "district_pack/projects.yaml"
RULE_MAP = "base_pack/rule_map.yaml"
REFINE = "per: month, target: {at_least: 1}, because: 本地要求每月召开, source: local.1"


SPOILS = [
    *SPOILS_OF_PARTS,
    Spoil("E100", "括号没有合上", ITEMS, "title: 会议", "title: [会议", "title: 开会"),
    Spoil("E101", "写错的键", ITEMS, "strength: should", "strenght: should", "strength: must"),
    Spoil("E102", "没有来源", ITEMS, "  source: rule.1\n", "", "  source: rule.2\n"),
    Spoil("E103", "没有的周期", ITEMS, "per: quarter", "per: week", "per: month"),
    Spoil("E103", "没有的标志", PARAMETERS, "mark: V2", "mark: V3", "mark: V"),
    Spoil(
        "E104",
        "键写了两次",
        ITEMS,
        "use: procedure",
        "use: procedure\n  use: result",
        "use: procedure\n  note: 说明",
    ),
    Spoil(
        "E105",
        "花括号里的英文逗号",
        PACK,
        "article: 第一条,",
        "article: 第一条,第二条,",
        "article: 第一条、第二条,",
    ),
    Spoil("E106", "没有的事实", ITEMS, "of: meeting\n", "of: meetings\n", "of: resolution\n"),
    Spoil(
        "E107", "没有的列", ITEMS, "status = 'held'", "statsu = 'held'", "status <> 'cancelled'"
    ),
    Spoil("E107", "没有的代码", ITEMS, "'members_meeting'", "'member_meeting'", "'theme_day'"),
    Spoil(
        "E107",
        "夹带语句",
        ITEMS,
        "status = 'held'",
        "status = 'held'; drop table x",
        "status IN ('held')",
    ),
    Spoil(
        "E106",
        "免除没有的人群",
        PACK,
        "  member: {where",
        "  members: {where",
        "  member: { where",
    ),
    Spoil("E107", "免除用没有的列", PACK, "NOT exempt", "NOT exempted", "NOT migrant"),
    Spoil("E108", "没有的来源", ITEMS, "source: rule.1", "source: rule.9", "source: rule.2"),
    Spoil(
        "E108", "参数没有的来源", PARAMETERS, "source: rule.2", "source: rule.9", "source: rule.1"
    ),
    Spoil(
        "E109",
        "重复的代码",
        ITEMS,
        "code: demo.lecture",
        "code: demo.meeting",
        "code: demo.lessons",
    ),
    Spoil(
        "E110", "没有的参数", ITEMS, "at_least: $lectures", "at_least: $lecture", "at_least: $days"
    ),
    Spoil(
        "E111",
        "改没有的清单项",
        REFINED,
        "refine: demo.hours",
        "refine: demo.hour",
        "refine: demo.term",
    ),
    Spoil(
        "E113",
        "没有所依据的包",
        DISTRICT,
        "extends: base_pack",
        "extends: other_pack",
        "extends: base_pack\nextends_version: 1",
    ),
    Spoil(
        "E113",
        "依据的版本不同",
        DISTRICT,
        "status: draft",
        "extends_version: 2",
        "extends_version: 1",
    ),
    Spoil(
        "E113",
        "依据的内容不同",
        DISTRICT,
        "status: draft",
        "extends_digest: abc",
        "extends_version: 1",
    ),
    Spoil("E200", "每人要求写成比例", ITEMS, "at_least: 320}", "at_least: 50%}", "at_least: 100}"),
    Spoil("E201", "缺办结日期", ITEMS, "  done: elected_on\n", "", "  done: reported_on\n"),
    Spoil(
        "E201",
        "别的类的键",
        ITEMS,
        "per: quarter",
        "due: held_on\n  per: quarter",
        "sum: present\n  per: quarter",
    ),
    Spoil("E202", "比例大于百分之百", ITEMS, "at_least: 90%", "at_least: 150%", "at_least: 80%"),
    Spoil("E202", "总能达到", ITEMS, "{at_least: 1}", "{at_least: 0}", "{at_least: 2}"),
    Spoil("E202", "次数写成百分比", ITEMS, "{at_least: 1}", "{at_least: 80%}", "{at_least: 3}"),
    Spoil("E202", "区间颠倒", ITEMS, "[3, 7]", "[7, 3]", "[3, 5]"),
    Spoil(
        "E203", "上限按比例计分", ITEMS, "{at_least: 100%}", "{at_most: 100%}", "{at_least: 80%}"
    ),
    Spoil(
        "E204",
        "综合项包含自己",
        ITEMS,
        "parts: {demo.hours: 1,",
        "parts: {demo.total: 1,",
        "parts: {demo.grade: 1,",
    ),
    Spoil(
        "E205",
        "没有的组成项",
        ITEMS,
        "parts: {demo.hours: 1,",
        "parts: {demo.hour: 1,",
        "parts: {demo.grade: 1,",
    ),
    Spoil(
        "E206",
        "不能按人归集",
        ITEMS,
        "{of: course_hours, sum: hours_tenths,",
        "{of: seat, count: rows,",
        "{of: course_hours, count: rows,",
    ),
    Spoil("E207", "把状态当次数", ITEMS, "kind: stock", "kind: count", "kind: ratio"),
    Spoil(
        "E207",
        "把事件当状态",
        ITEMS,
        "kind: count\n  of: meeting",
        "kind: stock\n  of: meeting",
        "kind: stock\n  of: seat",
    ),
    Spoil(
        "E208",
        "没有的组织类别",
        ITEMS,
        "{kind: [branch]}",
        "{kind: [brunch]}",
        "{kind: [joint_branch]}",
    ),
    Spoil(
        "E208",
        "没有的职务",
        ITEMS,
        "all_of: [secretary,",
        "all_of: [secretery,",
        "all_of: [publicity,",
    ),
    Spoil(
        "E209",
        "改目标没有理由",
        REFINED,
        REFINE,
        "target: {at_least: 2}",
        "target: {at_least: 2}, because: 本地要求",
    ),
    Spoil(
        "E210",
        "按档计分没有档",
        ITEMS,
        "score: pass",
        "score: bands",
        "score: bands\n  bands: [[50%, 5000], [100%, 10000]]",
    ),
    Spoil(
        "E210",
        "档次颠倒",
        ITEMS,
        "score: pass",
        "score: bands\n  bands: [[100%, 10000], [50%, 5000]]",
        "score: bands\n  bands: [[0, 0], [50%, 5000]]",
    ),
    Spoil(
        "E211",
        "举措指向没有的清单项",
        PROJECTS,
        "[demo.meeting]",
        "[demo.meating]",
        "[demo.meeting, demo.term]",
    ),
    Spoil("E211", "举措没有着落", PROJECTS, ", awaits: plans", "", ", awaits: burden"),
    Spoil(
        "E212",
        "算例用没有的列",
        CASES,
        "[kind, status, held_on]",
        "[kind, state, held_on]",
        "[kind, lecturer, held_on]",
    ),
    Spoil(
        "E212",
        "算例格数不符",
        CASES,
        "[members_meeting, held, 2026-02-10]",
        "[members_meeting, held]",
        "[theme_day, held, 2026-02-10]",
    ),
    Spoil(
        "E301",
        "程序项带权重",
        ITEMS,
        "use: procedure",
        "use: procedure\n  weight: 2",
        "use: procedure\n  note: 说明",
    ),
    Spoil(
        "E301",
        "程序项带分",
        ITEMS,
        "use: procedure",
        "use: procedure\n  score: pass",
        "use: procedure\n  soon_days: 5",
    ),
    Spoil(
        "E301",
        "本地给程序项加权重",
        REFINED,
        "demo.hours, weight: 3",
        "demo.quorum, weight: 3",
        "demo.term, weight: 3",
    ),
    Spoil(
        "E302",
        "把开会当成效",
        ITEMS,
        "use: procedure",
        "use: result",
        "use: procedure\n  note: 说明",
    ),
    Spoil("E302", "程序项进综合", ITEMS, "demo.term: 1}", "demo.meeting: 1}", "demo.grade: 1}"),
    Spoil("E303", "考核登录", ITEMS, "title: 会议", "title: 平台登录次数", "title: 会议次数"),
    Spoil(
        "E303",
        "代码里的在线时长",
        ITEMS,
        "code: demo.meeting",
        "code: demo.online_minutes",
        "code: demo.on_line",
    ),
    Spoil(
        "E303",
        "参数是点击",
        PARAMETERS,
        "days: {value: 30, unit: 日",
        "clicks: {value: 30, unit: 次",
        "months: {value: 30, unit: 月",
    ),
    Spoil("E304", "要求照片", ITEMS, "title: 会议", "title: 会议照片上传", "title: 会议召开"),
    Spoil(
        "E304",
        "要求笔记",
        ITEMS,
        "code: demo.meeting",
        "code: demo.study_notes",
        "code: demo.noted",
    ),
    Spoil(
        "E305",
        "软弱涣散名额",
        ITEMS,
        "title: 到会人数",
        "title: 软弱涣散党组织倒排比例",
        "title: 软弱涣散党组织逐个研究",
    ),
    Spoil(
        "E306", "党员排名", ITEMS, "title: 学时覆盖", "title: 党员学时排名", "title: 党员学时覆盖"
    ),
    Spoil("E306", "逐人计数", ITEMS, "of: meeting\n", "of: course_hours\n", "of: course\n"),
    Spoil(
        "E309",
        "同一件事数两遍",
        ITEMS,
        "kind = 'party_lecture' AND status = 'held'\n  per: year",
        "kind = 'members_meeting' AND status = 'held'\n  per: quarter",
        "kind = 'members_meeting' AND status = 'held'\n  per: month",
    ),
    Spoil(
        "E310", "考核填报", ITEMS, "title: 到会人数", "title: 报表按时填报率", "title: 到会情况"
    ),
    Spoil(
        "W401",
        "二手来源写死数字",
        ITEMS,
        "{at_least: $lectures}",
        "{at_least: 4}",
        "{at_least: $lectures}\n  note: 说明",
    ),
    Spoil(
        "E402", "未经核实没有标明", ITEMS, "  tags: [依据待核]\n", "", "  tags: [依据待核, 试行]\n"
    ),
    Spoil(
        "E402",
        "参数未经核实没有标明",
        PARAMETERS,
        "4, unit: 次/年, mark: V2",
        "4, unit: 次/年, mark: U",
        "5, unit: 次/年, mark: V2",
    ),
    Spoil(
        "W403",
        "没有边界算例",
        CASES,
        "      edge: true\n",
        "",
        "      edge: true\n      since: 2026-01-01\n",
    ),
    Spoil("W404", "没人用的参数", PARAMETERS, ", used_by: org", "", ", used_by: people"),
    Spoil(
        "W404",
        "没人引用的来源",
        PACK,
        "  rule.2:",
        "  rule.3: {title: 甲, article: 全文, in_force_from: 2020-01-01, verified_on: 2026-03-31, mark: V}\n  rule.2:",
        "  rule.2:",
    ),
    Spoil("E103", "没有的来历", RULE_MAP, "mark: U", "mark: V4", "mark: design"),
    Spoil("E230", "写错的清单项", RULE_MAP, "demo.lecture", "demo.lecturer", "'demo.lecture'"),
    Spoil("E230", "没有的列", RULE_MAP, "meeting.lecturer", "meeting.lectrer", "meeting.kind"),
    Spoil("E230", "没有交代", RULE_MAP, ", because: 核实以后再写", "", ", by: [demo.term]"),
    Spoil("E230", "没有规定的清单项", RULE_MAP, ", demo.total", "", ", 'demo.total'"),
    Spoil(
        "E405",
        "没有文件的放宽",
        REFINED,
        REFINE,
        "per: half, target: {at_least: 1}, because: 本地放宽",
        "per: month, target: {at_least: 1}, because: 本地收紧",
    ),
    Spoil(
        "W406",
        "有文件的放宽",
        REFINED,
        REFINE,
        "strength: should, per: half, because: 本地放宽, source: local.1",
        REFINE.replace("month", "quarter"),
    ),
    Spoil(
        "E408",
        "没有文号就施行",
        DISTRICT,
        "status: draft",
        "status: adopted",
        "status: adopted\nadoption: {document: 示例〔2026〕1号, decided_on: 2026-01-01}",
    ),
]


def complaints(packs: Path, file: str) -> list[Complaint]:
    return linter.lint(packs / file.partition("/")[0], catalog())


@pytest.mark.parametrize("pack", ["base_pack", "district_pack"])
def test_the_pack_to_be_spoiled_is_clean(write_packs: WritePacks, pack: str) -> None:
    assert complaints(write_packs(), pack) == []


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: f"{spoil.code} {spoil.what}")
def test_a_spoiled_pack_is_told_what_is_wrong_and_its_neighbour_is_not(
    write_packs: WritePacks, spoil: Spoil
) -> None:
    found = complaints(write_packs(spoil.file, spoil.old, spoil.bad), spoil.file)
    told = [complaint for complaint in found if complaint.code == spoil.code]
    assert told, [str(complaint) for complaint in found]
    assert told[0].severity == ("error" if spoil.code.startswith("E") else "warning")
    assert re.search("[。？]$", told[0].message)

    good = complaints(write_packs(spoil.file, spoil.old, spoil.good), spoil.file)
    assert spoil.code not in {complaint.code for complaint in good}, [str(each) for each in good]


@pytest.mark.parametrize(
    "spoil",
    [spoil for spoil in SPOILS if spoil.code.startswith("E3")],
    ids=lambda spoil: f"{spoil.code} {spoil.what}",
)
def test_formalism_is_refused_at_its_place_with_what_to_write_instead(
    write_packs: WritePacks, spoil: Spoil
) -> None:
    text = (write_packs() / spoil.file).read_text("utf-8")
    spoiled = text[: text.index(spoil.old)].count("\n") + 1
    packs = write_packs(spoil.file, spoil.old, spoil.bad)
    lines = (packs / spoil.file).read_text("utf-8").splitlines()
    entry = max(no for no, line in enumerate(lines[:spoiled], 1) if re.match(r" *- |\w", line))

    here = next(each for each in complaints(packs, spoil.file) if each.code == spoil.code)

    assert str(here).startswith(f"{spoil.file}:{here.line}:{here.column} {spoil.code} ")
    assert entry <= here.line <= spoiled + spoil.bad.count("\n")
    assert lines[here.line - 1][here.column - 1].strip(), "the column is that of a word"
    assert re.search("请[^。]", here.message), "it says what to write instead"


def test_every_code_of_the_linter_has_a_spoiled_pack() -> None:
    source = Path(linter.__file__).parent
    written = {
        code
        for path in source.glob("*.py")
        for code in re.findall(r'"([EW]\d{3})"', path.read_text("utf-8"))
    }

    assert written == {spoil.code for spoil in SPOILS}


def test_a_complaint_carries_file_line_and_column(write_packs: WritePacks) -> None:
    packs = write_packs(ITEMS, "source: rule.1", "source: ruel.1")

    (complaint,) = complaints(packs, ITEMS)

    assert (complaint.file, complaint.line, complaint.column) == (ITEMS, 11, 3)
    assert "rule.1" in complaint.message


@pytest.mark.parametrize(
    ("old", "bad", "wanted"),
    [
        ("strength: should", "strenght: should", "strength"),
        ("of: meeting\n", "of: meetings\n", "meeting"),
        ("status = 'held'", "statsu = 'held'", "status"),
        ("{kind: [branch]}", "{kind: [brunch]}", "branch"),
    ],
)
def test_a_misspelt_word_gets_the_right_one_suggested(
    write_packs: WritePacks, old: str, bad: str, wanted: str
) -> None:
    found = complaints(write_packs(ITEMS, old, bad), ITEMS)

    assert any(f"“{wanted}”" in complaint.message for complaint in found)
