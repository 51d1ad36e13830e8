"""What the code does and what the pack says are one: states, acts, persons apart, limits, rules of voting."""

from itertools import pairwise, product

import pytest

from wuju.engine.conditions import Node, Reader, Scalar
from wuju.engine.truth import holds
from wuju.loops import lifecycle, schedule
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.checks_procedures import counts
from wuju.rulepacks.loader import load_pack
from wuju.rulepacks.procedures import Amount, Limit
from wuju.votes import quorum

PACK = load_pack(pack_home() / "anding_2026")
LOOP = PACK.parts.procedures["loop"]
RULES = PACK.parts.rules
# the procedure has no step before a plan whose person could be kept apart from it
APART = lifecycle.SEPARATIONS - {"judge_of_plan_is_another"}


def value(amount: Amount | None) -> int:
    """Return a limit as the code would read it."""
    text = str(amount)
    found = PACK.parameters[text[1:]].value if text.startswith("$") else amount
    assert isinstance(found, int)
    return found


def span(limit: Limit) -> schedule.Span:
    (unit,) = [name for name in schedule.UNITS if getattr(limit, name) is not None]
    return schedule.Span(value(getattr(limit, unit)), unit)


def moves_of_the_code() -> dict[str, set[str]]:
    """Return which state leads where, by the acts; staying is no move."""
    found: dict[str, set[str]] = {state: set() for state in lifecycle.STATES}
    for act in lifecycle.ACTS.values():
        for state in act.from_states:
            path = [state, *([act.through] if act.through else []), act.to or state]
            for before, after in pairwise(path):
                if before != after:
                    found[before].add(after)
    return found


def test_the_states_of_a_finding_have_the_names_of_the_procedure() -> None:
    assert {code: state.title for code, state in LOOP.states.items()} == dict(lifecycle.STATES)


def test_a_finding_moves_only_where_the_procedure_lets_it() -> None:
    assert moves_of_the_code() == {code: set(state.next) for code, state in LOOP.states.items()}


def test_every_act_belongs_to_one_step_of_the_procedure() -> None:
    named = [act for step in LOOP.steps for act in step.acts]

    assert sorted(named) == sorted(lifecycle.ACTS)


@pytest.mark.parametrize("step", LOOP.steps, ids=lambda step: step.code)
def test_a_step_keeps_persons_apart_in_law_and_in_code_alike(step: object) -> None:
    """Where the procedure says different_person, an act of the step demands it, and nowhere else."""
    (found,) = [each for each in LOOP.steps if each is step]
    by_law = any(guard.kind == "different_person" for guard in found.guards)
    by_code = any(APART.intersection(lifecycle.ACTS[act].guards) for act in found.acts)

    assert by_code == by_law


def test_every_guard_cites_a_step_that_the_procedure_has() -> None:
    numbers = {step.number for step in LOOP.steps}

    assert {guard.step for guard in lifecycle.GUARDS.values() if guard.step} <= numbers
    for name in APART:
        cited = lifecycle.GUARDS[name].step
        (step,) = [each for each in LOOP.steps if each.number == cited]
        assert any(guard.kind == "different_person" for guard in step.guards)


def test_whoever_verifies_or_closes_is_neither_who_did_it_nor_who_reported_it() -> None:
    apart = {
        step.code: {guard.other_than for guard in step.guards if guard.kind == "different_person"}
        for step in LOOP.steps
    }

    done = {"rectifying", "evidence_submitted"}
    assert apart["verified"] == apart["closed"] == apart["revisited"] == done
    assert apart["extended"] == {"rectifying"}
    assert apart["objected"] == {"opened"}
    for name in ("verify", "confirm_revisit", "reopen"):
        assert set(lifecycle.ANOTHER_VERIFIER) <= set(lifecycle.ACTS[name].guards)


def test_the_clocks_of_the_design_are_the_limits_of_the_procedure() -> None:
    limits = {step.code: step.limit for step in LOOP.steps if step.limit}

    assert {code: span(limit) for code, limit in limits.items()} == {
        "notified": schedule.DESIGN.notice,
        "objected": schedule.DESIGN.objection,
        "plan_accepted": schedule.DESIGN.plan,
        "revisited": schedule.DESIGN.revisit,
    }
    assert LOOP.deadlines is not None
    days = {nature: value(amount) for nature, amount in LOOP.deadlines.days.items()}
    assert days == dict(schedule.DESIGN.rectify)


def test_deferrals_are_counted_alike() -> None:
    (guard,) = [each for each in LOOP.by_code["extended"].guards if each.kind == "at_most_times"]

    assert value(guard.at_most_times) == schedule.DESIGN.deferrals


# ---------------------------------------------------------------------------------- voting
READER = Reader(counts(PACK.parts.votes["votes"]), catalog(), {})


def answers(code: str, due: int, present: int, ayes: int) -> tuple[bool, bool]:
    """Return (may decide, did decide) by the formulas of the pack."""
    numbers: dict[str, Scalar] = {"due": due, "present": present, "ayes": ayes}

    def look(node: Node) -> Scalar:
        return numbers[str(node.value)]

    rule = RULES[code]
    valid = holds(READER.read(str(rule.quorum)), look)
    return valid, valid and holds(READER.read(str(rule.majority)), look)


@pytest.mark.parametrize("code", list(quorum.RULES))
def test_the_code_counts_votes_as_the_pack_says(code: str) -> None:
    """Every meeting of up to a dozen: who must come, and whose number the majority is counted against."""
    for due, present in product(range(1, 13), repeat=2):
        for ayes in range(present + 1 if present <= due else 0):
            outcome = quorum.judge(code, due=due, present=present, ayes=ayes)
            assert (outcome.valid, outcome.passed) == answers(code, due, present, ayes)


def test_a_decision_counts_those_due_and_an_election_those_present() -> None:
    assert {code: RULES[code].base for code in quorum.RULES} == {
        "members_decision": "due",
        "committee_decision": "due",
        "admission": "due",
        "election": "present",
    }


def test_written_opinions_count_only_where_the_pack_says_so() -> None:
    """Six came, seven agreed: one wrote before the meeting."""
    for code in quorum.RULES:
        if RULES[code].written_opinion_counts:
            assert quorum.judge(code, due=9, present=6, ayes=7).passed
        else:
            with pytest.raises(quorum.VotesDoNotAddUp):
                quorum.judge(code, due=9, present=6, ayes=7)


def test_the_rules_a_resolution_may_name_are_rules_of_the_pack() -> None:
    named = catalog()["resolution"].columns["rule"].values

    assert set(named) == set(quorum.RULES)
    assert set(named) <= set(RULES)
