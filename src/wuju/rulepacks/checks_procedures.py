"""E22x, E226, E308: procedures and voting rules hold together, and nobody verifies his own work. Pure."""

import re
from collections.abc import Iterator

from wuju.engine.conditions import BadCondition, Reader
from wuju.engine.rules import TO_CONFIRM
from wuju.kit.facts import Column, FactSpec
from wuju.rulepacks.bench import Bench, Complaints
from wuju.rulepacks.checks_formalism import asks_for_proof
from wuju.rulepacks.complaints import suggestion
from wuju.rulepacks.loader import Spot
from wuju.rulepacks.procedures import AMOUNTS, Guard, Limit, Procedure, Step, Votes
from wuju.rulepacks.reading import Steps

_VERIFIES = re.compile("核实|核验|验收|复核|回访|审核")
_ONE_OF = ("days", "working_days", "months")
_NEEDS: dict[str, tuple[str, ...]] = {
    "age_at_least": ("years",),
    "at_most_times": ("at_most_times",),
    "attested": (),
    "before": ("of", "months"),
    "correction": ("needs",),
    "different_person": ("other_than",),
    "done": ("step",),
    "either": ("any_of",),
    "extension": ("at_most_times", "min_months", "max_months"),
    "lasts": ("days",),
    "manual": ("rule",),
    "max_interval": ("after",),
    "min_interval": ("after",),
    "not_before_previous": (),
    "notice": ("days",),
    "number": ("of", "between"),
    "record": ("needs",),
    "recurring": ("every_months",),
    "vote": ("rule",),
    "vote_any": ("rules",),
}
_MAY = {"notice": ("only_for",), "max_interval": _ONE_OF, "min_interval": _ONE_OF}
_KEYS = (
    *(*AMOUNTS, "step", "after", "other_than", "of", "rule", "rules", "only_for", "needs"),
    *("any_of", "between"),
)


def check(bench: Bench) -> Complaints:
    for spot, procedure in bench.own(Procedure):
        yield from states(spot, procedure)
        yield from numbering(spot, procedure)
        for no, step in enumerate(procedure.steps):
            yield from actor(spot, procedure, no, step)
            yield from named_steps(spot, procedure, no, step)
            yield from another_person(spot, no, step)
            yield from proof(spot, no, step)
        for steps, guard, tags in guards(procedure):
            yield from guard_keys(spot, steps, guard)
            yield from rules(bench, spot, steps, guard)
            yield from plain_numbers(bench, spot, steps, guard, tags)
        for no, step in enumerate(procedure.steps):
            if step.limit:
                tags = (*procedure.tags, *step.tags)
                yield from plain_numbers(bench, spot, ("steps", no, "limit"), step.limit, tags)
        yield from elsewhere(bench, spot, procedure)
    for spot, votes in bench.own(Votes):
        yield from formulas(bench, spot, votes)


def guards(procedure: Procedure) -> Iterator[tuple[Steps, Guard, tuple[str, ...]]]:
    """Yield every guard with its place and the tags it stands under."""
    for i, guard in enumerate(procedure.always):
        yield ("always", i), guard, procedure.tags
    for no, step in enumerate(procedure.steps):
        for i, guard in enumerate(step.guards):
            yield ("steps", no, "guards", i), guard, (*procedure.tags, *step.tags)


def states(spot: Spot, procedure: Procedure) -> Complaints:
    """E220: states and steps lead to states that exist, and each but the first is led to."""
    known = list(procedure.states)
    for steps, to in _leads_to(procedure):
        if to not in procedure.states:
            yield spot.complain("E220", f"没有状态“{to}”{suggestion(to, known)}", *steps)
    reached = {to for state in procedure.states.values() for to in state.next}
    for name in known[1:]:
        if name not in reached:
            why = f"状态“{name}”到不了，请写进前面某个状态的 next，或删去。"
            yield spot.complain("E220", why, "states", name)


def _leads_to(procedure: Procedure) -> Iterator[tuple[Steps, str]]:
    for name, state in procedure.states.items():
        yield from ((("states", name, "next"), to) for to in state.next)
    for no, step in enumerate(procedure.steps):
        if step.state:
            yield ("steps", no, "state"), step.state
        yield from ((("steps", no, "outcomes"), to) for to in step.outcomes)


def numbering(spot: Spot, procedure: Procedure) -> Complaints:
    """E224: steps are numbered from 1 as they stand, and no two share a code."""
    seen: set[str] = set()
    for no, step in enumerate(procedure.steps):
        if step.number != no + 1:
            why = f"“{step.title}”写的是第 {step.number} 步，按次序是第 {no + 1} 步，请改一致。"
            yield spot.complain("E224", why, "steps", no, "number")
        if step.code in seen:
            why = f"步骤代码“{step.code}”写了两次，请换一个。"
            yield spot.complain("E224", why, "steps", no, "code")
        seen.add(step.code)


def actor(spot: Spot, procedure: Procedure, no: int, step: Step) -> Complaints:
    """E223: whoever does a step is one of the actors."""
    if step.actor not in procedure.actors:
        near = suggestion(step.actor, list(procedure.actors))
        yield spot.complain("E223", f"actors 里没有“{step.actor}”{near}", "steps", no, "actor")


