"""What has to happen once when a day begins, whoever asks first.

Capabilities add to `day_turners`; a face calls `turn` with its clock's date. Several
processes may each turn the same day, so a turner must be safe to run twice.
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

type DayTurner = Callable[[dt.date], None]

day_turners: list[DayTurner] = []


@dataclass(slots=True)
class _Hand:
    """Where the clock of this process stands."""

    stands_at: dt.date | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_hand = _Hand()


def turn(today: dt.date) -> None:
    """Run every turner, once a date in this process. Others wait, so nobody reads yesterday.

    A turner's error is passed on and the day stays unturned: the next call tries again.
    """
    if _hand.stands_at == today:
        return
    with _hand.lock:
        if _hand.stands_at == today:
            return
        for turner in day_turners:
            turner(today)
        _hand.stands_at = today
