"""The columns of the trainings sheet (培训学时), with the headers people really use. Pure."""

from wuju.kit.sheets.columns import SheetColumn

COLUMNS = (
    SheetColumn(
        name="org", header="组织代码", type="id",
        aliases=("组织编号", "所在党组织", "所在党支部", "党支部", "党支部名称", "支部名称", "组织名称",
                 "所属党组织"),
        help="登记学时的党组织；也可填写组织全称，或在上传时选择。",
    ),
    SheetColumn(
        name="id_number", header="公民身份号码", type="id_number", personal=True,
        aliases=("身份证", "身份证号", "身份证号码", "公民身份证号码"),
        help="没有号码时按本组织（含下级）在册党员的姓名查找，同名须补号码。",
    ),
    SheetColumn(name="name", header="姓名", required=True, max_length=50),
    SheetColumn(
        name="course", header="培训名称", required=True, max_length=100,
        aliases=("活动名称", "培训班名称", "班次名称", "培训班次", "培训内容"),
    ),
    SheetColumn(
        name="started_on", header="开始日期", type="date",
        aliases=("开始时间", "培训开始日期", "开班日期"), help="不填与结束日期相同。",
    ),
    SheetColumn(
        name="ended_on", header="结束日期", type="date", required=True,
        aliases=("结束时间", "培训结束日期", "结业日期", "活动时间", "培训时间", "培训日期"),
    ),
    SheetColumn(
        name="hours", header="学时", type="tenths", required=True,
        aliases=("学时数", "总学时数", "培训学时"),
    ),
)  # fmt: skip
