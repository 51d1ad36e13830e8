"""Styles and scripts keep to what Chromium 86 knows, and colours to one file."""

import re
from pathlib import Path

import pytest

import wuju.web

STATIC = Path(wuju.web.__file__).parent / "static" / "wuju"
STYLES = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted(STATIC.glob("*.js"))

# What it is -> how it looks. Ornaments an old browser may ignore are not here.
TOO_NEW_CSS = {
    ":has()": r":has\(",
    ":is()": r":is\(",
    ":where()": r":where\(",
    ":not() with a list": r":not\([^()]*,",
    "nesting": r"(^|[;{])\s*&",
    "container queries": r"@container",
    "layers": r"@layer",
    "oklch": r"\b(oklch|oklab|lch|lab)\(",
    "color-mix": r"color-mix\(",
    "aspect-ratio": r"\baspect-ratio\s*:",
    "inset": r"(^|[;{\s])inset(-block|-inline)?\s*:",
    "dynamic viewport": r"\d(dvh|svh|lvh)\b",
    "range media": r"@media[^{]*[<>]",
    "subgrid": r"\bsubgrid\b",
}
TOO_NEW_JS = {
    "at()": r"\.at\(",
    "Object.hasOwn": r"hasOwn\(",
    "structuredClone": r"structuredClone\(",
    "replaceAll is 85, findLast is 97": r"\.findLast\(",
    "top-level await": r"^await\b",
    "private fields": r"(^|\s)#\w+\s*[=;(]",
    "static blocks": r"static\s*{",
    "import assertions": r"import .* with\s*{",
    "eval": r"\beval\(|new Function\(",
}
COLOUR = r"#[0-9a-fA-F]{3,8}\b|\b(rgba?|hsla?)\(|:\s*(white|black|red|gr[ae]y|green|blue)\b"


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)


def found(text: str, table: dict[str, str]) -> list[str]:
    return [
        what
        for what, pattern in table.items()
        if re.search(pattern, without_comments(text), re.MULTILINE)
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_use_nothing_newer(path: Path) -> None:
    assert found(path.read_text("utf-8"), TOO_NEW_CSS) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_nothing_newer(path: Path) -> None:
    assert found(path.read_text("utf-8"), TOO_NEW_JS) == []


@pytest.mark.parametrize(
    "planted",
    [
        "a:has(b) { color: var(--ink) }",
        "a { & b { color: var(--ink) } }",
        ".x { inset: 0 }",
        ".x { width: 1px; aspect-ratio: 1 }",
        "a:not(.b, .c) { margin: 0 }",
        "@media (width < 40em) { a { margin: 0 } }",
    ],
)
def test_the_check_of_styles_can_fail(planted: str) -> None:
    assert found(planted, TOO_NEW_CSS)


def test_only_the_tokens_name_a_colour() -> None:
    named = {
        path.name: re.findall(COLOUR, without_comments(path.read_text("utf-8")))
        for path in STYLES
        if path.name != "tokens.css"
    }
    assert {name: hits for name, hits in named.items() if hits} == {}
    assert re.search(COLOUR, ".x { color: #fff }")


def test_every_token_used_is_defined() -> None:
    tokens = set(re.findall(r"(--[\w-]+)\s*:", (STATIC / "tokens.css").read_text("utf-8")))
    used = {
        name
        for path in STYLES
        for name in re.findall(r"var\((--[\w-]+)\)", path.read_text("utf-8"))
    }
    assert used - tokens == set()


def test_the_script_stays_small() -> None:
    assert sum(path.stat().st_size for path in SCRIPTS) <= 5 * 1024
