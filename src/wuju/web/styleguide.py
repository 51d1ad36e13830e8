"""The style guide: each component in each state, from the same templates the pages use."""

import datetime as dt

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

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
            "as_of": DAY,
        },
    )
