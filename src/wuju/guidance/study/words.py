"""Codes of courses beside their Chinese words. Pure."""

from types import MappingProxyType

LEVELS = MappingProxyType(
    {
        "branch": "支部",
        "base": "基层党委",
        "county": "县级",
        "city": "市级",
        "province": "省级",
    }
)
# 党员教育管理工作条例第九条至第十五条: the seven basic tasks.
TASKS = MappingProxyType(
    {
        "theory": "政治理论教育",
        "political_training": "政治教育和政治训练",
        "rules_discipline": "党章党规党纪教育",
        "purpose": "党的宗旨教育",
        "tradition": "革命传统教育",
        "situation_policy": "形势政策教育",
        "skills": "知识技能教育",
    }
)
# Who runs a course that says nothing of its level, by the kind of the recording organization.
LEVEL_OF_KIND = MappingProxyType(
    {
        "county_committee": "county",
        "department": "county",
        "township_committee": "base",
        "working_committee": "base",
        "committee": "base",
        "leading_group": "base",
    }
)
