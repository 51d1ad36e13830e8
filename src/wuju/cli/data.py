"""`wuju import | export`: the desk from the command line."""

import json
from pathlib import Path
from typing import Annotated

import typer


def import_(
    kind: Annotated[
        str, typer.Argument(help="种类：orgs、members、meetings、trainings、findings")
    ],
    file: Annotated[Path, typer.Argument(help="工作簿 .xlsx、.xls 或 .csv")],
    org: Annotated[
        str | None, typer.Option("--org", help="只许涉及这个组织代码及其下级，或本级、下一级")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查，不改动任何数据")] = False,
    option: Annotated[
        list[str] | None, typer.Option("--option", help="如 as_of=2026-09-30")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="一个 JSON 对象")] = False,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份办理")] = None,
) -> None:
    """分步导入：先逐格检查，再一次落库；有错的行不落，并在原文件旁生成标注问题的工作簿。"""
    from wuju.cli.session import authority, now, ready, scope_below

    ready()
    from dataclasses import replace

    from wuju.flows.importing import import_file

    actor = authority(as_user)
    actor = replace(actor, scope=scope_below(actor, org))
    options = dict(pair.split("=", 1) for pair in option or [] if "=" in pair)
    report = import_file(kind=kind, path=file, options=options, check=check, actor=actor, at=now())
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        for line in report.lines():
            typer.echo(line)
    if report.problems and not check and not report.landed:
        raise typer.Exit(2)


def export(
    kind: Annotated[
        str, typer.Argument(help="种类：orgs、members、meetings、trainings、findings")
    ],
    org: Annotated[
        str | None, typer.Option("--org", help="只导出这个组织代码及其下级，或本级、下一级")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个 .xlsx")] = None,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份办理")] = None,
) -> None:
    """按官方版式导出；证件号码和电话打码，原样导回不改变任何数据。"""
    from wuju.cli.session import authority, now, ready, scope_below

    ready()
    from dataclasses import replace

    from django.conf import settings

    from wuju.desk.actions import export_records

    actor = authority(as_user)
    actor = replace(actor, scope=scope_below(actor, org))
    target = out or Path(f"{kind}.xlsx")
    note = "演示数据 · 均为虚构" if settings.WUJU_DEMO else ""
    at = now()
    target.write_bytes(export_records(kind=kind, note=note, today=at.date(), actor=actor, at=at))
    typer.echo(f"已导出到 {target}。")
