"""What is wrong with a pack, where, and what to do about it. Pure."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from wuju.kit.errors import DomainError


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One fault or warning at a place in a pack file.

    `file` is relative to the folder that holds the packs; `line` and `column` count from 1.
    The letter of `code` is the severity: E is refused, W is shown.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    severity: Literal["error", "warning"] = field(init=False)

    def __post_init__(self) -> None:
        severity = "error" if self.code.startswith("E") else "warning"
        object.__setattr__(self, "severity", severity)

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.code} {self.message}"


class PackNotReadable(DomainError):
    """The pack has faults that keep it from being loaded; `complaints` names them all."""

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = complaints
        first = complaints[0]
        more = f"（共 {len(complaints)} 处）" if len(complaints) > 1 else ""
        super().__init__(f"规则包不能读取{more}：{first.file} 第 {first.line} 行，{first.message}")


def suggestion(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return `，是不是“…”？` for the nearest known word, or the end of the sentence."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"，是不是“{near[0]}”？" if near else "。"
