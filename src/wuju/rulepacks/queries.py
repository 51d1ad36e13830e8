"""Everything that reads installed packs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter
from typing import TYPE_CHECKING

from wuju.engine import supply
from wuju.engine.items import Item
from wuju.engine.program import Program
from wuju.kit.actors import OrgScope
from wuju.kit.facts import published
from wuju.kit.periods import Period

from .models import CompiledPack, PackVersion
from .stored import SourceText, StoredPack, load

if TYPE_CHECKING:
    from .procedures import Amount, Procedure


@dataclass(frozen=True, slots=True)
class Awaited:
    """An item that is not judged, because nobody publishes the facts it reads yet."""

    item: Item
    source: SourceText
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivePack:
    """An installed version and the days whose periods it judges (`until` exclusive, None = open).

    `text` is the version as it was adopted; `stored` holds the items that can be judged,
    `awaited` the others: they join `stored` when a capability publishes their facts.
    """

    id: int
    code: str
    version: int
    document: str
    digest: str
    text: str
    stored: StoredPack
    awaited: tuple[Awaited, ...]
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
    every = list(
        PackVersion.objects.defer("text").order_by("installed_at", "id")  # the text is long
    )
    code = code or (every[-1].code if every else "")
    rows = sorted(
        (row for row in every if row.code == code), key=attrgetter("effective_from", "version")
    )
    ends = (row.effective_from for row in rows[1:])
    return [_active(row, end) for row, end in zip_longest(rows, ends)]


def _active(row: PackVersion, until_on: dt.date | None) -> ActivePack:
    text = _text(row.digest)
    stored, awaited = _supplied(text, published())
    return ActivePack(
        id=row.pk,
        code=row.code,
        version=row.version,
        document=row.document,
        digest=row.digest,
        text=text,
        stored=stored,
        awaited=awaited,
        from_on=row.effective_from,
        until_on=until_on,
    )


@lru_cache(maxsize=8)
def _supplied(text: str, facts: frozenset[str]) -> tuple[StoredPack, tuple[Awaited, ...]]:
    """Part a version into what these facts let us judge and what has to wait for others."""
    stored = load(text)
    waiting = supply.awaited(stored.rules, facts)
    items = stored.rules.by_code
    return replace(stored, rules=supply.supplied(stored.rules, facts)), tuple(
        Awaited(items[code], stored.source_of(items[code]), lacking)
        for code, lacking in waiting.items()
    )


@lru_cache(maxsize=8)
def _text(digest: str) -> str:
    """Read the text of a version once a process: it never changes."""
    return PackVersion.objects.values_list("text", flat=True).get(digest=digest)


def program(*, scope: OrgScope, pack: ActivePack, dialect: str) -> Program:
    """Return the compiled SQL of the items of an installed version that can be judged, for a database."""
    del scope
    return _program(pack.digest, dialect, frozenset(pack.stored.rules.by_code))


@lru_cache(maxsize=8)
def _program(digest: str, dialect: str, codes: frozenset[str]) -> Program:
    """Read the SQL of a version once a process: every write asks, and it never changes."""
    text = CompiledPack.objects.values_list("program", flat=True).get(
        pack__digest=digest, dialect=dialect
    )
    return Program.from_json(text).only(codes)


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
    return [
        ProcedureVersion(pack.from_on, pack.stored.procedure(code), pack.stored.rules.parameters)
        for pack in active_packs(scope=scope)
        if code in pack.stored.parts.get("procedures", {})
    ]
