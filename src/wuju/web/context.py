"""What the frame around every page needs: one context processor, no query beyond the cached actor."""

import datetime as dt
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from .places import PlaceLink, href_of, places_for
from .requests import WebRequest, actor_of


@dataclass(frozen=True, slots=True)
class Frame:
    """The shell: `person` is empty for strangers, who get no places and no search."""

    demo: bool
    now: dt.datetime
    person: str = ""
    places: list[PlaceLink] = field(default_factory=list)
    home_href: str = ""
    search_href: str = ""
    suggestions_href: str = ""
    guide_href: str = ""


def frame(request: HttpRequest) -> dict[str, Frame]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"frame": _for_strangers()}
    web = cast("WebRequest", request)
    route = web.resolver_match.route if web.resolver_match else "-"
    return {
        "frame": Frame(
            demo=settings.WUJU_DEMO,
            now=timezone.localtime(),
            person=_person(web),
            places=places_for(actor_of(web), route),
            home_href=href_of("today"),
            search_href=href_of("search"),
            suggestions_href=href_of("suggestions"),
            guide_href=href_of("guide"),
        )
    }


def _for_strangers() -> Frame:
    return Frame(
        demo=settings.WUJU_DEMO,
        now=timezone.localtime(),
        home_href=href_of("login"),
        suggestions_href=href_of("suggestions"),
    )


def _person(request: WebRequest) -> str:
    """Return 姓名 · 单位职务; the unit's name was kept in the session when the person signed in."""
    post = f"{request.session.get('unit', '')}{request.user.duty}"
    return f"{request.user.name} · {post}" if post else request.user.name
