"""Monitors learn without a login whether records can be served."""

import pytest
from django.db import DatabaseError
from django.test import Client

from wuju.web import health


def test_alive_asks_no_database() -> None:
    response = Client().get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_names_the_end_of_the_ledger(db: None) -> None:
    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": True, "pending_migrations": 0, "ledger_head": 0}


def test_not_ready_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(connection: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "MigrationExecutor", gone)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": False}
