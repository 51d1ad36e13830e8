"""What is checked of a roster row, and how it differs from the member it is."""

import datetime as dt
from collections.abc import Mapping, Sequence

from wuju.kit import crypto
from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.identifiers import birth_date, sex
from wuju.kit.sheets.cells import DatePart
from wuju.kit.sheets.registry import StagedRow

from . import matching
from .matching import Person

_DATED = ("org", "category", "mobile", "exempt", "exempt_document")  # columns of a membership
_DATES = {"born_on": "出生日期", "joined_on": "加入党组织日期", "full_on": "转为正式党员日期"}


class RosterInTheFuture(DomainError):
    def __init__(self) -> None:
        super().__init__("名册截至日期不能晚于今天，请核对日期。")


def prepare(
    rows: Sequence[StagedRow], *, scope: OrgScope, today: dt.date, options: Mapping[str, str]
) -> None:
    """Recognise, check and compare the rows of a roster that is true on `options["as_of"]`.

    Raises:
        RosterInTheFuture: that day has not come yet.
    """
    as_of = day_of(options)
    if as_of > today:
        raise RosterInTheFuture
    matching.resolve_organizations(rows, scope, options.get("org", ""))
    for row in rows:
        _read_dates(row, as_of)
        _check(row)
        row.key = f"{row.values.get('org', '？')} {row.values.get('name', '？')}"
    matching.stop_twins(rows)
    mirror = matching.load_mirror(rows)
    for row in rows:
        choice = options.get(f"choice.{row.number}", "")
        person = matching.find_person(row, mirror, scope, choice)
        _compare(row, person, as_of)
    matching.stop_shared_targets(rows)


def day_of(options: Mapping[str, str]) -> dt.date:
    """Return 名册截至日期."""
    return dt.date.fromisoformat(options["as_of"])


def _read_dates(row: StagedRow, as_of: dt.date) -> None:
    """Keep dates known to the day; a month alone is noted and left out, never rounded."""
    for name, title in _DATES.items():
        part = row.values.get(name)
        if not isinstance(part, DatePart):
            continue
        if part.date > as_of:
            row.fail(name, f"{title}晚于名册截至日期，请核对。")
        if part.precision == "day":
            row.values[name] = part.date
            continue
        del row.values[name]
        born = birth_date(str(row.values.get("id_number", "")))
        if name == "born_on" and born and _agrees(born, part):
            row.values[name] = born
        else:
            row.notes.append(
                f"{title}只写到{'月' if part.precision == 'month' else '年'}，没有登记。"
            )


def _agrees(born: dt.date, part: DatePart) -> bool:
    same_year = born.year == part.date.year
    return same_year and (part.precision == "year" or born.month == part.date.month)


def _check(row: StagedRow) -> None:
    values = row.values
    number = str(values.get("id_number", ""))
    joined, full = values.get("joined_on"), values.get("full_on")
    if values.get("category") == "probationary" and full:
        row.fail("full_on", "预备党员不应有转为正式党员日期，请核对人员类别。")
    if isinstance(joined, dt.date) and isinstance(full, dt.date) and full < joined:
        row.fail("full_on", "转为正式党员日期早于加入党组织日期，请核对。")
    if values.get("exempt_document") and values.get("exempt") != "yes":
        row.fail("exempt_document", "填了批准文号的，请在“是否不作硬性要求”一列填“是”。")
    if values.get("exempt") == "yes" and not values.get("exempt_document"):
        row.notes.append("不作硬性要求的没有写批准文号，请补上。")
    if number and "born_on" in values and values["born_on"] != birth_date(number):
        row.notes.append("出生日期与公民身份号码不一致，请核对。")
    if number and values.get("sex", sex(number)) != sex(number):
        row.notes.append("性别与公民身份号码不一致，请核对。")


def _compare(row: StagedRow, person: Person | None, as_of: dt.date) -> None:
    if person is None:
        if row.state not in {"error", "ask"}:
            _require_for_new(row)
        row.compare(None)
        return
    row.row_version = str(person.version)
    row.compare(_existing(row, person), target=person.member_id)
    if row.untouched and row.state == "update":
        # Nothing was edited in the file: what differs was changed in the system since the export.
        row.state = "same"
        row.cell_states = dict.fromkeys(row.cell_states, "same")
    if row.state == "update":
        _refuse_older(row, person, as_of)


def _require_for_new(row: StagedRow) -> None:
    if "category" not in row.values:
        row.fail("category", "请填写人员类别（正式党员或预备党员）。")
    if "sex" not in row.values and not sex(str(row.values.get("id_number", ""))):
        row.fail("sex", "请填写性别。")


def _existing(row: StagedRow, person: Person) -> dict[str, object]:
    number, indexes = row.values.get("id_number"), matching.indexes_of(row)
    phone = person.phone_cipher if "phone" in row.values else ""
    return {
        "org": person.org,
        "name": person.name,
        "sex": person.sex,
        "born_on": person.born_on,
        "ethnicity": person.ethnicity,
        "education": person.education,
        "id_number": number if person.id_index in indexes else "",
        "phone": crypto.decrypt(phone, "people.Member.phone") if phone else "",
        "joined_on": person.joined_on,
        "full_on": person.full_on,
        "category": person.category,
        "mobile": person.migrant,
        "exempt": "yes" if person.exempt else "no",
        "exempt_document": person.exempt_document,
    }


def _refuse_older(row: StagedRow, person: Person, as_of: dt.date) -> None:
    """Refuse to overwrite what a later roster, or a later transfer, has stated."""
    moved = any(row.cell_states.get(name) == "change" for name in _DATED)
    if person.as_of and person.as_of > as_of:
        row.fail("", f"系统中该党员的资料截至 {person.as_of}，比这份名册新，不能改回。")
    elif moved and person.from_on > as_of:
        row.fail("", f"该党员 {person.from_on} 起的组织关系比这份名册新，不能改回。")
    if row.cell_states.get("org") == "change":
        row.notes.append(f"原在“{person.org}”，将自名册截至日期起转到“{row.values['org']}”。")
