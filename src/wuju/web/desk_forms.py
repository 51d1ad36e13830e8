"""Forms of the desk: a file with the questions of its kind, and what unknown headers mean."""

from collections.abc import Mapping
from typing import Any

from django import forms

from wuju.desk.mapping import HeaderOffer
from wuju.kit.sheets.registry import OptionSpec, SheetKind

from .forms import PlainForm

OPTION = "option-"
HEADER = "header-"


class UploadForm(PlainForm):
    """A workbook, and one field for each question asked once per import."""

    file = forms.FileField(
        label="文件",
        help_text="可以是 .xlsx、.xls 或 .csv，表头上方有标题、说明也不要紧。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"empty": "这份文件是空的，请核对后再传。"},
    )

    kind: SheetKind

    def options(self) -> dict[str, str]:
        """Return the answers as text, as the desk wants them."""
        answers = {
            spec.name: self.cleaned_data.get(f"{OPTION}{spec.name}") for spec in self.kind.options
        }
        return {name: str(answer) for name, answer in answers.items() if answer}


def upload_form(kind: SheetKind) -> type[UploadForm]:
    """Return the upload form of a kind."""
    questions = {f"{OPTION}{spec.name}": _field(spec) for spec in kind.options}
    return type("UploadFormOfKind", (UploadForm,), {"kind": kind, **questions})


def _field(spec: OptionSpec) -> forms.Field:
    said: dict[str, Any] = {
        "label": spec.label,
        "required": spec.required,
        "help_text": spec.help,
    }
    if spec.type == "date":
        return forms.DateField(**said)
    if spec.type == "choice":
        return forms.ChoiceField(choices=[("", "（不填）"), *spec.choices.items()], **said)
    if spec.type == "org":
        said["help_text"] = f"{spec.help}填组织代码。"
    return forms.CharField(max_length=100, **said)


class HeaderForm(PlainForm):
    """For each header nobody understood: which column it is, or none."""

    fingerprint = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def meanings(data: Mapping[str, Any]) -> dict[str, str]:
        """Return {header as written: column} of what a person said."""
        return {
            name.removeprefix(HEADER): str(value)
            for name, value in data.items()
            if name.startswith(HEADER) and value
        }


def header_form(offer: HeaderOffer) -> HeaderForm:
    """Return the form that asks about each unknown header of a sheet."""
    columns = [("", "不导入这一列"), *((c.name, c.header) for c in offer.free)]
    questions = {
        f"{HEADER}{header}": forms.ChoiceField(
            label=f"“{header}”是", choices=columns, required=False
        )
        for header in offer.unknown
    }
    asking: type[HeaderForm] = type("HeaderFormOfSheet", (HeaderForm,), dict(questions))
    return asking(initial={"fingerprint": offer.fingerprint})
