"""`wuju evaluate | explain`: the standings as JSON lines or a summary, and one number down to its rows."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wuju.kit.errors import DomainError

if TYPE_CHECKING:
    from wuju.engine.results import Cell, RollUp
    from wuju.kit.actors import Actor


class UnknownEngine(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"没有“{name}”这种引擎，请写 duckdb、database、oracle 或 spark://主机:端口。"
        )


class BadDate(DomainError):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"看不懂日期“{text}”，请写成 2026-09-30，或写 2026Q3、上月、上季度，取它的最后一天。"
        )


def read_date(text: str | None) -> dt.date:
    """Return the day an operator means; without one, today."""
    from wuju.cli.session import now
    from wuju.kit.periods import GrainUnknown, UnknownPeriod, read_as_of

    today = now().date()
    try:
        return read_as_of(text, today=today) if text else today
    except (GrainUnknown, UnknownPeriod):
        raise BadDate(str(text)) from None


def evaluate(
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="评判日期，如 2026-09-30、上季度；默认今天")
    ] = None,
    org: Annotated[
        str | None, typer.Option("--org", help="只看这个组织代码及其下级，或本级、下一级")
    ] = None,
    pack: Annotated[str, typer.Option("--pack", help="规则包代码；默认正在采用的")] = "",
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb、database、oracle 或 spark://主机:端口")
    ] = "duckdb",
    shared: Annotated[
        Path | None,
        typer.Option("--shared", help="Spark 各工作进程都能读的文件夹；默认在数据目录"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON 对象")] = False,
    rollup: Annotated[bool, typer.Option("--rollup", help="加上各级汇总")] = False,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", help="写成 Parquet 的文件夹")
    ] = None,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份")] = None,
) -> None:
    """评判全部组织；不改动任何数据。"""
    day = read_date(as_of)
    if engine not in {"duckdb", "database", "oracle"} and not engine.startswith("spark://"):
        raise UnknownEngine(engine)
    from wuju.cli.session import authority, ready, scope_below

    ready()
    from wuju.org import queries as org_queries
    from wuju.standings.awaiting import awaited_items

    actor = authority(as_user)
    scope = scope_below(actor, org)
    codes = {
        row.id: row.code for row in org_queries.organizations(scope=scope, with_dissolved=True)
    }
    cells, lines = _judged(day, engine, pack, shared)
    rows = sorted(
        (_cell(cell, codes[cell.org_id]) for cell in cells if cell.org_id in codes), key=_order
    )
    sums = sorted(
        (_line(line, codes[line.org_id]) for line in lines if line.org_id in codes), key=_order
    )
    if parquet:
        _note_parquet(replace(actor, scope=scope), as_of=day, rows=len(rows) + len(sums))
        _write_parquet(parquet, rows, sums)
    elif as_json:
        for row in [*rows, *(sums if rollup else [])]:
            typer.echo(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    else:
        _summary(rows, day, len(awaited_items(scope=actor.scope)))


def _judged(
    day: dt.date, engine: str, pack: str, shared: Path | None
) -> "tuple[list[Cell], list[RollUp]]":
    """Judge where the operator says; of a cluster, say on standard error how much each worker did."""
    if not engine.startswith("spark://"):
        from wuju.standings.evaluation import evaluate_all

        return evaluate_all(as_of=day, engine=engine, pack=pack)
    from wuju.standings.outgrown import evaluate_on_spark

    outcome, done = evaluate_on_spark(master=engine, as_of=day, pack=pack, shared=shared)
    tasks = "，".join(f"{number} 号 {count} 个任务" for number, count in sorted(done.items()))
    typer.echo(f"Spark 上 {len(done)} 个工作进程参与：{tasks}。", err=True)
    return outcome


def _order(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["org"], row["item"], row["period"]


def _cell(cell: "Cell", code: str) -> dict[str, Any]:
    from wuju.kit.periods import period_from_number

    return {
        "org": code,
        "item": cell.item,
        "period": period_from_number(cell.period).label,
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "status": cell.status.code,
        "score": cell.score,
        "evidence": cell.evidence,
    }


def _line(line: "RollUp", code: str) -> dict[str, Any]:
    from wuju.kit.periods import period_from_number

    return {
        "org": code,
        "item": line.item,
        "period": period_from_number(line.period).label,
        **{
            name: getattr(line, name)
            for name in (
                "n", "met", "open", "due_soon", "overdue", "missed", "exempt", "unverified",
                "numerator", "denominator", "score",
            )
        },
    }  # fmt: skip


def _note_parquet(actor: "Actor", *, as_of: dt.date, rows: int) -> None:
    from wuju.cli.session import now
    from wuju.ledger.actions import record_export

    record_export(
        what="standings",
        rows=rows,
        filters={"as_of": as_of.isoformat()},
        target="records:standings",
        actor=actor,
        at=now(),
    )


def _write_parquet(folder: Path, rows: list[dict[str, Any]], sums: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "cells.parquet")
    pq.write_table(pa.Table.from_pylist(sums), folder / "rollup.parquet")
    typer.echo(f"已写入 {folder}：{len(rows)} 条状态，{len(sums)} 条汇总。")


def _summary(rows: list[dict[str, Any]], day: dt.date, waiting: int) -> None:
    from collections import Counter

    from wuju.standings.words import STATUS_WORDS

    words = {status.code: word for status, word in STATUS_WORDS.items()}
    counts = Counter(row["status"] for row in rows)
    typer.echo(f"截至 {day}，共 {len(rows)} 项状态：")
    for code, word in words.items():
        if counts[code]:
            typer.echo(f"  {word} {counts[code]}")
    if waiting:
        typer.echo(
            f"另有 {waiting} 项清单项的数据尚未接入，接入以后才开始评判，不在以上数字之内。"
        )


def explain(
    org: Annotated[str, typer.Option("--org", help="组织代码、本级或下一级")],
    item: Annotated[str, typer.Option("--item", help="清单项代码")],
    period: Annotated[str, typer.Option("--period", help="期间，如 2026Q3、本月、上季度、上期")],
    as_json: Annotated[bool, typer.Option("--json", help="每个组织一个 JSON 对象")] = False,
    as_user: Annotated[str | None, typer.Option("--as", help="以谁的身份")] = None,
) -> None:
    """说明一个数字：规则和条款、计入的、未达到的、排除的记录。"""
    from wuju.cli.session import authority, now, ready

    ready()
    from wuju.org.relative import read_organizations
    from wuju.standings.why import period_of, why

    scope = authority(as_user).scope
    asked = period_of(item=item, text=period, today=now().date())
    for row in read_organizations(scope=scope, text=org, home_path=scope.home):
        below = scope.below(row.path)
        found = why(scope=below, organization_id=row.id, item=item, period=asked)
        if as_json:
            typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, default=str))
            continue
        for line in found.lines():
            typer.echo(line)
