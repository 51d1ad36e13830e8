"""The documents tell the truth."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_architecture_table_is_the_checked_contract() -> None:
    """Edit docs/architecture.md and [tool.importlinter] together."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    pipeline = next(c for c in contracts["contracts"] if c["id"] == "pipeline")
    checked = [re.findall(r"\w+", layer) for layer in pipeline["layers"]]

    table = (ROOT / "docs/architecture.md").read_text("utf-8")
    written = [
        re.findall(r"`(\w+)`", line) for line in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    ]

    assert written == checked


def test_every_model_is_in_the_glossary() -> None:
    """One word a concept: add the model to docs/glossary.md."""
    from django.apps import apps

    text = (ROOT / "docs/glossary.md").read_text("utf-8")
    missing = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("wuju.") and f"`{model.__name__}`" not in text
    ]
    assert missing == []


def test_no_machine_path_or_registry_host_is_written_down() -> None:
    """The project speaks of itself alone."""
    import subprocess

    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    pattern = re.compile(
        r"https?://[^/\s]*(p[y]pi|python[h]osted|np[m]js|deb[i]an)|/roo[t]/|/wor[k]/"
    )
    offenders = [
        name
        for name in files
        if (ROOT / name).suffix not in {".png", ".xlsx", ".xls", ".docx", ".geojson"}
        and pattern.search((ROOT / name).read_text("utf-8", errors="ignore"))
    ]
    assert offenders == []
