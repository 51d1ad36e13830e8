"""The columns of the register of findings (整改台账), with the headers people really use. Pure."""

from wuju.kit.sheets.columns import SheetColumn

from .words import ORIGINS

COLUMNS = (
    SheetColumn(
        name="org", header="组织代码", type="id",
        aliases=("组织编号", "党组织", "党组织名称", "所在党组织", "被督查单位", "被检查单位"),
        help="也可填写组织全称；没有这一列的，按“责任单位”查找。",
    ),
    SheetColumn(
        name="origin", header="问题来源", type="code", values=ORIGINS,
        aliases=("来源", "任务来源", "来源描述"),
        synonyms={
            "督查检查": "inspection", "督查反馈": "inspection", "调研督查": "inspection",
            "述职评议考核": "review", "述职": "review", "批示": "instruction",
            "指示批示": "instruction", "自查自纠": "self_check", "自查发现": "self_check",
            "投诉": "complaint", "群众反映": "complaint", "建议": "complaint",
        },
    ),
    SheetColumn(
        name="kind", header="问题类别", max_length=60,
        aliases=("类别", "问题类型", "任务类别", "问题大项", "问题大类"),
        help="写本系统的类别，或照原文写；对不上的归入“其他”并保留原文。",
    ),
    SheetColumn(
        name="text", header="问题描述",
        aliases=("具体问题", "问题描述（事实）", "存在的主要问题", "存在问题", "问题",
                 "任务内容", "工作事项"),
    ),
    SheetColumn(
        name="heading", header="反馈问题", aliases=("反馈问题（方面/大项）",),
        help="与“具体问题”并列时是问题类别，单独一列时是问题描述；导出时不填。",
    ),
    SheetColumn(
        name="basis", header="依据", max_length=300, aliases=("依据条款", "政策依据", "整改依据"),
    ),
    SheetColumn(
        name="opened_on", header="提出日期", type="date",
        aliases=("反馈日期", "反馈时间", "交办日期", "交办时间", "督查日期", "发现日期"),
    ),
    SheetColumn(
        name="due_on", header="整改时限", max_length=40,
        aliases=("整改时限（立行立改/限期/长期）", "整改期限", "完成时限", "时限", "时限要求",
                 "计划完成时间"),
        help="写日期，或写立行立改、限期、长期。",
    ),
    SheetColumn(
        name="responsible", header="责任单位", max_length=100,
        aliases=("责任部门", "整改责任单位", "整改单位"),
    ),
    SheetColumn(
        name="responsible_person", header="责任人", max_length=50, personal=True,
        aliases=("整改责任人", "责任领导"),
    ),
    SheetColumn(
        name="lead_unit", header="牵头单位", max_length=100,
        aliases=("督办单位", "提出部门", "牵头部门"),
    ),
    SheetColumn(name="measures", header="整改措施", aliases=("具体措施", "整改目标和措施")),
    SheetColumn(
        name="progress", header="整改进展",
        aliases=("进展", "进展情况", "佐证", "实际完成情况", "落实情况"),
    ),
    SheetColumn(
        name="state", header="完成情况", max_length=60,
        aliases=("整改情况", "整改状态", "状态", "销号情况"),
    ),
    SheetColumn(
        name="closed_on", header="销号日期", type="date",
        aliases=("销号时间", "实际完成时间", "完成时间", "办结时间"),
    ),
    SheetColumn(name="ref", header="编号", type="id", max_length=60, aliases=("问题编号", "督办编号")),
)  # fmt: skip
