"""The life of a finding as two tables: what may be done in which state, and what each act demands. Pure.

No central text prescribes the machine; its rules are the county's 《问题闭环办理规则》 (procedure
`loop` of the national pack), and each refusal names the step it comes from.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from wuju.kit.names import people_in

STATES = MappingProxyType(
    {
        "opened": "已立项",
        "notified": "已通知",
        "objected": "有异议",
        "plan_accepted": "方案认可",
        "rectifying": "整改中",
        "evidence_submitted": "已报结果",
        "verified": "已核实",
        "closed": "已销号",
        "revisited": "已回访",
        "closed_final": "办结",
        "reopened": "重新打开",
        "withdrawn": "撤回",
    }
)
CLOSED = frozenset({"closed", "revisited", "closed_final"})
DONE = CLOSED | {"withdrawn"}
RUNNING = frozenset(STATES) - DONE
VERIFIED = CLOSED | {"verified"}
# done for the responsible organization: whoever does or enters one has a part in the work
RESPONSIBLE_ACTS = frozenset(
    {"object_to", "propose_measures", "complete_measure", "submit_evidence"}
)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the guards weigh: who acts, on which day, and what the finding holds.

    `person` is the named person who acts, `entered_by` the one who enters it and `account` the
    account used. `involved` and `accounts` are the people and accounts that carried out, entered or answer for the
    rectification. `done_on` holds one day (or None) a measure of this round, those to be
    done at once apart in `undone`; `effects` the days of the evidence of effect.
    `objection_within` and `deferrals` are the limits of the rules the finding runs by.
    """

    person: str = ""
    entered_by: str = ""
    account: int | None = None
    unit: str = ""
    responsible_unit: str = ""
    on: dt.date = dt.date.min
    today: dt.date = dt.date.max
    last_step_on: dt.date = dt.date.min
    fact: str = ""
    basis: str = ""
    raised_by: str = ""
    raised_account: int | None = None
    involved: frozenset[str] = frozenset()
    accounts: frozenset[int] = frozenset()
    measures: int = 0
    undone: int = 0
    last_done_on: dt.date | None = None
    evidence: int = 0
    effects: tuple[dt.date, ...] = ()
    verified_on: dt.date | None = None
    objection_until: dt.date | None = None
    objection_within: str = ""
    deferrals: int = 0
    due_on: dt.date | None = None
    until: dt.date | None = None
    extensions: int = 0
    approval: str = ""
    reason: str = ""

    @property
    def acting(self) -> frozenset[str]:
        """Everybody who stands behind the act: who does it, and who enters it for them."""
        return people_in(self.person) | people_in(self.entered_by)

    @property
    def taking_part(self) -> frozenset[str]:
        """Those among them who did, entered or answer for the rectification."""
        return self.acting & {name for text in self.involved for name in people_in(text)}

    @property
    def account_took_part(self) -> bool:
        return self.account is not None and self.account in self.accounts

    @property
    def shows_effect(self) -> bool:
        """Whether something happened on or after the last measure that shows it worked."""
        done = self.last_done_on
        return done is not None and any(day >= done for day in self.effects)


@dataclass(frozen=True, slots=True)
class Guard:
    """One demand: it holds for a case, or is refused with a sentence that says what to do."""

    holds: Callable[[Case], bool]
    sentence: str
    step: int | None = None

    def refusal(self, case: Case) -> str:
        said = self.sentence.format(
            case=case, involved="、".join(sorted(case.taking_part)),
            objection=_day(case.objection_until), due=_day(case.due_on),
            done=_day(case.last_done_on), last=_day(case.last_step_on),
        )  # fmt: skip
        return f"{said}（问题闭环办理规则第{self.step}步）。" if self.step else f"{said}。"


