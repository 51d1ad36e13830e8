"""The header is found in sheets with titles, notes, bands, merged cells and doubles."""

import pytest

from tests.kit.sheets.samples import MEMBERS
from wuju.kit.sheets.columns import SheetColumn
from wuju.kit.sheets.headers import (
    HeaderMap,
    MissingColumns,
    PointsExport,
    find_header,
    is_note_row,
    is_total_row,
    normalise,
    refuse_points_export,
    unit_of,
)


def found(rows: list[list[object]]) -> HeaderMap:
    header = find_header(rows, MEMBERS.columns)
    assert header is not None
    return header


def where(header: HeaderMap) -> dict[str, int]:
    return {name: column.index for name, column in header.mapped.items()}


def test_title_and_note_rows_above_are_passed_over() -> None:
    header = found([
        ["XX街道党员名册", None, None],
        ["填报单位：试验一村", None, "上报时间：2026年11月"],
        ["注意1：标红字段为必填项", None, None],
        ["所在组织(请不要输入特殊符号)", "姓 名", "出生年月（2019/10/24）"],
        ["T0001", "赵甲乙", "1998-02"],
    ])  # fmt: skip

    assert (header.first, header.height) == (3, 1)
    assert where(header) == {"org": 0, "name": 1, "born_on": 2}


def test_a_band_row_above_the_header_is_passed_over() -> None:
    header = found(
        [
            ["基本信息", None, None, "阶段1", None],
            ["党支部(名称)", "姓名", "身份证号码", "党委审批时间", "备注"],
        ]
    )

    assert header.body == 2
    assert where(header) == {"org": 0, "name": 1, "id_number": 2, "approved_on": 3}
    assert header.unknown == ("备注",)


def test_a_double_header_is_the_second_one() -> None:
    header = found([["党支部", "姓名", "党委审批时间", "入党时间", "党委\n审批时间"]])

    assert where(header)["approved_on"] == 2
    assert where(header)["approved_again_on"] == 4


def test_an_unknown_double_is_listed_with_its_number() -> None:
    assert found([["党支部", "姓名", "备注", "备注"]]).unknown == ("备注", "备注2")


def test_a_two_row_header_reads_the_lower_row_and_the_merged_cells_beside_it() -> None:
    columns = (
        SheetColumn(name="name", header="姓名"),
        SheetColumn(name="full_time", header="全日制学历", aliases=("学历全日制",)),
        SheetColumn(name="part_time", header="在职学历", aliases=("学历在职",)),
        SheetColumn(name="phone", header="联系电话"),
    )
    header = find_header(
        [
            ["序号", "姓名", "学历", None, "联系电话"],
            [None, None, "全日制", "在职", None],
            [1, "赵甲乙", "大专", "本科", "1"],
        ],
        columns,
    )

    assert header is not None
    assert (header.first, header.height) == (0, 2)
    assert {name: column.index for name, column in header.mapped.items()} == {
        "name": 1,
        "full_time": 2,
        "part_time": 3,
        "phone": 4,
    }


def test_a_row_that_only_splits_a_band_belongs_to_the_header() -> None:
    columns = (
        SheetColumn(name="name", header="姓名"),
        SheetColumn(name="schooling", header="学历"),
    )
    header = find_header(
        [["姓名", "学历", None], [None, "全日制", "在职"], ["赵甲乙", "大专", "本科"]], columns
    )

    assert header is not None
    assert header.body == 2


def test_the_first_data_row_is_never_taken_for_a_header() -> None:
    assert (
        found(
            [["党支部", "姓名", "手机号码"], ["T0001", "赵甲乙", None], [None, "钱丙丁", None]]
        ).body
        == 1
    )


def test_english_names_and_codes_are_headers_too() -> None:
    assert set(found([["org", "NAME", "id_number", "joined_on"]]).mapped) == {
        "org",
        "name",
        "id_number",
        "joined_on",
    }


def test_exact_headers_win_over_normalised_ones() -> None:
    columns = (
        SheetColumn(name="plain", header="时间", aliases=()),
        SheetColumn(name="exact", header="时间(党委备案)"),
    )
    header = find_header([["时间(党委备案)", "时间"]], columns)

    assert header is not None
    assert header.mapped["exact"].index == 0
    assert header.mapped["plain"].index == 1


def test_units_come_from_the_header_or_from_a_note_above() -> None:
    columns = (
        SheetColumn(name="org", header="村"),
        SheetColumn(name="dues", header="经营收入", type="cents"),
    )

    own = find_header([["村", "经营收入（万元）"]], columns)
    above = find_header([["收益统计表", "单位：万元"], ["村", "经营收入"]], columns)
    none = find_header([["村", "经营收入"]], columns)

    assert own is not None
    assert above is not None
    assert none is not None
    assert [h.mapped["dues"].unit for h in (own, above, none)] == ["万元", "万元", ""]


def test_missing_required_columns_are_a_sentence() -> None:
    header = found([["姓名", "手机号码"]])

    with pytest.raises(MissingColumns, match="组织代码"):
        header.require()


def test_no_header_is_found_where_there_is_none() -> None:
    assert find_header([["甲", "乙"], [1, 2]], MEMBERS.columns) is None
    assert find_header([], MEMBERS.columns) is None


def test_a_points_export_is_refused() -> None:
    rows: list[list[object]] = [
        ["说明：统计口径为……", None],
        [None, None],
        [
            "序号",
            "组织",
            "学员总数",
            "激活总数",
            "活跃学员",
            "参与度",
            "总获得积分",
            "当日人均积分",
        ],
    ]

    with pytest.raises(PointsExport, match="不收取"):
        refuse_points_export(rows)


def test_a_training_register_is_not_a_points_export() -> None:
    refuse_points_export([["姓名", "培训名称", "学时", "参与度"]])


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        (" 加入党组织日期\n（2019/10/24） ", "加入党组织日期"),
        ("＊姓　名：", "姓名"),
        ('是否团员(填写"是""否")', "是否团员"),
        ("政治审查（填“完成”“未完成”）", "政治审查"),
        ("(确定)入党介绍人(时间)", "入党介绍人"),
        ("党员比例(%)", "党员比例"),
        (None, ""),
        ("（备注）", "(备注)"),
    ],
)
def test_headers_are_normalised(header: object, plain: str) -> None:
    assert normalise(header) == plain


def test_units_are_read() -> None:
    assert [unit_of(h) for h in ("收入（元）", "收入/万元", "比例(%)", "收入")] == [
        "元",
        "万元",
        "%",
        "",
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["注：以上数据截至本月底"],
        ["填报人：", None, "审核人："],
        ["说明", "红色必填"],
        ["注意2、请勿改动"],
        ["备注:无"],
    ],
)
def test_remarks_of_the_form_are_not_data(row: list[object]) -> None:
    assert is_note_row(row)


@pytest.mark.parametrize(
    "row", [["T0001", "赵甲乙"], ["单位一村", "注"], [1, "注：x"], ["注", 1, 2, 3, 4], []]
)
def test_data_is_not_a_remark(row: list[object]) -> None:
    assert not is_note_row(row)


def test_totals_are_told_from_data() -> None:
    assert is_total_row(["合 计", None, 3])
    assert is_total_row([None, "总计：", 3])
    assert not is_total_row(["合计村", "赵甲乙", 3])
