"""The columns of the organizations sheet, with the headers people really use. Pure."""

from wuju.kit.sheets.columns import SheetColumn

from .words import FIELDS, KINDS

COLUMNS = (
    SheetColumn(
        name="code", header="组织代码", type="id", required=True, max_length=40,
        aliases=("组织编号", "党组织代码", "党组织编号"),
    ),
    SheetColumn(
        name="name", header="组织名称", required=True, max_length=60,
        aliases=("党组织名称", "名称"),
    ),
    SheetColumn(
        name="kind", header="组织类别", type="code", values=KINDS, aliases=("党组织类别",),
        synonyms={"支部": "branch", "总支": "general_branch", "县委": "county_committee",
                  "区委": "county_committee", "党委会": "committee"},
    ),
    SheetColumn(
        name="parent", header="上级组织代码", type="id",
        aliases=("上级组织", "上级党组织", "所属组织", "上级党组织代码"),
        help="填组织代码或全称；只有县（区）委没有上级。",
    ),
    SheetColumn(name="moved_on", header="隶属变更日期", type="date", help="改变上级组织时必填。"),
    SheetColumn(
        name="field", header="领域", type="code", values=FIELDS,
        synonyms={"农村": "village", "行政村": "village", "城市社区": "community",
                  "国有企业": "soe", "学校党组织": "school", "公立医院": "hospital",
                  "非公企业": "new_economic", "社会组织": "new_social"},
    ),
    SheetColumn(name="area_code", header="区划代码", type="id"),
    SheetColumn(
        name="area_edition", header="区划版本",
        help="如“nbs 2023”（统计用区划代码）或“mca 2026”（行政区划代码）。",
    ),
    SheetColumn(
        name="established_on", header="成立日期", type="date",
        aliases=("建立日期", "成立时间", "建立时间"),
    ),
    SheetColumn(name="dissolved_on", header="撤销日期", type="date", aliases=("撤销时间",)),
    SheetColumn(
        name="merged_into", header="合并入", type="id", aliases=("合并入组织代码", "并入组织"),
        help="填承接组织的代码，并填撤销日期。",
    ),
)  # fmt: skip
