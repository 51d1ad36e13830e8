"""Who may write standings at the same time, so that they always equal a full run.

On PostgreSQL a writer does not see what others have not committed. Therefore

- whoever judges a few organizations enters a gate that many share, and holds these
  organizations, until its commit: the next writer judges them with its records before it;
- a wide run closes the gate: it reads after all who entered have committed, and who
  comes later judges after it has committed. No record falls between the two.

What people entered is locked before the gate, and after it nothing but standings, feeds
and freshness, organizations and roll-up lines in order: writers cannot wait in a circle.
"""

from collections.abc import Collection

from wuju.kit import locks

_GATE = 0x57554A56
_HELD = 0x57554A57


def enter() -> None:
    """Come in beside other live refreshes, until commit; wait while a wide run is at work."""
    locks.share(_GATE)


def hold(orgs: Collection[int]) -> None:
    """Keep the standings of these organizations for this transaction. Call after `enter`."""
    locks.take_each(_HELD, orgs)


def close() -> None:
    """Wait for everybody inside to commit, and keep others out until this transaction ends."""
    locks.take(_GATE)
