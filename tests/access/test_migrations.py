"""What a home already holds after the tables changed."""

import datetime as dt

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("access", "0001_initial")]


@pytest.mark.django_db(transaction=True)
def test_grants_from_before_requests_stay_in_force() -> None:
    """They had been approved by somebody; new ones wait."""
    latest = [
        node
        for node in MigrationExecutor(connection).loader.graph.leaf_nodes()
        if node[0] == "access"
    ]
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    try:
        old = executor.loader.project_state([*BEFORE, ("org", "0001_initial")]).apps
        unit = old.get_model("org", "Organization").objects.create(
            code="A", name="甲", short_name="甲", kind="branch", field="village", path="0001",
            established_on=dt.date(2020, 1, 1),
        )  # fmt: skip
        user = old.get_model("access", "User").objects.create(username="zhaojia", name="赵甲")
        old.get_model("access", "Grant").objects.create(
            user=user,
            role="clerk",
            organization=unit,
            from_on=dt.date(2020, 1, 1),
            approved_by="安全员",
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)

    now = executor.loader.project_state(latest).apps.get_model("access", "Grant")
    assert list(now.objects.values_list("state", "approved_by", "requested_by")) == [
        ("approved", "安全员", "")
    ]
    assert now(role="clerk").state == "requested"
