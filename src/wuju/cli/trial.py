"""What `wuju pack try` prints: sentences for people, JSON lines for machines."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wuju.kit.periods import period_from_number

if TYPE_CHECKING:
    from wuju.engine.items import Status
    from wuju.standings.whatif import WhatIf

SHOWN = 10
"""Organizations named for an item, and villages for the burden; --json has all."""


def sentences(found: "WhatIf") -> Iterator[str]:
    """Yield the answer from the whole to the single organization."""
    from wuju.standings.whatif import KINDS

    how = "只改了要求或权重，按已有数字重判" if found.kept else "按现有记录重算有改动的清单项"
    yield f"试算 {found.pack}，对照施行中的 {found.against}，截至 {found.as_of}；{how}，按已经施行计算，没有改动任何数据。"
    if found.awaited:
        yield f"另有 {found.awaited} 项清单项的数据尚未接入，接入以前不评判，不在试算之内。"
    if not found.items:
        yield "清单项与施行中的相同，没有变化。"
        return
    for change in found.items:
        yield f"{KINDS[change.kind]} {change.item} {change.title}：{change.sentence}。"
        if change.moved:
            yield f"  状态：{change.moved}。"
        if change.kind == "changed":
            yield from _whose(found, change.item)
        if change.replaces:
            yield f"  替代：{'、'.join(change.replaces)}。"
    yield from _burden(found)


def _whose(found: "WhatIf", item: str) -> Iterator[str]:
    """Name the organizations, one line each for every way their status would change."""
    periods: dict[tuple[str, str, str], list[str]] = {}
    for move in found.moves:
        if move.item == item:
            place = (move.org, move.organization, move.words)
            periods.setdefault(place, []).append(period_from_number(move.period).title)
    for (_, organization, words), titles in list(periods.items())[:SHOWN]:
        yield f"  {organization}：{words}（{'、'.join(titles)}）"
    if len(periods) > SHOWN:
        yield f"  另有 {len(periods) - SHOWN} 行，加 --json 看全部。"


def _burden(found: "WhatIf") -> Iterator[str]:
    if not found.burdens and not found.elsewhere:
        yield "录入：不要求多录记录，也不减少。"
        return
    for change in found.items:
        if change.more:
            what = f"“{change.fact}”" if change.fact else "记录"
            yield f"录入 {change.item}：{found.villages} 个村合计每年{_more(change.more)} 条{what}。"
    for village in found.burdens[:SHOWN]:
        yield f"  {village.organization}：每年 {village.before} 条 → {village.after} 条"
    if len(found.burdens) > SHOWN:
        yield f"  另有 {len(found.burdens) - SHOWN} 个村，加 --json 看全部。"
    yield f"合计：{found.villages} 个村中 {len(found.burdens)} 个有变化，{_spread(found)}；其他组织每年{_more(found.elsewhere)} 条。"
    yield "按各项最少需要的记录数计；一条记录用于几项的只录一次，实际只会更少。"


def _spread(found: "WhatIf") -> str:
    each = [village.more for village in found.burdens]
    if not each:
        return "村里不多录也不少录"
    if min(each) == max(each):
        return f"每村每年{_more(each[0])} 条，合计{_more(sum(each))} 条"
    return f"每村每年从{_more(min(each))} 条到{_more(max(each))} 条，合计{_more(sum(each))} 条"


def _more(number: int) -> str:
    return f"多 {number}" if number >= 0 else f"少 {-number}"


def json_lines(found: "WhatIf") -> Iterator[str]:
    """Yield one object a line: trial, items, moves, villages; told apart by `type`."""
    head: dict[str, Any] = {
        "type": "trial",
        "pack": found.pack,
        "against": found.against,
        "as_of": found.as_of.isoformat(),
        "kept": found.kept,
        "villages": found.villages,
        "elsewhere": found.elsewhere,
        "awaited": found.awaited,
    }
    for line in (head, *_items(found), *_moves(found), *_villages(found)):
        yield json.dumps(line, ensure_ascii=False)


def _items(found: "WhatIf") -> Iterator[dict[str, Any]]:
    for change in found.items:
        yield {
            "type": "item", "item": change.item, "title": change.title, "change": change.kind,
            "sentence": change.sentence, "fact": change.fact, "more": change.more,
            "replaces": list(change.replaces),
            "counts": [{"from": _code(a), "to": _code(b), "n": n} for (a, b), n in change.counts],
        }  # fmt: skip


def _moves(found: "WhatIf") -> Iterator[dict[str, Any]]:
    for move in found.moves:
        yield {
            "type": "organization", "org": move.org, "organization": move.organization,
            "item": move.item, "period": period_from_number(move.period).label,
            "from": _code(move.before), "to": _code(move.after),
        }  # fmt: skip


def _villages(found: "WhatIf") -> Iterator[dict[str, Any]]:
    for village in found.burdens:
        yield {
            "type": "village", "org": village.org, "organization": village.organization,
            "before": village.before, "after": village.after, "more": village.more,
        }  # fmt: skip


def _code(status: "Status | None") -> str | None:
    return None if status is None else status.code
