"""The places of the top bar: who may go where. A place shows only once its page exists."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from wuju.access.roles import BUSINESS, PERMISSIONS, SEPARATED
from wuju.kit.actors import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the top bar; `also` are further first path segments that belong to it."""

    code: str
    title: str
    url_name: str
    roles: frozenset[str]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceLink:
    title: str
    href: str
    is_current: bool


OFFICE = frozenset({"county_officer", "township_officer"})

PLACES = (
    Place("today", "今日", "today", BUSINESS | SEPARATED),
    Place("orgs", "组织", "orgs", BUSINESS),
    Place("projects", "五大工程", "projects", BUSINESS),
    Place("registers", "台账", "registers", BUSINESS, also=("meetings", "members", "trainings")),
    Place("loops", "闭环", "loops", BUSINESS),
    Place("inspections", "督查", "inspections", OFFICE | {"inspector", "verifier"}),
    Place("assessment", "考核", "assessment", OFFICE | {"secretary"}, also=("bulletins", "why")),
    Place("burden", "减负", "burden", BUSINESS),
    Place("desk", "填表对账", "desk", PERMISSIONS["import"][1]),
    Place("rules", "规则", "rules", BUSINESS),
    Place("trail", "留痕", "trail", PERMISSIONS["read_trail"][1]),
    Place("admin", "管理", "accounts", PERMISSIONS["read_accounts"][1]),
)


def href_of(url_name: str, *args: object) -> str:
    """Return the address of a page, or "" while there is no such page."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def places_for(actor: Actor, route: str) -> list[PlaceLink]:
    """List the places an actor may use, in their fixed order; `route` is the matched pattern."""
    here = _first_segment(route)
    links = []
    for place in PLACES:
        href = href_of(place.url_name) if actor.roles & place.roles else ""
        if href:
            is_current = here == _first_segment(href) or here in place.also
            links.append(PlaceLink(place.title, href, is_current))
    return links


def _first_segment(path: str) -> str:
    return path.strip("/").partition("/")[0]
