"""The one way to change anything: `@action` gives a transaction, a trace and fresh standings.

An action takes `actor=` and `at=`. While it runs it calls `touch` for every fact it
changes and writes at least one ledger event, or the transaction is rolled back. At the
end of the outermost action the refreshers (registered by `standings`) bring every touched
standing up to date, inside the same transaction.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import transaction

from wuju.kit.actors import Actor


class Untraced(RuntimeError):
    """An action tried to commit without a ledger event: a mistake in our code, not a refusal."""


@dataclass(slots=True)
class Touched:
    """What an outermost action changed: for each fact, the organizations to look at again."""

    orgs: dict[str, set[int]] = field(default_factory=dict)
    days: dict[str, set[dt.date] | None] = field(default_factory=dict)  # None: any day
    whole: bool = False  # the tree or a pack changed: every standing must be computed again

    def __bool__(self) -> bool:
        return bool(self.orgs) or self.whole

    def add(self, fact: str, orgs: Iterable[int], days: Iterable[dt.date] | None) -> None:
        """Note a change; one of unknown days makes every day of the fact suspect."""
        self.orgs.setdefault(fact, set()).update(orgs)
        known = self.days.setdefault(fact, set())
        if days is None or known is None:
            self.days[fact] = None
        else:
            known.update(days)

    def days_of(self, facts: Iterable[str]) -> set[dt.date] | None:
        """Return the days of all rows changed in these facts; None if those of one are unknown."""
        found: set[dt.date] = set()
        for fact in facts:
            days = self.days.get(fact)
            if days is None:
                return None
            found |= days
        return found


@dataclass(slots=True)
class _Work:
    touched: Touched = field(default_factory=Touched)
    events: int = 0


type Refresher = Callable[[Touched, dt.datetime], None]

_current: ContextVar[_Work | None] = ContextVar("wuju_action", default=None)
refreshers: list[Refresher] = []


def touch(fact: str, orgs: Iterable[int], days: Iterable[dt.date] | None = None) -> None:
    """Say that rows of `fact` changed for these organizations (old and new owner alike).

    Args:
        days: of a fact of events, the days of the rows before and after the change; only the
            periods of these days are judged anew. Rows of other facts that read a changed row
            as their parent must lie on these days too, or be touched themselves. By default
            any period may have changed.
    """
    work = _current.get()
    if work is None:
        raise Untraced(f"touch({fact!r}) outside an action")
    work.touched.add(fact, orgs, days)


def touch_everything() -> None:
    """Say that the tree, the calendar or a pack changed, so every standing must be computed again."""
    work = _current.get()
    if work is None:
        raise Untraced("touch_everything() outside an action")
    work.touched.whole = True


def note_event() -> None:
    """Count a ledger event; called by the ledger only."""
    work = _current.get()
    if work is not None:
        work.events += 1


def action[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Turn a keyword-only function into an action.

    Raises:
        TypeError: `actor` or `at` is missing, or `at` is naive.
        Untraced: the function wrote no ledger event.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        at = kwargs.get("at")
        if not isinstance(kwargs.get("actor"), Actor) or not isinstance(at, dt.datetime):
            raise TypeError(f"{function.__qualname__} needs actor= and at=")
        if at.tzinfo is None:
            raise TypeError("at= must be an aware datetime")
        if _current.get() is not None:
            return _nested(function, *args, **kwargs)
        work = _Work()
        token = _current.set(work)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if not work.events:
                    raise Untraced(f"{function.__qualname__} left no ledger event")
                if work.touched:
                    for refresh in refreshers:
                        refresh(work.touched, at)
                return result
        finally:
            _current.reset(token)

    return run


def _nested[**P, R](function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run an action called by another one: its own savepoint, the outer one's trace and refresh."""
    with transaction.atomic():
        return function(*args, **kwargs)
