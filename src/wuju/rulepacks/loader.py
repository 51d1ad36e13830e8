"""Read a pack and the pack it extends into one. Pure; positions are kept for complaints."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from wuju.engine.items import Item
from wuju.engine.rules import Rules
from wuju.kit.facts import Catalog
from wuju.rulepacks.catalog import pack_home
from wuju.rulepacks.complaints import Complaint, PackNotReadable, suggestion
from wuju.rulepacks.procedures import Classification, Plan, Procedure, VoteRule, Votes
from wuju.rulepacks.reading import Document, Steps, read
from wuju.rulepacks.schema import PackFile, Parameter, Project, ProjectsFile, Refine, Source
from wuju.rulepacks.shape import build


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is written: a document and the steps into it."""

    document: Document
    steps: Steps

    def complain(self, code: str, message: str, *below: str | int) -> Complaint:
        return self.document.complain(code, message, *self.steps, *below)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pack holds beside items, by code; `rules` are the rules of voting of all its files."""

    procedures: dict[str, Procedure] = field(default_factory=dict)
    votes: dict[str, Votes] = field(default_factory=dict)
    rules: dict[str, VoteRule] = field(default_factory=dict)
    classifications: dict[str, Classification] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """The parts as plain JSON data."""
        kinds: dict[str, Mapping[str, BaseModel]] = {
            "procedures": self.procedures,
            "votes": self.votes,
            "classifications": self.classifications,
            "plans": self.plans,
        }
        return {
            kind: {code: _plain(part) for code, part in sorted(parts.items())}
            for kind, parts in kinds.items()
        }

    def merge(self, below: "Parts") -> None:
        """Take in the parts of the pack below."""
        self.procedures.update(below.procedures)
        self.votes.update(below.votes)
        self.rules.update(below.rules)
        self.classifications.update(below.classifications)
        self.plans.update(below.plans)


@dataclass(frozen=True)
class Pack:
    """One pack with everything it extends merged in.

    `own` codes are those this folder defines itself; `places` says where each item,
    refinement (`refine:code`), parameter (`$name`), source (`source:code`), project and part
    (`procedure:code`, `votes:code`, `vote:code`, `classification:code`, `plan:code`) is written.
    """

    folder: Path
    file: PackFile
    base: "Pack | None"
    items: dict[str, Item]
    parameters: dict[str, Parameter]
    sources: dict[str, Source]
    exempt: dict[str, str]
    refinements: tuple[Refine, ...]
    projects: tuple[Project, ...]
    parts: "Parts"
    own: frozenset[str]
    places: dict[str, Spot] = field(repr=False)

    @property
    def code(self) -> str:
        return self.file.code

    @property
    def label(self) -> str:
        """Code and version, as a run stores it: `anding_2026@1`."""
        return f"{self.file.code}@{self.file.version}"

    @property
    def content(self) -> dict[str, Any]:
        """Everything that decides an answer, as plain JSON data; cases and notes to editors are not in it."""
        return {
            "file": _plain(self.file),
            "base": self.base.digest if self.base else None,
            "items": {code: _plain(item) for code, item in sorted(self.items.items())},
            "parameters": {name: _plain(each) for name, each in sorted(self.parameters.items())},
            "sources": {code: _plain(each) for code, each in sorted(self.sources.items())},
            "exempt": dict(sorted(self.exempt.items())),
            "projects": [_plain(project) for project in self.projects],
            "parts": self.parts.content,
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical content, in hex: equal for equal rules, whatever the layout of the files."""
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def rules(self, catalog: Catalog) -> Rules:
        """Return the pack as the engine reads it.

        Raises:
            PackNotReadable: an item reads a fact that this catalogue does not have.
        """
        if faults := list(self._unknown_facts(catalog)):
            raise PackNotReadable(faults)
        return Rules(
            items=tuple(self.items.values()),
            parameters={name: each.plain for name, each in self.parameters.items()},
            exempt=self.exempt,
            effective_from=self.file.effective_from,
            pack=self.label,
            digest=self.digest,
        )

    def _unknown_facts(self, catalog: Catalog) -> Iterator[Complaint]:
        for code, item in self.items.items():
            fact = item.fact
            if fact is not None and fact not in catalog:
                why = f"“{code}”用到的事实“{fact}”不在事实目录里{suggestion(fact, list(catalog))}"
                yield self.places[code].complain("E106", why, "of")


def _plain(model: BaseModel) -> Any:
    return model.model_dump(mode="json", exclude_defaults=True)


