"""How many must come and how many must agree: each rule in integers, each naming its base. Pure.

`due` is F, those with a vote who are due (应到); `present` is P, those who came (实到);
`ayes` is Y, the votes in favour (赞成). Halves are never divided: `2P >= F`, not `P >= F/2`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wuju.kit.errors import DomainError


class VotesDoNotAddUp(DomainError):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of one vote.

    `passed` is never true where `valid` is false. `sentence` gives the numbers, the number
    needed and the answer, in words.
    """

    valid: bool
    passed: bool
    sentence: str


type Rule = Callable[[int, int, int], Outcome]


def members_decision(due: int, present: int, ayes: int) -> Outcome:
    """Judge an ordinary decision of a members' meeting: `2P >= F` and `2Y > F` (base 应到).

    Source: 中国共产党支部工作条例（试行）第十一条 (VOTE-01).

    >>> members_decision(23, 19, 15).sentence
    '应到23人，实到19人，到会符合规定；过半数为12票，赞成15票，通过。'
    """
    _check(due, present, ayes)
    return _outcome(
        due, present, ayes, valid=2 * present >= due, quorum=(due + 1) // 2, needed=due // 2 + 1
    )


def committee_decision(due: int, present: int, ayes: int) -> Outcome:
    """Judge a decision of a branch committee: `2P >= F` and `2Y > F` (base 应到).

    The article names the quorum and majority rule but no base for the majority; the base of
    委员会 in 党章 and of every higher committee is those due, so it is used here.
    Source: 中国共产党支部工作条例（试行）第十二条 (VOTE-02).
    """
    _check(due, present, ayes)
    return _outcome(
        due, present, ayes, valid=2 * present >= due, quorum=(due + 1) // 2, needed=due // 2 + 1
    )


def admission(due: int, present: int, ayes: int) -> Outcome:
    """Judge the acceptance of a probationary member or a 转正: `2P > F` and `2Y > F` (base 应到).

    `ayes` includes written opinions that absent members delivered before the meeting, so it
    may exceed `present`. Source: 中国共产党发展党员工作细则 (VOTE-03).
    """
    _check(due, present, ayes, written=True)
    return _outcome(
        due, present, ayes, valid=2 * present > due, quorum=due // 2 + 1, needed=due // 2 + 1
    )


def election(due: int, present: int, ayes: int) -> Outcome:
    """Judge one candidate of an election: `5P >= 4F` and `2Y > P` (base 实到).

    Source: 中国共产党基层组织选举工作条例 (VOTE-04).
    """
    _check(due, present, ayes)
    return _outcome(
        due,
        present,
        ayes,
        valid=5 * present >= 4 * due,
        quorum=(4 * due + 4) // 5,
        needed=present // 2 + 1,
    )


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "members_decision": members_decision,
        "committee_decision": committee_decision,
        "admission": admission,
        "election": election,
    }
)


def judge(rule: str, *, due: int, present: int, ayes: int) -> Outcome:
    """Judge a vote by the rule with this code; KeyError if there is none.

    Raises:
        VotesDoNotAddUp: more came than were due, or more agreed than could.
    """
    return RULES[rule](due, present, ayes)


def _check(due: int, present: int, ayes: int, *, written: bool = False) -> None:
    if min(due, present, ayes) < 0:
        raise VotesDoNotAddUp("应到、实到和赞成票都不能是负数，请核对。")
    if present > due:
        raise VotesDoNotAddUp(f"实到{present}人多于应到{due}人，请核对。")
    if ayes > (due if written else present):
        raise VotesDoNotAddUp(f"赞成{ayes}票多于有表决权的人数，请核对。")


def _outcome(
    due: int, present: int, ayes: int, *, valid: bool, quorum: int, needed: int
) -> Outcome:
    if not due:
        return Outcome(valid=False, passed=False, sentence="没有应到人员，不能表决。")
    came = f"应到{due}人，实到{present}人，"
    if not valid:
        return Outcome(
            valid=False,
            passed=False,
            sentence=f"{came}不足{quorum}人，到会不符合规定，表决无效。",
        )
    passed = ayes >= needed
    verdict = "通过" if passed else "未通过"
    return Outcome(
        valid=True,
        passed=passed,
        sentence=f"{came}到会符合规定；过半数为{needed}票，赞成{ayes}票，{verdict}。",
    )
