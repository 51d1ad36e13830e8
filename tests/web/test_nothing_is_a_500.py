"""Whatever an address or a form carries, the answer is a page: never an error of ours."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve

from tests.conftest import District
from tests.web.findings_cast import client_of
from tests.web.furnished import PARAMETER, Side, address, both, routes
from wuju.kit.numbers import whole
from wuju.kit.periods import Period, UnknownPeriod
from wuju.loops.models import Measure
from wuju.web.loop_offices import OFFICES

# What a query names, wherever it is read: request.GET.get("x"), given(request.GET, "x"), "x" in request.GET.
NAMES = re.compile(
    r'GET(?:\.get(?:list)?\(|, )"(\w+)"|"(\w+)" in request\.GET|asked\.get\w*\("(\w+)"'
)
WEB = Path(__file__).parents[2] / "src" / "wuju" / "web"
NUMBERS = ("-1", "9" * 25, "9" * 5000, "²", "٣")
DATES = ("0000", "0001-01-01", "9999-12-31", "9999Q4", "2026-13-40")
FEW = ("9" * 25, "9" * 5000, "0000", "0001-01-01")
LENGTHS = pytest.mark.parametrize(
    "thorough", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["few", "every value"]
)
TEXTS = ("\0", "'", "../../etc/passwd", "x" * 3000, f"9999-12-31.{'9' * 25}", f"0001.{'9' * 5000}")
PAGES = [(name, route) for name, route in routes() if name not in {"logout", "readyz"}]
QUERIED = {"today", "styleguide", "healthz", "login", "password-change", "capacity"}


def module_of(route: str, side: dict[str, object]) -> str:
    view = resolve(address(route, **side)).func
    return str(getattr(view, "view_class", view).__module__)


def names_of(module: str) -> list[str]:
    """Return the parameters a module of views reads, itself or through the helpers of lists."""
    text = (WEB / f"{module.rpartition('.')[2]}.py").read_text("utf-8")
    for helper in ("org_filter", "paging"):
        if f"from .{helper} import" in text:
            text += (WEB / f"{helper}.py").read_text("utf-8")
    return sorted({name for hit in NAMES.findall(text) for name in hit} - {""})


@pytest.fixture
def broken() -> Iterator[list[str]]:
    """Collect the errors behind answers of status 500."""
    seen: list[str] = []

    def note(request: object, **_: object) -> None:
        import sys

        seen.append(f"{getattr(request, 'path', '')}: {sys.exc_info()[1]!r}"[:300])

    got_request_exception.connect(note)
    yield seen
    got_request_exception.disconnect(note)


@pytest.fixture
def sides(town: District) -> tuple[Side, Side]:
    return both(town)


ADMINISTRATORS = {
    "grant-approve": "security_admin",
    **dict.fromkeys(
        ("accounts", "account-new", "account-of", "account-token-revoke", "grant-request",
         "grant-refuse", "grant-end", "password-reset"),
        "system_admin",
    ),
}  # fmt: skip


def everyone(town: District) -> list[Client]:
    """Return the county's officer and the three administrators: between them they reach every page."""
    separated = [
        replace(town.auditor, name=role, roles=frozenset({role}), unit_path=town.office.path)
        for role in ("system_admin", "security_admin")
    ]
    found = [client_of(actor, town) for actor in (town.officer, town.auditor, *separated)]
    for client in found:
        client.raise_request_exception = False
    return found


def held(ask: Callable[[], Any], offenders: list[str], what: object) -> None:
    """Ask inside a savepoint that is rolled back, and note an answer that is an error of ours."""
    with transaction.atomic():
        if ask().status_code >= 500:
            offenders.append(str(what)[:200])
        transaction.set_rollback(True)


@LENGTHS
def test_no_query_breaks_a_page(
    town: District, sides: tuple[Side, Side], broken: list[str], *, thorough: bool
) -> None:
    values = sides[0].values()
    offenders: list[str] = []
    for (name, route), client in _readers(town):
        if name in QUERIED:
            continue
        place = address(route, **values)
        for asked in names_of(module_of(route, values)):
            for value in (*NUMBERS, *DATES, *TEXTS) if thorough else FEW:
                held(lambda: client.get(place, {asked: value}), offenders, (name, asked, value))  # noqa: B023 - asked at once
        for raw in ("q=%ff%fe", "%ff=1", "text=%00", "after=%e4%b8"):
            held(lambda: client.get(f"{place}?{raw}"), offenders, (name, raw))  # noqa: B023 - asked at once

    assert (offenders, broken) == ([], [])


def _readers(town: District) -> Iterator[tuple[tuple[str, str], Client]]:
    officer, auditor, system, security = everyone(town)
    by_role = {"system_admin": system, "security_admin": security, "": officer}
    for name, route in PAGES:
        reader = by_role[ADMINISTRATORS.get(name, "")]
        yield (name, route), auditor if name.startswith("trail") else reader


def test_no_path_and_no_method_breaks_a_page(
    town: District, sides: tuple[Side, Side], broken: list[str]
) -> None:
    values = sides[0].values()
    offenders: list[str] = []
    for (name, route), client in _readers(town):
        for method in ("get", "head", "options", "put", "delete", "patch"):
            ask = getattr(client, method)
            held(lambda: ask(address(route, **values)), offenders, (name, method))  # noqa: B023 - asked at once
        for part in PARAMETER.findall(route):
            for value in ("0", "9" * 19, "9" * 5000, "-1", "%ff", "%00", "0000", "9999Q4", "中"):
                place = address(route, **values | {part: value})
                held(lambda: client.get(place), offenders, (name, part, value))  # noqa: B023 - asked at once

    assert (offenders, broken) == ([], [])


