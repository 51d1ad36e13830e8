"""The tables of the closed loop hold together, without a database."""

import datetime as dt

import pytest

from wuju.access.roles import PERMISSIONS
from wuju.loops.actions.step import EVENTS
from wuju.loops.lifecycle import ACTS, DONE, GUARDS, STATES, Case, out_of_turn, refusals
from wuju.loops.queries.page import ASKED, STEP_TITLES


@pytest.mark.parametrize("name", ACTS)
def test_every_act_names_known_states_guards_and_permissions(name: str) -> None:
    act = ACTS[name]

    assert act.from_states <= set(STATES)
    assert act.to is None or act.to in STATES
    assert set(act.guards) <= set(GUARDS)
    assert act.permission in PERMISSIONS
    assert name in EVENTS
    assert name in STEP_TITLES


@pytest.mark.parametrize("name", GUARDS)
def test_every_guard_stands_before_some_act_and_speaks_plainly(name: str) -> None:
    users = [act for act in ACTS.values() if name in act.guards]
    said = GUARDS[name].refusal(Case())

    assert users
    assert said.endswith("。")
    assert "None" not in said


def test_forms_ask_only_for_what_guards_weigh() -> None:
    assert set(GUARDS) >= ASKED


def test_every_state_is_reached_and_every_running_one_is_left() -> None:
    reached = {act.to for act in ACTS.values()} | {act.through for act in ACTS.values()}
    left = {state for act in ACTS.values() if act.to for state in act.from_states}

    assert set(STATES) - {"opened"} <= reached
    assert set(STATES) - DONE <= left


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_an_act_is_possible_in_its_states_alone(name: str, state: str) -> None:
    sentence = out_of_turn(name, state)

    assert (sentence == "") is (state in ACTS[name].from_states)
    assert sentence == "" or sentence.endswith("。")


def test_no_road_to_closure_passes_by_verification() -> None:
    roads = {act.to: act.from_states for act in ACTS.values() if act.to in {"closed", "verified"}}

    assert roads["closed"] == {"verified"}
    assert roads["verified"] == {"evidence_submitted"}
    assert "effect_is_shown" in ACTS["close"].guards
    assert {"verifier_is_another_person", "verifier_is_another_account"} <= set(
        ACTS["verify"].guards
    )


def test_a_case_that_meets_every_demand_is_refused_nothing() -> None:
    day = dt.date(2026, 9, 20)
    case = Case(
        person="核实丁",
        account=7,
        on=day,
        involved=frozenset({"责任甲"}),
        accounts=frozenset({3}),
        last_done_on=day,
        effects=(day,),
    )

    assert refusals("verify", case) == []
