"""What the components of `templates/components` are given: one frozen shape a component. Pure.

A view fills these from rows. `href` is always a finished address; "" means no link.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of 所在位置; the last one has no `href`."""

    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A message about the page. `kind` says its shape, colour and how it is read out."""

    kind: Literal["info", "ok", "warn", "refuse"]
    title: str
    lines: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens. `href` leads to its rows, `why` to its rule.

    `covered` of `expected` organizations have a source; fewer is written 不完整.
    `value` None is 未核实: nobody has looked, and nothing failed.
    """

    title: str
    value: int | str | None
    href: str = ""
    of: int | None = None
    unit: str = ""
    as_of: dt.date | None = None
    covered: int | None = None
    expected: int | None = None
    status: str = ""
    why: str = ""

    @property
    def is_complete(self) -> bool:
        return self.covered == self.expected


@dataclass(frozen=True, slots=True)
class Task:
    """A line of 今日. `due_note` is read after the date: 还剩 3 天, 退回, 前报区委."""

    status: str
    title: str
    href: str
    verb: str
    detail: str = ""
    word: str = ""
    due_on: dt.date | None = None
    due_note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of a track; `stop` is the present stage when it was refused."""

    title: str
    state: Literal["done", "now", "stop", "todo"]
    note: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a timeline; `is_key` fills its dot, `tag` is a short word such as 补录."""

    text: str
    on: dt.date | None = None
    detail: str = ""
    href: str = ""
    tag: str = ""
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """A row of a list of properties."""

    label: str
    value: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Keyset pages: there is a next and a previous one, never a page number."""

    shown: int
    total: int | None = None
    previous_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where a list has no rows: why, and the way out."""

    text: str
    href: str = ""
    verb: str = ""
    note: str = ""
