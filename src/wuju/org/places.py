"""The district's real places, shipped as data: townships, villages, communities, the boundary. Pure.

Names and codes are facts of the statistical code book 2023 and of the civil-affairs book
2026; they disagree on eleven of the twenty-two townships, so both are kept with their edition.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DATA = files("wuju.org") / "data"
NBS = ("nbs", "2023")
MCA = ("mca", "2026")
COUNTY = ("621102", "安定区")


@dataclass(frozen=True, slots=True)
class Place:
    """One township, street, village or community. `mca_code` is empty below township level."""

    nbs_code: str
    mca_code: str
    name: str
    kind: str
    parent_nbs_code: str

    @property
    def short(self) -> str:
        """The name without 村民委员会 / 居民委员会 endings: 新市区社区, 三十里铺村."""
        for ending in ("民委员会", "委会"):
            if self.name.endswith(ending):
                stem = self.name.removesuffix(ending)
                return stem.removesuffix("居") if self.kind == "community" else stem
        return self.name


@cache
def townships() -> tuple[Place, ...]:
    """Return the 22 townships and streets in official order."""
    with (DATA / "anding_townships.csv").open(encoding="utf-8-sig") as file:
        return tuple(
            Place(
                nbs_code=row["nbs2023_code"],
                mca_code=row["mca2026_code"],
                name=row["name"],
                kind="subdistrict" if row["name"].endswith("街道") else "township",
                parent_nbs_code=COUNTY[0],
            )
            for row in csv.DictReader(file)
        )


@cache
def tiles() -> dict[str, tuple[int, int]]:
    """Return {code of the statistical book: (column, row)} of the tile map, north up, roughly as they lie.

    A drawing aid of ours and no survey; a county without it has no tile map.
    """
    with (DATA / "anding_tiles.csv").open(encoding="utf-8") as file:
        return {
            row["nbs2023_code"]: (int(row["column"]), int(row["row"]))
            for row in csv.DictReader(file)
        }


@cache
def villages() -> tuple[Place, ...]:
    """Return the 306 villages and 29 communities in official order."""
    with (DATA / "anding_villages_nbs2023.csv").open(encoding="utf-8-sig") as file:
        return tuple(
            Place(
                nbs_code=row["code"],
                mca_code="",
                name=row["name"],
                kind=row["kind"],
                parent_nbs_code=row["township_code"],
            )
            for row in csv.DictReader(file)
        )