def named_steps(spot: Spot, procedure: Procedure, no: int, step: Step) -> Complaints:
    """E221: a guard or limit names a step that comes before its own."""
    here: Steps = ("steps", no)
    wanted: list[tuple[Steps, str | None]] = [((*here, "may_merge_with"), step.may_merge_with)]
    if step.limit:
        wanted.append(((*here, "limit", "after"), step.limit.after))
    for i, guard in enumerate(step.guards):
        place = (*here, "guards", i)
        wanted += [((*place, key), getattr(guard, key)) for key in ("step", "after", "other_than")]
    earlier = [each.code for each in procedure.steps[:no]]
    for steps, code in wanted:
        if code is not None and code not in earlier:
            near = suggestion(code, earlier)
            yield spot.complain("E221", f"“{step.title}”之前没有步骤“{code}”{near}", *steps)


def another_person(spot: Spot, no: int, step: Step) -> Complaints:
    """E226: whoever verifies, accepts or revisits is not the one who did it."""
    verifies = step.actor == "verifier" or _VERIFIES.search(step.title)
    if verifies and not any(guard.kind == "different_person" for guard in step.guards):
        why = f"“{step.title}”没有写不得是同一人，请加 kind: different_person 的 guard。"
        yield spot.complain("E226", why, "steps", no)


def proof(spot: Spot, no: int, step: Step) -> Complaints:
    """E304, E308: a step leaves a record; it never demands a photograph, a note or an attachment."""
    for i, document in enumerate(step.documents):
        if asks_for_proof(document):
            why = f"“{step.title}”要求“{document}”，照片、笔记、附件不得作为条件，请删去。"
            yield spot.complain("E304", why, "steps", no, "documents", i)
    if step.photos not in {None, "never_required"}:
        why = f"“{step.title}”的 photos 请写 never_required：办事不得要求照片。"
        yield spot.complain("E308", why, "steps", no, "photos")


def guard_keys(spot: Spot, steps: Steps, guard: Guard) -> Complaints:
    """E222: a guard has what its kind needs, and nothing of another kind."""
    needs, may = _NEEDS[guard.kind], _MAY.get(guard.kind, ())
    for key in needs:
        if getattr(guard, key) in {None, ()}:
            yield spot.complain("E222", f"{guard.kind} 还要写 {key}。", *steps, "kind")
    for key in _KEYS:
        if key in guard.model_fields_set and key not in (*needs, *may):
            why = f"{guard.kind} 用不到 {key}，请删去或改 kind。"
            yield spot.complain("E222", why, *steps, key)
    if may is _ONE_OF and sum(getattr(guard, key) is not None for key in _ONE_OF) != 1:
        why = f"{guard.kind} 的时长请只写 days、working_days、months 之一。"
        yield spot.complain("E222", why, *steps, "kind")


def rules(bench: Bench, spot: Spot, steps: Steps, guard: Guard) -> Complaints:
    """E225: voting rules that a guard names are written in a file of kind votes."""
    known = bench.pack.parts.rules
    named = [("rule", guard.rule), *(("rules", rule) for rule in guard.rules)]
    for key, rule in [*named, ("only_for", guard.only_for)]:
        if rule is not None and rule not in known:
            near = suggestion(rule, list(known))
            yield spot.complain("E225", f"没有表决规则“{rule}”{near}", *steps, key)


def plain_numbers(
    bench: Bench, spot: Spot, steps: Steps, given: Guard | Limit, tags: tuple[str, ...]
) -> Complaints:
    """W401: a number that no text was read for is a parameter, in procedures as in items."""
    written = [amount for amount in given.amounts if not str(amount).startswith("$")]
    unsure = bench.weakest(given.mark, source=given.source) != "V"
    if written and unsure and TO_CONFIRM not in (*tags, *given.tags):
        why = f"来源“{given.source}”没有读到原文，{written[0]} 请写成 $参数。"
        yield spot.complain("W401", why, *steps)


def elsewhere(bench: Bench, spot: Spot, procedure: Procedure) -> Complaints:
    """E221, E227: the public notice and the classification name what exists."""
    for i, code in enumerate(procedure.public_notice.at if procedure.public_notice else ()):
        if code not in procedure.by_code:
            near = suggestion(code, list(procedure.by_code))
            yield spot.complain("E221", f"没有步骤“{code}”{near}", "public_notice", "at", i)
    wanted = procedure.classification
    if wanted is not None and wanted not in bench.pack.parts.classifications:
        near = suggestion(wanted, list(bench.pack.parts.classifications))
        yield spot.complain("E227", f"没有分类“{wanted}”{near}", "classification")


def formulas(bench: Bench, spot: Spot, votes: Votes) -> Complaints:
    """E225: every rule compares counts that have a name, and its majority reads its base."""
    reader = Reader(counts(votes), bench.catalog, {})
    for no, rule in enumerate(votes.rules):
        here = ("rules", no)
        if rule.by_hand == bool(rule.quorum or rule.majority):
            why = f"“{rule.title}”要写 quorum；由人办理的写 by_hand: true，不写算式。"
            yield spot.complain("E225", why, *here)
        for key in ("quorum", "majority"):
            try:
                if text := getattr(rule, key):
                    reader.read(text)
            except BadCondition as refusal:
                yield spot.complain("E225", str(refusal), *here, key)
        if rule.majority and not re.search(rf"\b{rule.base}\b", rule.majority):
            why = f"“{rule.title}”的过半数没有以 base 所写的人数为基数，请改一致。"
            yield spot.complain("E225", why, *here, "base" if rule.base else "majority")


def counts(votes: Votes) -> FactSpec:
    """Return the names of the counts as a fact, so that formulas are read like conditions."""
    return FactSpec(
        name="counts",
        title=votes.title,
        owner="votes",
        key="count_id",
        org="org_id",
        date=None,
        valid=None,
        absence="none",
        sensitive=False,
        parents={},
        columns={name: Column(name, "int", means) for name, means in votes.names.items()},
    )
