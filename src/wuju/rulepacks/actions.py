"""Adopting a pack version: once, with its document, for good."""

import datetime as dt
from pathlib import Path
from typing import Literal

from django.db import connection

from wuju.access.roles import require
from wuju.engine.compiler import compile_rules
from wuju.engine.rules import Rules
from wuju.kit.action import action, touch_everything
from wuju.kit.actors import Actor
from wuju.kit.errors import DomainError
from wuju.kit.facts import Catalog
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images

from .catalog import catalog
from .loader import load_pack
from .models import CompiledPack, PackVersion
from .stored import dump, load

type Dialect = Literal["duckdb", "sqlite", "postgres"]
DIALECTS: dict[str, Dialect] = {"sqlite": "sqlite", "postgresql": "postgres"}


class DocumentNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("采用规则包须写明文号，请填写后再试。")


class VersionIsImmutable(DomainError):
    def __init__(self, label: str) -> None:
        super().__init__(
            f"规则包 {label} 已经采用过，内容不能再改；请在 pack.yaml 中提高版本号后重新采用。"
        )


_programs: dict[tuple[str, str], str] = {}


def _program(rules: Rules, facts: Catalog, dialect: Dialect) -> str:
    """Compile once per content, database and process: the same text gives the same SQL."""
    key = (rules.digest, dialect)
    if key not in _programs:
        _programs[key] = compile_rules(rules, facts, dialect).to_json()
    return _programs[key]


def _dialects() -> tuple[Dialect, ...]:
    """Name the database of the records, which judges writes, and DuckDB, which judges all at once."""
    return (DIALECTS[connection.vendor], "duckdb")


@action
def install_pack(*, folder: Path, document: str, actor: Actor, at: dt.datetime) -> PackVersion:
    """Adopt the pack in `folder` under a document number.

    Installing the same content again changes nothing.

    Raises:
        PackNotReadable: the pack has faults.
        DocumentNeeded: no document number.
        VersionIsImmutable: this version was adopted with other content.
    """
    require(actor, "install_pack")
    if not document.strip():
        raise DocumentNeeded
    pack = load_pack(folder)
    facts = catalog()
    installed = PackVersion.objects.filter(code=pack.code, version=pack.file.version).first()
    if installed and installed.digest != pack.digest:
        raise VersionIsImmutable(pack.label)
    created = installed or PackVersion.objects.create(
        code=pack.code,
        version=pack.file.version,
        title=pack.file.title,
        digest=pack.digest,
        effective_from=pack.file.effective_from,
        document=document.strip(),
        text=dump(pack, facts),
        installed_at=at,
        installed_by=actor.name,
    )
    if not installed:
        rules = load(created.text).rules
        CompiledPack.objects.bulk_create(
            CompiledPack(pack=created, dialect=name, program=_program(rules, facts, name))
            for name in _dialects()
        )
        touch_everything()
    ledger.record(
        "pack.installed",
        actor=actor,
        at=at,
        target=f"pack:{created.pk}",
        org_path=actor.unit_path,
        details={"pack": pack.label, "digest": pack.digest, "document": document.strip()},
        images=[] if installed else [Images.created([created])],
    )
    return created
