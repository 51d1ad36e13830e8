"""YAML that remembers where everything stood. Pure; a text is parsed once."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from wuju.kit import yaml12
from wuju.rulepacks.complaints import Complaint

type Steps = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """A YAML file as plain data, with the place of every key and list entry (not of the cells of a row).

    `faults` are what YAML itself accepts and we do not: duplicate keys, keys that are not words.
    """

    file: str
    data: Any = None
    places: dict[Steps, tuple[int, int]] = field(default_factory=dict)
    faults: list[Complaint] = field(default_factory=list)

    def complain(self, code: str, message: str, *steps: str | int) -> Complaint:
        """Return a complaint at the nearest place known above `steps`."""
        while steps and steps not in self.places:
            steps = steps[:-1]
        line, column = self.places.get(steps, (1, 1))
        return Complaint(self.file, line, column, code, message)


def read(path: Path, *, name: str) -> Document:
    """Read a file; `name` is what complaints call it. A file YAML cannot read has one E100."""
    return _parsed(path.read_text("utf-8"), name)


@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> Document:
    from yaml import YAMLError  # noqa: PLC0415 - 20 ms that only readers of packs pay

    document = Document(name)
    try:
        node = yaml12.compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or "有不能用的字符"
        message = f"YAML 读不通（{problem}），请检查缩进、引号和逗号。"
        document.faults.append(Complaint(name, line, column, "E100", message))
        return document
    if node is not None:
        document.data = _plain(document, node, ())
    return document


def _plain(document: Document, node: Any, steps: Steps) -> Any:
    document.places.setdefault(steps, (node.start_mark.line + 1, node.start_mark.column + 1))
    if node.id == "mapping":
        return dict(_pairs(document, node, steps))
    if node.id == "sequence":
        if _is_row(node, steps):
            return [_scalar(entry.tag, entry.value) for entry in node.value]
        return [_plain(document, entry, (*steps, i)) for i, entry in enumerate(node.value)]
    return _scalar(node.tag, node.value)


def _is_row(node: Any, steps: Steps) -> bool:
    """Whether a list stands in a list and holds plain values: a complaint needs no place inside it."""
    return (
        len(steps) > 1
        and isinstance(steps[-1], int)
        and all(entry.id == "scalar" for entry in node.value)
    )


def _pairs(document: Document, node: Any, steps: Steps) -> Iterator[tuple[Any, Any]]:
    seen = set()
    for key_node, value_node in node.value:
        key = _scalar(key_node.tag, key_node.value)
        here = (*steps, key)
        document.places[here] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if isinstance(key, bool) or (isinstance(key, str) and not key.isascii()):
            message = f"“{key_node.value}”不是键：花括号里的中文若含英文逗号，请加引号。"
            document.faults.append(document.complain("E105", message, *here))
        if key in seen:
            document.faults.append(
                document.complain("E104", f"“{key}”写了两次，请只留一处。", *here)
            )
        seen.add(key)
        yield key, _plain(document, value_node, here)


def _scalar(tag: Any, text: str) -> Any:
    kind = str(tag).rpartition(":")[2]
    if kind == "int":
        return int(text.replace("_", ""), 0 if text.lower().startswith(("0x", "0o")) else 10)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "timestamp":
        return _date(text)
    return float(text) if kind == "float" else text


def _date(text: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
