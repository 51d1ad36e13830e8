"""Codes of organizations and areas beside their Chinese words. Pure."""

from types import MappingProxyType

KINDS = MappingProxyType(
    {
        "county_committee": "县（区）委",
        "department": "区直部门",
        "township_committee": "乡镇党委",
        "working_committee": "党工委",
        "committee": "党委",
        "leading_group": "党组",
        "general_branch": "党总支",
        "branch": "党支部",
        "joint_branch": "联合党支部",
        "temporary_branch": "临时党支部",
        "group": "党小组",
    }
)
BRANCHES = frozenset({"branch", "joint_branch", "temporary_branch", "general_branch"})
FIELDS = MappingProxyType(
    {
        "village": "村",
        "community": "社区",
        "agency": "机关",
        "soe": "国企",
        "school": "学校",
        "hospital": "医院",
        "new_economic": "新经济组织",
        "new_social": "新社会组织",
        "new_employment": "新就业群体",
    }
)
AREA_KINDS = MappingProxyType(
    {
        "county": "县（区）",
        "township": "乡镇",
        "subdistrict": "街道",
        "village": "村",
        "community": "社区",
        "none": "不领导区域",
    }
)
TAGS = MappingProxyType(
    {
        "none": "无",
        "poverty_exited": "脱贫村",
        "relocation_site": "易地搬迁安置点",
        "weak_listed": "软弱涣散整顿村",
        "key_revitalization": "乡村振兴重点村",
    }
)
BODIES = MappingProxyType(
    {
        "party_committee": "党组织委员会",
        "villagers_committee": "村（居）民委员会",
        "oversight_committee": "村务监督委员会",
        "collective_board": "集体经济组织理事会",
        "township_leadership": "乡镇领导班子",
    }
)
POSTS = MappingProxyType(
    {
        "secretary": "书记",
        "deputy_secretary": "副书记",
        "organization": "组织委员",
        "publicity": "宣传委员",
        "discipline": "纪检委员",
        "director": "主任",
        "deputy_director": "副主任",
        "member": "委员",
    }
)
