"""What each office of a finding asks for: strings in, values out. At most five fields a form."""

import datetime as dt
from typing import Any

from django import forms

from wuju.loops.lifecycle import ACTS
from wuju.loops.queries import LoopPage
from wuju.loops.words import CAUSES, EVIDENCE_KINDS, MEASURE_KINDS

from .forms import PlainForm

VERDICTS = {
    "uphold_objection": "异议成立，撤回这条问题",
    "reject_objection": "异议不成立，继续整改",
    "accept_plan": "认可，按这个方案整改",
    "return_plan": "退回，补充措施后再报",
    "verify": "问题已经解决，核实通过",
    "return_evidence": "退回继续整改",
    "confirm_revisit": "问题没有反弹，办结",
    "reopen": "问题反弹，重新打开",
}


class ActForm(PlainForm):
    """A form that knows its finding. `acts` are those its verdict decides between."""

    acts: tuple[str, ...] = ()

    def __init__(
        self, *args: Any, finding: LoopPage, today: dt.date, slug: str, **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", f"{slug}_%s")  # several forms stand on one page
        super().__init__(*args, **kwargs)
        self.suit(finding, today)

    def suit(self, finding: LoopPage, today: dt.date) -> None:
        """Fill in what is known: today's date, and of the verdicts those open to this person."""
        if "on" in self.fields:
            self.fields["on"].initial = today
        if "verdict" in self.fields:
            verdict = self.fields["verdict"]
            assert isinstance(verdict, forms.ChoiceField)  # noqa: S101 - declared below
            verdict.choices = [(name, VERDICTS[name]) for name in self.acts]
            allowed = {act.name for act in finding.acts if act.allowed}
            shown = [pair for pair in verdict.choices if pair[0] in allowed]
            # Only the widget is narrowed: a stale page is answered by the rule, not by the list.
            verdict.widget.choices = shown or verdict.choices
            if len(shown) == 1:
                verdict.initial = shown[0][0]


def _on(label: str) -> forms.DateField:
    return forms.DateField(label=label, help_text="以前发生的照实填，会标明“补录”，不算过错。")


def _verdict(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, widget=forms.RadioSelect)


def _text(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=2000, widget=forms.Textarea
    )


class NoticeForm(ActForm):
    on = _on("通知日期")
    due_on = forms.DateField(label="整改期限", required=False)

    def suit(self, finding: LoopPage, today: dt.date) -> None:
        super().suit(finding, today)
        day = finding.clocks.due_on(finding.row.nature, today)
        self.fields[
            "due_on"
        ].help_text = (
            f"不填按“{finding.row.nature_label}”计，今天通知的为{day.month}月{day.day}日。"
        )


class ObjectionForm(ActForm):
    text = _text("异议和理由", "写清哪里与事实或规定不符。异议期间整改时限停算。")
    on = _on("提出日期")


class RulingForm(ActForm):
    acts = ("uphold_objection", "reject_objection")
    verdict = _verdict("裁定")
    reason = _text("理由")
    on = _on("裁定日期")


class MeasuresForm(ActForm):
    measures = _text("整改措施", "一行一项，写清做什么。责任人、时限不同的分次报。")
    kind = forms.ChoiceField(
        label="类型", choices=list(MEASURE_KINDS.items()), widget=forms.RadioSelect
    )
    responsible = forms.CharField(label="责任人", max_length=50)
    due_on = forms.DateField(label="时限", required=False, help_text="不填按整改期限。")
    cause = forms.ChoiceField(label="原因", required=False, choices=list(CAUSES.items()))

    def suit(self, finding: LoopPage, today: dt.date) -> None:
        super().suit(finding, today)
        self.fields["kind"].initial = "immediate"
        self.fields["responsible"].initial = finding.row.responsible_person


class PlanVerdictForm(ActForm):
    acts = ("accept_plan", "return_plan")
    verdict = _verdict("结论")
    note = _text("意见", "退回的，写明还缺什么。", required=False)
    on = _on("日期")


class CompletionForm(ActForm):
    measure = forms.ChoiceField(label="措施")
    done_by = forms.CharField(
        label="完成人", max_length=50, required=False, help_text="不填就是您本人。"
    )
    on = _on("完成日期")

    def suit(self, finding: LoopPage, today: dt.date) -> None:
        super().suit(finding, today)
        measure = self.fields["measure"]
        assert isinstance(measure, forms.ChoiceField)  # noqa: S101 - declared above
        measure.choices = [(str(row.id), row.text) for row in finding.measures if row.can_be_done]


class EvidenceForm(ActForm):
    text = _text("结果说明", "写清什么时候、做成了什么，不需要附照片。")
    happened_on = forms.DateField(label="发生日期")
    kind = forms.ChoiceField(
        label="类型",
        choices=list(EVIDENCE_KINDS.items()),
        widget=forms.RadioSelect,
        help_text="核实时要有一件看得出成效的，只补写记录不算整改。",
    )
    submitted_by = forms.CharField(
        label="报送人", max_length=50, required=False, help_text="不填就是您本人。"
    )
    link = forms.CharField(
        label="相关记录",
        max_length=200,
        required=False,
        help_text="已在系统里的记录，写编号或名称即可。",
    )


class VerificationForm(ActForm):
    acts = ("verify", "return_evidence")
    verdict = _verdict("核实意见")
    note = _text("说明", "退回的，写明还差什么。", required=False)
    on = _on("核实日期")


class ClosureForm(ActForm):
    note = _text("说明", required=False)
    on = _on("销号日期")


class RevisitForm(ActForm):
    acts = ("confirm_revisit", "reopen")
    verdict = _verdict("回访结论")
    note = _text("看到的情况", "重新打开的，写明理由。", required=False)
    due_on = forms.DateField(
        label="新的整改期限", required=False, help_text="只有重新打开时填写。"
    )


class DeferralForm(ActForm):
    until = forms.DateField(label="延期到")
    reason = _text("理由")
    approval = forms.CharField(label="批准文号", max_length=60, required=False)

    def suit(self, finding: LoopPage, today: dt.date) -> None:
        super().suit(finding, today)
        usual = finding.clocks.deferrals
        self.fields["approval"].help_text = f"延期 {usual} 次以后，再延期须由上级批准。"


class ReasonForm(ActForm):
    reason = _text("理由")


def titles_of(acts: tuple[str, ...]) -> str:
    """Return the titles of acts in one phrase."""
    return "、".join(ACTS[name].title for name in acts)
