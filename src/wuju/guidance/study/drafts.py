"""A course as it is written down, with who sat in it. Pure."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDraft:
    """One course.

    hours: member -> tenths of an hour (学时), 15 = 1.5.
    level: "" = the level of the recording organization.
    task: which of the seven basic tasks, "" = not said.
    """

    organization_id: int
    name: str
    started_on: dt.date
    ended_on: dt.date
    level: str = ""
    task: str = ""
    hours: Mapping[int, int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, str, dt.date]:
        """By what a course is recognised: organization, name, last day."""
        return (self.organization_id, key_of(self.name), self.ended_on)


def key_of(name: str) -> str:
    """Return a name as it is compared: no blanks, one width, one case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
