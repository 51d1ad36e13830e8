"""`wuju ledger …`: verify the chain, the checkpoints and, on request, every record."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="留痕：验链、验记录。")


@app.command()
def verify(
    records: Annotated[bool, typer.Option("--records", help="同时逐行核对业务记录")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON 对象")] = False,
) -> None:
    """重算整条链和检查点，指出第一处和所有不符之处；有不符时退出码为 1。"""
    from wuju.cli.session import now, ready

    ready()
    from wuju.kit.actors import OrgScope
    from wuju.ledger import actions, queries

    scope = OrgScope.whole(because="the chain is verified as a whole")
    faults = queries.verify_chain(scope=scope)
    if records:
        faults += queries.verify_records(scope=scope)
    for fault in faults:
        typer.echo(json.dumps(asdict(fault), ensure_ascii=False) if as_json else fault.message)
    if faults:
        raise typer.Exit(1)
    actions.checkpoint(at=now())
    head = queries.head(scope=scope)
    if as_json:
        typer.echo(json.dumps({"sequence": head.sequence, "hash": head.hash}))
        return
    typer.echo(f"留痕完整：共 {head.sequence} 条，链头 {head.hash[:16]}。")
    typer.echo("链尾若被整段截去，只有与已印发通报上的链头核对才能发现。")
