"""Collects the examples of a bulletin, with every name that must not show. Reads only."""

import datetime as dt

from wuju.kit.actors import SEGMENT, OrgScope
from wuju.kit.strict import chunks
from wuju.loops import queries as findings
from wuju.loops.models import Loop, Measure
from wuju.org.models import Organization, Seat

from .composing import BulletinDraft, Example, bare_names


def examples(
    *, scope: OrgScope, draft: BulletinDraft, today: dt.date
) -> list[tuple[int, Example]]:
    """Return (finding id, example) of the findings raised in the period, in official order."""
    rows = findings.raised_between(scope=scope, first=draft.first, last=draft.last, today=today)
    names = _names({row.path for row in rows})
    people = _people([row.id for row in rows], set(names))
    fields = {path: field for path, (_, field) in names.items()}
    return [
        (
            row.id,
            Example(
                title=row.title,
                organization=row.organization,
                field=fields.get(row.path, ""),
                category=row.category,
                hidden=tuple(sorted(_hidden(row.path, names))),
                people=people,
            ),
        )
        for row in rows
    ]


def named_in(text: str) -> str:
    """Return an organization or place below the county that a text names, or "".

    Names of two characters are also common words; they are left to the reader.
    """
    below = Organization.objects.exclude(parent=None).exclude(kind="department")
    rows = below.values_list("name", "short_name", "area__name")
    forms = {
        form
        for name, short, area in rows
        for form in bare_names(name) | bare_names(short) | ({area} if area else set())
        if len(form) >= 3
    }
    return next((form for form in sorted(forms, key=lambda f: (-len(f), f)) if form in text), "")


def _names(paths: set[str]) -> dict[str, tuple[set[str], str]]:
    """Return {path: (every form of the name, field)} of organizations and those above them."""
    wanted = {path[:end] for path in paths for end in range(SEGMENT, len(path) + 1, SEGMENT)}
    found: dict[str, tuple[set[str], str]] = {}
    for part in chunks(sorted(wanted)):
        for path, name, short, field, area in Organization.objects.filter(
            path__in=part
        ).values_list("path", "name", "short_name", "field", "area__name"):
            forms = bare_names(name) | bare_names(short) | ({area} if area else set())
            found[path] = (forms, field)
    return found


def _hidden(path: str, names: dict[str, tuple[set[str], str]]) -> set[str]:
    forms: set[str] = set()
    for end in range(SEGMENT, len(path) + 1, SEGMENT):
        forms |= names.get(path[:end], (set(), ""))[0]
    return forms


def _people(keys: list[int], paths: set[str]) -> tuple[str, ...]:
    """Return every person known to the findings, or to a post of their organizations."""
    found: set[str] = set()
    for part in chunks(keys):
        for people in Loop.objects.filter(pk__in=part).values_list(
            "responsible_person", "raised_by", "verified_by"
        ):
            found |= set(people)
        found |= set(
            Measure.objects.filter(loop_id__in=part).values_list("responsible", flat=True)
        )
    for some in chunks(sorted(paths)):
        holders = Seat.objects.filter(organization__path__in=some)
        found |= set(holders.values_list("holder", flat=True))
    return tuple(sorted(name for name in found if len(name) >= 2))
