"""The columns of the meetings sheet (会议记录), with the headers people really use. Pure."""

from wuju.kit.sheets.columns import SheetColumn

from .words import KIND_SYNONYMS, KINDS

COLUMNS = (
    SheetColumn(
        name="org", header="组织代码", type="id",
        aliases=("组织编号", "所在党组织", "所在党支部", "党支部", "党支部名称", "支部名称", "组织名称",
                 "所属党组织"),
        help="也可填写组织全称；整张表属于一个党组织时可以不填，在上传时选择。",
    ),
    SheetColumn(
        name="kind", header="会议类型", type="code", required=True, values=KINDS,
        synonyms=KIND_SYNONYMS, aliases=("类型", "会议名称", "会议类别", "活动类型"),
    ),
    SheetColumn(
        name="held_on", header="日期", type="date", required=True,
        aliases=("时间", "会议时间", "会议日期", "召开时间", "召开日期", "活动时间"),
    ),
    SheetColumn(
        name="topic", header="主题", max_length=200,
        aliases=("议题", "会议主题", "会议议题", "议程", "内容", "会议内容", "活动名称"),
    ),
    SheetColumn(name="chair", header="主持人", max_length=50, aliases=("主持",)),
    SheetColumn(
        name="due", header="应到", type="int", aliases=("应到人数", "应到会", "应到会人数", "人数"),
    ),
    SheetColumn(
        name="present", header="实到", type="int",
        aliases=("实到人数", "到会", "到会人数", "实到会", "实到会人数", "出席人数"),
    ),
    SheetColumn(name="excused", header="请假", type="int", aliases=("请假人数",)),
    SheetColumn(name="hours", header="学时", type="tenths", aliases=("学时数",)),
    SheetColumn(
        name="resolution", header="决议", max_length=500, aliases=("会议决议", "决议事项"),
    ),
    SheetColumn(name="ayes", header="赞成", type="int", aliases=("赞成票", "赞成票数", "同意票数")),
    SheetColumn(name="ref", header="编号", type="id", max_length=60, aliases=("会议编号",)),
    SheetColumn(
        name="attendees", header="参会人员", type="list",
        aliases=("出席", "出席人员", "到会人员", "参加人员", "出席人"),
        help="姓名或公民身份号码，用、分开；填写后以当日名册减去参会人员为未到。",
    ),
)  # fmt: skip
