"""E10x and E208: everything an item names must exist. Pure."""

from collections.abc import Iterator

from wuju.engine.conditions import BadCondition, Reader
from wuju.engine.items import Item, Kind
from wuju.kit.facts import FactSpec
from wuju.rulepacks.bench import Bench, Complaints, item_texts, named, parameters_in
from wuju.rulepacks.complaints import suggestion
from wuju.rulepacks.loader import Spot


def check(bench: Bench) -> Complaints:
    for spot, item in bench.judged:
        yield from facts(bench, spot, item)
        yield from conditions(bench, spot, item)
        yield from parameters(bench, spot, item)
        yield from codes(bench, spot, item)
    yield from exemptions(bench)
    yield from part_parameters(bench)
    yield from sources(bench)


def facts(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E106: `of`, `population` and `each.of` are facts of the catalogue."""
    named: list[tuple[tuple[str, ...], str | None]] = [
        (("of",), item.of),
        (("population",), item.population),
        (("each", "of"), item.each.of if item.each else None),
    ]
    for steps, name in named:
        if name is not None and name not in bench.catalog:
            near = suggestion(name, list(bench.catalog))
            yield spot.complain("E106", f"事实目录里没有“{name}”{near}", *steps)


def conditions(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E107: every condition can be read and names columns of its fact."""
    each = bench.catalog.get(item.each.of) if item.each else None
    specs = {"own": bench.catalog.get(item.fact or ""), "org": bench.catalog["org"], "each": each}
    for steps, over, text, expects in item_texts(item):
        spec = specs[over]
        if spec is not None and (why := _unreadable(bench, spec, text, expects)):
            yield spot.complain("E107", why, *steps)


def _unreadable(bench: Bench, spec: FactSpec, text: str, expects: str) -> str:
    try:
        Reader(spec, bench.catalog, bench.rules.parameters).read(text, expects)
    except BadCondition as refusal:
        return str(refusal)
    return ""


def exemptions(bench: Bench) -> Complaints:
    """E106, E107: an exemption names a population and a condition over it."""
    spot = bench.pack.places["pack"]
    for population, exempt in bench.pack.file.exempt.items():
        spec = bench.catalog.get(population)
        if spec is None:
            near = suggestion(population, list(bench.catalog))
            yield spot.complain(
                "E106", f"事实目录里没有“{population}”{near}", "exempt", population
            )
        elif why := _unreadable(bench, spec, exempt.where, "bool"):
            yield spot.complain("E107", why, "exempt", population, "where")


def parameters(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E110: every `$parameter` of a limit is written in parameters.yaml."""
    for name in item.parameters:
        if name not in bench.pack.parameters:
            near = suggestion(name, list(bench.pack.parameters))
            yield spot.complain("E110", f"参数“${name}”没有写进 parameters.yaml{near}", "target")


def part_parameters(bench: Bench) -> Complaints:
    """E110: every `$parameter` of a procedure, classification or plan is written too."""
    for spot, _ in bench.own_parts:
        for steps, name in parameters_in(spot.document.data):
            if name not in bench.pack.parameters:
                near = suggestion(name, list(bench.pack.parameters))
                yield spot.complain("E110", f"参数“${name}”没有写进 parameters.yaml{near}", *steps)


def codes(bench: Bench, spot: Spot, item: Item) -> Complaints:
    """E208: codes of `applies_to` and `all_of` are codes the catalogue lists."""
    for column, values in item.applies_to.items():
        known = bench.catalog["org"].columns[column].values
        yield from _unlisted(spot, values, known, "applies_to", column)
    spec = bench.catalog.get(item.of or "")
    column_spec = spec.columns.get(item.member or "") if spec else None
    if item.kind is Kind.SET and column_spec:
        yield from _unlisted(spot, item.all_of, column_spec.values, "all_of")


def _unlisted(
    spot: Spot, values: tuple[str, ...], known: tuple[str, ...], *steps: str
) -> Complaints:
    for value in values:
        if value not in known:
            near = suggestion(value, known)
            yield spot.complain("E208", f"“{steps[-1]}”没有代码“{value}”{near}", *steps)


def sources(bench: Bench) -> Complaints:
    """E108: every source that is named is described in pack.yaml."""
    known = list(bench.pack.sources)
    for spot, step, code in _named_sources(bench):
        if code not in bench.pack.sources:
            near = suggestion(code, known)
            yield spot.complain("E108", f"来源“{code}”没有写进 pack.yaml 的 sources{near}", *step)


def _named_sources(bench: Bench) -> Iterator[tuple[Spot, tuple[str | int, ...], str]]:
    pack = bench.pack
    for spot, item in bench.judged:
        yield spot, ("source",), item.source
        yield from ((spot, ("also", i), code) for i, code in enumerate(item.also))
    for name, parameter in pack.parameters.items():
        if f"${name}" in pack.own:
            yield pack.places[f"${name}"], ("source",), parameter.source
    for population, exempt in pack.file.exempt.items():
        yield pack.places["pack"], ("exempt", population, "source"), exempt.source
    yield from _sources_of_parts(bench)
    if "projects" in pack.places:
        for i, project in enumerate(pack.projects):
            yield pack.places["projects"], (i, "source"), project.source


def _sources_of_parts(bench: Bench) -> Iterator[tuple[Spot, tuple[str | int, ...], str]]:
    for spot, _ in bench.own_parts:
        for steps, key, value in named(spot.document.data):
            if key == "source" and value is not None:
                yield spot, steps, str(value)
