"""YAML as people write it: parsed in C, plain words of the 1.2 core schema, every node with its place. Pure.

In the schema PyYAML follows otherwise (1.1) `no` and `on` would be booleans and `1:30` a
number; here they are the words they look like.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yaml.nodes import Node

_PLAIN = (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ("~", "n", "N", "")),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
)


@cache
def _loader() -> type[Any]:
    from yaml._yaml import CParser  # noqa: PLC0415
    from yaml.constructor import SafeConstructor  # noqa: PLC0415 - 20 ms that only readers pay
    from yaml.nodes import ScalarNode  # noqa: PLC0415
    from yaml.resolver import BaseResolver  # noqa: PLC0415

    known: dict[tuple[str, bool | None], Any] = {}

    class Loader(CParser, SafeConstructor, BaseResolver):
        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            SafeConstructor.__init__(self)
            BaseResolver.__init__(self)

        def resolve(self, kind: type[Any], value: str, implicit: tuple[bool, bool]) -> Any:
            """Say what a node is; a word is looked at once, and packs say the same words often."""
            plain = kind is ScalarNode and implicit[0]
            key = (value, implicit[1]) if plain else (kind.__name__, None)
            if key not in known:
                known[key] = super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]
            return known[key]

    for name, pattern, first in _PLAIN:
        tag = f"tag:yaml.org,2002:{name}"
        Loader.add_implicit_resolver(tag, re.compile(pattern), list(first))
    return Loader


def compose(text: str) -> "Node | None":
    """Return the one document of a text as nodes with `start_mark`, None for an empty text.

    Raises:
        yaml.MarkedYAMLError: the text is no YAML, or holds more than one document.
    """
    import yaml  # noqa: PLC0415

    return yaml.compose(text, Loader=_loader())


def load(text: str) -> Any:
    """Return the one document of a text as plain data."""
    import yaml  # noqa: PLC0415

    return yaml.load(text, Loader=_loader())  # noqa: S506 - built on the safe constructor
