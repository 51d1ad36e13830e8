"""`wuju run freeze | list | replay`: judgements kept for good."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="冻结的评判：冻结、列出、重算核对。")


@app.command()
def freeze(
    title: Annotated[str, typer.Option("--title", help="用途，如 2026年三季度通报")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="截至日期，如 2026-09-30、上季度；默认今天")
    ] = None,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份办理")] = None,
) -> None:
    """冻结一次评判：事实、规则和结果存入数据目录，以后的补录不改动它。"""
    from wuju.cli.session import authority, now, ready
    from wuju.cli.standings import read_date

    day = read_date(as_of)
    ready()
    from wuju.standings.actions import ensure_day, freeze_run

    actor, at = authority(as_user), now()
    ensure_day(today=at.date())
    run = freeze_run(title=title, as_of=day, actor=actor, at=at)
    typer.echo(
        f"已冻结为第 {run.pk} 号：截至 {run.as_of}，{run.fact_rows} 行事实，"
        f"{run.cells} 条状态，{run.lines} 条汇总。"
    )
    typer.echo(f"事实摘要 {run.facts_hash}")
    typer.echo(f"结果摘要 {run.results_hash}")
    typer.echo(f"文件在数据目录的 runs/{run.folder} 中。")


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON 对象")] = False,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份")] = None,
) -> None:
    """列出冻结的评判，最近的在前。"""
    from wuju.cli.session import authority, ready

    ready()
    from wuju.standings.runs import frozen_runs

    found = frozen_runs(scope=authority(as_user).scope)
    for run in found:
        if as_json:
            typer.echo(json.dumps(asdict(run), ensure_ascii=False, default=str))
        else:
            typer.echo(
                f"第 {run.id} 号  截至 {run.as_of}  {run.title}  {run.packs}  "
                f"{run.cells} 条状态  结果摘要 {run.results_hash[:16]}"
            )
    if not found and not as_json:
        typer.echo("还没有冻结的评判，可用 wuju run freeze --title 用途 冻结一次。")


@app.command()
def replay(
    run_id: Annotated[int, typer.Argument(metavar="ID", help="编号，见 wuju run list")],
    as_json: Annotated[bool, typer.Option("--json", help="一个 JSON 对象")] = False,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份")] = None,
) -> None:
    """用冻结的事实和规则重算，与冻结的结果逐字节核对；不一致时退出码为 1。"""
    from wuju.cli.session import authority, ready

    ready()
    from wuju.standings.replay import replay as run_again

    found = run_again(scope=authority(as_user).scope, run_id=run_id)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        for line in found.lines():
            typer.echo(line)
    if not found.equal:
        raise typer.Exit(1)
