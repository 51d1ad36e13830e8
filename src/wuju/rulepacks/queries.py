"""Everything that reads installed packs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from wuju.engine import supply
from wuju.engine.items import Item
from wuju.engine.program import Program
from wuju.kit.actors import OrgScope
from wuju.kit.facts import published
from wuju.kit.periods import Period
from wuju.kit.prepared import prepared

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
    return list(_in_use(tuple(_installed()), code, published()))


type _Row = tuple[int, str, int, str, str, dt.date]  # id, code, version, document, digest, from


@prepared
def _installed() -> QuerySet[Any, Any]:
    """Every version but for its text, which is long, in the order of installing."""
    return PackVersion.objects.order_by("installed_at", "id").values_list(
        "id", "code", "version", "document", "digest", "effective_from"
    )


@lru_cache(maxsize=32)
def _in_use(
    installed: tuple[_Row, ...], code: str, facts: frozenset[str]
) -> tuple[ActivePack, ...]:
    """Put the versions together once a process: every write asks, and none ever changes."""
    code = code or (installed[-1][1] if installed else "")
    rows = sorted((row for row in installed if row[1] == code), key=itemgetter(5, 2))
    ends = (row[5] for row in rows[1:])
    return tuple(_active(row, end, facts) for row, end in zip_longest(rows, ends))


def _active(row: _Row, until_on: dt.date | None, facts: frozenset[str]) -> ActivePack:
    pk, code, version, document, digest, from_on = row
    text = _text(digest)
    stored, awaited = _supplied(text, facts)
    return ActivePack(
        id=pk,
        code=code,
        version=version,
        document=document,
        digest=digest,
        text=text,
        stored=stored,
        awaited=awaited,
        from_on=from_on,
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
