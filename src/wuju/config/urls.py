"""The addresses of the whole: the web face, and whatever other faces are put together here."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("wuju.web.urls")),
]

handler403 = "wuju.web.responses.forbidden"
handler404 = "wuju.web.responses.not_found"
handler500 = "wuju.web.responses.broken"
