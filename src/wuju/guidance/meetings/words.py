"""Codes of meetings beside their Chinese words. Pure."""

from types import MappingProxyType

KINDS = MappingProxyType(
    {
        "members_meeting": "支部党员大会",
        "committee_meeting": "支部委员会",
        "group_meeting": "党小组会",
        "party_lecture": "党课",
        "theme_day": "主题党日",
        "org_life_meeting": "组织生活会",
        "democratic_life_meeting": "民主生活会",
        "bureau_meeting": "党委（党组）会",
        "study_group": "理论学习中心组",
    }
)
# What people write in their own registers for the same thing.
KIND_SYNONYMS = MappingProxyType(
    {
        "党员大会": "members_meeting",
        "支部大会": "members_meeting",
        "支委会": "committee_meeting",
        "支部委员会会议": "committee_meeting",
        "支委会议": "committee_meeting",
        "小组会": "group_meeting",
        "党小组会议": "group_meeting",
        "上党课": "party_lecture",
        "党日": "theme_day",
        "主题党日活动": "theme_day",
        "党委会": "bureau_meeting",
        "党组会": "bureau_meeting",
        "党委会议": "bureau_meeting",
        "中心组学习": "study_group",
        "理论中心组": "study_group",
        "党委理论学习中心组": "study_group",
    }
)
# Bodies whose circle is the committee, not the whole roster.
COMMITTEE_KINDS = frozenset(
    {"committee_meeting", "democratic_life_meeting", "bureau_meeting", "study_group"}
)
STATUSES = MappingProxyType({"planned": "计划", "held": "已召开", "cancelled": "已取消"})
ATTENDANCE = MappingProxyType({"named": "有名单", "counts": "只有人数"})
LECTURERS = MappingProxyType(
    {
        "none": "无",
        "secretary": "书记",
        "leading_official": "领导干部",
        "member": "党员",
        "invited": "外请",
    }
)
# `came`: a member of whom nothing is required came all the same, so counts as due and present.
REASONS = MappingProxyType(
    {
        "excused": "请假",
        "absent": "未到",
        "exempt": "不作硬性要求",
        "guest": "列席",
        "came": "不作硬性要求，已到会",
    }
)
PRESENT = "到会"
TOPICS = MappingProxyType(
    {
        "theory_study": "理论学习",
        "discipline_education": "纪律教育",
        "oath_renewal": "重温入党誓词",
        "admission_anniversary": "政治生日",
        "criticism": "批评与自我批评",
        "major_matter": "重大事项",
        "branch_building": "研究党支部建设",
    }
)
RULES = MappingProxyType(
    {
        "members_decision": "党员大会决议",
        "committee_decision": "委员会决定",
        "admission": "接收党员、转正",
        "election": "选举",
    }
)
DECLARED = MappingProxyType({"passed": "通过", "rejected": "未通过"})
