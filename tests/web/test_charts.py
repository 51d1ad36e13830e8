"""Charts: the drawing and its table say the same, nothing breaks the policy, nothing is made to look steeper."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string

from wuju.web import charts
from wuju.web.charts import Bar, Chart, Moment, Place, Share, Span, Stack, Stage, Tile
from wuju.web.styleguide import _charts

EVERY = _charts()
SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(  # noqa: S314 - our own drawing
        chart.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def words(chart: Chart) -> list[str]:
    return [mark.text or "" for mark in drawn(chart).iter(f"{SVG}text")]


def wide(chart: Chart, look: str) -> list[float]:
    return [
        float(mark.attrib["width"])
        for mark in drawn(chart).iter(f"{SVG}rect")
        if mark.attrib.get("class") == look
    ]


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: chart.title)
def test_a_chart_is_one_drawing_with_a_name_and_a_table(chart: Chart) -> None:
    root = drawn(chart)

    assert chart.title in root.attrib["aria-label"]
    assert root.attrib["role"] in {"img", "group"}
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    assert chart.twin.rows
    assert {len(row) for row in chart.twin.rows} == {len(chart.twin.columns)}


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: chart.title)
def test_no_mark_carries_a_style_a_colour_or_a_script(chart: Chart) -> None:
    assert not re.search(r'style=|<script|on\w+=|fill="#|stroke="#|href="http', chart.svg)


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: chart.title)
def test_every_mark_lies_on_the_sheet(chart: Chart) -> None:
    root = drawn(chart)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for mark in root.iter(f"{SVG}rect"):
        assert 0 <= float(mark.attrib["x"]) <= width
        assert float(mark.attrib["x"]) + float(mark.attrib["width"]) <= width + 1
        assert 0 <= float(mark.attrib["y"]) + float(mark.attrib["height"]) <= height
    for mark in root.iter(f"{SVG}text"):
        assert 0 <= float(mark.attrib["y"]) <= height


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: chart.title)
def test_the_component_shows_title_drawing_and_table(chart: Chart) -> None:
    html = render_to_string("components/chart.html", {"chart": chart})

    assert f"<h3>{chart.title}</h3>" in html
    assert html.count("<tr>") == len(chart.twin.rows) + 1
    assert 'class="twin" open' not in html
    assert 'class="twin" open' in render_to_string(
        "components/chart.html", {"chart": chart, "is_open": True}
    )


def test_text_is_escaped_everywhere() -> None:
    nasty = '<b>"&'
    chart = charts.bar_chart(nasty, [Bar(nasty, 1, href='/?a="&b')], measure="次")

    html = render_to_string("components/chart.html", {"chart": chart})

    assert "<b>" not in html
    assert words(chart)[0] == nasty
    assert drawn(chart).find(f"{SVG}a").attrib["href"] == '/?a="&b'  # type: ignore[union-attr]


def test_bars_are_in_proportion_and_keep_their_order() -> None:
    chart = charts.bar_chart("缺", [Bar("乙", 1), Bar("甲", 4), Bar("丙", 0)], measure="缺（次）")

    assert wide(chart, "f1") == [90.0, 360.0, 0.0]
    assert words(chart) == ["乙", "1", "甲", "4", "丙", "0"]
    assert chart.twin.rows == (("乙", 1), ("甲", 4), ("丙", 0))


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert wide(charts.bar_chart("没有缺", [Bar("甲", 0)], measure="次"), "f1") == [0.0]
    assert charts.bar_chart("没有数据", [], measure="次").twin.rows == ()
    assert charts.line_chart("没有数据", [], measure="次").twin.rows == ()


def test_a_stack_adds_up_and_marks_what_is_overdue_without_colour() -> None:
    chart = charts.stacked_bars(
        "逾期", ["已销号", "在办", "逾期"], [Stack("督查", (6, 3, 1))], hatched="逾期"
    )

    assert chart.twin.rows == (("督查", 6, 3, 1, 10),)
    assert 'fill="url(#p-hatch)"' in chart.svg
    assert [key.look for key in chart.legend] == ["f1", "f2", "hatch"]
    with pytest.raises(ValueError, match="one value a part"):
        charts.stacked_bars("错", ["甲", "乙"], [Stack("督查", (1,))])
    with pytest.raises(ValueError, match="more parts"):
        charts.stacked_bars("错", list("甲乙丙丁"), [])


@pytest.mark.parametrize(
    ("done", "due", "level", "word"),
    [
        (10, 10, 0, "10/10"),
        (19, 20, 1, "19/20"),
        (9, 10, 2, "9/10"),
        (8, 10, 3, "8/10"),
        (7, 10, 4, "7/10"),
        (0, 10, 4, "0/10"),
        (12, 10, 0, "12/10"),
        (0, 0, 0, "不承担"),
        (0, None, None, "未核实"),
    ],
)
def test_a_cell_is_deeper_the_more_is_missing(
    done: int, due: int | None, level: int | None, word: str
) -> None:
    assert (Share(done, due).level, Share(done, due).word) == (level, word)


def test_a_line_breaks_where_nobody_has_looked_and_starts_at_zero() -> None:
    points = [Moment("一", 50), Moment("二", None), Moment("三", 60), Moment("四", 70)]
    chart = charts.line_chart("升到 70%", points, measure="覆盖率（%）", unit="%")

    lines = [mark.attrib["points"] for mark in drawn(chart).iter(f"{SVG}polyline")]
    values = [line for line in lines if line.count(",") == 2]
    assert "0%" in words(chart)
    assert len(list(drawn(chart).iter(f"{SVG}circle"))) == 3
    assert len(values) == len(lines)  # the ground lines and one stretch of two points
    assert chart.twin.rows[1] == ("二", "未核实")
    assert "目标" not in chart.twin.columns


def test_the_names_at_the_ends_do_not_touch() -> None:
    points = [Moment("一", 80, 80), Moment("二", 84, 85)]
    root = drawn(charts.line_chart("差 1", points, measure="%", unit="%"))

    ends = [
        float(mark.attrib["y"])
        for mark in root.iter(f"{SVG}text")
        if (mark.text or "").startswith(("实际", "目标"))
    ]
    assert abs(ends[0] - ends[1]) >= 16


def test_tiles_say_what_is_missing_and_no_two_share_a_place() -> None:
    chart = charts.tile_map(
        "示例镇缺 4 次",
        [
            Tile("示例镇", 0, 0, Share(5, 9, "/a"), is_mine=True),
            Tile("示例乡", 1, 0, Share(0, None)),
            Tile("示例街道", 0, 1, Share(0, 0)),
        ],
    )

    assert words(chart) == ["示例镇", "缺 4 次", "示例乡", "未核实", "示例街道", "不承担"]
    assert chart.twin.rows[0] == ("示例镇", 5, 9, 4)
    with pytest.raises(ValueError, match="one place"):
        charts.tile_map("错", [Tile("甲", 0, 0, Share(1, 1)), Tile("乙", 0, 0, Share(1, 1))])


def test_a_map_keeps_north_up_and_its_labels_on_the_sheet() -> None:
    ring = [(104.0, 35.0), (105.0, 35.0), (105.0, 36.0), (104.0, 36.0)]
    places = [Place("南", 104.1, 35.1, 1), Place("北东", 104.99, 35.9, 9)]
    root = drawn(charts.district_map("走访", [ring], places, measure="次"))

    dots = [float(mark.attrib["cy"]) for mark in root.iter(f"{SVG}circle")]
    assert dots[0] < dots[1]  # drawn biggest first: the northern one lies above
    assert 'class="t2 ti e"' in ET.tostring(root, encoding="unicode").replace("ns0:", "")
    with pytest.raises(ValueError, match="boundary"):
        charts.district_map("错", [], places, measure="次")


def test_a_schedule_fills_a_bar_and_says_late_by_a_shape() -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    chart = charts.gantt(
        "晚了",
        [Span("甲", first, last, 1, 4, "晚一个季度", is_late=True), Span("乙", first, last, 9, 4, "已完成")],
        today=dt.date(2026, 10, 12),
    )  # fmt: skip

    whole = wide(chart, "f0 k2")[0]
    assert wide(chart, "f1") == [pytest.approx(whole / 4, abs=0.1), whole]
    assert "▲ 晚一个季度 1/4" in words(chart)
    assert "今天" in words(chart)
    outside = charts.gantt(
        "以后", [Span("甲", first, last, 0, 4, "未开始")], today=dt.date(2025, 1, 1)
    )
    assert "今天" not in words(outside)
    with pytest.raises(ValueError, match="days in order"):
        charts.gantt("错", [Span("甲", last, first, 0, 1, "")], today=first)


def test_a_funnel_names_the_greatest_loss_and_refuses_growth() -> None:
    stages = [Stage("发现", 10), Stage("通知", 9), Stage("核验", 4), Stage("销号", 4)]
    chart = charts.funnel("卡在核验", stages)

    assert len(wide(chart, "fi")) == 1
    assert [row[2] for row in chart.twin.rows] == [0, 1, 5, 0]
    with pytest.raises(ValueError, match="by way of"):
        charts.funnel("错", [Stage("发现", 1), Stage("通知", 2)])


def test_both_sides_of_a_pyramid_share_one_scale() -> None:
    chart = charts.age_pyramid("年龄", [charts.Band("41–45", 10, 5)])

    assert wide(chart, "f1") == [190.0]
    assert wide(chart, "f2") == [95.0]
    assert chart.twin.rows == (("41–45", 10, 5, 15),)
