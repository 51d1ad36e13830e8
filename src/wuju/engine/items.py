"""The item language: one concept for duties and indicators (清单项). Pure.

Every kind reduces to an integer pair (numerator, denominator) per organization, item and
period. `rulepacks` reads these from YAML and resolves parameters; the oracle and the
compiler give them meaning.
"""

import re
from enum import IntEnum, StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

type Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]


class Kind(StrEnum):
    COUNT = "count"
    RATIO = "ratio"
    DEADLINE = "deadline"
    COVERAGE = "coverage"
    LATEST = "latest"
    STOCK = "stock"
    SET = "set"
    ATTESTED = "attested"
    COMPOSITE = "composite"


class Status(IntEnum):
    """The eight answers. The numbers are stored and sorted by, so they never change."""

    NOT_APPLICABLE = 0
    EXEMPT = 1
    UNVERIFIED = 2
    MET = 3
    OPEN = 4
    DUE_SOON = 5
    OVERDUE = 6
    MISSED = 7

    @property
    def code(self) -> str:
        return self.name.lower()


STATUSES = tuple(Status)
"""The same by number: asking the class costs ten times more, and cells come by the million."""


class Part(BaseModel):
    """Frozen, and refuses keys it does not know: a typo in YAML is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SumPart(Part):
    """A sum over the rows that satisfy `where`."""

    sum: str
    where: str | None = None


class Each(Part):
    """What one member of a covered population must have: rows (or their sum) of a fact."""

    of: str
    where: str | None = None
    sum: str | None = None
    count: Literal["rows"] | None = None
    at_least: int | str


class Panel(Part):
    at_least: int = 1
    who: tuple[str, ...] = ()


type Limit = int | str  # 3, "80%", "2/3", "$parameter", "org.column"


class Target(Part):
    """The expectation, exactly one of the four. `between` is inclusive at both ends."""

    at_least: Limit | None = None
    at_most: Limit | None = None
    between: tuple[Limit, Limit] | None = None
    equals: Limit | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.given) != 1:
            raise ValueError("目标须且只须写 at_least、at_most、between、equals 中的一个。")
        return self

    @property
    def given(self) -> dict[str, Limit | tuple[Limit, Limit]]:
        pairs = (
            ("at_least", self.at_least),
            ("at_most", self.at_most),
            ("between", self.between),
            ("equals", self.equals),
        )
        return {name: value for name, value in pairs if value is not None}

    @property
    def operator(self) -> str:
        return next(iter(self.given))

    @property
    def limits(self) -> tuple[Limit, ...]:
        value = next(iter(self.given.values()))
        return value if isinstance(value, tuple) else (value,)


class Item(Part):
    """One line of a list: who owes what, in which period, by which article (清单项).

    Keys are those of `docs/packs.md`. Conditions (`where`, `numerator`, `denominator`,
    `only_if`, `evidence`) are SQL boolean text over the fact's columns, `parent.column`,
    `org.column`, `period_start`, `period_end`, `as_of` and `$parameters`.
    """

    code: Code
    title: str
    project: Literal["guidance", "workforce", "branches", "foundations", "accountability"]
    applies_to: dict[Literal["kind", "field", "area_kind", "tag"], tuple[str, ...]]
    kind: Kind
    use: Literal["procedure", "result"]
    per: Literal["month", "quarter", "half", "year"]
    target: Target | None = None
    source: str
    strength: Literal["should", "must"]
    of: str | None = None
    population: str | None = None
    where: str | None = None
    each: Each | None = None
    numerator: str | SumPart | None = None
    denominator: str | SumPart | None = None
    sum: str | None = None  # count only: sum a column instead of counting rows
    due: str | None = None
    done: str | None = None
    value: str | None = None
    member: str | None = None
    all_of: tuple[str, ...] = ()
    item: str | None = None  # attested only: the code that was graded
    panel: Panel | None = None
    scale: dict[int, str] = {}
    parts: dict[str, int] = {}
    only_if: str | None = None
    evidence: str | None = None
    carry: bool = False
    partial: Literal["skip", "owe"] | None = None
    grace_days: int | None = Field(None, ge=0)
    soon_days: int | None = Field(None, ge=0)
    score: Literal["pass", "proportional", "bands"] | None = None
    bands: tuple[tuple[Limit, int], ...] = ()
    weight: int | None = Field(None, ge=0)
    also: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    visible_to: tuple[str, ...] = ()
    note: str = ""

    @property
    def fact(self) -> str | None:
        """The fact whose rows are counted (`of`, or the population of a coverage)."""
        if self.kind is Kind.ATTESTED:
            return "attestation"
        return self.of or self.population

    @property
    def owe_partial(self) -> bool:
        """Whether a partly lived period is owed when more than half of it was lived."""
        rule = self.partial or ("owe" if self.per in {"half", "year"} else "skip")
        return rule == "owe"

    @property
    def grace(self) -> int:
        return 14 if self.grace_days is None else self.grace_days

    @property
    def soon(self) -> int:
        return 7 if self.soon_days is None else self.soon_days

    @property
    def texts(self) -> tuple[str, ...]:
        """Every piece of condition or expression text of the item."""
        found = [self.where, self.due, self.done, self.value, self.member, self.only_if]
        found += [self.evidence, self.sum]
        for part in (self.numerator, self.denominator):
            found += [part.sum, part.where] if isinstance(part, SumPart) else [part]
        if self.each:
            found += [self.each.where, self.each.sum]
        return tuple(text for text in found if text)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the `$parameters` the item reads, sorted."""
        limits = list(self.target.limits) if self.target else []
        limits += [band[0] for band in self.bands]
        limits += [self.each.at_least] if self.each else []
        text = " ".join([*self.texts, *(str(limit) for limit in limits)])
        return tuple(sorted(set(re.findall(r"\$(\w+)", text))))
