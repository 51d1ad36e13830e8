"""ORM defaults that make hidden queries impossible."""

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.models import Q

from wuju.kit.actors import OrgScope


def within(scope: OrgScope, path_field: str) -> Q:
    """Return the filter for rows whose organization path lies inside `scope`.

    A range on the path, never LIKE (SQLite scans the whole table for LIKE … ESCAPE).
    An empty scope matches nothing.
    """
    condition = Q(pk__in=())
    for first, after in scope.ranges():
        condition |= Q(**{f"{path_field}__gte": first, f"{path_field}__lt": after})
    if scope.orgs:
        condition |= Q(**{f"{path_field}__in": sorted(scope.orgs)})
    return condition


def filled(column: str) -> models.Case:
    """Return the expression that says whether a text column holds something, for facts."""
    return models.Case(
        models.When(**{column: ""}, then=models.Value(value=False)),
        default=models.Value(value=True),
        output_field=models.BooleanField(),
    )


class StrictQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset whose instances refuse to fetch what was not selected."""

    def loaded(self) -> Self:
        """Return rows that raise FieldFetchBlocked on any lazy fetch."""
        return self.fetch_mode(models.FETCH_RAISE)


def chunks[T](rows: Sequence[T], size: int = 500) -> list[Sequence[T]]:
    """Cut `rows` into runs of at most `size`, e.g. to stay under a database's parameter limit."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
