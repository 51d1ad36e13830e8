"""The shape of what people do by steps, weigh and promise: procedures, classifications, plans. Pure.

Nothing here computes: a procedure says in which order, within which limits and by whom
something is done; a classification lays facts beside situations that a meeting weighs; a
plan holds targets by year. None of them ever decides about a person or an organization.
"""

from typing import Literal

from pydantic import Field

from wuju.engine.items import Code, Part
from wuju.rulepacks.schema import Mark

type Amount = int | str  # 3 or "$parameter"
type GuardKind = Literal[
    "age_at_least", "at_most_times", "attested", "before", "correction", "different_person",
    "done", "either", "extension", "lasts", "manual", "max_interval", "min_interval",
    "not_before_previous", "notice", "number", "record", "recurring", "vote", "vote_any",
]  # fmt: skip
AMOUNTS = (
    "years", "days", "working_days", "months", "every_months", "at_most_times", "min_months",
    "max_months",
)  # fmt: skip


class Cited(Part):
    """Something that rests on a source. `mark` is given where it is less sure than the source."""

    source: str
    mark: Mark | None = None
    tags: tuple[str, ...] = ()
    note: str = ""


class Enough(Part):
    """One of several ways to have enough: so many of something recorded with the step."""

    of: Code
    at_least: Amount


