"""A form field is read out with its hint and its refusal."""

from django import forms
from django.template import Context, Template

from wuju.web.forms import PlainForm


class Form(PlainForm):
    held_on = forms.DateField(label="哪天开展的", help_text="以前的也能补。")
    topic = forms.CharField(label="主题")
    note = forms.CharField(label="议定了什么", required=False, widget=forms.Textarea)
    absent = forms.MultipleChoiceField(
        label="谁没有到",
        choices=[("1", "赵甲"), ("2", "钱乙")],
        widget=forms.CheckboxSelectMultiple,
    )


def rendered(form: forms.Form, name: str) -> str:
    return Template("{% load wuju %}{% field bound %}").render(Context({"bound": form[name]}))


def test_a_field_names_its_hint() -> None:
    html = rendered(Form(), "held_on")

    assert 'type="date"' in html
    assert 'aria-describedby="id_held_on_hint"' in html
    assert 'id="id_held_on_hint">以前的也能补。' in html
    assert "aria-invalid" not in html


def test_a_bad_field_says_what_to_do() -> None:
    html = rendered(Form({"held_on": "明天"}), "held_on")

    assert "请按 2026-10-15 这样的格式填写日期。" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_held_on_error id_held_on_hint"' in html
    assert "field-bad" in html


def test_an_empty_field_is_refused_by_its_label() -> None:
    form = Form({})

    assert form.errors["topic"] == ["请填写主题。"]
    assert form.errors["held_on"] == ["请选择哪天开展的。"]
    assert "note" not in form.errors


def test_an_optional_field_says_so() -> None:
    assert "（可不填）" in rendered(Form(), "note")
    assert "（可不填）" not in rendered(Form(), "topic")


def test_many_choices_are_a_group_with_a_legend() -> None:
    html = rendered(Form({"absent": ["2"]}), "absent")

    assert "<legend>谁没有到" in html
    assert html.count('class="check"') == 2
    assert html.count("checked") == 1


def test_the_top_of_a_bad_form_leads_to_each_field() -> None:
    form = Form({"held_on": "明天", "topic": "学习"})
    html = Template("{% load wuju %}{% refused_form form %}").render(Context({"form": form}))

    assert "有 2 处要改" in html
    assert 'href="#id_held_on"' in html
    assert 'href="#id_absent"' in html
    assert 'role="alert"' in html


def test_a_fresh_form_has_no_refusal_on_top() -> None:
    html = Template("{% load wuju %}{% refused_form form %}").render(Context({"form": Form()}))

    assert html.strip() == ""
