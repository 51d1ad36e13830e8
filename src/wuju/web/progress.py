"""任务进度: what is being computed for everybody, how far it is, and what was done last."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from wuju.standings import progress as runs
from wuju.standings import queries
from wuju.standings.progress import STEPS, RunRow
from wuju.standings.queries import FreshnessRow

from .parts import Crumb, Link, Notice, Step
from .requests import WebRequest, actor_of
from .responses import page

LOOK_AGAIN = 3  # seconds


@require_GET
def progress(request: WebRequest) -> HttpResponse:
    """Show the open run and come back by itself until it is done; it can be left and found again."""
    scope = actor_of(request).scope
    run, state = runs.open_run(scope=scope), queries.freshness(scope=scope)
    context = {
        "crumbs": [Crumb("任务进度")],
        "run": run,
        "steps": _steps(run) if run else [],
        "notice": _under_way(run, state) if run else _at_rest(state),
        "done": runs.done_runs(scope=scope),
        "refresh": LOOK_AGAIN if run else None,
        "as_of": state.evaluated_on,
    }
    return page(request, "progress/progress.html", context)


def _steps(run: RunRow) -> list[Step]:
    here = list(STEPS).index(run.step)
    return [
        Step(title, "done" if no < here else "now" if no == here else "todo")
        for no, title in enumerate(STEPS.values())
    ]


def _under_way(run: RunRow, state: FreshnessRow) -> Notice:
    day = state.evaluated_on
    of = f"各页面仍显示 {day:%Y年%-m月%-d日} 的结果，并注明正在计算。" if day else ""
    lines = [
        f"{run.why}（{timezone.localtime(run.asked_at):%-m月%-d日 %H:%M}）之后，各项状态正在重新评判。{of}",
        "本页每隔几秒自动更新。可以先去办别的事：记录照常登记，计算不会中断，从页面上方的提示随时回到这里。",
    ]
    if run.again:
        lines.append(f"计算期间又有记录变更，已第 {run.again + 1} 次评判，以包含全部记录。")
    if run.failed:
        lines.append(
            f"前面有 {run.failed} 次没有算完，系统会自动再试；若一直没有进展，请告诉系统管理员。"
        )
    return Notice("info", "正在重新计算", tuple(lines))


def _at_rest(state: FreshnessRow) -> Notice:
    if state.evaluated_on is None:
        return Notice("info", "还没有评判过", ("采用规则包并有了组织和记录以后，会自动评判。",))
    return Notice(
        "ok",
        "没有待算的任务",
        ("各页面显示的就是包含全部记录的最新结果。",),
        (Link("回到今日", reverse("today")),),
    )
