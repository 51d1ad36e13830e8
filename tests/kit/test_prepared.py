"""A prepared question gives what the queryset gives, whatever the values, and writes its SQL once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.conftest import District
from wuju.kit.prepared import FEW, among, prepared
from wuju.org.models import Organization

written: list[object] = []


def founded(orgs: Sequence[int], kind: str, since: dt.date) -> QuerySet[Any, Any]:
    written.append(orgs)
    return (
        Organization.objects.filter(pk__in=orgs, kind=kind, established_on__gte=since)
        .exclude(name="")
        .order_by("id")
        .values_list("id", "established_on", "dissolved_on")
    )


def test_the_rows_are_those_of_the_queryset(town: District) -> None:
    ask = prepared(founded)
    every = list(Organization.objects.values_list("id", "kind", "established_on"))

    for pk, kind, day in every:
        for since in (day, day + dt.timedelta(days=1)):
            for orgs in ([pk], [pk, every[0][0]], [one[0] for one in every] * 3, []):
                assert ask(orgs, kind, since) == list(founded(orgs, kind, since))
    assert ask([every[0][0]], every[0][1], every[0][2])[0][1] == every[0][2]


def test_the_sql_is_written_once_for_each_number_of_values(town: District) -> None:
    ask = prepared(founded)
    written.clear()

    for pk in (town.east.pk, town.west.pk, town.county.pk):
        ask([pk], "branch", dt.date(2000, 1, 1))
        ask([pk, 0], "group", dt.date(2001, 1, 1))
    assert len(written) == 2

    ask([town.east.pk] * (FEW + 1), "branch", dt.date(2000, 1, 1))
    ask([town.east.pk] * (FEW + 1), "branch", dt.date(2000, 1, 1))
    assert len(written) == 4


@pytest.mark.parametrize("value", [1.5, None, True, object()])
def test_refuses_values_it_could_not_tell_from_others(db: None, value: object) -> None:
    ask = prepared(lambda pk: Organization.objects.filter(pk=pk).values_list("id"))

    with pytest.raises(TypeError):
        ask(value)


def test_refuses_a_value_that_is_not_asked_for(db: None) -> None:
    ask = prepared(lambda pk, _: Organization.objects.filter(pk=pk).values_list("id"))

    with pytest.raises(TypeError, match="each of its values"):
        ask(1, 2)


def test_among_finds_exactly_the_ids(town: District) -> None:
    from django.db import connection

    def found(ids: list[int]) -> set[int]:
        condition, value = among("id", ids)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM org_organization WHERE {condition}", [value])
            return {row[0] for row in cursor.fetchall()}

    assert found([]) == set()
    assert found([town.east.pk, town.west.pk, 10**9]) == {town.east.pk, town.west.pk}
