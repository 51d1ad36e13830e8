"""Plain forms: strings in, values out, refusals as sentences."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)  # no day people mean lies outside
_YEAR = "请核对年份，应在 1900 年到 2199 年之间。"


class PlainForm(forms.Form):
    """A form whose empty fields are refused in our words, by their labels."""

    use_required_attribute = False  # the browser's bubble is in its own language and vanishes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField | forms.DateField | forms.FileField)
            verb = "选择" if chosen else "填写"
            field.error_messages["required"] = f"请{verb}{field.label}。"
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = "请按 2026-10-15 这样的格式填写日期。"
                field.widget.input_type = "date"
                field.validators += [
                    MinValueValidator(FIRST, _YEAR),
                    MaxValueValidator(LAST, _YEAR),
                ]
                field.widget.format = "%Y-%m-%d"
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": 3}
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = f"请从列出的{field.label}中选择一项。"
