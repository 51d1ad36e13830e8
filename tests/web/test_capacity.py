"""A person with two grants chooses in which capacity to act."""

import datetime as dt

from django.test import Client

from tests.conftest import District
from tests.web.conftest import open_account
from wuju.access.models import Grant
from wuju.access.states import State


def test_the_chosen_capacity_decides_what_is_seen(town: District) -> None:
    user = open_account("inspector", town.county)
    Grant.objects.create(
        user=user,
        role="township_officer",
        organization=town.east,
        from_on=dt.date(2020, 1, 1),
        state=State.APPROVED,
        approved_by="安全员",
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/capacity").content.decode()
    assert "督查员" in page
    assert "组织委员" in page
    assert client.get(f"/orgs/{town.west.pk}/").status_code == 200

    assert client.post("/capacity", {"capacity": "township_officer"}).status_code == 303
    assert client.get(f"/orgs/{town.west.pk}/").status_code == 409
    assert client.get(f"/orgs/{town.east.pk}/").status_code == 200
