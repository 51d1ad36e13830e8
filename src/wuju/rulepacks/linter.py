"""Check a pack before anybody is judged by it. Pure; nothing here writes.

E1xx shape · E2xx meaning · E3xx formalism · 4xx sources and cases (E refused, W shown).
"""

from pathlib import Path

from wuju.kit.facts import Catalog, load_catalog
from wuju.rulepacks import (
    checks_formalism,
    checks_meaning,
    checks_phrases,
    checks_procedures,
    checks_promises,
    checks_references,
    checks_requests,
    checks_rule_map,
    checks_sources,
)
from wuju.rulepacks.bench import Bench
from wuju.rulepacks.cases import read_cases
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.complaints import Complaint
from wuju.rulepacks.loader import read_pack

CHECKS = (
    checks_references.check,
    checks_meaning.check,
    checks_procedures.check,
    checks_promises.check,
    checks_formalism.check,
    checks_requests.check,
    checks_sources.check,
    checks_rule_map.check,
    checks_phrases.check,
)


def lint(folder: Path, facts: Catalog | None = None) -> list[Complaint]:
    """Return everything wrong with a pack, in order of file and line; empty means clean.

    The catalogue is `facts`, else the `catalog.yaml` beside the folder, else that of this version.
    Checks go on after faults of shape, over whatever could be read.
    """
    folder = folder.resolve()
    pack, faults = read_pack(folder)
    if pack is None:
        return faults
    cases, wrong = read_cases(pack)
    bench = Bench(pack, facts or _catalog_beside(folder), tuple(cases))
    found = [complaint for check in CHECKS for complaint in check(bench)]
    return sorted({*faults, *wrong, *found})


def _catalog_beside(folder: Path) -> Catalog:
    beside = folder.parent / "catalog.yaml"
    return load_catalog(beside) if beside.exists() else catalog()
