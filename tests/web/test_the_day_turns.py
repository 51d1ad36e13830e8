"""What a new day needs happens once, before the first page somebody asks for."""

import datetime as dt

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from wuju.kit import clockwork

MONDAY = dt.date(2026, 11, 23)
TUESDAY = dt.date(2026, 11, 24)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """Return the dates a turner saw, on a clock that has not turned yet."""
    dates: list[dt.date] = []
    monkeypatch.setattr(clockwork, "day_turners", [dates.append])
    monkeypatch.setattr(clockwork, "_hand", clockwork._Hand())
    return dates


def test_a_day_turns_once(turned: list[dt.date]) -> None:
    for day in (MONDAY, MONDAY, TUESDAY, TUESDAY):
        clockwork.turn(day)

    assert turned == [MONDAY, TUESDAY]


def test_a_day_that_failed_to_turn_is_tried_again(
    turned: list[dt.date], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(today: dt.date) -> None:
        raise RuntimeError(today)

    monkeypatch.setattr(clockwork, "day_turners", [fail])
    with pytest.raises(RuntimeError):
        clockwork.turn(MONDAY)
    monkeypatch.setattr(clockwork, "day_turners", [turned.append])

    clockwork.turn(MONDAY)

    assert turned == [MONDAY]


def test_the_first_page_of_a_person_turns_the_day(
    turned: list[dt.date], signed_in: SignIn
) -> None:
    client = signed_in("county_officer")

    client.get("/")
    client.get("/")

    assert len(turned) == 1


def test_strangers_and_monitors_turn_nothing(turned: list[dt.date], db: None) -> None:
    for page in ("/", "/login", "/healthz", "/readyz"):
        Client().get(page)

    assert turned == []


def test_a_broken_turner_does_not_close_the_office(
    turned: list[dt.date],
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(today: dt.date) -> None:
        raise RuntimeError(today)

    monkeypatch.setattr(clockwork, "day_turners", [fail])

    assert signed_in("county_officer").get("/").status_code == 200
    assert "the day did not turn" in caplog.text
