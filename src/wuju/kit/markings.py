"""Refuses text that carries a national secrecy marking: this system is not one for secrets. Pure."""

import re
from typing import Final

from wuju.kit.errors import DomainError

NOTICE: Final = "本系统为非涉密系统，严禁处理、传输、存储国家秘密。"

_LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)"
_TERM = r"(?:\d{1,3}\s*(?:年|个?月|天)|长\s*期)"
_MARKS: Final = (
    re.compile(rf"{_LEVEL}\s*[★☆⭐✩✭*＊]"),
    re.compile(rf"密\s*级\s*[:：]\s*{_LEVEL}"),
    re.compile(rf"^[\s【\[（(]*{_LEVEL}\s*(?:级)?\s*{_TERM}?[\s】\]）)]*$", re.MULTILINE),
    re.compile(rf"^\s*{_LEVEL}\s*{_TERM}", re.MULTILINE),
)


class MarkedSecret(DomainError):
    def __init__(self, mark: str, where: str = "") -> None:
        place = f"{where}中" if where else "内容中"
        super().__init__(f"{place}有“{mark}”标志。{NOTICE}请停止上传，并按保密规定处理原件。")


def secrecy_mark(text: str) -> str:
    """Return the first secrecy marking in a text, or "".

    Markings are 密级★期限, 密级：机密, or a line that holds nothing but a level (and a term).
    The plain words (保守秘密, 秘密写票处) are no marking.

    >>> secrecy_mark("机密★10年"), secrecy_mark("保守党的秘密")
    ('机密★', '')
    """
    for pattern in _MARKS:
        found = pattern.search(text)
        if found:
            return "".join(found.group().split())
    return ""


def refuse_marked(text: str, *, where: str = "") -> None:
    """Refuse with MarkedSecret a text that carries a secrecy marking; `where` names the place in Chinese.

    Source: 《中华人民共和国保守国家秘密法》, a system that is not for secrets holds none.
    """
    mark = secrecy_mark(text)
    if mark:
        raise MarkedSecret(mark, where)
