"""4xx: how sure we are, what proves it, and whether the district loosens. Pure.

The letter is the severity: E402, E405 and E408 are refused, the others are shown.
"""

import re
from collections import Counter, defaultdict
from typing import Any

from wuju.engine.items import Item
from wuju.engine.rules import TO_CONFIRM
from wuju.rulepacks.bench import Bench, Complaints, named, parameters_in
from wuju.rulepacks.diff import Direction, diff
from wuju.rulepacks.loader import Spot
from wuju.rulepacks.reading import Steps

type Tags = frozenset[str]

ENOUGH = 2
"""Cases an item needs, one of them marked `edge: true`."""


def check(bench: Bench) -> Complaints:
    for spot, item in bench.judged:
        yield from marks(bench, spot, item)
    for spot, part in bench.own_parts:
        yield from unconfirmed(bench, spot, spot.document.data, part.title)
    yield from covered(bench)
    yield from unused(bench)
    yield from loosened(bench)
    yield from adopted(bench)


def marks(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """W401, E402: a number no text was read for is a parameter; an unverified one says so."""
    mark = bench.mark(item)
    if mark == "U" and TO_CONFIRM not in item.tags:
        why = f"“{item.title}”依据未经核实（U），请加 tags: [{TO_CONFIRM}]。"
        yield spot.complain("E402", why, "source")
    source = bench.pack.sources.get(item.source)
    unsure = source is not None and (source.mark != "V" or source.authority == "topic")
    if unsure and not item.parameters and TO_CONFIRM not in item.tags:
        why = f"来源“{item.source}”没有读到原文或没有数字，目标请写成 $参数。"
        yield spot.complain("W401", why, "target")


def unconfirmed(
    bench: Bench, spot: Spot, data: Any, title: str, steps: Steps = (), tags: Tags = frozenset()
) -> Complaints:
    """E402 for parts: what is not verified says so, itself or in what it stands in."""
    if isinstance(data, list):
        for number, entry in enumerate(data):
            yield from unconfirmed(bench, spot, entry, title, (*steps, number), tags)
    if not isinstance(data, dict):
        return
    tags |= frozenset(data.get("tags") or ())
    title = str(data.get("title") or data.get("says") or title)
    numbers = [bench.pack.parameters.get(name) for name in _read_here(data)]
    marks = [data.get("mark"), *(number.mark for number in numbers if number)]
    mark = bench.weakest(*marks, source=data.get("source"))
    if mark == "U" and TO_CONFIRM not in tags:
        why = f"“{title}”依据未经核实（U），请加 tags: [{TO_CONFIRM}]。"
        yield spot.complain("E402", why, *steps)
        return
    for key, value in data.items():
        yield from unconfirmed(bench, spot, value, title, (*steps, key), tags)


def _read_here(data: dict[str, Any]) -> list[str]:
    """Return the parameters written directly in a mapping, not further down."""
    plain = {key: value for key, value in data.items() if not isinstance(value, dict | list)}
    return [name for _, name in parameters_in(plain)]


def covered(bench: Bench) -> Complaints:
    """W403: at least two worked cases prove an item, one of them at its edge."""
    number = Counter(worked.item for worked in bench.cases)
    edges: defaultdict[str, int] = defaultdict(int)
    for worked in bench.cases:
        edges[worked.item] += worked.case.edge
    for spot, item in bench.judged:
        if item.code in bench.pack.own and number[item.code] < ENOUGH:
            why = f"“{item.title}”只有 {number[item.code]} 个算例，请写够 {ENOUGH} 个。"
            yield spot.complain("W403", why, "code")
        elif item.code in bench.pack.own and not edges[item.code]:
            why = f"“{item.title}”没有边界算例，请给最难判断的一个加 edge: true。"
            yield spot.complain("W403", why, "code")


def unused(bench: Bench) -> Complaints:
    """W404: a parameter or source that nothing uses is a leftover."""
    pack = bench.pack
    read = {name for item in pack.items.values() for name in item.parameters}
    read |= {name for text in pack.exempt.values() for name in re.findall(r"\$(\w+)", text)}
    cited = {code for item in pack.items.values() for code in (item.source, *item.also)}
    cited |= {parameter.source for parameter in pack.parameters.values()}
    cited |= {project.source for project in pack.projects}
    cited |= {exempt.source for exempt in pack.file.exempt.values()}
    for spot, _ in bench.own_parts:
        read |= {name for _, name in parameters_in(spot.document.data)}
        cited |= {str(value) for _, key, value in named(spot.document.data) if key == "source"}
    for name, parameter in pack.parameters.items():
        if f"${name}" in pack.own and name not in read and not parameter.used_by:
            why = f"参数“{name}”没有清单项或程序使用，请删去，或用 used_by 写明由谁使用。"
            yield pack.places[f"${name}"].complain("W404", why)
    for code in pack.file.sources:
        if code not in cited:
            yield pack.places[f"source:{code}"].complain(
                "W404", f"来源“{code}”没有被引用，请删去。"
            )


def loosened(bench: Bench) -> Complaints:
    """E405, W406: a district may tighten; it loosens only with the document that allows it."""
    pack = bench.pack
    if pack.base is None:
        return
    for change in diff(pack.base, pack):
        if change.direction is not Direction.LOOSENED:
            continue
        spot = pack.places.get(f"refine:{change.item}") or _parameter_spot(bench, change.item)
        if change.source:
            why = f"“{change.title}”比国家规定宽（{change.sentence}），依据 {change.source}，请确认。"
            yield spot.complain("W406", why)
        else:
            why = f"“{change.title}”比国家规定宽（{change.sentence}），请用 source 写明允许的文件，或改回。"
            yield spot.complain("E405", why)


def _parameter_spot(bench: Bench, code: str) -> Spot:
    """Return the place of the parameter through which an item was changed."""
    names = [
        f"${name}" for name in bench.pack.items[code].parameters if f"${name}" in bench.pack.own
    ]
    return bench.pack.places[names[0] if names else "pack"]


def adopted(bench: Bench) -> Complaints:
    """E408: a pack is in force only with a document number."""
    file = bench.pack.file
    if file.status == "adopted" and not file.adoption.document:
        why = "写了 status: adopted，请在 adoption 写明文号和日期。"
        yield bench.pack.places["pack"].complain("E408", why, "status")
