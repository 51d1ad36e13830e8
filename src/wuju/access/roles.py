"""Roles and what each may do, as one table. Pure: no Django, no clock, no database.

Three roles are kept apart (三员分立): system_admin opens accounts and requests grants,
security_admin approves them, auditor reads the trail of both; none of them sees business data.
"""

from types import MappingProxyType

from wuju.kit.actors import Actor, NotGranted

ROLES = MappingProxyType(
    {
        "county_officer": "区委组织部干部",
        "department_officer": "区直部门干部",
        "township_officer": "乡镇（街道）组织委员",
        "secretary": "党组织书记",
        "clerk": "代录员",
        "inspector": "督查员",
        "verifier": "核实人",
        "system_admin": "系统管理员",
        "security_admin": "安全管理员",
        "auditor": "审计员",
        "system": "系统任务",
    }
)
SEPARATED = frozenset({"system_admin", "security_admin", "auditor"})
BUSINESS = frozenset(ROLES) - SEPARATED
GRANTABLE = frozenset(ROLES) - {"system"}  # a named job is no person

# permission: (what it is called in a refusal, roles that hold it)
PERMISSIONS: MappingProxyType[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "read": ("查看业务数据", BUSINESS),
        "record_meeting": (
            "登记会议",
            frozenset({"county_officer", "township_officer", "secretary", "clerk", "system"}),
        ),
        "keep_members": (
            "维护党员名册",
            frozenset({"county_officer", "township_officer", "secretary", "clerk", "system"}),
        ),
        "keep_organizations": ("维护组织", frozenset({"county_officer", "system"})),
        "reveal": ("查看完整证件号码", frozenset({"county_officer", "township_officer"})),
        "raise_finding": ("提出问题", frozenset({"county_officer", "inspector", "system"})),
        "order_rectification": ("下发整改通知", frozenset({"county_officer", "system"})),
        "rectify": (
            "报送整改措施和结果",
            frozenset({"township_officer", "secretary", "clerk", "county_officer", "system"}),
        ),
        "verify": (
            "核实整改结果",
            frozenset({"county_officer", "inspector", "verifier", "township_officer", "system"}),
        ),
        "close": ("销号", frozenset({"county_officer", "system"})),
        "issue_bulletin": ("印发通报", frozenset({"county_officer", "system"})),
        "import": (
            "批量导入",
            frozenset({"county_officer", "township_officer", "clerk", "system"}),
        ),
        "waive": ("批准免除", frozenset({"county_officer", "system"})),
        "attest": ("登记评价结果", frozenset({"county_officer", "system"})),
        "declare_feed": ("声明数据起始日", frozenset({"county_officer", "system"})),
        "freeze_run": ("冻结评判结果", frozenset({"county_officer", "system"})),
        "install_pack": ("采用规则包", frozenset({"county_officer", "system"})),
        "open_account": ("开立账号", frozenset({"system_admin", "system"})),
        "reset_password": ("为他人重设密码", frozenset({"system_admin", "system"})),
        "request_grant": ("申请授权", frozenset({"system_admin", "system"})),
        "approve_grant": ("批准授权", frozenset({"security_admin", "system"})),
        "refuse_grant": ("退回或撤回授权申请", frozenset({"system_admin", "security_admin"})),
        "end_grant": ("结束授权", frozenset({"system_admin", "security_admin"})),
        "revoke_token": ("撤销他人的令牌", frozenset({"system_admin", "security_admin"})),
        "read_accounts": ("查看账号和授权", frozenset({"system_admin", "security_admin"})),
        "set_up": ("首次安装时授权", frozenset({"system"})),
        "answer_suggestion": ("答复投诉建议", frozenset({"county_officer"})),
        "read_trail": ("查看留痕", frozenset({"auditor", "county_officer", "system"})),
    }
)


def may(actor: Actor, permission: str) -> bool:
    """Say whether one of the actor's roles holds `permission`."""
    return bool(actor.roles & PERMISSIONS[permission][1])


def require(actor: Actor, permission: str) -> None:
    """Refuse with NotGranted unless one of the actor's roles holds `permission`."""
    title, roles = PERMISSIONS[permission]
    if not actor.roles & roles:
        raise NotGranted(f"“{title}”")
