"""The arithmetic of the chain. Pure: no Django, no clock, no database."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Sealable:
    """Everything of an event that its hash covers."""

    sequence: int
    previous_hash: str
    at: dt.datetime
    actor_user_id: int | None
    actor_name: str
    on_behalf_of: str
    action: str
    target: str
    org_path: str
    reason: str
    details: dict[str, Any]
    images_digest: str
    batch: str

    def hash(self) -> str:
        """Return SHA-256 over the canonical JSON of the fields, the moment in UTC."""
        body = asdict(self) | {"at": self.at.astimezone(dt.UTC).isoformat()}
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def digest_of(chunk_digests: list[str]) -> str:
    """Return the digest over an event's chunk digests in order; empty for none."""
    return hashlib.sha256("".join(chunk_digests).encode()).hexdigest() if chunk_digests else ""