def bodies(side: Side, *, thorough: bool) -> list[dict[str, object]]:
    """Return empty and wild forms: every field any form knows, filled with the same nonsense."""
    fields = sorted(_fields())
    filled: list[dict[str, object]] = [{}]
    nonsense = (*NUMBERS, *DATES, *TEXTS, "1") if thorough else FEW[1:]
    filled += [dict.fromkeys(fields, value) for value in nonsense]
    right: dict[str, object] = {
        "on": "2026-11-20", "held_on": "2026-11-20", "verdict": "verify", "reason": "理由充分",
        "note": "说明", "text": "说明", "kind": "theme_day", "topic": "主题", "chair": "赵甲",
        "organization": side.organization_id, "category": "org_life", "title": "标题",
        "fact": "事实", "basis": "条款", "origin": "inspection", "nature": "by_date",
        "findings": side.raised_id, "first": "2026-01-01", "last": "2026-11-20",
        "started_on": "2026-01-01", "ended_on": "2026-01-02", "planned": "yes", "plan_number": "备1",
        "number": 2, "column": "name", "choice": "new", "measures": "补开", "responsible": "甲",
        "happened_on": "2026-11-20", "until": "2026-12-31", "version": "1", "role": "verifier",
        "username": "ceshi", "name": "郭亥", "unit": side.organization.code, "from_on": "2026-11-20",
        "until_on": "2030-12-31", "password": "chunfeng-2026-huayu",
    }  # fmt: skip
    filled.append(right)
    for name in ("on", "held_on", "due_on", "first", "last", "until", "happened_on", "ended_on"):
        filled += [right | {name: value} for value in ("0001-01-01", "9999-12-31")]
    for name in ("organization", "absent_ids", "excused_ids", "came_ids", "version", "findings"):
        filled += [right | {name: value} for value in NUMBERS]
    return filled if thorough else _joined(right, filled)


def _joined(right: dict[str, object], filled: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the forms of nonsense, the right one, and the right one with all early, late or huge values."""
    days = [name for name in right if name in {"on", "held_on", "happened_on", "until", "first"}]
    early = right | dict.fromkeys([*days, "due_on"], "0001-01-01")
    late = right | dict.fromkeys([*days, "due_on"], "9999-12-31")
    huge = right | {"absent_ids": "9" * 25, "version": "9" * 5000}
    return [*filled[:4], right, early, late, huge]


def _fields() -> set[str]:
    """Return the name of every field a form of the pages declares, or a view reads."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(WEB.glob("*.py")))
    declared = set(
        re.findall(r"^    (\w+)(?:: .*)? = (?:forms\.|_\w+\(|People|Place)", text, re.MULTILINE)
    )
    return declared | set(re.findall(r'request\.POST(?:\.get\(|, )"(\w+)"', text))


@LENGTHS
def test_no_form_breaks_a_page(
    town: District, sides: tuple[Side, Side], broken: list[str], *, thorough: bool
) -> None:
    east = sides[0]
    values = east.values()
    assert len(_fields()) > 30
    offenders: list[str] = []
    for (name, route), client in _readers(town):
        places = [address(route, **values)]
        if "slug" in route:
            places = [address(route, **values | {"slug": slug}) for slug in OFFICES]
        if name in {"finding-new", "inspection-finding-new"}:
            places.append(f"{places[0]}?org={east.organization.code}")
        if name in {"notice-new", "supervision-new"}:
            places.append(f"{places[0]}?finding={east.raised_id}")
        for place in places:
            for body in bodies(east, thorough=thorough):
                held(lambda: client.post(place, body), offenders, (name, place, body))  # noqa: B023 - asked at once

    assert (offenders, broken) == ([], [])
    assert not Measure.objects.filter(done_on__isnull=False).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"PK\x03\x04" + b"\0" * 50,
        b"\xd0\xcf\x11\xe0" * 9,
        "姓名,\0\n甲".encode(),
    ],
    ids=["empty", "nul", "half a zip", "half an xls", "csv with nul"],
)
@pytest.mark.parametrize("name", ["名册.xlsx", "名册.xls", "名册.csv", "../../名册", "\0.csv"])
def test_no_file_breaks_the_desk(
    town: District, broken: list[str], content: bytes, name: str
) -> None:
    client = client_of(town.officer, town)
    client.raise_request_exception = False
    said = {"file": SimpleUploadedFile(name, content), "option-as_of": "2026-10-31"}

    assert client.post("/desk/?kind=members", said).status_code < 500
    assert broken == []


def test_a_length_that_is_no_number_is_too_long(town: District) -> None:
    client = client_of(town.officer, town)

    assert client.get("/desk/", headers={"Content-Length": "abc"}).status_code == 409


def test_a_number_is_read_only_where_a_database_can_hold_it() -> None:
    assert [whole(text) for text in ("7", *NUMBERS)] == [7, None, None, None, None, None]


def test_there_is_no_year_nought() -> None:
    with pytest.raises(UnknownPeriod):
        Period.parse("0000Q1")


def test_the_walk_reaches_every_page_there_is() -> None:
    assert len(routes()) == sum(
        len(getattr(group, "url_patterns", [group])) for group in get_resolver().url_patterns
    )
    assert {name for name, _ in PAGES} >= {"batch-correct", "loop-act", "meeting-edit"}
