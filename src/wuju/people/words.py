"""Codes of people beside their Chinese words. Pure."""

from types import MappingProxyType

CATEGORIES = MappingProxyType({"full": "正式党员", "probationary": "预备党员"})
STATES = MappingProxyType({"normal": "正常", "suspended": "停止党籍", "lost_contact": "失联"})
# Yes or no with an approval number; which illness it is never enters.
EXEMPT = MappingProxyType({"yes": "是", "no": "否"})
# What rosters have written in this column, so that they still land; the word itself is not kept.
EXEMPT_SAID = MappingProxyType(
    dict.fromkeys(
        ("年老", "体弱", "年老体弱", "残疾", "aged", "ill", "disabled", "免除", "已批准"), "yes"
    )
    | dict.fromkeys(("无", "没有", "none"), "no")
)
MEMBER_POSTS = MappingProxyType(
    {
        "none": "无",
        "secretary": "书记",
        "committee_member": "委员",
        "leading_official": "领导干部",
    }
)
SEXES = MappingProxyType({"male": "男", "female": "女"})
EDUCATION = MappingProxyType(
    {
        "primary": "小学及以下",
        "junior": "初中",
        "senior": "高中（中专）",
        "college": "大专",
        "bachelor": "本科",
        "graduate": "研究生",
    }
)
