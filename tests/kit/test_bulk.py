"""Bulk insertion gives the same rows as saving them one by one."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import NOW, District
from wuju.kit.bulk import insert_rows, row_maker
from wuju.ledger.models import Event
from wuju.org.models import Term

START = dt.date(2026, 1, 1)


def term(town: District, years: int = 3) -> Term:
    return Term(
        organization=town.east_branch,
        started_on=START.replace(day=years),
        expires_on=START.replace(year=2026 + years),
        years=years,
    )


def test_rows_get_keys_and_read_back_as_they_were(town: District) -> None:
    rows = [term(town, 3), term(town, 5)]

    insert_rows(rows)

    stored = list(Term.objects.order_by("id"))
    assert [row.pk for row in rows] == [row.pk for row in stored]
    assert [(row.started_on, row.years, row.elected_on, row.shift_approved) for row in stored] == [
        (dt.date(2026, 1, 3), 3, None, False),
        (dt.date(2026, 1, 5), 5, None, False),
    ]


def test_moments_and_details_survive(town: District) -> None:
    event = Event(
        at=NOW, actor_name="甲", action="a.b", target="t:1", details={"说明": "一“二”", "n": 1}
    )

    insert_rows([event])

    stored = Event.objects.get(pk=event.pk)
    assert (stored.at, stored.details) == (NOW, {"说明": "一“二”", "n": 1})


def test_keys_never_collide_with_rows_saved_singly(town: District) -> None:
    insert_rows([term(town, 3)])
    single = term(town, 4)
    single.save(force_insert=True)
    later = term(town, 5)
    insert_rows([later])

    assert len({row.pk for row in Term.objects.all()}) == 3
    assert later.pk > single.pk


def test_a_broken_row_lands_none(town: District) -> None:
    bad = term(town, 5)
    bad.expires_on = bad.started_on

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([term(town, 3), bad])

    assert not Term.objects.exists()


def test_a_row_by_position_is_the_row_by_name(town: District) -> None:
    of = row_maker(Term, "expires_on", "organization_id", "started_on", "years")
    day = START.replace(year=2029)

    made = of(day, town.east_branch.pk, START, 3)

    named = Term(organization_id=town.east_branch.pk, started_on=START, expires_on=day, years=3)
    columns = [field.attname for field in Term._meta.concrete_fields]
    assert [getattr(made, name) for name in columns] == [getattr(named, name) for name in columns]
    with pytest.raises(TypeError, match="4 values needed, 3 given"):
        of(day, town.east_branch.pk, START)
    with pytest.raises(ValueError, match="Term has no column"):
        row_maker(Term, "expires")
