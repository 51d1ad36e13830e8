"""Tags for the preview of an import: each state with its shape and word."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .wuju import shape

register = template.Library()

# state of a row or cell: (class and sprite suffix, word)
MARKS = {
    "new": ("met", "新增"),
    "update": ("open", "变更"),
    "change": ("open", "变更"),
    "same": ("na", "无变化"),
    "error": ("overdue", "错误"),
    "ask": ("soon", "待确认"),
    "masked": ("unverified", "遮盖，不改"),
}
QUIET = frozenset({"new", "same"})  # what most cells are: the shape is drawn, the word only read


@register.simple_tag
def cell_mark(state: str, *, quiet: bool = False) -> SafeString:
    """Show a state; `quiet` keeps the usual words for readers only."""
    if state not in MARKS:
        return SafeString("")
    suffix, word = MARKS[state]
    said = format_html('<span class="sr">{}</span>', word) if quiet and state in QUIET else word
    return format_html('<span class="st st-{}">{}{}</span>', suffix, shape(suffix), said)


@register.filter
def header_in(name: str, columns: Sequence[tuple[str, str]]) -> str:
    """Return the header of a column by its name."""
    return dict(columns).get(name, "")