def _day(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day and day > dt.date.min else "规定日期"


def _stands_apart(case: Case) -> bool:
    """Say whether nobody behind the act, by name, account or unit, has a part in the work."""
    return (
        not case.taking_part
        and not case.account_took_part
        and (not case.unit or case.unit != case.responsible_unit)
    )


GUARDS: MappingProxyType[str, Guard] = MappingProxyType(
    {
        "not_in_the_future": Guard(
            lambda case: case.on <= case.today, "日期不能晚于今天，请按实际发生的日期填写"
        ),
        "after_the_step_before": Guard(
            lambda case: case.on >= case.last_step_on, "日期不能早于上一步（{last}），请核对日期"
        ),
        "grounded": Guard(
            lambda case: bool(case.fact.strip() and case.basis.strip()),
            "请写明事实和依据条款，没有依据的不立项",
            1,
        ),
        "reasoned": Guard(lambda case: len(case.reason.strip()) >= 2, "请写明理由"),
        "objection_in_time": Guard(
            lambda case: case.objection_until is None or case.on <= case.objection_until,
            "异议应在收到通知后{case.objection_within}内（{objection}以前）提出，请改为在整改措施中说明情况",
            3,
        ),
        "judge_is_not_the_raiser": Guard(
            lambda case: (
                not case.acting & people_in(case.raised_by)
                and (case.account is None or case.account != case.raised_account)
            ),
            "异议由提出问题以外的人裁定，请换一位同志办理",
            3,
        ),
        "judge_of_objection_is_another": Guard(
            _stands_apart,
            "提出异议的人和责任组织不能自己裁定异议，请换一位同志办理",
            3,
        ),
        "has_measures": Guard(
            lambda case: case.measures > 0,
            "还没有整改措施，请责任组织先报送整改措施，再认可方案",
            4,
        ),
        "judge_of_plan_is_another": Guard(
            lambda case: not case.taking_part and not case.account_took_part,
            "报送整改措施的人和责任人不能自己认可或退回方案，请换一位同志办理",
            4,
        ),
        "measures_are_done": Guard(
            lambda case: case.last_done_on is not None and case.undone == 0,
            "还有“当下改”的措施没有完成，请先登记每项措施的完成日期，再报送结果",
            7,
        ),
        "has_evidence": Guard(
            lambda case: case.evidence > 0,
            "请至少写一条结果说明，写清什么时候、做成了什么，不需要附照片",
            7,
        ),
        "effect_is_shown": Guard(
            lambda case: case.shows_effect,
            "现有证据看不出成效，只补写记录不算整改，请补一件{done}当天或以后发生、看得出成效的证据",
            8,
        ),
        "verifier_is_another_person": Guard(
            lambda case: not case.taking_part,
            "核实人{involved}参与了这条问题的整改，请换一名没有参与整改的同志核实",
            8,
        ),
        "verifier_is_another_account": Guard(
            lambda case: not case.account_took_part,
            "这个账号录入过这条问题的整改或证据，请由另一账号的同志核实",
            8,
        ),
        "verifier_is_another_unit": Guard(
            lambda case: not case.unit or case.unit != case.responsible_unit,
            "核实人和责任组织是同一单位，请由上级或其他单位核实",
            8,
        ),
        "is_verified": Guard(
            lambda case: case.verified_on is not None,
            "未经核实不得销号，请先由没有参与整改的同志核实",
            9,
        ),
        "judge_of_result_is_another": Guard(
            _stands_apart,
            "参与整改的人和责任组织不能自己退回整改结果，请由没有参与整改的同志办理",
            8,
        ),
        "closer_is_another": Guard(
            _stands_apart,
            "参与整改的人和责任组织不能自己销号，请由没有参与整改的同志办理",
            9,
        ),
        "approver_is_another": Guard(
            _stands_apart,
            "责任组织不能自己批准延期，请由督办部门批准",
            6,
        ),
        "later_than_due": Guard(
            lambda case: bool(case.until and case.due_on and case.until > case.due_on),
            "延期后的期限应晚于现在的期限（{due}），请重新填写",
            6,
        ),
        "further_deferral_is_approved": Guard(
            lambda case: case.extensions < case.deferrals or bool(case.approval.strip()),
            "已经延期{case.extensions}次，再次延期须由上级批准，请填写批准文号",
            6,
        ),
    }
)
DATED = ("not_in_the_future", "after_the_step_before")
# Each refuses whoever had a part in the work: nobody judges, verifies or closes what they did.
SEPARATIONS = frozenset(
    {
        "judge_is_not_the_raiser", "judge_of_objection_is_another", "judge_of_plan_is_another",
        "judge_of_result_is_another", "verifier_is_another_person", "verifier_is_another_account", "verifier_is_another_unit",
        "closer_is_another", "approver_is_another",
    }
)  # fmt: skip
ANOTHER_VERIFIER = (
    "verifier_is_another_person", "verifier_is_another_account", "verifier_is_another_unit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done to a finding.

    `to` is None where the state stays; `through` names a state passed on the way. `permission`
    is one of `access.roles`. `early` is the refusal before its time.
    """

    title: str
    from_states: frozenset[str]
    to: str | None
    permission: str
    guards: tuple[str, ...] = DATED
    through: str = ""
    early: str = ""


ACTS: MappingProxyType[str, Act] = MappingProxyType(
    {
        "send_notice": Act(
            "下发整改通知", frozenset({"opened"}), "notified", "order_rectification",
            ("grounded", *DATED),
        ),
        "withdraw": Act(
            "撤回问题", frozenset({"opened"}), "withdrawn", "order_rectification",
            ("reasoned", *DATED),
            early="整改通知已经下发，只有异议成立才能撤回（问题闭环办理规则第3步）。",
        ),
        "object_to": Act(
            "提出异议", frozenset({"notified"}), "objected", "rectify",
            ("reasoned", "objection_in_time", *DATED),
        ),
        "uphold_objection": Act(
            "认可异议", frozenset({"objected"}), "withdrawn", "order_rectification",
            ("reasoned", "judge_is_not_the_raiser", "judge_of_objection_is_another", *DATED),
        ),
        "reject_objection": Act(
            "驳回异议", frozenset({"objected"}), "notified", "order_rectification",
            ("reasoned", "judge_is_not_the_raiser", "judge_of_objection_is_another", *DATED),
        ),
        "propose_measures": Act(
            "报送整改措施", frozenset({"notified", "reopened", "rectifying"}), None, "rectify",
            DATED,
        ),
        "accept_plan": Act(
            "认可整改方案", frozenset({"notified"}), "plan_accepted", "order_rectification",
            ("has_measures", "judge_of_plan_is_another", *DATED),
        ),
        "return_plan": Act(
            "退回整改方案", frozenset({"notified"}), None, "order_rectification",
            ("has_measures", "reasoned", "judge_of_plan_is_another", *DATED),
        ),
        "complete_measure": Act(
            "登记措施完成", frozenset({"plan_accepted", "rectifying", "reopened"}), "rectifying",
            "rectify", ("not_in_the_future",),
            early="整改方案还没有得到认可，请先报送整改措施（问题闭环办理规则第4步）。",
        ),
        "submit_evidence": Act(
            "报送整改结果", frozenset({"rectifying", "evidence_submitted"}), "evidence_submitted",
            "rectify", ("measures_are_done", "has_evidence", *DATED),
            early="整改还没有开始，请先登记措施完成情况，再报送结果（问题闭环办理规则第7步）。",
        ),
        "verify": Act(
            "核实通过", frozenset({"evidence_submitted"}), "verified", "verify",
            ("effect_is_shown", *ANOTHER_VERIFIER, *DATED),
            early="责任组织还没有报送整改结果，请等报送后再核实（问题闭环办理规则第7步）。",
        ),
        "return_evidence": Act(
            "退回继续整改", frozenset({"evidence_submitted", "verified"}), "rectifying", "verify",
            ("reasoned", "judge_of_result_is_another", *DATED),
        ),
        "close": Act(
            "销号", frozenset({"verified"}), "closed", "close",
            ("is_verified", "effect_is_shown", "closer_is_another", *DATED),
            early="未经核实不得销号，请先由没有参与整改的同志核实（问题闭环办理规则第9步）。",
        ),
        "confirm_revisit": Act(
            "回访，问题没有反弹", frozenset({"closed"}), "closed_final", "verify",
            (*ANOTHER_VERIFIER, *DATED), through="revisited",
            early="问题还没有销号，请销号后再回访（问题闭环办理规则第10步）。",
        ),
        "reopen": Act(
            "回访，问题反弹，重新打开", frozenset({"closed"}), "reopened", "verify",
            ("reasoned", *ANOTHER_VERIFIER, *DATED), through="revisited",
            early="问题还没有销号，不需要重新打开，请退回继续整改（问题闭环办理规则第10步）。",
        ),
        "defer": Act(
            "批准延期", frozenset({"notified", "plan_accepted", "rectifying", "reopened"}), None,
            "order_rectification",
            ("reasoned", "later_than_due", "approver_is_another", "further_deferral_is_approved"),
        ),
    }
)  # fmt: skip


def out_of_turn(name: str, state: str) -> str:
    """Return the sentence why an act is not possible in this state, or "" if it is."""
    act = ACTS[name]
    if state in act.from_states:
        return ""
    if act.early and state not in DONE:
        return act.early
    return f"这条问题现在是“{STATES[state]}”，不能办理“{act.title}”，请刷新页面后按当前状态办理。"


def refusals(name: str, case: Case) -> list[str]:
    """Return every sentence that stands against an act, in the order of its guards; empty = allowed."""
    return [
        GUARDS[guard].refusal(case) for guard in ACTS[name].guards if not GUARDS[guard].holds(case)
    ]
