"""One form, many senders at once: one of them does it, all get what it made."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from tests.conftest import NOW, SYSTEM
from wuju.kit.errors import DomainError
from wuju.ledger import actions
from wuju.ledger.models import Sending
from wuju.ledger.queries import made_by

MARK = "m" * 64


class No(DomainError):
    def __init__(self) -> None:
        super().__init__("这次不行。")


def seven() -> int:
    return 7


def eight() -> int:
    return 8


def test_the_second_time_returns_what_the_first_made(db: None) -> None:
    made = [actions.once(mark=MARK, make=make, actor=SYSTEM, at=NOW) for make in (seven, eight)]

    assert made == [7, 7]
    assert made_by(actor=SYSTEM, mark="another") is None


def test_only_the_sender_is_told_what_it_made(db: None) -> None:
    one, other = replace(SYSTEM, user_id=1), replace(SYSTEM, user_id=2)
    actions.once(mark=MARK, make=seven, actor=one, at=NOW)

    assert made_by(actor=one, mark=MARK) == 7
    assert made_by(actor=other, mark=MARK) is None


def test_a_refusal_takes_the_mark_back(db: None) -> None:
    def refuse() -> int:
        raise No

    with pytest.raises(No):
        actions.once(mark=MARK, make=refuse, actor=SYSTEM, at=NOW)

    assert not Sending.objects.exists()
    assert actions.once(mark=MARK, make=lambda: 9, actor=SYSTEM, at=NOW) == 9


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite has one writer at a time: the second waits before it begins",
)
@pytest.mark.parametrize("first_fails", [False, True])
def test_who_sends_meanwhile_waits_and_gets_the_first(*, first_fails: bool) -> None:
    """The first is still at work while seven others send; if it is refused, one of them does it."""
    crowd = 8
    start, deeds, lock = threading.Barrier(crowd), [], threading.Lock()

    def make() -> int:
        with lock:
            deeds.append(1)
            turn = len(deeds)
        threading.Event().wait(0.1)
        if first_fails and turn == 1:
            raise No
        return 40 + turn

    def send() -> int | None:
        try:
            start.wait(30)
            return actions.once(mark=MARK, make=make, actor=SYSTEM, at=NOW)
        except No:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as pool:
        made = [future.result(60) for future in [pool.submit(send) for _ in range(crowd)]]

    done = 2 if first_fails else 1
    assert len(deeds) == done
    assert sorted(made, key=str) == [40 + done] * (crowd - first_fails) + [None] * first_fails
    assert Sending.objects.count() == 1
