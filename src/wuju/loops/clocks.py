"""Which clocks a finding runs by: those of the pack in force on the day it was opened."""

import datetime as dt
from collections.abc import Callable, Iterable

from wuju.kit.actors import OrgScope
from wuju.rulepacks.queries import ProcedureVersion, procedure_versions

from .schedule import DESIGN, UNITS, Clocks, Span

_SCOPE = OrgScope.whole(because="rules are the same for everybody")


def clocks_on(opened_on: dt.date) -> Clocks:
    """Return the clocks of a finding opened on a day. A later version never moves its limits."""
    return clocks_by_day()(opened_on)


def clocks_by_day() -> Callable[[dt.date], Clocks]:
    """Read every version once; return which clocks a finding opened on a day runs by."""
    versions = [
        (version.from_on, _clocks(version))
        for version in procedure_versions(scope=_SCOPE, code="loop")
    ]

    def on(day: dt.date) -> Clocks:
        in_force = [clocks for from_on, clocks in versions if from_on <= day]
        return in_force[-1] if in_force else DESIGN

    return on


def _clocks(version: ProcedureVersion) -> Clocks:
    """Read the limits of a version; what it leaves undecided is as in the design."""
    loop = version.procedure
    rectify = loop.deadlines.days if loop.deadlines else {}
    extended = loop.by_code.get("extended")
    counts = [guard.at_most_times for guard in extended.guards] if extended else []
    return Clocks(
        notice=_span(version, "notified", DESIGN.notice),
        objection=_span(version, "objected", DESIGN.objection),
        plan=_span(version, "plan_accepted", DESIGN.plan),
        revisit=_span(version, "revisited", DESIGN.revisit),
        deferrals=_first(map(version.number, counts), DESIGN.deferrals),
        rectify={
            nature: _first([version.number(rectify.get(nature))], days)
            for nature, days in DESIGN.rectify.items()
        },
    )


def _span(version: ProcedureVersion, code: str, otherwise: Span) -> Span:
    step = version.procedure.by_code.get(code)
    for unit in UNITS if step and step.limit else ():
        number = version.number(getattr(step.limit, unit))  # type: ignore[union-attr]
        if number is not None:
            return Span(number, unit)
    return otherwise


def _first(numbers: Iterable[int | None], otherwise: int) -> int:
    return next((number for number in numbers if number is not None), otherwise)
