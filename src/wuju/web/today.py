"""今日: what is due, what came back, what waits."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .requests import WebRequest
from .responses import page


@require_safe
def today(request: WebRequest) -> HttpResponse:
    return page(request, "today/today.html", {"today": timezone.localdate()})
