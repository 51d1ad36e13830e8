"""E229: the document a district pack serves, phrase by phrase, and what carries each. Pure.

`phrases.yaml` decides no answer: like cases it is read for checking, not for judging, and is
no part of what a version of the pack is.
"""

from wuju.rulepacks.bench import Bench, Complaints
from wuju.rulepacks.complaints import Complaint, suggestion
from wuju.rulepacks.loader import Pack, Spot
from wuju.rulepacks.reading import read
from wuju.rulepacks.schema import Phrase, PhrasesFile
from wuju.rulepacks.shape import build

type Placed = tuple[Spot, Phrase]


def read_phrases(pack: Pack) -> tuple[list[Placed], list[Complaint]]:
    """Read `phrases.yaml` of the pack's own folder, in file order; none without the file."""
    path = pack.folder / "phrases.yaml"
    if not path.exists():
        return [], []
    document = read(path, name=path.relative_to(pack.folder.parent).as_posix())
    file, faults = build(PhrasesFile, document.data, document)
    found = file.phrases if file else ()
    placed = [(Spot(document, ("phrases", i)), phrase) for i, phrase in enumerate(found)]
    return placed, [*document.faults, *faults]


def check(bench: Bench) -> Complaints:
    """Every phrase is said once and carried by what exists, something of it resting on the document."""
    placed, faults = read_phrases(bench.pack)
    yield from faults
    sources = {project.code: project.source for project in bench.pack.projects}
    seen: set[tuple[str, str]] = set()
    for spot, phrase in placed:
        if (phrase.project, phrase.phrase) in seen:
            yield spot.complain("E229", f"“{phrase.phrase}”写了两次，请合成一条。", "phrase")
        seen.add((phrase.project, phrase.phrase))
        yield from carried(bench, spot, phrase, sources.get(phrase.project, ""))


def carried(bench: Bench, spot: Spot, phrase: Phrase, source: str) -> Complaints:
    cited: set[str] = set()
    for i, code in enumerate(phrase.carried_by):
        if code not in bench.carriers:
            near = suggestion(code, list(bench.carriers))
            yield spot.complain("E229", f"没有清单项或程序“{code}”{near}", "carried_by", i)
        cited |= bench.carriers.get(code, frozenset())
    if source not in cited:
        why = f"“{phrase.phrase}”没有一项依据“{source}”，请给其中一项写上这个来源，或另写一项。"
        yield spot.complain("E229", why, "carried_by")
