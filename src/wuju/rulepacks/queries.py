"""Everything that reads installed packs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Subquery

from wuju.engine.program import Program
from wuju.kit.actors import OrgScope
from wuju.kit.periods import Period

from .models import CompiledPack, PackVersion
from .stored import StoredPack, load

if TYPE_CHECKING:
    from .procedures import Amount, Procedure


@dataclass(frozen=True, slots=True)
class ActivePack:
    """An installed version and the days whose periods it judges (`until` exclusive, None = open)."""

    id: int
    code: str
    version: int
    document: str
    digest: str
    text: str
    stored: StoredPack
    from_on: dt.date
    until_on: dt.date | None

    def judges(self, period: Period) -> bool:
        """Say whether a period's first day lies under this version (pack by date)."""
        return self.from_on <= period.starts_on and (
            self.until_on is None or period.starts_on < self.until_on
        )


def active_packs(*, scope: OrgScope, code: str = "") -> list[ActivePack]:
    """Return the versions of the pack in use, oldest first; without `code` the one adopted last.

    A pack that a district extends is inside it, so one code is in use at a time.
    """
    del scope  # rules are public to every signed-in person
    if not code:
        newest = PackVersion.objects.order_by("-installed_at", "-id").first()
        if newest is None:
            return []
        code = newest.code
    rows = list(PackVersion.objects.filter(code=code).order_by("effective_from", "version"))
    ends = [row.effective_from for row in rows[1:]]
    return [
        ActivePack(
            id=row.pk,
            code=row.code,
            version=row.version,
            document=row.document,
            digest=row.digest,
            text=row.text,
            stored=load(row.text),
            from_on=row.effective_from,
            until_on=end,
        )
        for row, end in zip(rows, [*ends, None], strict=True)
    ]


def program(*, scope: OrgScope, pack_id: int, dialect: str) -> Program:
    """Return the compiled SQL of an installed version for a database."""
    del scope
    text = CompiledPack.objects.values_list("program", flat=True).get(
        pack_id=pack_id, dialect=dialect
    )
    return _read(text)


_read = lru_cache(maxsize=8)(Program.from_json)  # every write asks; a program never changes


@dataclass(frozen=True, slots=True)
class ProcedureVersion:
    """A procedure as one adopted version has it, from the day it came into force."""

    from_on: dt.date
    procedure: "Procedure"
    parameters: Mapping[str, int | str | None]

    def number(self, amount: "Amount | None") -> int | None:
        """Return the number an amount stands for; None where nobody has decided on one."""
        name = amount.removeprefix("$") if isinstance(amount, str) else ""
        found = self.parameters.get(name) if name else amount
        return found if isinstance(found, int) else None


def procedure_versions(*, scope: OrgScope, code: str) -> list[ProcedureVersion]:
    """Return a procedure in every version of the pack in use that has it, oldest first."""
    del scope  # rules are public to every signed-in person
    newest = PackVersion.objects.order_by("-installed_at", "-id").values("code")[:1]
    rows = PackVersion.objects.filter(code=Subquery(newest)).order_by("effective_from", "version")
    found = []
    for from_on, text in rows.values_list("effective_from", "text"):
        stored = load(text)
        if code in stored.parts.get("procedures", {}):
            parameters = stored.rules.parameters
            found.append(ProcedureVersion(from_on, stored.procedure(code), parameters))
    return found
