"""One finding as every list shows it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from wuju.loops.lifecycle import DONE, STATES
from wuju.loops.models import Loop
from wuju.loops.words import CATEGORIES, NATURES, ORIGINS, SEVERITIES

_COLUMNS = (
    "id", "number", "title", "state", "origin", "category", "category_text", "severity", "nature",
    "opened_on", "due_on", "closed_on", "revisit_due_on", "reopened", "extensions", "returned",
    "paper_only", "imported", "earlier_id", "organization_id", "organization__short_name",
    "organization__path", "responsible_person",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoopRow:
    """One finding as lists show it. `days_left` is negative once overdue, None where nothing is due."""

    id: int
    number: str
    title: str
    state: str
    origin: str
    category: str
    category_text: str
    severity: str
    nature: str
    opened_on: dt.date
    due_on: dt.date | None
    closed_on: dt.date | None
    revisit_due_on: dt.date | None
    reopened: int
    extensions: int
    returned: int
    paper_only: bool
    imported: bool
    earlier_id: int | None
    organization_id: int
    organization: str
    path: str
    responsible_person: str
    days_left: int | None

    @property
    def state_label(self) -> str:
        return STATES[self.state]

    @property
    def origin_label(self) -> str:
        return ORIGINS[self.origin]

    @property
    def category_label(self) -> str:
        return self.category_text or CATEGORIES[self.category]

    @property
    def nature_label(self) -> str:
        return NATURES[self.nature]

    @property
    def severity_label(self) -> str:
        return SEVERITIES[self.severity]

    @property
    def overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def recurs(self) -> bool:
        """Whether the same class was found here before, or the finding was reopened."""
        return self.earlier_id is not None or self.reopened > 0


def rows_of(found: QuerySet[Loop], today: dt.date) -> list[LoopRow]:
    return [row_of(values, today) for values in found.values_list(*_COLUMNS)]


def row_of(values: Sequence[object], today: dt.date) -> LoopRow:
    row = dict(zip(_COLUMNS, values, strict=True))
    row["organization"] = row.pop("organization__short_name")
    row["path"] = row.pop("organization__path")
    due = row["revisit_due_on"] if row["state"] == "closed" else row["due_on"]
    running = row["state"] not in DONE or row["state"] == "closed"
    left = (due - today).days if running and isinstance(due, dt.date) else None
    return LoopRow(**row, days_left=left)  # type: ignore[arg-type]
