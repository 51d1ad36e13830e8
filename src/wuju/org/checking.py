"""What is checked of a row of the organizations sheet, and how it differs from what is registered."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from wuju.kit.actors import OrgScope
from wuju.kit.sheets.registry import StagedRow
from wuju.kit.strict import chunks

from .models import AreaCode, Organization, Parentage, Succession

_EDITION = re.compile(r"^(?:(nbs|mca)[\s/_-]*)?(\d{4})", re.IGNORECASE)
_SCHEMES = {"统计": "nbs", "行政": "mca", "民政": "mca"}
# What an existing organization keeps: no step of this sheet changes it.
_FIXED = {"kind": "组织类别", "field": "领域", "established_on": "成立日期"}


@dataclass(frozen=True, slots=True)
class Registered:
    """An organization as the sheet would state it. `under_since` is when the present parent began."""

    id: int
    code: str
    name: str
    kind: str
    field: str
    path: str
    parent: str
    established_on: dt.date
    dissolved_on: dt.date | None
    version: int
    area_id: int | None
    under_since: dt.date | None
    merged_into: str


def registered(texts: Iterable[str]) -> dict[str, Registered]:
    """Return {code: organization} for codes, and for names that one living organization bears."""
    wanted = sorted(set(texts) - {""})
    lines: list[Any] = []
    for part in chunks(wanted):
        lines += Organization.objects.filter(Q(code__in=part) | Q(name__in=part)).annotate(
            parent_code=Coalesce("parent__code", Value(""))
        ).values_list(
            "id", "code", "name", "kind", "field", "path", "parent_code", "established_on",
            "dissolved_on", "version", "area_id",
        )  # fmt: skip
    since: dict[int, dt.date] = {}
    heirs: dict[int, str] = {}
    for keys in chunks([line[0] for line in lines]):
        since |= dict(
            Parentage.objects.filter(organization_id__in=keys, until_on=None).values_list(
                "organization_id", "from_on"
            )
        )
        heirs |= dict(
            Succession.objects.filter(predecessor_id__in=keys, inherits_rows=True).values_list(
                "predecessor_id", "successor__code"
            )
        )
    found = {}
    for line in lines:
        values: list[Any] = [*line, since.get(line[0]), heirs.get(line[0], "")]
        found[line[1]] = Registered(*values)
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the checks of one sheet share."""

    known: Mapping[str, Registered]
    by_name: Mapping[str, list[str]]  # name -> codes, registered or in the sheet
    codes: frozenset[str]  # codes the sheet establishes or holds
    scope: OrgScope
    today: dt.date


def prepare(
    rows: Sequence[StagedRow], *, scope: OrgScope, today: dt.date, options: Mapping[str, str]
) -> None:
    """Recognise rows by code, check each step they ask for, and compare."""
    del options
    sheet = _gather(rows, scope, today)
    _stop_twins(rows)
    for row in rows:
        row.key = f"{row.values.get('code', '？')} {row.values.get('name', '？')}"
        for name in ("parent", "merged_into"):
            _resolve(row, name, sheet)
    _resolve_areas(rows)
    for row in rows:
        one = sheet.known.get(str(row.values.get("code", "")))
        if one is None:
            _check_new(row, sheet)
            row.compare(None)
        else:
            _check_known(row, one, sheet)
    _stop_orphans(rows, sheet)


def _gather(rows: Sequence[StagedRow], scope: OrgScope, today: dt.date) -> _Sheet:
    names = ("code", "parent", "merged_into")
    known = registered(
        str(row.values[name]) for row in rows for name in names if name in row.values
    )
    by_name: dict[str, list[str]] = {}
    for one in known.values():
        if one.dissolved_on is None and scope.covers(one.path):
            by_name.setdefault(one.name, []).append(one.code)
    for row in rows:
        code, name = str(row.values.get("code", "")), str(row.values.get("name", ""))
        if code and code not in known:
            by_name.setdefault(name, []).append(code)
    codes = frozenset(str(row.values.get("code", "")) for row in rows) - {""}
    return _Sheet(known, by_name, codes, scope, today)


