"""The data home: where one installation keeps its database, keys and files. Pure but for the file system.

`$WUJU_HOME` (default `./var`) holds the SQLite database, `secret.key`, `field.keys.json`
and the sealing key of the ledger. `DATABASE_URL` puts the records on PostgreSQL.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse


def home() -> Path:
    """Return the data home, created if it does not exist yet."""
    path = Path(os.environ.get("WUJU_HOME") or "var").resolve()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _kept(path: Path, make: str) -> str:
    """Return the text of `path`; write `make` there first, for its owner only, if it is new."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(make)
    return make


def secret_key(path: Path) -> str:
    return _kept(path / "secret.key", secrets.token_urlsafe(50))


def field_keys(path: Path) -> dict[str, Any]:
    """Return the field keys: {"current": id, "data": {id: hex}, "index": {id: hex}, "seal": hex}.

    They live outside the database on purpose: a copied database alone reveals no identifier.
    """
    fresh = {
        "current": "k1",
        "data": {"k1": secrets.token_hex(32)},
        "index": {"k1": secrets.token_hex(32)},
        "seal": secrets.token_hex(32),
    }
    keys: dict[str, Any] = json.loads(_kept(path / "field.keys.json", json.dumps(fresh, indent=1)))
    return keys


def database_settings(path: Path) -> dict[str, Any]:
    """Return Django's settings for `DATABASE_URL`, or for SQLite in the home."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres://", "postgresql://")):
        parts = urlparse(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            # Short statements over few organizations: compiling them costs more than running them.
            "OPTIONS": {"options": "-c jit=off"},
        }
    name = (
        url.removeprefix("sqlite:///")
        if url.startswith("sqlite:///")
        else str(path / "wuju.sqlite3")
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        # A connection remembers how it planned each statement: a new one plans them all again.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "cached_statements": 512,
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;",
        },
    }
