"""Which kinds of sheets a person may import. Pure: reads the registry, the roles and nothing else."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from wuju.access.roles import may
from wuju.kit.actors import Actor, NotGranted, OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.sheets.registry import SheetKind, StagedRow, sheet_kinds

# Any one of these beside "import". A kind that is not listed is imported by nobody.
PERMISSIONS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "orgs": ("keep_organizations",),
        "members": ("keep_members",),
        "meetings": ("record_meeting",),
        "trainings": ("record_meeting",),
        "findings": ("raise_finding", "order_rectification"),
    }
)


class UnknownKind(DomainError):
    def __init__(self, kind: str) -> None:
        super().__init__(f"没有“{kind}”这一种表，请从列表中选择表的种类。")


class OptionMissing(DomainError):
    def __init__(self, label: str, why: str = "请填写后再上传") -> None:
        super().__init__(f"“{label}”{why}。")


@runtime_checkable
class Remarking(Protocol):
    """A kind that also has something to say about the whole sheet, e.g. who is missing from a roster."""

    def remarks(
        self,
        rows: Sequence[StagedRow],
        *,
        scope: OrgScope,
        today: dt.date,
        options: Mapping[str, str],
    ) -> list[str]: ...


def may_import(actor: Actor, kind: str) -> bool:
    """Say whether the actor may import this kind."""
    return may(actor, "import") and any(
        may(actor, permission) for permission in PERMISSIONS.get(kind, ())
    )


def importable_kinds(actor: Actor) -> list[SheetKind]:
    """Return the kinds the actor may import, in the order of a full load."""
    found = [kind for code, kind in sheet_kinds.items() if kind.land and may_import(actor, code)]
    return sorted(found, key=lambda kind: (kind.order, kind.code))


def exportable_kinds(actor: Actor) -> list[SheetKind]:
    """Return the kinds the actor may export."""
    if not may(actor, "read"):
        return []
    found = [kind for kind in sheet_kinds.values() if kind.export]
    return sorted(found, key=lambda kind: (kind.order, kind.code))


def kind_named(code: str) -> SheetKind:
    """Return the kind.

    Raises:
        UnknownKind: there is none of this code.
    """
    kind = sheet_kinds.get(code)
    if kind is None:
        raise UnknownKind(code)
    return kind


def require_import(actor: Actor, code: str) -> SheetKind:
    """Return the kind if it can be imported and the actor may do it.

    Raises:
        UnknownKind: there is none of this code, or it can only be exported.
        NotGranted: the actor's roles do not allow it.
    """
    kind = kind_named(code)
    if kind.land is None:
        raise UnknownKind(code)
    if not may_import(actor, code):
        raise NotGranted(f"“导入{kind.title}”")
    return kind


def checked_options(kind: SheetKind, options: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to the kind's questions, blanks removed, others dropped.

    Raises:
        OptionMissing: a required answer is missing, no date, or none of the choices.
    """
    answers: dict[str, str] = {}
    for spec in kind.options:
        answer = options.get(spec.name, "").strip()
        if not answer:
            if spec.required:
                raise OptionMissing(spec.label)
            continue
        if spec.type == "date":
            try:
                answer = dt.date.fromisoformat(answer).isoformat()
            except ValueError:
                raise OptionMissing(spec.label, "应写成 2026-11-24 这样的日期") from None
        if spec.type == "choice" and answer not in spec.choices:
            raise OptionMissing(spec.label, "请从列表中选择")
        answers[spec.name] = answer
    return answers
