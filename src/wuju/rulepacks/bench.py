"""The pack on the bench: what every check of the linter looks at. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from wuju.engine.items import Item, Limit, SumPart
from wuju.engine.rules import BadItem, OrgColumn, Rules, read_limit
from wuju.kit.facts import Catalog
from wuju.rulepacks.cases import WorkedCase
from wuju.rulepacks.complaints import Complaint
from wuju.rulepacks.loader import Pack, Spot
from wuju.rulepacks.procedures import Classification, Plan, Procedure, Votes
from wuju.rulepacks.reading import Steps
from wuju.rulepacks.schema import Mark

_MARKS: tuple[Mark, ...] = ("V", "V2", "U")  # from the surest to the least sure


@dataclass(frozen=True)
class Bench:
    """A pack with its catalogue and cases. Checks speak only of what the pack's own folder says."""

    pack: Pack
    catalog: Catalog
    cases: tuple[WorkedCase, ...]

    @cached_property
    def rules(self) -> Rules:
        """The pack as the engine reads it, even where it is wrong."""
        values = {name: each.plain for name, each in self.pack.parameters.items()}
        items = tuple(self.pack.items.values())
        return Rules(items=items, parameters=values, exempt=self.pack.exempt)

    @cached_property
    def judged(self) -> tuple[tuple[Spot, Item], ...]:
        """The items that the folder defines or refines, with the place to complain at."""
        refined = {change.refine: f"refine:{change.refine}" for change in self.pack.refinements}
        codes = [code for code in self.pack.items if code in self.pack.own or code in refined]
        places = self.pack.places
        return tuple((places[refined.get(code, code)], self.pack.items[code]) for code in codes)

    @cached_property
    def own_parts(self) -> tuple[tuple[Spot, Procedure | Votes | Classification | Plan], ...]:
        """The procedures, voting rules, classifications and plans that the folder itself holds."""
        parts = self.pack.parts
        kinds: dict[str, Mapping[str, Procedure | Votes | Classification | Plan]] = {
            "procedure": parts.procedures,
            "votes": parts.votes,
            "classification": parts.classifications,
            "plan": parts.plans,
        }
        return tuple(
            (self.pack.places[key], part)
            for kind, table in kinds.items()
            for code, part in table.items()
            if (key := f"{kind}:{code}") in self.pack.own
        )

    @cached_property
    def carriers(self) -> dict[str, frozenset[str]]:
        """What may carry a phrase or initiative — an item, or plan:, procedure:, classification: — and its sources."""
        parts = self.pack.parts
        found = {
            code: frozenset({item.source, *item.also}) for code, item in self.pack.items.items()
        }
        kinds: dict[str, Mapping[str, Procedure | Classification | Plan]] = {
            "procedure": parts.procedures,
            "classification": parts.classifications,
            "plan": parts.plans,
        }
        for kind, table in kinds.items():
            found |= {f"{kind}:{code}": frozenset({part.source}) for code, part in table.items()}
        return found

    def own[P](self, model: type[P]) -> Iterator[tuple[Spot, P]]:
        """Yield the parts of one kind with the place to complain at."""
        for spot, part in self.own_parts:
            if isinstance(part, model):
                yield spot, part

    def weakest(self, *marks: Mark | None, source: str | None = None) -> Mark:
        """Return the least sure of some marks and of the mark of a source."""
        found = self.pack.sources.get(source or "")
        given: list[Mark] = [mark for mark in marks if mark is not None]
        return max([*given, found.mark if found else "V"], key=_MARKS.index)

    def mark(self, item: Item) -> Mark:
        """Return the least sure of the marks an item rests on: its source and its parameters."""
        parameters = [
            self.pack.parameters[name] for name in item.parameters if name in self.pack.parameters
        ]
        return self.weakest(*(parameter.mark for parameter in parameters), source=item.source)


_OWN_TEXTS = (
    *(("where", "bool"), ("due", "date"), ("done", "date"), ("evidence", "bool")),
    *(("value", "int"), ("sum", "int"), ("member", "text")),
)

type Text = tuple[tuple[str, ...], str, str, str]


def item_texts(item: Item) -> Iterator[Text]:
    """Yield (steps, "own" | "each" | "org", text, expected type) for every condition and expression."""
    for key, expects in _OWN_TEXTS:
        if text := getattr(item, key):
            yield (key,), "own", text, expects
    for key in ("numerator", "denominator"):
        yield from _part_texts(key, getattr(item, key))
    if item.only_if:
        yield ("only_if",), "org", item.only_if, "bool"
    if item.each:
        pairs = (("where", item.each.where, "bool"), ("sum", item.each.sum, "int"))
        yield from ((("each", key), "each", text, expects) for key, text, expects in pairs if text)


def _part_texts(key: str, part: str | SumPart | None) -> Iterator[Text]:
    if isinstance(part, SumPart):
        yield (key, "sum"), "own", part.sum, "int"
        if part.where:
            yield (key, "where"), "own", part.where, "bool"
    elif part is not None:
        yield (key,), "own", part, "bool"


def named(data: object, steps: Steps = ()) -> Iterator[tuple[Steps, str, object]]:
    """Yield (steps, key, value) for every plain value below `data`; entries of a list have its key."""
    if isinstance(data, dict):
        pairs: list[tuple[str | int, object]] = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    else:
        return
    for key, value in pairs:
        here = (*steps, key)
        if isinstance(value, dict | list):
            yield from named(value, here)
        else:
            yield here, str(next((k for k in reversed(here) if isinstance(k, str)), "")), value


def parameters_in(data: object) -> Iterator[tuple[Steps, str]]:
    """Yield the place and name of every `$parameter` written as a value below `data`."""
    for steps, _, value in named(data):
        if isinstance(value, str) and (found := re.fullmatch(r"\$(\w+)", value)):
            yield steps, found.group(1)


def number(limit: Limit, item: Item, rules: Rules) -> Fraction | None:
    """Return a limit as a number, or None where it is undecided, a column, or cannot be read."""
    try:
        pair = read_limit(limit, item, rules)
    except BadItem:
        return None
    return None if pair is None or isinstance(pair, OrgColumn) else Fraction(*pair)


def tokens(text: str) -> set[str]:
    """Split an identifier or sentence into its lower-case English words."""
    return set(re.findall(r"[a-z]+", text.lower()))


type Complaints = Iterator[Complaint]
