"""Everything that changes organizations, areas, terms and seats."""

from .areas import AreaDraft, establish_areas
from .terms import (
    NotVacant,
    fill_vacancy,
    land_seats,
    land_terms,
    open_vacancy,
    record_election,
    send_reminders,
)
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
    "NotVacant",
    "OrganizationDraft",
    "UnknownParent",
    "dissolve_organization",
    "establish_areas",
    "establish_organizations",
    "fill_vacancy",
    "land_seats",
    "land_terms",
    "merge_organization",
    "move_organization",
    "open_vacancy",
    "record_election",
    "rename_organization",
    "send_reminders",
]
