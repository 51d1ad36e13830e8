"""The columns of the roster sheet (党员名册), with the headers people really use. Pure."""

from wuju.kit.sheets.columns import SheetColumn

from .words import CATEGORIES, EDUCATION, EXEMPT, EXEMPT_SAID, SEXES

COLUMNS = (
    SheetColumn(
        name="org", header="组织代码", type="id",
        aliases=("组织编号", "所在组织", "所在党组织", "所在党支部", "党支部", "党支部名称",
                 "所属党组织", "支部名称"),
        help="也可填写组织全称；整张表属于一个党组织时可以不填，在上传时选择。",
    ),
    SheetColumn(name="name", header="姓名", required=True, max_length=50),
    SheetColumn(
        name="id_number", header="公民身份号码", type="id_number", personal=True,
        aliases=("身份证", "身份证号", "身份证号码", "公民身份证号码"),
    ),
    SheetColumn(name="sex", header="性别", type="code", values=SEXES),
    SheetColumn(
        name="born_on", header="出生日期", type="date_part", aliases=("出生年月", "出生时间"),
    ),
    SheetColumn(name="ethnicity", header="民族", max_length=20),
    SheetColumn(
        name="education", header="学历", type="code", values=EDUCATION,
        aliases=("文化程度", "最高学历"),
        synonyms={
            "小学": "primary", "文盲": "primary", "高中": "senior", "中专": "senior",
            "职高": "senior", "技校": "senior", "专科": "college", "大学专科": "college",
            "大学": "bachelor", "大学本科": "bachelor", "本科学士": "bachelor",
            "硕士": "graduate", "硕士研究生": "graduate", "博士": "graduate",
            "博士研究生": "graduate",
        },
    ),
    SheetColumn(
        name="category", header="人员类别", type="code", values=CATEGORIES,
        aliases=("党员类别",),
        synonyms={"正式": "full", "预备": "probationary", "中共党员": "full",
                  "中共预备党员": "probationary"},
    ),
    SheetColumn(
        name="joined_on", header="加入党组织日期", type="date_part",
        aliases=("入党时间", "入党日期", "加入中国共产党日期"),
    ),
    SheetColumn(
        name="full_on", header="转为正式党员日期", type="date_part",
        aliases=("转正时间", "转正日期"),
    ),
    SheetColumn(
        name="phone", header="手机号码", type="phone", personal=True,
        aliases=("联系电话", "手机", "手机号", "联系方式", "电话"),
    ),
    SheetColumn(name="mobile", header="是否流动", type="bool", aliases=("流动党员", "是否流动党员")),
    SheetColumn(
        name="exempt", header="是否不作硬性要求", type="code", values=EXEMPT,
        aliases=("不作硬性要求", "exempt_reason", "免除原因", "不作硬性要求原因"),
        synonyms=EXEMPT_SAID,
        help="年老体弱等经批准的填“是”，不写是哪一种情形。",
    ),
    SheetColumn(
        name="exempt_document", header="不作硬性要求批准文号", max_length=60,
        aliases=("免除批准文号", "免除依据"),
    ),
)  # fmt: skip
