"""What an event of the ledger is called in Chinese. Pure."""

from types import MappingProxyType

KINDS = MappingProxyType(
    {
        "loop": "问题",
        "meeting": "会议",
        "course": "培训",
        "member": "党员",
        "organization": "组织",
        "term": "任期",
        "inspection": "督查",
        "bulletin": "文件",
        "import": "导入",
        "account": "账号",
        "pack": "规则包",
        "run": "评判存档",
        "suggestion": "投诉建议",
    }
)
_NOUNS = MappingProxyType(
    {
        "account": "账号",
        "areas": "区域",
        "bulletin": "文件",
        "course": "培训",
        "courses": "培训",
        "feed": "数据起始日",
        "finding": "问题",
        "grant": "授权",
        "findings": "问题",
        "headers": "表头对应",
        "import": "导入",
        "imports": "导入暂存",
        "inspection": "督查",
        "meeting": "会议",
        "meetings": "会议",
        "member": "党员",
        "members": "党员名册",
        "organization": "组织",
        "organizations": "组织",
        "pack": "规则包",
        "password": "密码",
        "suggestion": "投诉建议",
        "post": "职务",
        "records": "记录",
        "role": "角色",
        "rows": "记录",
        "run": "评判存档",
        "seats": "职务",
        "standings": "履职状态",
        "term": "任期",
        "terms": "任期",
        "token": "令牌",
        "waiver": "免除",
        "work": "工作",
    }
)
_VERBS = MappingProxyType(
    {
        "answered": "答复",
        "approved": "批准",
        "attested": "证明",
        "cancelled": "取消",
        "changed": "修改",
        "closed": "销号",
        "corrected": "更正",
        "declared": "声明",
        "deferred": "批准延期",
        "dissolved": "撤销",
        "elected": "换届",
        "ended": "结束",
        "established": "设立",
        "evidence_returned": "退回整改结果",
        "evidence_submitted": "报送整改结果",
        "expired": "到期清除",
        "exported": "导出",
        "filled": "任职",
        "found": "提出问题",
        "frozen": "冻结",
        "granted": "授予",
        "installed": "采用",
        "issued": "印发",
        "landed": "导入",
        "measure_done": "登记措施完成",
        "measures_proposed": "报送整改措施",
        "merged": "合并",
        "moved": "调整隶属",
        "notified": "下发整改通知",
        "objected": "提出异议",
        "objection_rejected": "驳回异议",
        "objection_upheld": "认可异议",
        "opened": "开立",
        "plan_accepted": "认可整改方案",
        "plan_returned": "退回整改方案",
        "planned": "登记",
        "put_back": "恢复",
        "raised": "立项",
        "received": "收到",
        "reconciled": "与重算核对不符，已改正",
        "recorded": "登记",
        "refused": "退回",
        "remembered": "记住",
        "reminded": "到期提醒",
        "renamed": "更名",
        "reopened": "重新打开",
        "requested": "申请",
        "reset": "重设",
        "revealed": "查看完整号码",
        "revisited": "回访",
        "revoked": "撤销",
        "staged": "上传",
        "transferred": "转接",
        "undone": "撤销导入",
        "vacated": "免职",
        "verified": "核实通过",
        "withdrawn": "撤回",
    }
)


def said(action: str) -> str:
    """Return an event as a phrase: finding.closed -> 问题 · 销号.

    >>> said("finding.closed")
    '问题 · 销号'
    """
    noun, _, verb = action.partition(".")
    return f"{_NOUNS.get(noun, '其他')} · {_VERBS.get(verb, '变更')}"


def named(target: str) -> str:
    """Return what was acted on: loop:12 -> 问题 12; what has no page keeps no number."""
    kind, _, key = target.partition(":")
    return f"{KINDS[kind]} {key}" if kind in KINDS and key else ""
