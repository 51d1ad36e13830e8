"""What the oracle looks at: every fact and structure row, as plain Python values. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Row = Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """Facts and structure.

    Args:
        facts: fact → rows by column name; a missing column is NULL. `org` holds the
            profiles (valid-time rows). On one day at most one row of a key is valid.
        life: (organization, established on, dissolved on or None); established is the
            earliest predecessor's.
        lineage: (organization, owner): rows of the first count for the second. Holds
            every organization with itself; a successor also owns its predecessors' rows.
        feeds: (organization, fact, day its feed started).
        waivers: approved ones: (organization, item code, from, until or None, exclusive).
        closure: (ancestor, descendant, from, until or None, exclusive), with self rows.
    """

    facts: Mapping[str, Sequence[Row]]
    life: Sequence[tuple[int, dt.date, dt.date | None]] = ()
    lineage: Sequence[tuple[int, int]] = ()
    feeds: Sequence[tuple[int, str, dt.date]] = ()
    waivers: Sequence[tuple[int, str, dt.date, dt.date | None]] = ()
    closure: Sequence[tuple[int, int, dt.date, dt.date | None]] = field(default_factory=tuple)


def valid(start: dt.date | None, until: dt.date | None, day: dt.date) -> bool:
    """Whether a state that began on `start` and ended before `until` holds on `day`."""
    return start is not None and start <= day and (until is None or until > day)
