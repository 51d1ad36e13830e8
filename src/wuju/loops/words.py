"""Codes of findings beside their Chinese words. Pure."""

from types import MappingProxyType

ORIGINS = MappingProxyType(
    {
        "inspection": "督查",
        "question": "随机提问",
        "review": "述职评议",
        "instruction": "重要指示批示",
        "self_check": "自查",
        "complaint": "投诉建议",
        "theme_education": "主题教育",
    }
)
CATEGORIES = MappingProxyType(
    {
        "education": "教育培训不到位",
        "org_life": "组织生活不规范",
        "members": "党员发展和管理不规范",
        "team": "班子和队伍建设薄弱",
        "term": "换届不及时",
        "overhaul": "软弱涣散整顿不到位",
        "coverage": "两个覆盖有空白",
        "decisions": "四议两公开执行不规范",
        "disclosure": "党务村务公开不到位",
        "centres": "阵地建设和服务不到位",
        "economy": "村集体经济管理不规范",
        "burden": "增加基层负担",
        "duties": "责任落实不到位",
        "rectification": "整改不到位",
        "other": "其他",
    }
)
SEVERITIES = MappingProxyType({"should": "一般", "must": "应当必改"})
NATURES = MappingProxyType({"at_once": "立行立改", "by_date": "限期整改", "long_term": "长期坚持"})
CAUSES = MappingProxyType(
    {
        "": "未填",
        "rule_unknown": "不掌握规定",
        "nobody_named": "责任没有落到人",
        "ability": "能力不足",
        "means": "力量或经费不足",
        "no_system": "制度不健全",
        "unclear_demand": "上级要求不清",
        "other": "其他",
    }
)
MEASURE_KINDS = MappingProxyType({"immediate": "当下改", "lasting": "长久立"})
EVIDENCE_KINDS = MappingProxyType({"effect": "看得出成效", "process": "工作过程"})
SUGGESTION_KINDS = MappingProxyType(
    {"complaint": "投诉", "suggestion": "建议", "question": "咨询", "burden": "反映负担过重"}
)
