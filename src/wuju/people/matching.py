"""Who a roster row is: row key, then id number, then branch, name and birth date; a partial match asks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from wuju.kit import crypto
from wuju.kit.actors import OrgScope
from wuju.kit.identifiers import birth_date, widen_id_number
from wuju.kit.sheets.registry import StagedRow
from wuju.kit.strict import chunks, within
from wuju.org.models import Organization

from .models import Member, Membership

_COLUMNS = (
    "member_id", "member__row_key", "member__version", "member__name", "member__sex",
    "member__born_on", "member__ethnicity", "member__education", "member__id_index",
    "member__phone_cipher", "member__joined_on", "member__full_on", "member__as_of",
    "organization_id", "organization__code", "organization__path", "category", "migrant", "from_on",
    "exempt", "exempt_document",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A mirrored member and the present membership, in the order of `_COLUMNS`."""

    member_id: int
    row_key: str
    version: int
    name: str
    sex: str
    born_on: dt.date | None
    ethnicity: str
    education: str
    id_index: str
    phone_cipher: str
    joined_on: dt.date | None
    full_on: dt.date | None
    as_of: dt.date | None
    organization_id: int
    org: str
    path: str
    category: str
    migrant: bool
    from_on: dt.date
    exempt: bool
    exempt_document: str


@dataclass(slots=True)
class Mirror:
    """Everybody the rows of one sheet might be."""

    by_key: dict[str, Person] = field(default_factory=dict)
    by_index: dict[str, Person] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Person]] = field(default_factory=dict)
    departed: set[str] = field(default_factory=set)  # indexes of members who belong nowhere now

    def add(self, people: Iterable[Person]) -> None:
        for person in people:
            if person.row_key in self.by_key:
                continue
            self.by_key[person.row_key] = person
            if person.id_index:
                self.by_index[person.id_index] = person
            self.by_name.setdefault((person.org, person.name), []).append(person)

    def holder(self, indexes: Iterable[str]) -> Person | None:
        """Return the member whose id number has one of these blind indexes."""
        return next((self.by_index[index] for index in indexes if index in self.by_index), None)


# ------------------------------------------------------------------------------ organizations


def resolve_organizations(rows: Sequence[StagedRow], scope: OrgScope, default: str) -> None:
    """Write the organization's code into each row's `org`: by code, else by a name that is unique."""
    texts = {str(row.values.get("org", default)) for row in rows} - {""}
    found = _organizations(texts, scope)
    for row in rows:
        text = str(row.values.get("org", default))
        matches = found.get(text, [])
        if not text:
            row.fail("org", "请填写组织代码，或在上传时选择所属党组织。")
        elif not matches:
            row.fail("org", f"没有“{text}”这个党组织，或者不在您的管理范围内，请核对。")
        elif len(matches) > 1:
            codes = "、".join(code for code, _ in matches[:5])
            row.ask("org", f"有 {len(matches)} 个党组织叫“{text}”，请改填组织代码（{codes}）。")
        elif matches[0][1] is not None:
            row.fail("org", f"“{text}”已经撤销，请核对党员现在所在的党组织。")
        else:
            row.values["org"] = matches[0][0]


def _organizations(
    texts: set[str], scope: OrgScope
) -> dict[str, list[tuple[str, dt.date | None]]]:
    """Return {code or name: [(code, dissolved on)]}; a living one hides dissolved namesakes."""
    found: dict[str, dict[str, dt.date | None]] = {}
    for part in chunks(sorted(texts)):
        rows = (
            Organization.objects.visible_to(scope)
            .filter(Q(code__in=part) | Q(name__in=part) | Q(short_name__in=part))
            .values_list("code", "name", "short_name", "dissolved_on")
        )
        for code, name, short_name, dissolved_on in rows:
            for text in {code, name, short_name}:
                found.setdefault(text, {})[code] = dissolved_on
    return {text: _preferred(text, options) for text, options in found.items()}


def _preferred(text: str, options: dict[str, dt.date | None]) -> list[tuple[str, dt.date | None]]:
    if text in options:
        return [(text, options[text])]
    every = list(options.items())
    return [one for one in every if one[1] is None] or every


# ------------------------------------------------------------------------------------- people


def load_mirror(rows: Sequence[StagedRow]) -> Mirror:
    """Return the present members of the sheet's organizations, and whoever a key or number names."""
    mirror = Mirror()
    orgs = sorted({str(row.values["org"]) for row in rows if "org" in row.values})
    keys = sorted({row.row_key for row in rows if row.row_key})
    indexes = sorted({index for row in rows for index in indexes_of(row)})
    present = Membership.objects.filter(until_on=None)
    for part in chunks(orgs):
        mirror.add(_people(present.filter(organization__code__in=part)))
    for part in chunks(keys):
        mirror.add(_people(present.filter(member__row_key__in=part)))
    unseen = [index for index in indexes if index not in mirror.by_index]
    for part in chunks(unseen):
        mirror.add(_people(present.filter(member__id_index__in=part)))
        known = Member.objects.filter(id_index__in=part).values_list("id_index", flat=True)
        mirror.departed |= set(known) - set(mirror.by_index)
    return mirror


def _people(rows: QuerySet[Membership]) -> list[Person]:
    return [Person(*line) for line in rows.order_by("id").values_list(*_COLUMNS)]


def indexes_of(row: StagedRow) -> tuple[str, ...]:
    """Return the blind indexes under which the row's id number may be stored."""
    number = row.values.get("id_number")
    return crypto.blind_candidates(widen_id_number(str(number)), "id") if number else ()


