"""From rows to pages, and from errors to pages: every status code honest.

200 a page, 303 after a write, 409 a refusal, 422 a form that is not filled in right.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from wuju.kit.errors import DomainError

from .requests import WebRequest

type Context = Mapping[str, Any]


class SeeOther(HttpResponseRedirect):
    """303: written, now read it there."""

    status_code = 303


def page(
    request: HttpRequest, template: str, context: Context | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page. `template` may name a partial, "loops/list.html#rows", for htmx."""
    return render(request, template, dict(context or {}), status=status)


def see(url_name: str, *args: object, query: str = "", **kwargs: object) -> SeeOther:
    """Answer a write: 303 to a page by its url name, `query` without the question mark."""
    address = reverse(url_name, args=args, kwargs=kwargs)
    return SeeOther(f"{address}?{query}" if query else address)


def bad_form(request: HttpRequest, template: str, context: Context) -> HttpResponse:
    """Show a form again with its refusals, status 422."""
    return page(request, template, context, status=422)


def refused(
    request: WebRequest,
    refusal: DomainError,
    template: str = "errors/refusal.html",
    context: Context | None = None,
) -> HttpResponse:
    """Answer a refusal with its sentence as `refusal`, status 409.

    Without `template` a full page says it, or, for htmx, the notice alone. A view that
    keeps what was typed names its own template and shows `refusal` above the form.
    """
    if template == "errors/refusal.html" and getattr(request, "htmx", False):
        template += "#notice"
    return page(request, template, {**(context or {}), "refusal": str(refusal)}, status=409)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    return page(request, "errors/forbidden.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    return page(request, "errors/not_found.html", status=404)


def broken(_request: HttpRequest) -> HttpResponse:
    """Say that something broke, without the request: whatever broke may be in the frame itself."""
    return HttpResponse(render_to_string("errors/broken.html"), status=500)