def _stop_twins(rows: Sequence[StagedRow]) -> None:
    groups: dict[str, list[StagedRow]] = {}
    for row in rows:
        if "code" in row.values:
            groups.setdefault(str(row.values["code"]), []).append(row)
    for group in groups.values():
        if len(group) > 1:
            numbers = "、".join(str(row.number) for row in group)
            for row in group:
                row.fail("code", f"组织代码在第 {numbers} 行重复，请删去多余的行。")


def _resolve(row: StagedRow, name: str, sheet: _Sheet) -> None:
    """Write the code of the organization a cell names, by code or by unique name."""
    text = str(row.values.get(name, ""))
    if not text:
        return
    one = sheet.known.get(text)
    if text in sheet.codes or (one is not None and sheet.scope.covers(one.path)):
        return
    codes = sheet.by_name.get(text, [])
    if len(codes) == 1:
        row.values[name] = codes[0]
    elif codes:
        row.ask(name, f"有几个党组织叫“{text}”，请改填组织代码（{'、'.join(codes[:5])}）。")
    elif one is not None and row.values.get("code") in sheet.known and _keeps(row, name, sheet):
        return
    else:
        row.fail(name, f"没有“{text}”这个党组织，或者不在您的管理范围内，请核对代码。")


def _keeps(row: StagedRow, name: str, sheet: _Sheet) -> bool:
    """Say whether the cell only repeats what is registered, e.g. the parent above one's own scope."""
    return bool(getattr(sheet.known[str(row.values["code"])], name) == row.values[name])


# -------------------------------------------------------------------------------------- areas


def _resolve_areas(rows: Sequence[StagedRow]) -> None:
    """Find areas by scheme, edition and code: the same digits mean different places in two books."""
    books: dict[tuple[str, str, str], int] = {}
    wanted = sorted({str(row.values["area_code"]) for row in rows if "area_code" in row.values})
    kinds: dict[int, str] = {}
    for part in chunks(wanted):
        for scheme, edition, code, area, kind in AreaCode.objects.filter(
            code__in=part
        ).values_list("scheme", "edition", "code", "area_id", "area__kind"):
            books[scheme, edition, code] = area
            kinds[area] = kind
    for row in rows:
        if "area_code" in row.values:
            _resolve_area(row, books, kinds)


def _resolve_area(
    row: StagedRow, books: Mapping[tuple[str, str, str], int], kinds: Mapping[int, str]
) -> None:
    text, code = str(row.values.get("area_edition", "")), str(row.values["area_code"])
    found = _EDITION.search(text) or re.search(r"()(\d{4})", text)
    if not found:
        row.fail("area_edition", "填了区划代码，请同时填写区划版本，如“nbs 2023”。")
        return
    scheme = (found[1] or "").lower() or next(
        (code for word, code in _SCHEMES.items() if word in text), ""
    )
    areas = {
        area
        for (book, edition, one), area in books.items()
        if one == code and edition == found[2] and scheme in {"", book}
    }
    if len(areas) == 1:
        area = areas.pop()
        row.values["area_id"], row.values["area_kind"] = area, kinds[area]
    elif areas:
        row.ask("area_edition", "两种区划代码都有这个代码，请写明“nbs”或“mca”。")
    else:
        row.fail("area_code", f"{text} 版中没有区划代码“{code}”，请核对代码和版本。")


# ---------------------------------------------------------------------------------- new, known


def _check_new(row: StagedRow, sheet: _Sheet) -> None:
    values = row.values
    for name, title in (("kind", "组织类别"), ("field", "领域"), ("established_on", "成立日期")):
        if name not in values and name not in row.problems:
            row.fail(name, f"新登记的组织必须填写{title}。")
    if "parent" not in values and values.get("kind") != "county_committee":
        row.fail("parent", "请填写上级组织代码。")
    if values.get("parent") == values.get("code"):
        row.fail("parent", "组织不能隶属于自己。")
    if values.get("kind") == "county_committee" and "parent" not in values:
        row.fail("kind", "县（区）委在建立系统时登记，不能由表格导入。")
    _not_future(row, "established_on", "成立日期", sheet.today)
    _check_end(row, _date(values.get("established_on")), sheet)


