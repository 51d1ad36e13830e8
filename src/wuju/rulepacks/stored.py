"""A pack version as it is kept in the database, and back. Pure."""

import datetime as dt
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wuju.engine.items import Item
from wuju.engine.rules import Rules

if TYPE_CHECKING:
    from wuju.kit.facts import Catalog
    from wuju.rulepacks.loader import Pack
    from wuju.rulepacks.procedures import Procedure


@dataclass(frozen=True, slots=True)
class SourceText:
    """A regulation as an item cites it."""

    title: str
    article: str
    mark: str

    @property
    def citation(self) -> str:
        return f"《{self.title}》{self.article}"


@dataclass(frozen=True, slots=True)
class NumberText:
    """A parameter as it was adopted: how sure its value is, and what its editor noted."""

    value: int | str | None
    unit: str
    mark: str
    note: str


@dataclass(frozen=True, slots=True)
class ProjectText:
    """One of the five projects, with the words its initiatives have in the article."""

    code: str
    number: str
    title: str
    full_title: str
    capability: str
    weight: int


@dataclass(frozen=True)
class StoredPack:
    """An installed version: its rules, sources and parameters by code, projects in order, parts as data.

    `parts` are the procedures, voting rules, classifications and plans as they were adopted.
    """

    rules: Rules
    title: str
    sources: dict[str, SourceText]
    projects: tuple[ProjectText, ...]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, NumberText] = field(default_factory=dict)

    def procedure(self, code: str) -> "Procedure":
        """Return a procedure of this version; KeyError if it has none of this code."""
        from wuju.rulepacks.procedures import Procedure  # noqa: PLC0415 - few readers need the models

        return Procedure.model_validate(self.parts["procedures"][code])

    def source_of(self, item: Item) -> SourceText:
        return self.sources[item.source]

    def numbers_of(self, item: Item) -> list[NumberText]:
        """Return the parameters an item reads, by name; none for versions adopted without their marks."""
        return [self.numbers[name] for name in item.parameters if name in self.numbers]


def dump(pack: "Pack", catalog: "Catalog") -> str:
    """Return the text to keep: everything an evaluation or an explanation will ever need."""
    rules = pack.rules(catalog)
    body = {
        "title": pack.file.title,
        "pack": rules.pack,
        "digest": rules.digest,
        "effective_from": rules.effective_from.isoformat(),
        "items": [item.model_dump(mode="json", exclude_defaults=True) for item in rules.items],
        "parameters": dict(rules.parameters),
        "numbers": {
            name: {
                "value": each.plain,
                "unit": each.unit,
                "mark": str(each.mark),
                "note": each.note,
            }
            for name, each in pack.parameters.items()
        },
        "exempt": dict(rules.exempt),
        "parts": pack.parts.content,
        "sources": {
            code: {"title": s.title, "article": s.article, "mark": str(s.mark)}
            for code, s in pack.sources.items()
        },
        "projects": [
            {
                "code": p.code,
                "number": p.number,
                "title": p.title,
                "full_title": p.full_title,
                "capability": p.capability,
                "weight": p.weight,
            }
            for p in pack.projects
        ],
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=8)
def load(text: str) -> StoredPack:
    """Read what `dump` wrote."""
    body: dict[str, Any] = json.loads(text)
    return StoredPack(
        rules=Rules(
            items=tuple(Item.model_validate(item) for item in body["items"]),
            parameters=body["parameters"],
            exempt=body["exempt"],
            effective_from=dt.date.fromisoformat(body["effective_from"]),
            pack=body["pack"],
            digest=body["digest"],
        ),
        title=body["title"],
        sources={code: SourceText(**source) for code, source in body["sources"].items()},
        projects=tuple(ProjectText(**project) for project in body["projects"]),
        parts=body.get("parts", {}),
        numbers={name: NumberText(**each) for name, each in body.get("numbers", {}).items()},
    )