def birth_of(row: StagedRow) -> dt.date | None:
    """Return the birth date the row states, else the one inside its id number."""
    born = row.values.get("born_on")
    return born if isinstance(born, dt.date) else birth_date(str(row.values.get("id_number", "")))


def find_person(row: StagedRow, mirror: Mirror, scope: OrgScope, choice: str) -> Person | None:
    """Return the member a row is, None for a new one; ask or fail where it is not certain."""
    if row.row_key:
        return _by_key(row, mirror, scope)
    indexes = indexes_of(row)
    holder = mirror.holder(indexes)
    if holder is not None:
        return _by_number(row, holder, scope, choice)
    if mirror.departed.intersection(indexes):
        row.ask("id_number", "这个号码的党员已经转出，请先办理组织关系转接，再导入名册。")
        return None
    return _by_name(row, mirror, choice, numbered=bool(indexes))


def _by_key(row: StagedRow, mirror: Mirror, scope: OrgScope) -> Person | None:
    person = mirror.by_key.get(row.row_key)
    if person is None or not scope.covers(person.path):
        row.fail("", "系统中没有这一行对应的在册党员，可能已经转出，请重新导出名册。")
        return None
    holder = mirror.holder(indexes_of(row))
    if holder is not None and holder.member_id != person.member_id:
        row.fail("id_number", "这个号码已登记在另一名党员名下，请核对。")
    elif row.row_version != str(person.version) and not row.untouched:
        row.ask("", "导出以后系统中该党员的资料又有变更，请重新导出后再改。")
    return person


def _by_number(row: StagedRow, holder: Person, scope: OrgScope, choice: str) -> Person | None:
    if not scope.covers(holder.path):
        row.ask(
            "id_number",
            "这个号码的党员现在不在您的管理范围内，请先办理组织关系转接，再导入名册。",
        )
        return None
    if holder.name != row.values.get("name") and choice != "match":
        row.ask("name", f"这个号码在系统中登记的姓名是“{holder.name}”，请确认是否同一人。")
    return holder


def _by_name(row: StagedRow, mirror: Mirror, choice: str, *, numbered: bool) -> Person | None:
    namesakes = mirror.by_name.get((str(row.values.get("org")), str(row.values.get("name"))), [])
    born = birth_of(row)
    exact = [p for p in namesakes if born and p.born_on == born and not (numbered and p.id_index)]
    if len(exact) == 1:
        return exact[0]
    if not namesakes or choice == "new":
        return None
    person = namesakes[0] if len(namesakes) == 1 else None
    if person is None:
        row.ask("name", "本支部有几名同名党员，请在表中补上公民身份号码或出生日期后重新上传。")
    elif choice != "match":
        row.ask("name", _doubt(person, born, numbered=numbered))
    return person


def _doubt(person: Person, born: dt.date | None, *, numbered: bool) -> str:
    if numbered and person.id_index:
        return "本支部已有同名党员，公民身份号码不同，请确认是否同一人。"
    if born and person.born_on:
        return f"本支部已有同名党员，出生日期为 {person.born_on}，请确认是否同一人。"
    return "本支部已有同名党员，出生日期不全，请确认是否同一人。"


# -------------------------------------------------------------------------------------- twins


def stop_twins(rows: Sequence[StagedRow]) -> None:
    """Stop every row of a sheet that is, or may be, the same person as another one of it."""
    groups: dict[tuple[object, ...], list[StagedRow]] = {}
    for row in rows:
        if "id_number" in row.values:
            number = widen_id_number(str(row.values["id_number"]))
            groups.setdefault(("id", number), []).append(row)
        groups.setdefault(("name", row.values.get("org"), row.values.get("name")), []).append(row)
    for (by, *_), group in groups.items():
        if len(group) > 1:
            _stop(group, certain=by == "id")


def _stop(group: Sequence[StagedRow], *, certain: bool) -> None:
    for row in group:
        twins = [
            other.number
            for other in group
            if other is not row and (certain or _may_be_one(row, other))
        ]
        if twins:
            numbers = "、".join(str(number) for number in twins[:5])
            column = "id_number" if certain else "name"
            row.fail(column, f"与第 {numbers} 行重复，请删去多余的行，或补上号码、出生日期。")


def _may_be_one(row: StagedRow, other: StagedRow) -> bool:
    if "id_number" in row.values and "id_number" in other.values:
        return False
    one, two = birth_of(row), birth_of(other)
    return one is None or two is None or one == two


def stop_shared_targets(rows: Sequence[StagedRow]) -> None:
    """Stop rows that were recognised as the same member by different ways."""
    held: dict[int, list[StagedRow]] = {}
    for row in rows:
        if row.target is not None:
            held.setdefault(row.target, []).append(row)
    for group in held.values():
        if len(group) > 1:
            _stop(group, certain=True)


def missing_people(rows: Sequence[StagedRow], scope: OrgScope) -> Mapping[str, list[str]]:
    """Return {organization: names} of present members of the sheet's organizations who are not in it.

    A row that cannot be read counts by its name, so that nobody is called missing for a typo.
    """
    orgs = sorted({str(row.values["org"]) for row in rows if "org" in row.values})
    seen = {row.target for row in rows if row.target is not None}
    named = {(row.values.get("org"), row.values.get("name")) for row in rows}
    missing: dict[str, list[str]] = {}
    for part in chunks(orgs):
        present = Membership.objects.filter(
            within(scope, "organization__path"), organization__code__in=part, until_on=None
        ).order_by("organization__path", "id")
        for member, code, title, name in present.values_list(
            "member_id", "organization__code", "organization__short_name", "member__name"
        ):
            if member not in seen and (code, name) not in named:
                missing.setdefault(title, []).append(name)
    return missing