class Guard(Cited):
    """What is checked before a step: it blocks, warns, or asks for a written reason.

    `after`, `other_than` and `step` name steps before this one. Months are calendar months.
    """

    kind: GuardKind
    severity: Literal["block", "warn", "require_reason"]
    says: str
    step: Code | None = None
    after: Code | None = None
    other_than: Code | None = None
    of: Code | None = None
    rule: Code | None = None
    rules: tuple[Code, ...] = ()
    only_for: Code | None = None
    needs: tuple[Code, ...] = ()
    any_of: tuple[Enough, ...] = ()
    between: tuple[Amount, Amount] | None = None
    years: Amount | None = None
    days: Amount | None = None
    working_days: Amount | None = None
    months: Amount | None = None
    every_months: Amount | None = None
    at_most_times: Amount | None = None
    min_months: Amount | None = None
    max_months: Amount | None = None

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every number it compares with, or the parameter that holds it."""
        single = [getattr(self, name) for name in AMOUNTS]
        pairs = [*(self.between or ()), *(each.at_least for each in self.any_of)]
        return tuple(amount for amount in [*single, *pairs] if amount is not None)


class Limit(Cited):
    """How long after an earlier step this one is due; a reminder, never a refusal."""

    after: Code
    days: Amount | None = None
    working_days: Amount | None = None
    months: Amount | None = None

    @property
    def amounts(self) -> tuple[Amount, ...]:
        found = (self.days, self.working_days, self.months)
        return tuple(amount for amount in found if amount is not None)


class Step(Cited):
    """One step: who does it, what it leaves behind, which state it leads to.

    `acts` names what the capability that carries the procedure can do in this step;
    `starts` a term that begins with it; `official_title` the name in the list of the
    regulation where two steps share one.
    """

    number: int = Field(ge=1)
    code: Code
    title: str
    actor: Code
    documents: tuple[str, ...] = ()
    stage: str = ""
    official_title: str = ""
    state: Code | None = None
    outcomes: tuple[Code, ...] = ()
    starts: Code | None = None
    acts: tuple[Code, ...] = ()
    optional: bool = False
    only_for: dict[Literal["kind", "field", "area_kind"], tuple[str, ...]] = Field(
        default_factory=dict
    )
    may_merge_with: Code | None = None
    merge_if: str = ""
    photos: str | None = None
    limit: Limit | None = None
    guards: tuple[Guard, ...] = ()


class State(Part):
    title: str
    next: tuple[Code, ...]


class Matters(Cited):
    """Which matters a procedure is for: code → name."""

    matters: dict[Code, str]


class TermRow(Part):
    years: int = Field(ge=1)
    kind: Code | None = None
    area_kind: Code | None = None


class Terms(Cited):
    """Years of a term by kind of organization or of the area it leads; the later row wins."""

    rows: tuple[TermRow, ...]


class Shift(Cited):
    """How far a term may be moved, and what that needs."""

    max_years: int = Field(ge=1)
    needs: Code


class PublicNotice(Cited):
    """What is shown in public at some steps, for how long, and when it is taken down."""

    at: tuple[Code, ...]
    working_days: Amount
    shows: tuple[str, ...]
    unpublish: Literal["at_end"]


class Overdue(Cited):
    """What a delay brings to the table. A person decides, and the organization is heard first."""

    proposes: tuple[Code, ...]
    decided_by: Code
    heard_first: Literal[True]


class Distinctions(Cited):
    rows: tuple[str, ...]


class Deadlines(Cited):
    """Calendar days that a notice gives by nature of the problem, unless it says otherwise."""

    days: dict[Code, Amount]


class Procedure(Cited):
    """A lifecycle: actors, states and steps in order.

    `subject` names what goes through it; `classification` the list its first step looks
    at. `always` are guards of every step.
    """

    code: Code
    title: str
    kind: Literal["lifecycle"]
    subject: Code
    actors: dict[Code, str]
    steps: tuple[Step, ...] = Field(min_length=1)
    states: dict[Code, State] = Field(default_factory=dict)
    classification: Code | None = None
    always: tuple[Guard, ...] = ()
    scope: Matters | None = None
    term_years: Terms | None = None
    shift: Shift | None = None
    public_notice: PublicNotice | None = None
    overdue: Overdue | None = None
    distinctions: Distinctions | None = None
    deadlines: Deadlines | None = None

    @property
    def by_code(self) -> dict[str, Step]:
        return {step.code: step for step in self.steps}


class VoteRule(Cited):
    """When a meeting may decide (`quorum`) and whether it did (`majority`), as integer comparisons.

    `base` is whom the majority is counted against. A rule `by_hand` is applied by people,
    with written reasons; it has no formula.
    """

    code: Code
    title: str
    says: str
    base: Code | None = None
    quorum: str | None = None
    majority: str | None = None
    secret: bool = False
    one_by_one: bool = False
    written_opinion_counts: Literal["before_meeting"] | None = None
    by_hand: bool = False


class Votes(Part):
    """Voting rules, written once; procedures name them. `names` are the counts they compare."""

    code: Code
    title: str
    kind: Literal["votes"]
    names: dict[Code, str]
    rules: tuple[VoteRule, ...] = Field(min_length=1)


class Situation(Part):
    """A situation and the facts to lay beside it. `awaits`: the capability that will hold them."""

    code: str
    title: str
    shows: str
    facts: tuple[Code, ...] = ()
    items: tuple[Code, ...] = ()
    awaits: tuple[Code, ...] = ()
    parameter: str | None = None
    source: str | None = None
    mark: Mark | None = None
    tags: tuple[str, ...] = ()
    note: str = ""


class Row(Cited):
    """One line of a checklist: met, not met or not applicable; no weight and no mark."""

    item: int = Field(ge=1)
    title: str


class Template(Part):
    title: str
    fields: tuple[str, ...]
    rows: tuple[Row, ...] = Field(min_length=1)


class Acceptance(Cited):
    evidence: tuple[str, ...]


class Classification(Cited):
    """Situations that people weigh, or a checklist for each field. No verdict, no quota."""

    code: Code
    title: str
    kind: Literal["situations", "checklist"]
    computed_verdict: bool
    quota: str
    decided_by: tuple[str, ...] = ()
    situations: tuple[Situation, ...] = ()
    templates: dict[Code, Template] = Field(default_factory=dict)
    acceptance: Acceptance | None = None


class PlanTarget(Part):
    """What a plan promises, one value a year; null = nobody has decided yet.

    `item` carries the measure now; otherwise `awaits` names the capability that will.
    `default` is used where a year has no value.
    """

    measure: Code
    title: str
    per_year: tuple[int | str | None, ...] = Field(min_length=1)
    mark: Mark
    item: Code | None = None
    awaits: Code | None = None
    default: str | None = None
    tags: tuple[str, ...] = ()


class Milestone(Part):
    code: Code
    title: str
    evidence: str


class Plan(Cited):
    """A plan of several years. `years` and `start_year` are null until a document gives them."""

    code: Code
    title: str
    project: Literal["guidance", "workforce", "branches", "foundations", "accountability"]
    start_year: int | None
    years: int | None = Field(ge=1, le=10)
    document: str | None
    unit: str
    targets: tuple[PlanTarget, ...] = Field(min_length=1)
    milestones: tuple[Milestone, ...] = ()
    must_not: tuple[str, ...] = ()
