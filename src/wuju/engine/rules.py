"""A pack as the engine sees it: items, parameter values, default exemptions, and from when. Pure."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache

from wuju.engine.items import Item, Kind, Limit
from wuju.kit.errors import DomainError
from wuju.kit.periods import Period, horizon, periods_between

TO_CONFIRM = "依据待核"
_FRACTION = re.compile(r"^(-?\d+)/(\d+)$")
_PERCENT = re.compile(r"^(-?\d+(?:\.\d+)?)%$")

type Pair = tuple[int, int]


class BadItem(DomainError):
    """An item that cannot be evaluated; the sentence says what to write instead."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        super().__init__(f"清单项“{code}”{why}。")


@dataclass(frozen=True, slots=True)
class OrgColumn:
    """A limit that each organization's profile holds."""

    column: str


@dataclass(frozen=True)
class Rules:
    """What is judged by: one version of a pack with its parameters resolved.

    Args:
        items: the items; a composite may name any of them as its parts.
        parameters: an integer, a share ("80%", "2/3"), a date as ISO text, a code, or
            None while nobody has decided: the cells then show their numbers, unverified.
        exempt: population fact → condition its members must satisfy to be counted
            (老弱病残 leave the denominator), applied to every coverage over it.
        effective_from: the first day in force; owed from the first full period on.
        pack: code and version of the pack.
        digest: hash of the pack's text.
    """

    items: tuple[Item, ...]
    parameters: Mapping[str, int | str | None] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)
    effective_from: dt.date = dt.date(1900, 1, 1)
    pack: str = ""
    digest: str = ""

    @cached_property
    def by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    def subset(self, codes: Collection[str]) -> "Rules":
        """Return the rules with only these items and the parts of the composites among them."""
        wanted: set[str] = set()
        waiting = [code for code in codes if code in self.by_code]
        while waiting:
            code = waiting.pop()
            if code not in wanted:
                wanted.add(code)
                waiting += [part for part in self.by_code[code].parts if part in self.by_code]
        return replace(self, items=tuple(item for item in self.items if item.code in wanted))

    def provisional(self, item: Item) -> bool:
        """Whether the item's figures are shown but never judged against anybody yet."""
        undecided = any(self.parameters.get(name) is None for name in item.parameters)
        return undecided or TO_CONFIRM in item.tags

    def periods(self, grain: str, as_of: dt.date, since: dt.date | None = None) -> list[Period]:
        """List the periods that are judged: begun by `as_of`, and whole under these rules."""
        return list(judged_periods(self.effective_from, grain, as_of, since))


@lru_cache(maxsize=128)
def judged_periods(
    effective_from: dt.date, grain: str, as_of: dt.date, since: dt.date | None
) -> tuple[Period, ...]:
    """Return the periods of `grain` touching `since`..`as_of` that began under the rules.

    A pack that comes into force inside a period first judges the next full one.
    """
    return tuple(
        period
        for period in periods_between(since or horizon(as_of), as_of, grain)
        if period.starts_on >= effective_from
    )


def read_limit(limit: Limit, item: Item, rules: Rules) -> Pair | OrgColumn | None:
    """Return a limit as an integer pair, a profile column, or None while undecided.

    A share of a composite is a share of its 10000 basis points.

    Raises:
        BadItem: the limit has another form, or its parameter is not defined.
    """
    text = str(limit)
    if text.startswith("org."):
        return OrgColumn(text[4:])
    if text.startswith("$"):
        return _parameter(text[1:], item, rules)
    return _pair(text, item)


def _parameter(name: str, item: Item, rules: Rules) -> Pair | None:
    if name not in rules.parameters:
        raise BadItem(item.code, f"用到的参数“${name}”没有定义，请写进 parameters.yaml")
    value = rules.parameters[name]
    return None if value is None else _pair(str(value), item)


def _pair(text: str, item: Item) -> Pair:
    scale = 10_000 if item.kind is Kind.COMPOSITE else 1
    if re.fullmatch(r"-?\d+", text):
        return int(text), 1
    if found := _PERCENT.match(text):
        share = Fraction(found.group(1)) / 100 * scale
    elif (found := _FRACTION.match(text)) and int(found.group(2)):
        share = Fraction(text) * scale
    else:
        raise BadItem(item.code, f"的目标“{text}”看不懂，请写成 3、80%、2/3、$参数 或 org.列")
    return share.numerator, share.denominator
