"""The shape of the files of a pack. Pure; the shape of an item itself is `engine.items.Item`."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from wuju.engine.items import Code, Part, Target

type Mark = Literal["V", "V2", "U"]  # read · seen second-hand · not verified
type Value = int | str | list[Any] | None


class Source(Part):
    """A document and the part of it that an item rests on. `topic`: it gives no number."""

    title: str
    article: str
    in_force_from: dt.date
    verified_on: dt.date
    mark: Mark
    dated: Literal["approximate"] | None = None
    note: str = ""
    authority: Literal["topic"] | None = None


class Parameter(Part):
    """A number no text settles. A value of None means that nobody has decided it yet.

    `used_by` names the capability that reads it when it writes a fact; `because` is
    needed where a district pack changes a national value.
    """

    value: Value
    unit: str
    mark: Mark
    source: str
    note: str = ""
    used_by: str = ""
    because: str = ""

    @property
    def plain(self) -> int | str | None:
        """The value as an item reads it; a table of values (brackets) is for capabilities only."""
        return None if isinstance(self.value, list) else self.value


class Exempt(Part):
    """Who leaves the denominator of every coverage over a population."""

    where: str
    source: str


class Adoption(Part):
    document: str | None = None
    decided_on: dt.date | None = None
    tags: tuple[str, ...] = ()


class PackFile(Part):
    """`pack.yaml`: what the pack is, what it stands on, and its sources."""

    code: Code
    title: str
    version: int = Field(ge=1)
    effective_from: dt.date
    extends: str | None = None
    extends_version: int | None = None
    extends_digest: str | None = None
    status: Literal["draft", "adopted"] = "draft"
    adoption: Adoption = Adoption()
    exempt: dict[str, Exempt] = Field(default_factory=dict)
    sources: dict[str, Source] = Field(default_factory=dict)


class Refine(Part):
    """A change that a district makes to a national item: only the keys it changes.

    `source` is the document that allows the change; it is added to the item's own.
    """

    refine: Code
    because: str = ""
    source: str | None = None
    per: Literal["month", "quarter", "half", "year"] | None = None
    target: Target | None = None
    score: Literal["pass", "proportional", "bands"] | None = None
    bands: tuple[tuple[int | str, int], ...] | None = None
    weight: int | None = Field(None, ge=0)
    strength: Literal["should", "must"] | None = None
    grace_days: int | None = Field(None, ge=0)
    soon_days: int | None = Field(None, ge=0)
    tags: tuple[str, ...] | None = None
    visible_to: tuple[str, ...] | None = None
    note: str | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """The item keys it sets, as plain data."""
        kept = self.model_dump(exclude_unset=True, exclude={"refine", "because", "source"})
        if self.target is not None:
            kept["target"] = dict(self.target.given)
        return kept

    @property
    def needs_reason(self) -> bool:
        """Whether it changes what is owed, not only how it is weighed or shown."""
        return any(value is not None for value in (self.target, self.per, self.strength))


class Initiative(Part):
    """One thing the mission article names; carried by items now, or awaiting a capability."""

    code: Code
    phrase: str
    covered_by: tuple[str, ...] = ()
    awaits: str = ""


class Project(Part):
    code: Literal["guidance", "workforce", "branches", "foundations", "accountability"]
    number: str
    title: str
    full_title: str
    capability: str
    package: str
    weight: int = Field(ge=0)
    source: str
    initiatives: tuple[Initiative, ...]


class MappedRule(Part):
    """One rule that was read, and what carries it; without carriers, why the software does not.

    `mark` is that of the reading; `design` is a decision of ours, `article` a phrase of the
    mission article.
    """

    mark: Literal["V", "V2", "U", "design", "article"]
    says: str
    by: tuple[str, ...] = ()
    because: str = ""


class WeightsNote(Part):
    mark: Mark
    says: str
    tags: tuple[str, ...] = ()


class ProjectsFile(Part):
    projects: tuple[Project, ...]
    weights_note: WeightsNote | None = None


class Phrase(Part):
    """A phrase of the document a district pack serves, and the items, plans and procedures that carry it."""

    project: Literal["guidance", "workforce", "branches", "foundations", "accountability"]
    phrase: str
    carried_by: tuple[str, ...] = Field(min_length=1)


class PhrasesFile(Part):
    """`phrases.yaml`: the document phrase by phrase. It decides no answer, so it is not in the digest."""

    phrases: tuple[Phrase, ...]


class CaseTable(Part):
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Expectation(Part):
    """What one period of the case must answer. Keys that are absent are not compared."""

    period: Annotated[str, BeforeValidator(str)]  # YAML reads a bare 2026 as a number
    org: int = 1
    status: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    score: int | None = None
    evidence: int | None = None


type Profile = dict[str, Any] | tuple[dict[str, Any], ...]


class Case(Part):
    """A worked example: a profile, some facts, a day, and the answers."""

    name: str
    as_of: dt.date
    expect: tuple[Expectation, ...] = Field(min_length=1)
    facts: dict[str, CaseTable] = Field(default_factory=dict)
    org: Profile | None = None
    edge: bool = False
    since: dt.date | None = None
    feeds: dict[str, dt.date | None] = Field(default_factory=dict)
    lineage: tuple[dict[str, Any], ...] = ()


class CaseGroup(Part):
    item: Code
    cases: tuple[Case, ...] = Field(min_length=1)
    org: Profile | None = None