def _check_known(row: StagedRow, one: Registered, sheet: _Sheet) -> None:
    values = row.values
    row.row_version = str(one.version)
    if not sheet.scope.covers(one.path):
        row.fail("code", "该组织不在您的管理范围内，请联系上级组织员处理。")
    for name, title in _FIXED.items():
        if name in values and values[name] != getattr(one, name):
            row.fail(name, f"已登记的{title}不能用本表改变，请核对后改回。")
    if "area_id" in values and values["area_id"] != one.area_id:
        row.fail("area_code", "已登记的区划不能用本表改变，请核对后改回。")
    ends = {"dissolved_on": one.dissolved_on, "merged_into": one.merged_into}
    if any(name in values and values[name] != kept for name, kept in ends.items()):
        if one.dissolved_on:
            row.fail("dissolved_on", f"该组织已于 {one.dissolved_on} 撤销，不能再改。")
        _check_end(row, one.established_on, sheet)
    _check_move(row, one, sheet)
    row.compare(
        {
            "name": one.name,
            "parent": one.parent,
            "moved_on": values.get("moved_on"),
            "dissolved_on": one.dissolved_on,
            "merged_into": one.merged_into,
        },
        target=one.id,
    )
    if row.untouched and row.state == "update":
        row.state = "same"
        row.cell_states = dict.fromkeys(row.cell_states, "same")


def _check_move(row: StagedRow, one: Registered, sheet: _Sheet) -> None:
    parent, on = row.values.get("parent"), _date(row.values.get("moved_on"))
    moves = parent is not None and parent != one.parent
    if not moves:
        if on and on not in {one.under_since, one.established_on}:
            row.fail("moved_on", "上级组织没有变化，不能只改隶属变更日期。")
        return
    if on is None:
        row.fail("moved_on", "上级组织有变化，请填写隶属变更日期。")
    elif one.under_since and on <= one.under_since:
        row.fail("moved_on", f"隶属变更日期应晚于现隶属关系开始的 {one.under_since}。")
    _not_future(row, "moved_on", "隶属变更日期", sheet.today)
    above = sheet.known.get(str(parent))
    if parent == one.code or (above is not None and above.path.startswith(one.path)):
        row.fail("parent", "组织不能隶属于自己或自己的下级组织。")
    if above is not None and above.dissolved_on:
        row.fail("parent", f"“{above.name}”已经撤销，不能作为上级组织。")


def _check_end(row: StagedRow, established: dt.date | None, sheet: _Sheet) -> None:
    on, into = _date(row.values.get("dissolved_on")), row.values.get("merged_into")
    if into and on is None:
        row.fail("dissolved_on", "填写了合并入，请同时填写撤销日期。")
    if on and established and on < established:
        row.fail("dissolved_on", "撤销日期早于成立日期，请核对。")
    _not_future(row, "dissolved_on", "撤销日期", sheet.today)
    if into and into == row.values.get("code"):
        row.fail("merged_into", "组织不能并入自己。")
    heir = sheet.known.get(str(into))
    if heir is not None and heir.dissolved_on:
        row.fail("merged_into", f"“{heir.name}”已经撤销，不能承接。")


def _not_future(row: StagedRow, name: str, title: str, today: dt.date) -> None:
    on = _date(row.values.get(name))
    if on and on > today:
        row.fail(name, f"{title}不能晚于今天。")


def _date(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _stop_orphans(rows: Sequence[StagedRow], sheet: _Sheet) -> None:
    """Stop rows that stand on a row of the sheet which does not land, down to the last of them."""
    broken = {
        str(row.values.get("code", ""))
        for row in rows
        if row.target is None and not row.lands and row.values.get("code") not in sheet.known
    }
    waiting = True
    while waiting:
        waiting = False
        for row in rows:
            for name in ("parent", "merged_into"):
                if row.lands and row.values.get(name) in broken:
                    row.fail(name, f"所填组织“{row.values[name]}”那一行有问题，请先改正那一行。")
                    broken.add(str(row.values.get("code", "")))
                    waiting = True
