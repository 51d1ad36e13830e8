"""Login by default, a new day noticed, and refusals answered instead of raised."""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from wuju.kit import clockwork
from wuju.kit.errors import DomainError

from .requests import WebRequest
from .responses import refused

type View = Callable[..., HttpResponseBase]

log = logging.getLogger(__name__)


class PagesNeedLogin(LoginRequiredMiddleware):
    """Send strangers to the login page; the API answers 401 for itself."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.resolver_match and request.resolver_match.app_name == "ninja":
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and "HX-Request" in request.headers:
            # A login page swapped into a table would be absurd: let htmx leave the page.
            return HttpResponse(headers={"HX-Redirect": answer.headers["Location"]})
        return answer


class AddressesAreText:
    """Drop NUL characters from the query: PostgreSQL keeps none in a text, and nobody types one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "").replace("\0", "")
        return self.get_response(request)


class DayHasTurned:
    """Before the first page a signed-in person asks for on a day, run what a new day needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        _request: HttpRequest,
        view_func: View,
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> None:
        if not getattr(view_func, "login_required", True):
            return
        try:
            clockwork.turn(timezone.localdate())
        except Exception:
            # Records can still be entered while a turner is broken; the next page tries again.
            log.exception("the day did not turn")


class RefusalsAreAnswers:
    """Turn a refusal a view did not catch into one page with its sentence, status 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if isinstance(exception, DomainError):
            return refused(cast("WebRequest", request), exception)
        return None
