"""Everything that changes organizations, areas, terms and seats."""

from .areas import AreaDraft, establish_areas
from .terms import land_seats, land_terms, record_election
from .tree import (
    AlreadyDissolved,
    CannotStandUnderItself,
    CodeTaken,
    OrganizationDraft,
    UnknownParent,
    dissolve_organization,
    establish_organizations,
    merge_organization,
    move_organization,
    rename_organization,
)

__all__ = [
    "AlreadyDissolved",
    "AreaDraft",
    "CannotStandUnderItself",
    "CodeTaken",
    "OrganizationDraft",
    "UnknownParent",
    "dissolve_organization",
    "establish_areas",
    "establish_organizations",
    "land_seats",
    "land_terms",
    "merge_organization",
    "move_organization",
    "record_election",
    "rename_organization",
]
