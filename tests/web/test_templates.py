"""Every template is plain: no inline style or script, no foreign host, no colour, and it compiles."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import wuju.web

ROOT = Path(wuju.web.__file__).parent / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))

FORBIDDEN = {
    "inline style": r"\sstyle\s*=|<style\b",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "event handler": r"\son[a-z]+\s*=",
    "evaluated attribute": r"\shx-on|\shx-vals\s*=\s*['\"]js:|javascript:",
    "foreign host": r"(https?:)?//[a-z0-9-]+\.",
    "colour": r"(fill|stroke|color)=['\"]#|\bbgcolor\b",
    "unescaped": r"\|\s*safe\b|autoescape off",
    "implicit include": r"{%\s*include (?![^%]*\bonly\b)",
}


def faults(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_is_plain(name: str) -> None:
    assert faults((ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="margin:0">',
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<script src="//cdn.example.com/x.js"></script>',
        '{% include "components/empty.html" %}',
        "{{ name|safe }}",
    ],
)
def test_the_check_can_fail(planted: str) -> None:
    assert faults(planted)