def load_pack(folder: Path) -> Pack:
    """Read the pack in `folder`; the pack it extends is the folder of that name beside it.

    Raises:
        PackNotReadable: a file does not have the shape of a pack; all faults are named.
    """
    pack, faults = read_pack(folder)
    if pack is None or faults:
        raise PackNotReadable(faults)
    return pack


def load_packs(home: Path | None = None) -> dict[str, Pack]:
    """Read every pack of the pack home: code → pack, in order of code."""
    folders = sorted(path.parent for path in (home or pack_home()).glob("*/pack.yaml"))
    return {pack.code: pack for pack in map(load_pack, folders)}


def read_pack(folder: Path) -> tuple[Pack | None, list[Complaint]]:
    """Read as much as can be read: the pack (None without a usable pack.yaml) and its faults of shape."""
    return _Loading(folder).result()


class _Loading:
    """Collects one pack file by file; a fault never stops the next file from being read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Complaint] = []
        self.places: dict[str, Spot] = {}
        self.items: dict[str, Item] = {}
        self.parameters: dict[str, Parameter] = {}
        self.sources: dict[str, Source] = {}
        self.exempt: dict[str, str] = {}
        self.refinements: list[Refine] = []
        self.projects: tuple[Project, ...] = ()
        self.parts = Parts()
        self.own: set[str] = set()

    def result(self) -> tuple[Pack | None, list[Complaint]]:
        file = self.pack_file()
        if file is None:
            return None, sorted(self.faults)
        base = self.extended(file) if file.extends else None
        self.merge_sources(file)
        self.merge_parameters()
        for path in sorted((self.folder / "items").glob("*.yaml")):
            self.merge_items(self.document(path))
        self.read_projects()
        self.merge_parts()
        pack = Pack(
            folder=self.folder,
            file=file,
            base=base,
            items=self.items,
            parameters=self.parameters,
            sources=self.sources,
            exempt=self.exempt,
            refinements=tuple(self.refinements),
            projects=self.projects,
            parts=self.parts,
            own=frozenset(self.own),
            places=self.places,
        )
        return pack, sorted(self.faults)

    def document(self, path: Path) -> Document:
        document = read(path, name=path.relative_to(self.folder.parent).as_posix())
        self.faults += document.faults
        return document

    def pack_file(self) -> PackFile | None:
        path = self.folder / "pack.yaml"
        if not path.exists():
            missing = "这里没有 pack.yaml，请指向一个规则包的文件夹。"
            self.faults.append(Complaint(self.folder.name, 1, 1, "E102", missing))
            return None
        document = self.document(path)
        if document.data is None:
            return None
        self.places["pack"] = Spot(document, ())
        file, faults = build(PackFile, document.data, document)
        self.faults += faults
        return file

    def extended(self, file: PackFile) -> Pack | None:
        """Read the pack below and start from its contents."""
        spot = self.places["pack"]
        folder = self.folder.parent / str(file.extends)
        if not (folder / "pack.yaml").exists():
            why = f"旁边没有“{file.extends}”文件夹，请把所依据的规则包放在同一处。"
            self.faults.append(spot.complain("E113", why, "extends"))
            return None
        base, faults = read_pack(folder)
        self.faults += faults
        if base is not None:
            self.faults += _pin_faults(spot, file, base)
            self.items |= base.items
            self.parameters |= base.parameters
            self.sources |= base.sources
            self.exempt |= base.exempt
            self.projects = base.projects
            self.parts.merge(base.parts)
            self.places = base.places | self.places
        return base

    def merge_sources(self, file: PackFile) -> None:
        document = self.places["pack"].document
        for code, source in file.sources.items():
            spot = Spot(document, ("sources", code))
            self.taken(f"source:{code}", f"来源“{code}”", spot)
            self.sources[code] = source
        self.exempt |= {population: each.where for population, each in file.exempt.items()}

    def merge_parameters(self) -> None:
        path = self.folder / "parameters.yaml"
        document = self.document(path) if path.exists() else Document(path.name, {})
        for name, body in (document.data or {}).items():
            parameter, faults = build(Parameter, body, document, name)
            self.faults += faults
            if parameter is None:
                continue
            spot = Spot(document, (name,))
            if name in self.parameters and not parameter.because:
                why = f"改了所依据规则包的参数“{name}”，请用 because 写明理由。"
                self.faults.append(spot.complain("E209", why))
            self.parameters[name] = parameter
            self.places[f"${name}"] = spot
            self.own.add(f"${name}")

    def merge_items(self, document: Document) -> None:
        entries = document.data or []
        if not isinstance(entries, list):
            self.faults.append(document.complain("E103", "清单项文件须是以“- code:”开头的列表。"))
            return
        for number, body in enumerate(entries):
            spot = Spot(document, (number,))
            if isinstance(body, dict) and "refine" in body:
                self.refine(spot, body)
            else:
                self.add_item(spot, body)

    def add_item(self, spot: Spot, body: Any) -> None:
        item, faults = build(Item, body, spot.document, *spot.steps)
        self.faults += faults
        if item is not None:
            self.taken(item.code, f"清单项“{item.code}”", spot)
            self.items[item.code] = item

    def refine(self, spot: Spot, body: dict[str, Any]) -> None:
        change, faults = build(Refine, body, spot.document, *spot.steps)
        self.faults += faults
        if change is None:
            return
        item = self.items.get(change.refine)
        if item is None:
            near = suggestion(change.refine, list(self.items))
            why = f"所依据的规则包没有清单项“{change.refine}”{near}"
            self.faults.append(spot.complain("E111", why, "refine"))
            return
        self.refinements.append(change)
        self.places[f"refine:{change.refine}"] = spot
        refined, faults = build(Item, _refined(item, change), spot.document, *spot.steps)
        self.faults += faults
        self.items[change.refine] = refined or item

    def taken(self, key: str, what: str, spot: Spot) -> None:
        """Note where a code is written; a code written before is E109."""
        if key in self.places:
            first = self.places[key]
            line = first.complain("", "").line
            why = f"{what}已在 {first.document.file} 第 {line} 行写过，请换一个代码。"
            self.faults.append(spot.complain("E109", why))
        self.places[key] = spot
        self.own.add(key)

    def read_projects(self) -> None:
        path = self.folder / "projects.yaml"
        if not path.exists():
            return
        document = self.document(path)
        file, faults = build(ProjectsFile, document.data, document)
        self.faults += faults
        self.places["projects"] = Spot(document, ("projects",))
        if file is not None:
            self.projects = file.projects

    def merge_parts(self) -> None:
        """Read the files of procedures, classifications and plans; each holds one of them."""
        for folder in ("procedures", "classifications", "plans"):
            for path in sorted((self.folder / folder).glob("*.yaml")):
                document = self.document(path)
                if document.data is not None:
                    self.merge_part(folder, Spot(document, ()))

    def merge_part(self, folder: str, spot: Spot) -> None:
        data, document = spot.document.data, spot.document
        if folder == "classifications":
            self.take("classification", Classification, self.parts.classifications, spot)
        elif folder == "plans":
            self.take("plan", Plan, self.parts.plans, spot)
        elif not (isinstance(data, dict) and data.get("kind") == "votes"):
            self.take("procedure", Procedure, self.parts.procedures, spot)
        elif votes := self.take("votes", Votes, self.parts.votes, spot):
            for number, rule in enumerate(votes.rules):
                place = Spot(document, ("rules", number))
                self.taken(f"vote:{rule.code}", f"表决规则“{rule.code}”", place)
                self.parts.rules[rule.code] = rule

    def take[P: (Procedure, Votes, Classification, Plan)](
        self, kind: str, model: type[P], into: dict[str, P], spot: Spot
    ) -> P | None:
        part, faults = build(model, spot.document.data, spot.document)
        self.faults += faults
        if part is not None:
            self.taken(f"{kind}:{part.code}", f"“{part.code}”", spot)
            into[part.code] = part
        return part


def _refined(item: Item, change: Refine) -> dict[str, Any]:
    body = {**item.model_dump(exclude_unset=True), **change.changes}
    if item.target is not None and change.target is None:
        body["target"] = dict(item.target.given)
    if change.source:
        body["also"] = (*item.also, change.source)
    return body


def _pin_faults(spot: Spot, file: PackFile, base: Pack) -> Iterator[Complaint]:
    if file.extends_version not in {None, base.file.version}:
        why = f"写明依据第 {file.extends_version} 版，旁边的是第 {base.file.version} 版，请核对后改一致。"
        yield spot.complain("E113", why, "extends_version")
    if file.extends_digest not in {None, base.digest}:
        why = "所依据规则包的内容与写明的校验值不同，请核对改动后更新 extends_digest。"
        yield spot.complain("E113", why, "extends_digest")
