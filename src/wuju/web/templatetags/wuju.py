"""Tags and filters for pages. They format what they are given, and never query."""

import datetime as dt
import secrets
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wuju.engine.items import Status

register = template.Library()

NONE = "—"

# status code: (class and sprite suffix, word)
STATUSES = {
    "met": ("met", "已完成"),
    "open": ("open", "进行中"),
    "due_soon": ("soon", "将到期"),
    "overdue": (
        "overdue",
        "期满待录",
    ),  # the period is over, its grace is not; a deadline says 逾期
    "missed": ("missed", "未达到"),
    "exempt": ("exempt", "免除"),
    "unverified": ("unverified", "未核实"),
    "not_applicable": ("na", "不适用"),
}
NOTICES = {"info": "info", "ok": "met", "warn": "soon", "refuse": "overdue"}
STEPS = {"done": "met", "now": "open", "stop": "overdue", "todo": "exempt"}


@register.simple_tag
def shape(name: str) -> SafeString:
    """Draw a shape of the sprite; the word beside it carries the meaning."""
    return format_html('<svg aria-hidden="true" focusable="false"><use href="#s-{}"/></svg>', name)


@register.simple_tag
def status(value: Status | str, word: str = "", *, boxed: bool = False) -> SafeString:
    """Show a status: its shape and its word, or another `word` with the same meaning."""
    suffix, usual = STATUSES[value.code if isinstance(value, Status) else value]
    box = " st-box" if boxed else ""
    return format_html(
        '<span class="st st-{}{}">{}{}</span>', suffix, box, shape(suffix), word or usual
    )


@register.simple_tag
def notice_shape(kind: str) -> SafeString:
    return shape(NOTICES[kind])


@register.simple_tag
def step_shape(state: str) -> SafeString:
    return shape(STEPS[state])


@register.simple_tag
def bar(done: int, of: int) -> SafeString:
    """Draw `done` of `of` as a bar; the number stands in the next cell, so it is hidden to readers."""
    full = max(of, 1)
    return format_html(
        '<svg viewBox="0 0 {0} 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="f3" width="{0}" height="14"/><rect class="f1" width="{1}" height="14"/></svg>',
        full,
        min(max(done, 0), full),
    )


# ------------------------------------------------------------------ numbers


@register.filter
def pair(numerator: int | None, denominator: int | None) -> str:
    """25|pair:29 -> 25/29; nothing to count -> —."""
    if numerator is None or denominator is None:
        return NONE
    return f"{numerator}/{denominator}"


@register.filter
def bp(value: int | None) -> str:
    """8640 basis points -> 86.40, in integers."""
    return NONE if value is None else f"{value // 100}.{value % 100:02d}"


@register.filter
def percent(numerator: int, denominator: int) -> str:
    """25|percent:29 -> 86%, cut and not rounded, so that 100% means all."""
    return f"{numerator * 100 // denominator}%" if denominator else NONE


@register.filter
def cents(value: int | None) -> str:
    """1630005 分 -> 16,300.05 (元)."""
    if value is None:
        return NONE
    yuan, fen = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{yuan:,}.{fen:02d}"


@register.filter
def wan(value: int | None) -> str:
    """16300000 分 -> 16.3 (万元), every digit kept."""
    if value is None:
        return NONE
    whole, rest = divmod(abs(value), 1_000_000)
    digits = f"{whole:,}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{digits}" if value < 0 else digits


@register.filter
def tenths(value: int | None) -> str:
    """325 -> 32.5, 320 -> 32: hours and days are kept in tenths."""
    if value is None:
        return NONE
    return f"{value // 10}.{value % 10}" if value % 10 else str(value // 10)


# ------------------------------------------------------------------ dates


@register.filter
def zh_date(value: dt.date | None) -> str:
    """2026年10月12日."""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else NONE


@register.filter
def zh_day(value: dt.date | None) -> str:
    """10月12日, where the year is plain from the page."""
    day = _day(value)
    return f"{day.month}月{day.day}日" if day else NONE


@register.filter
def zh_time(value: dt.datetime | None) -> str:
    """2026年10月12日 8:05."""
    if value is None:
        return NONE
    local = timezone.localtime(value)
    return f"{zh_date(local)} {local.hour}:{local.minute:02d}"


@register.filter
def iso(value: dt.date | None) -> str:
    """2026-10-12, for tables and `datetime` attributes."""
    day = _day(value)
    return day.isoformat() if day else ""


@register.filter
def days_left(days: int | None) -> str:
    """3 -> 还剩 3 天, 0 -> 今天到期, -2 -> 已过 2 天."""
    if days is None:
        return ""
    if days == 0:
        return "今天到期"
    return f"还剩 {days} 天" if days > 0 else f"已过 {-days} 天"


def _day(value: dt.date | None) -> dt.date | None:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


# ------------------------------------------------------------------ forms


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "", width: str = "") -> dict[str, Any]:
    """Render one form field with label, hint and refusal. `width`: "", half or date."""
    widget = bound.field.widget
    many = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    single = isinstance(widget, forms.CheckboxInput)
    hint = hint or str(bound.help_text or "")
    ids = [
        f"{bound.auto_id}_{name}"
        for name, there in (("error", bound.errors), ("hint", hint))
        if there
    ]
    is_date = isinstance(widget, forms.DateInput)
    size = f" input-{width or 'date'}" if width or is_date else ""
    attrs: dict[str, str | bool] = {} if single else {"class": f"input{size}"}
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    return {
        "bound": bound,
        "hint": hint,
        "many": many,
        "single": single,
        "options": bound.subwidgets if many else [],
        "control": "" if many else bound.as_widget(attrs=attrs),
    }


@register.simple_tag
def form_key() -> SafeString:
    """Give a form the key by which it is done only once (`web.once`)."""
    return format_html(
        '<input type="hidden" name="form_key" value="{}">', secrets.token_urlsafe(12)
    )


@register.inclusion_tag("components/refused_form.html")
def refused_form(form: forms.BaseForm, refusal: str = "") -> dict[str, Any]:
    """Say at the top of a form what stands in the way: the refusal, then each bad field."""
    bad = [bound for bound in form if bound.errors] if form.is_bound else []
    general = [*form.non_field_errors()] if form.is_bound else []
    return {"refusal": refusal, "general": general, "bad": bad, "count": len(bad) + len(general)}


@register.simple_tag
def swatch(look: str) -> SafeString:
    """Draw the box of a legend in the look of the marks it stands for."""
    if look == "hatch":
        return format_html(_SWATCH, "fill", "url(#p-hatch)")
    return format_html(_SWATCH, "class", look)


_SWATCH = (
    '<svg width="28" height="16" aria-hidden="true">'
    '<rect {}="{}" x=".5" y=".5" width="27" height="15"/></svg>'
)


# ------------------------------------------------------------------ regions


@register.simple_block_tag
def table_region(content: str, label: str, *, cards: bool = False) -> SafeString:
    """Wrap a wide table so that it scrolls by itself and the keyboard reaches it."""
    kind = "table-x for-cards" if cards else "table-x"
    return format_html(
        '<div class="{}" tabindex="0" role="region" aria-label="{}">{}</div>', kind, label, content
    )
