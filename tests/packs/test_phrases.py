"""The mission article phrase by phrase: nothing it names is forgotten, nothing of ours stands there without a phrase.

`TABLE` is the table of the article (project → what it names, in its order), kept here as data so that
no edit of the pack can lose a phrase unseen.
"""

import pytest

from wuju.rulepacks.bench import Bench
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.checks_phrases import check, read_phrases
from wuju.rulepacks.loader import load_pack

TABLE = {
    "guidance": "思想凝聚力|第一议题制度|创新理论培训|集中性纪律教育|三会一课|主题党日|民主评议党员|批评与自我批评|重温入党誓词|"
    "过“政治生日”|重大事项由党组织讨论决定|对贯彻落实重要指示批示情况常态化督促检查|巩固拓展主题教育成果",
    "workforce": "干事战斗力|三支队伍|乡村干部|驻村工作|党员先锋|乡镇领导班子建设|村（社区）“两委”干部优化调整|"
    "“一村一名大学生干部”行动|村党组织书记后备力量培育储备三年行动|五项机制|选贤任能|赋能蓄力|源头培养|规范管理|考评奖罚|"
    "年龄偏大调整|学历偏低调整|能力偏弱调整|第一书记和工作队选派|第一书记和工作队轮换|第一书记和工作队日常管理|发展党员|"
    "从青年中发展党员|从产业工人中发展党员|从农民中发展党员|从知识分子中发展党员|"
    "保障性租赁住房|“五小”工程|健康体检|交通补贴|带薪休假|三个区分开来",
    "branches": "核心驱动力|抓党建促振兴|千万工程|抓党建促基层治理|抓党建促全域提质|传统领域|机关|国企|学校|医院|软弱涣散排摸整顿|"
    "新兴领域|新经济组织|新社会组织|新就业群体|“两个覆盖”|“一把钥匙开一把锁”",
    "foundations": "基层支撑力|村（社区）党群服务中心三年提升改造计划|新建项目|改扩建项目|社区中心纳入公益性设施规划|居民小区党群服务站点|"
    "“10分钟便民生活圈”|村级组织工作事务规范|机制牌子规范|证明事项规范|小马拉大车|村集体经济“五个一批”|"
    "支部引领推动|项目扶持带动|特色产业促动|抱团发展驱动|盘活资源撬动",
    "accountability": "工作执行力|主体责任|书记第一责任人|一岗双责|四看|督查调研查党建|随机提问考党建|述职评议评党建|选人用人看党建|"
    "可量化|可评估|可追溯|项目化管理|清单式推进|督查|通报|整改|全周期全过程闭环|表彰激励|约谈问责|党建识人|党建用人",
}
PACK = load_pack(pack_home() / "anding_2026")
PHRASES = [phrase for _, phrase in read_phrases(PACK)[0]]


@pytest.mark.parametrize(
    ("project", "count"),
    [("guidance", 13), ("workforce", 32), ("branches", 17), ("foundations", 17), ("accountability", 22)],
)  # fmt: skip
def test_every_phrase_of_the_article_stands_in_its_project_and_order(
    project: str, count: int
) -> None:
    wanted = TABLE[project].split("|")

    assert [each.phrase for each in PHRASES if each.project == project] == wanted
    assert len(wanted) == count


def test_every_phrase_is_carried_by_something_that_rests_on_the_article() -> None:
    assert list(check(Bench(PACK, catalog(), ()))) == []


def test_everything_of_the_district_carries_a_phrase() -> None:
    named = {code for phrase in PHRASES for code in phrase.carried_by}
    own = {code for code in PACK.items if code in PACK.own}
    own |= {key for key in PACK.own if key.startswith(("plan:", "procedure:"))}

    assert own - named == set()


def test_every_phrase_has_an_item_a_plan_or_a_procedure() -> None:
    """A classification lays facts beside situations; it carries nothing alone."""
    for phrase in PHRASES:
        assert any(not code.startswith("classification:") for code in phrase.carried_by), phrase


def test_what_the_article_is_named_for_is_also_told_where_projects_are_shown() -> None:
    """The initiatives of a project and its phrases speak of the same items."""
    shown = {
        code
        for project in PACK.projects
        for initiative in project.initiatives
        for code in initiative.covered_by
    }

    assert {code for phrase in PHRASES for code in phrase.carried_by} <= shown
