"""`wuju facts` and `wuju pack …`: packs and the catalogue. Lint and facts run without Django."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="规则包：检查、比较、试算、采用。")


def facts(
    name: Annotated[str | None, typer.Argument(help="事实名称；不写则列出全部")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON 对象")] = False,
) -> None:
    """列出清单项可以读取的事实和列。"""
    from wuju.rulepacks.catalog import catalog, describe_facts

    for row in describe_facts(catalog(), name):
        if as_json:
            typer.echo(json.dumps(row, ensure_ascii=False, sort_keys=True))
        else:
            typer.echo(
                "  ".join(str(value) for value in row.values() if value not in ("", [], None))
            )


@app.command()
def lint(
    path: Annotated[Path, typer.Argument(help="规则包文件夹")],
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON 对象")] = False,
) -> None:
    """检查规则包：写法、含义、形式主义；有错误时退出码为 1。"""
    from dataclasses import asdict

    from wuju.rulepacks.linter import lint as check

    complaints = check(path)
    for complaint in complaints:
        typer.echo(
            json.dumps(asdict(complaint), ensure_ascii=False) if as_json else str(complaint)
        )
    errors = sum(complaint.is_error for complaint in complaints)
    if errors:
        typer.echo(f"{path.name}：{errors} 处错误。", err=True)
        raise typer.Exit(1)
    if not as_json:
        typer.echo(f"{path.name}：没有错误，{len(complaints)} 处提醒。")


@app.command()
def diff(
    base: Annotated[Path, typer.Argument(help="国家规则包")],
    local: Annotated[Path, typer.Argument(help="本区规则包")],
) -> None:
    """逐项比较两个规则包：国家怎么要求，本区怎么要求。"""
    from wuju.rulepacks.diff import lines
    from wuju.rulepacks.loader import load_pack

    for line in lines(load_pack(base), load_pack(local)):
        typer.echo(line)


@app.command("try")
def try_(
    path: Annotated[Path, typer.Argument(help="规则包文件夹")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="评判日期，如 2026-09-30、上季度；默认今天")
    ] = None,
    org: Annotated[
        str | None, typer.Option("--org", help="只看这个组织代码及其下级，或本级、下一级")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON 对象")] = False,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份")] = None,
) -> None:
    """试算：采用以后谁的状态会变、每个村一年要多录多少；不改动任何数据。"""
    from wuju.cli.session import authority, ready, scope_below
    from wuju.cli.standings import read_date

    ready()
    from wuju.cli.trial import json_lines, sentences
    from wuju.standings.whatif import what_if

    scope = scope_below(authority(as_user), org)
    found = what_if(folder=path, as_of=read_date(as_of), scope=scope)
    for line in json_lines(found) if as_json else sentences(found):
        typer.echo(line)


@app.command()
def install(
    path: Annotated[Path, typer.Argument(help="规则包文件夹")],
    document: Annotated[str, typer.Option("--document", help="采用文号")],
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份办理")] = None,
) -> None:
    """采用规则包版本；版本一经采用不再改动。"""
    from wuju.cli.session import authority, now, ready

    ready()
    from wuju.rulepacks.actions import install_pack
    from wuju.standings.actions import ensure_day

    at = now()
    version = install_pack(folder=path, document=document, actor=authority(as_user), at=at)
    ensure_day(today=at.date())
    typer.echo(
        f"已采用 {version.code} 第 {version.version} 版，自 {version.effective_from} 起评判。"
    )
