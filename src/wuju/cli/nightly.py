"""`wuju nightly`: what a timer runs every night."""

import json
from typing import Annotated

import typer


def nightly(
    as_json: Annotated[bool, typer.Option("--json", help="一个 JSON 对象")] = False,
) -> None:
    """夜间核对：留痕上链并签署检查点，实时评判与全量重算逐位核对，清除到期的导入内容；有不符时退出码为 1。"""
    from wuju.cli.session import now, ready

    ready()
    from wuju.flows.nightly import run_nightly
    from wuju.kit.actors import system_actor

    actor = system_actor("夜间核对", because="the night looks after everything")
    night = run_nightly(actor=actor, at=now())
    if as_json:
        typer.echo(json.dumps(night.as_dict(), ensure_ascii=False))
    else:
        for line in night.lines():
            typer.echo(line)
    if not night.agreed:
        raise typer.Exit(1)
