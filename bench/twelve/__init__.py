"""Twelve items over the invented records, compiled by the product's own compiler."""

import datetime as dt
from pathlib import Path
from typing import Any

from wuju.engine.items import Item
from wuju.engine.rules import Rules
from wuju.kit import yaml12
from wuju.kit.facts import Catalog, load_catalog

HERE = Path(__file__).parent
AS_OF = dt.date(2025, 11, 20)
"""A day on which every status occurs."""

VIEWS = {
    "attendance": (
        "SELECT t.attendance_id, a.org_id, a.held_on, t.status, a.kind AS activity_kind, a.status AS activity_status"
        " FROM t_attendance AS t JOIN t_activity AS a ON a.activity_id = t.activity_id"
    ),
    "dues": (
        "SELECT d.dues_id, m.org_id, d.month, m.status AS member_status, d.due_cents, d.paid_cents, d.paid_on"
        " FROM t_dues AS d JOIN t_member AS m ON m.member_id = d.member_id"
    ),
    "member": "SELECT member_id, org_id, joined_on, NULL::DATE AS left_on, status FROM t_member",
    "document": "SELECT doc_id, org_id, submitted_on, kind FROM t_doc",
    "attestation": "SELECT attest_id, org_id, graded_on, item, grade FROM t_attest",
}
"""Facts that are no table of their own: joined and renamed, as a capability's queryset does it."""

_WORDS: dict[str, Any] = {
    "project": "branches",
    "use": "result",
    "source": "bench",
    "strength": "must",
    "grace_days": 30,
    "applies_to": {"kind": ["branch"]},
}


def catalog() -> Catalog:
    return load_catalog(HERE / "catalog.yaml")


def rules(copies: int = 1) -> Rules:
    """Return the twelve items; more `copies` make a larger pack of the same shape."""
    found: list[dict[str, Any]] = yaml12.load((HERE / "items.yaml").read_text("utf-8"))
    made = [_item(body, "" if no == 0 else f"_{no}") for no in range(copies) for body in found]
    return Rules(tuple(made), pack="bench", digest="bench")


def _item(body: dict[str, Any], suffix: str) -> Item:
    code = body["code"] + suffix
    parts = {part + suffix: weight for part, weight in body.get("parts", {}).items()}
    return Item.model_validate({**_WORDS, "title": code, **body, "code": code, "parts": parts})
