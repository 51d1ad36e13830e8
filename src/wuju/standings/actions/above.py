"""Who may say yes about an organization: the level above it, and never who applied."""

from wuju.kit.actors import SEGMENT, Actor
from wuju.kit.errors import DomainError
from wuju.kit.names import people_in
from wuju.org.models import Organization


class ApplicantNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__("请写明是谁、代表哪个单位申请的。")


class ApplicantOfAnotherUnit(DomainError):
    def __init__(self, organization: str) -> None:
        super().__init__(f"申请单位应是{organization}本身或者它的上级，请核对申请单位。")


class ApplicantCannotApprove(DomainError):
    def __init__(self) -> None:
        super().__init__("申请免除的人和单位不能自己批准，请由上级党组织的其他同志批准。")


class NotAbove(DomainError):
    def __init__(self, organization: str, above: str) -> None:
        super().__init__(
            f"只有上级党组织能决定{organization}的事，本级和下级的同志不能；请由{above}的同志办理。"
        )


class AuthorityNeeded(DomainError):
    def __init__(self, organization: str) -> None:
        super().__init__(
            f"{organization}的上级不在本系统，须由上一级党委决定：请填写作出决定的机关和文号，"
            "由申请人以外的人登记。"
        )


class AuthorityIsHere(DomainError):
    def __init__(self, organization: str, above: str) -> None:
        super().__init__(
            f"{organization}的上级{above}就在本系统，请由它的同志直接办理，不用填写决定机关。"
        )


def require_applicant(
    organization: Organization, applicant: str, unit: Organization, actor: Actor
) -> None:
    """Refuse unless a named person, of the organization or above it, applied, and another acts.

    Raises:
        ApplicantNeeded, ApplicantOfAnotherUnit, ApplicantCannotApprove.
    """
    names = people_in(applicant)
    if not names:
        raise ApplicantNeeded
    speaks_for = _speaks_for(unit.path, unit.kind)
    if unit.path != organization.path and not organization.path.startswith(speaks_for):
        raise ApplicantOfAnotherUnit(organization.short_name)
    if names & (people_in(actor.name) | people_in(actor.on_behalf_of)):
        raise ApplicantCannotApprove


def require_above(organization: Organization, authority: str, actor: Actor) -> None:
    """Refuse unless the actor works above the organization, or records what a level beyond us said.

    A department speaks for the committee it belongs to, about others, never about itself.

    Raises:
        NotAbove: the actor works for the organization, below it, or elsewhere.
        AuthorityNeeded: nobody here stands above the organization.
        AuthorityIsHere: an authority is named although the level above is here.
    """
    is_top = len(organization.path) == SEGMENT
    if is_top and not authority.strip():
        raise AuthorityNeeded(organization.short_name)
    if is_top:
        return
    above = _parent(organization).short_name
    if authority.strip():
        raise AuthorityIsHere(organization.short_name, above)
    kind = Organization.objects.filter(path=actor.unit_path).values_list("kind", flat=True).first()
    place = _speaks_for(actor.unit_path, kind or "")
    is_above = bool(place) and place != organization.path and organization.path.startswith(place)
    if not is_above or actor.unit_path == organization.path:
        raise NotAbove(organization.short_name, above)


def _speaks_for(path: str, kind: str) -> str:
    """Return the path of the committee in whose name a unit acts."""
    return path[:-SEGMENT] if kind == "department" and len(path) > SEGMENT else path


def _parent(organization: Organization) -> Organization:
    return Organization.objects.get(path=organization.path[:-SEGMENT])
