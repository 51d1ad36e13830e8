"""Whole numbers that people, addresses and workbooks bring as text. Pure."""

from typing import Final

_DIGITS: Final = 18  # every number of eighteen digits fits a database's integer


def whole(text: object) -> int | None:
    """Return the number a text says, None if it says none or none a database could hold.

    >>> whole(" 42 "), whole("-1"), whole("²"), whole("٣"), whole("9" * 19), whole(None)
    (42, None, None, None, None, None)
    """
    said = "" if text is None else str(text).strip()
    fits = 0 < len(said) <= _DIGITS and said.isascii() and said.isdecimal()
    return int(said) if fits else None
