"""People of the district as logins, so that the same findings can be looked at through pages."""

from django.test import Client

from tests.conftest import District
from tests.web.conftest import open_account
from wuju.kit.actors import Actor


def client_of(actor: Actor, town: District) -> Client:
    """Return a client signed in as one of the cast: same name, role, scope and unit."""
    from wuju.org.models import Organization

    by_path = {row.path: row for row in Organization.objects.order_by("path")}
    (role,) = actor.roles
    user = open_account(
        role, by_path[actor.scope.roots[0]], username=f"{role}{actor.user_id}", name=actor.name
    )
    user.unit = by_path[actor.unit_path]
    user.save(update_fields=["unit"])
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[-2000:]
    return response.content.decode()
