"""Other thresholds over kept numbers give what a full run gives; where numbers do not suffice it says so."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import randomly
from tests.engine.small import CATALOG, item
from wuju.engine import oracle
from wuju.engine.items import Item, Kind
from wuju.engine.rejudging import can_rejudge, counts_alike, judges_alike, reads_alike, rejudge
from wuju.engine.resolve import resolve
from wuju.engine.rules import Rules

TARGETS: list[dict[str, Any]] = [
    {"at_least": 1}, {"at_least": 2}, {"at_least": "60%"}, {"at_most": 2}, {"between": [1, 3]},
    {"equals": 1},
]  # fmt: skip


def changed(rng: random.Random, given: Item) -> Item:
    """Return the item with another target, grace or score."""
    target = rng.choice(TARGETS)
    body = given.model_dump(exclude_unset=True) | {"target": target, "bands": ()}
    body |= {"score": rng.choice(["pass", None]), "grace_days": rng.choice([0, 14, 30])}
    if "at_least" in target and given.use == "result":
        body["score"] = rng.choice(["pass", "proportional"])
    if rng.random() < 0.2:
        body["tags"] = ["依据待核"]
    return Item.model_validate(body)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**40))
def test_kept_numbers_judged_anew_are_the_cells_of_a_full_run(seed: int) -> None:
    rng = random.Random(seed)
    rules, world = randomly.pack(rng, 8), randomly.district(rng, 4, 60)
    as_of = rng.choice(randomly.AS_OF)
    plain = [each for each in rules.items if each.kind is not Kind.COMPOSITE]
    others = replace(rules, items=tuple(changed(rng, each) for each in plain))
    before = oracle.evaluate(rules, CATALOG, world, as_of)
    after = oracle.evaluate(others, CATALOG, world, as_of)
    for old, new in zip(plain, others.items, strict=True):
        plans = resolve(old, rules, CATALOG), resolve(new, others, CATALOG)
        if can_rejudge(*plans):
            kept = [cell for cell in before if cell.item == old.code]
            wanted = [cell for cell in after if cell.item == old.code]
            assert list(rejudge(kept, plans[1], as_of)) == wanted


BASE: dict[str, Any] = {"of": "meeting", "target": {"at_least": 1}, "score": "pass"}


@pytest.mark.parametrize(
    ("change", "alike", "enough"),
    [
        ({"target": {"at_least": 2}}, True, True),
        ({"grace_days": 30}, True, True),
        ({"tags": ["依据待核"]}, True, True),
        ({"target": {"at_least": "$unknown"}}, True, True),
        ({"target": {"at_least": "org.groups"}}, True, False),
        ({"where": "status = 'held'"}, False, False),
        ({"per": "month"}, False, False),
        ({"applies_to": {"kind": ["committee"]}}, False, False),
    ],
)
def test_only_what_the_numbers_are_compared_with_may_change(
    change: dict[str, Any], alike: bool, enough: bool
) -> None:
    rules = Rules((), {"unknown": None})
    old = resolve(item("a.item", **BASE), rules, CATALOG)
    new = resolve(item("a.item", **(BASE | change)), rules, CATALOG)

    assert counts_alike(old, new) is alike
    assert can_rejudge(old, new) is enough
    assert not (alike and judges_alike(old, new))


@pytest.mark.parametrize("silent", [{"tags": ["依据待核"]}, {"target": {"at_least": "$unknown"}}])
def test_a_shortfall_that_read_unverified_says_too_little_to_be_judged_anew(
    silent: dict[str, Any],
) -> None:
    rules = Rules((), {"unknown": None})
    old = resolve(item("a.item", **(BASE | silent)), rules, CATALOG)

    assert not can_rejudge(old, resolve(item("a.item", **BASE), rules, CATALOG))


def test_words_and_weights_judge_nothing() -> None:
    old = item("a.item", **BASE)

    assert reads_alike(old, item("a.item", title="别的名字", weight=3, **BASE))
    assert not reads_alike(old, item("a.item", **(BASE | {"target": {"at_least": 2}})))
