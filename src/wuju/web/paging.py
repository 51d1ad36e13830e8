"""Keyset pages: the way on, and the way back through the cursors already passed. Pure but for addresses."""

from django.http import HttpRequest

from .parts import Pages


def keyset_pages(
    request: HttpRequest, *, shown: int, after: str, total: int | None = None
) -> Pages:
    """Return the links of a page whose successor begins after `after` ("" on the last one).

    The address keeps its filters; `back` holds the cursors of the pages before, joined by dots.
    """
    here = request.GET.get("after", "")
    trail = [cursor for cursor in request.GET.get("back", "").split(".") if cursor.isdecimal()]
    forth = _moved(request, after, [*trail, here or "0"]) if after else ""
    back = _moved(request, trail[-1], trail[:-1]) if here and trail else ""
    return Pages(shown, total, previous_href=back, next_href=forth)


def _moved(request: HttpRequest, after: str, trail: list[str]) -> str:
    given = request.GET.copy()
    for name, value in (("after", "" if after == "0" else after), ("back", ".".join(trail))):
        given.pop(name, None)
        if value:
            given[name] = value
    return f"{request.path}?{given.urlencode()}"
