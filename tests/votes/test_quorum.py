"""Each voting rule names its base; the properties compare it with exact fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuju.votes import quorum


@st.composite
def votes(draw: st.DrawFn) -> tuple[int, int, int]:
    due = draw(st.integers(1, 400))
    present = draw(st.integers(0, due))
    return due, present, draw(st.integers(0, present))


@st.composite
def votes_with_written_opinions(draw: st.DrawFn) -> tuple[int, int, int]:
    due = draw(st.integers(1, 400))
    return due, draw(st.integers(0, due)), draw(st.integers(0, due))


@given(votes())
def test_members_decision_counts_against_those_due(vote: tuple[int, int, int]) -> None:
    due, present, ayes = vote

    outcome = quorum.members_decision(due, present, ayes)

    assert outcome.valid == (Fraction(present, due) >= Fraction(1, 2))
    assert outcome.passed == (outcome.valid and Fraction(ayes, due) > Fraction(1, 2))


@given(votes())
def test_committee_decision_counts_against_those_due(vote: tuple[int, int, int]) -> None:
    due, present, ayes = vote

    outcome = quorum.committee_decision(due, present, ayes)

    assert outcome.valid == (Fraction(present, due) >= Fraction(1, 2))
    assert outcome.passed == (outcome.valid and Fraction(ayes, due) > Fraction(1, 2))


@given(votes_with_written_opinions())
def test_admission_needs_more_than_half_to_come(vote: tuple[int, int, int]) -> None:
    due, present, ayes = vote

    outcome = quorum.admission(due, present, ayes)

    assert outcome.valid == (Fraction(present, due) > Fraction(1, 2))
    assert outcome.passed == (outcome.valid and Fraction(ayes, due) > Fraction(1, 2))


@given(votes())
def test_election_counts_against_those_present(vote: tuple[int, int, int]) -> None:
    due, present, ayes = vote

    outcome = quorum.election(due, present, ayes)

    assert outcome.valid == (Fraction(present, due) >= Fraction(4, 5))
    assert outcome.passed == (outcome.valid and Fraction(ayes, present) > Fraction(1, 2))


@pytest.mark.parametrize(
    ("rule", "due", "present", "ayes", "sentence"),
    [
        (
            "members_decision",
            23,
            19,
            15,
            "应到23人，实到19人，到会符合规定；过半数为12票，赞成15票，通过。",
        ),
        (
            "members_decision",
            24,
            12,
            12,
            "应到24人，实到12人，到会符合规定；过半数为13票，赞成12票，未通过。",
        ),
        (
            "members_decision",
            23,
            11,
            11,
            "应到23人，实到11人，不足12人，到会不符合规定，表决无效。",
        ),
        (
            "committee_decision",
            5,
            3,
            3,
            "应到5人，实到3人，到会符合规定；过半数为3票，赞成3票，通过。",
        ),
        ("admission", 24, 12, 13, "应到24人，实到12人，不足13人，到会不符合规定，表决无效。"),
        (
            "election",
            25,
            20,
            11,
            "应到25人，实到20人，到会符合规定；过半数为11票，赞成11票，通过。",
        ),
        ("election", 25, 19, 19, "应到25人，实到19人，不足20人，到会不符合规定，表决无效。"),
    ],
)
def test_the_sentence_gives_the_numbers_and_the_answer(
    rule: str, due: int, present: int, ayes: int, sentence: str
) -> None:
    assert quorum.judge(rule, due=due, present=present, ayes=ayes).sentence == sentence


@given(votes())
def test_the_stated_need_is_the_smallest_that_passes(vote: tuple[int, int, int]) -> None:
    due, present, _ = vote
    for rule in quorum.RULES:
        passing = [y for y in range(present + 1) if quorum.RULES[rule](due, present, y).passed]
        if passing:
            assert f"过半数为{passing[0]}票" in quorum.RULES[rule](due, present, 0).sentence


def test_half_by_half_is_never_enough() -> None:
    assert not quorum.members_decision(2, 2, 1).passed
    assert not quorum.election(10, 10, 5).passed


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ("members_decision", (10, 11, 5)),
        ("members_decision", (10, 6, 7)),
        ("admission", (10, 6, 11)),
        ("election", (10, 8, -1)),
    ],
)
def test_refuses_numbers_that_do_not_add_up(rule: str, numbers: tuple[int, int, int]) -> None:
    with pytest.raises(quorum.VotesDoNotAddUp):
        quorum.RULES[rule](*numbers)


def test_written_opinions_count_for_an_admission_only() -> None:
    assert quorum.admission(10, 6, 7).passed
    with pytest.raises(quorum.VotesDoNotAddUp):
        quorum.members_decision(10, 6, 7)


def test_nobody_due_decides_nothing() -> None:
    outcome = quorum.members_decision(0, 0, 0)
    assert (outcome.valid, outcome.passed) == (False, False)
