"""Request types, and the step from a login to an actor."""

from django.http import HttpRequest
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from wuju.access import queries as access
from wuju.access.models import User
from wuju.kit.actors import Actor


class WebRequest(HttpRequest):
    """A request past login and HtmxMiddleware."""

    user: User
    htmx: HtmxDetails
    actor: Actor


def actor_of(request: WebRequest) -> Actor:
    """Return who asks, looked up once a request."""
    known: Actor | None = getattr(request, "actor", None)
    if known is None:
        known = access.actor_for(
            user=request.user,
            today=timezone.localdate(),
            capacity=request.session.get("capacity", ""),
        )
        request.actor = known
    return known
