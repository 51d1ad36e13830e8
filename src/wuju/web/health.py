"""Whether the process is alive and the records can be served: for monitors, without a login."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wuju.kit.actors import OrgScope
from wuju.ledger import queries as ledger


@login_not_required
@never_cache
@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Say what is missing: 200 when records can be served, 503 otherwise."""
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        sealed = None if pending else ledger.head(scope=OrgScope()).sequence
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    state = {"database": True, "pending_migrations": pending, "ledger_head": sealed}
    return JsonResponse(state, status=503 if pending else 200)
