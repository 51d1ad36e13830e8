"""The style guide: each component in each state, from the same templates the pages use."""

import datetime as dt

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from . import charts
from .forms import PlainForm
from .parts import (
    Crumb,
    Detail,
    Empty,
    Entry,
    Figure,
    Link,
    Notice,
    Pages,
    Step,
    Task,
)
from .requests import WebRequest
from .responses import page
from .templatetags.wuju import STATUSES

DAY = dt.date(2026, 10, 12)
HERE = "#main"
COLOURS = {
    "paper": "卡片、表格",
    "ground": "页面底",
    "sunken": "表头、悬停",
    "line": "分隔线",
    "edge": "控件边",
    "ink": "正文",
    "ink-2": "次要文字",
    "ink-3": "注释，不小于 14",
    "link": "链接、焦点",
    "accent": "印章、当前位置、主按钮",
    "met": "已完成",
    "open": "进行中",
    "soon": "将到期",
    "overdue": "逾期、拒绝",
    "missed": "未达到",
    "exempt": "免除、未核实",
    "c1": "图：主",
    "c2": "图：次",
    "c3": "图：余量",
}


class ExampleForm(PlainForm):
    held_on = forms.DateField(
        label="哪天开展的", help_text="以前的也能补，系统会标明“补录”，不算过错。"
    )
    topic = forms.CharField(label="主题", max_length=100)
    kind = forms.ChoiceField(
        label="会议类型",
        choices=[("members_meeting", "支部党员大会"), ("theme_day", "主题党日")],
    )
    absent = forms.MultipleChoiceField(
        label="谁没有到",
        required=False,
        help_text="只勾没有到的人。",
        choices=[
            (str(number), name) for number, name in enumerate(("赵甲", "钱乙", "孙丙", "李丁"))
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    conclusion = forms.ChoiceField(
        label="结论", choices=[("close", "可以销号"), ("return", "退回")], widget=forms.RadioSelect
    )
    decision = forms.CharField(
        label="议定了什么",
        required=False,
        help_text="写清谁去做、哪天做完。",
        widget=forms.Textarea,
    )
    is_late = forms.BooleanField(label="事后补录", required=False)


def _figures() -> list[Figure]:
    return [
        Figure(
            "支部党员大会",
            25,
            HERE,
            of=29,
            unit="次",
            as_of=DAY,
            covered=29,
            expected=29,
            why=HERE,
        ),
        Figure("理论培训", "76%", HERE, as_of=DAY, covered=306, expected=335, why=HERE),
        Figure("到期应销号", 12, HERE, unit="条", as_of=DAY, status="overdue", why=HERE),
        Figure("指示批示督办", None),
    ]


def _tasks() -> list[Task]:
    return [
        Task(
            "overdue",
            "试验一村三季度支部党员大会没有记录",
            HERE,
            "去补录",
            "示例镇",
            "",
            DAY,
            "补录还剩 10 天",
        ),
        Task(
            "due_soon",
            "问题 2026-187 等整改证据",
            HERE,
            "举证",
            "区委督查二组提出",
            "",
            DAY,
            "还剩 3 天",
        ),
        Task(
            "missed",
            "主题党日（9月5日）",
            HERE,
            "改正",
            "应到 46 人、实到 49 人，对不上。",
            "退回",
            DAY,
            "退回",
        ),
        Task("met", "二季度党课补录", HERE, "查看", "10月9日办结"),
    ]


def _notices() -> list[Notice]:
    return [
        Notice(
            "ok",
            "已保存。这次会议同时满足 3 项。",
            ("主题党日（10 月）、集中学习（四季度）、党员活动（2026 年）。",),
            (Link("看记录", HERE),),
        ),
        Notice("info", "31 列里已有 23 列，只需补 8 列。"),
        Notice("warn", "覆盖 306/335，这个合计不完整。", ("29 个社区还没有数据。",)),
        Notice("refuse", "没有保存。", ("实到 49 人多于应到 46 人，请核对缺席名单。",)),
    ]


def _tracks() -> list[list[Step]]:
    done = [Step("通知", "done", "8月28日", "送达镇党委"), Step("整改", "done", "9月30日")]
    last = Step("销号", "todo", "核验通过后")
    return [
        [*done, Step("核验", "now", "还剩 3 天"), last],
        [*done, Step("核验", "stop", "没有通过"), last],
    ]


def _charts() -> list[charts.Chart]:
    """Every kind of chart once, over invented numbers of invented villages."""
    return [*_comparisons(), *_places(), *_courses()]


def _comparisons() -> list[charts.Chart]:
    bar, stack, share = charts.Bar, charts.Stack, charts.Share
    return [
        charts.bar_chart(
            "三季度支部党员大会缺 7 次，4 次在试验二村",
            [bar("试验一村", 2, HERE), bar("试验二村", 4, HERE), bar("试验三村", 1, HERE)],
            measure="缺（次）",
            label="村",
            note="截至 2026年10月12日，覆盖 9/9",
        ),
        charts.stacked_bars(
            "来自督查的问题逾期最多，7 条",
            ["已销号", "在办", "逾期"],
            [
                stack("区委督查", (61, 28, 7), HERE),
                stack("述职评议", (27, 12, 2), HERE),
                stack("自查", (18, 3, 0), HERE),
            ],
            hatched="逾期",
            label="来源",
        ),
        charts.heat_map(
            "缺口在试验二村的主题党日",
            ["支部党员大会", "主题党日", "党课", "理论培训"],
            [
                ("试验一村", [share(3, 3, HERE), share(9, 9, HERE), share(1, 1, HERE), share(0, None)]),
                ("试验二村", [share(2, 3, HERE), share(5, 9, HERE), share(1, 1, HERE), share(0, None)]),
                ("试验三村", [share(3, 3, HERE), share(8, 9, HERE), share(0, 0), share(31, 33, HERE)]),
            ],
            label="村",
        ),
    ]  # fmt: skip


def _places() -> list[charts.Chart]:
    tile, share = charts.Tile, charts.Share
    square = [(104.2, 35.3), (105.0, 35.3), (105.0, 35.9), (104.6, 36.0), (104.2, 35.8)]
    return [
        charts.tile_map(
            "示例镇缺 4 次，其余乡镇缺 1 次",
            [
                tile("示例甲乡", 1, 0, share(9, 9, HERE)),
                tile("示例镇", 0, 1, share(5, 9, HERE), is_mine=True),
                tile("示例乙乡", 1, 1, share(10, 11, HERE)),
                tile("示例丙乡", 2, 1, share(0, None)),
            ],
        ),
        charts.district_map(
            "走访 12 次，6 次在示例镇",
            [square],
            [
                charts.Place("示例镇", 104.5, 35.6, 6, HERE),
                charts.Place("示例甲乡", 104.8, 35.7, 4, HERE),
                charts.Place("示例乙乡", 104.6, 35.42, 2, HERE),
            ],
            measure="走访（次）",
            note="边界为示意",
        ),
    ]


def _courses() -> list[charts.Chart]:
    moment, span, stage, band = charts.Moment, charts.Span, charts.Stage, charts.Band
    return [
        charts.line_chart(
            "理论培训覆盖 76%，离目标还差 9 个百分点",
            [
                moment("2025三季", 52, 55),
                moment("四季", 58, 62),
                moment("2026一季", None, 70),
                moment("二季", 70, 78),
                moment("三季", 76, 85),
            ],
            measure="覆盖率（%）",
            unit="%",
        ),
        charts.gantt(
            "三项计划一项晚了一个季度",
            [
                span("书记全员轮训", dt.date(2025, 1, 6), dt.date(2025, 12, 20), 335, 335, "已完成", "335 人", HERE),
                span("示范课", dt.date(2025, 7, 1), dt.date(2027, 12, 31), 214, 335, "按期", "335 节", HERE),
                span("流动党员学习点", dt.date(2026, 1, 1), dt.date(2026, 9, 30), 4, 8, "晚一个季度", "8 个", HERE, is_late=True),
            ],
            today=DAY,
        ),
        charts.funnel(
            "问题卡在核验，少 42 条",
            [
                stage("发现", 214, HERE),
                stage("通知", 212, HERE),
                stage("整改完成", 181, HERE),
                stage("核验通过", 139, HERE),
                stage("销号", 134, HERE),
            ],
        ),
        charts.age_pyramid(
            "书记 45 岁以下占两成",
            [
                band("61 及以上", 8, 0),
                band("56–60", 42, 2),
                band("51–55", 62, 5),
                band("46–50", 60, 7),
                band("41–45", 30, 6),
                band("40 及以下", 12, 3),
            ],
        ),
    ]  # fmt: skip


@require_safe
def styleguide(request: WebRequest) -> HttpResponse:
    filled = ExampleForm(initial={"topic": "学习党支部工作条例", "kind": "theme_day"})
    wrong = ExampleForm({"held_on": "明天", "absent": ["1"]}, prefix=None, auto_id="bad_%s")
    return page(
        request,
        "styleguide.html",
        {
            "crumbs": [Crumb("安定区", HERE), Crumb("示例镇", HERE), Crumb("试验一村党支部")],
            "statuses": list(STATUSES),
            "colours": COLOURS,
            "notices": _notices(),
            "figures": _figures(),
            "tasks": _tasks(),
            "tracks": _tracks(),
            "entries": [
                Entry("主题党日记录被退回", DAY, "应到与实到对不上。", HERE, is_key=True),
                Entry("支部党员大会", DAY, "实到 39 人", tag="补录"),
            ],
            "details": [
                Detail("上级", "中共示例镇委员会", HERE),
                Detail("党员", "46 人"),
                Detail("证件号码", "6211************01", note="遮盖显示"),
            ],
            "bars": [("支部党员大会", 25, 29), ("支部委员会会议", 74, 81), ("党课", 29, 29)],
            "pages": Pages(40, 126, next_href=HERE),
            "empty": Empty("没有符合条件的问题。", HERE, "清除筛选"),
            "filled": filled,
            "wrong": wrong,
            "charts": _charts(),
            "as_of": DAY,
        },
    )
