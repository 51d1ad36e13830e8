"""The roster (党员名册) as a sheet: how its rows land, are undone and exported."""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wuju.kit import crypto
from wuju.kit.action import touch
from wuju.kit.actors import Actor, OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.identifiers import sex, widen_id_number
from wuju.kit.sheets.registry import (
    ExportRow,
    LandingResult,
    OptionSpec,
    RowChange,
    SheetKind,
    StagedRow,
    register,
)
from wuju.kit.strict import chunks
from wuju.ledger.putback.actions import put_back
from wuju.ledger.putback.images import Snapshot, differences, snapshot
from wuju.org.models import Organization

from . import actions, matching
from .checking import day_of, prepare
from .columns import COLUMNS
from .models import Member, Membership, Roster

_MEMBER = ("name", "sex", "born_on", "ethnicity", "education", "id_number", "phone", "joined_on",
           "full_on")  # fmt: skip


class ChangedWhileLanding(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(f"第 {number} 行的党员刚刚有变更，本批没有任何一行落库，请重新落库一次。")


# --------------------------------------------------------------------------------------- land


def land(
    rows: Sequence[StagedRow],
    *,
    actor: Actor,
    at: dt.datetime,
    batch: str,
    options: Mapping[str, str],
) -> LandingResult:
    """Mirror the new members and overwrite what changed, as of 名册截至日期. Part of an action.

    Raises:
        ChangedWhileLanding: a member was changed after the rows were prepared.
        OutsideScope: an organization lies outside the actor's scope.
    """
    as_of = day_of(options)
    orgs = _organizations_of(rows, actor)
    new = [row for row in rows if row.target is None]
    changed = [row for row in rows if row.target is not None]
    undo: list[RowChange] = []
    if new:
        drafts = [_draft(row, orgs, as_of) for row in new]
        made = actions.land_members(drafts=drafts, as_of=as_of, actor=actor, at=at, batch=batch)
        numbers = {member.pk: row.number for member, row in zip(made, new, strict=True)}
        undo += _created(made, numbers)
    if changed:
        undo += _change(changed, orgs, as_of, (actor, at, batch))
    return LandingResult(created=len(new), updated=len(changed), undo=tuple(undo))


def _organizations_of(rows: Sequence[StagedRow], actor: Actor) -> dict[str, int]:
    """Return {code: id} of the organizations the rows name, all inside the actor's scope."""
    found: dict[str, int] = {}
    for part in chunks(sorted({str(row.values["org"]) for row in rows if "org" in row.values})):
        for code, pk, path in Organization.objects.filter(code__in=part).values_list(
            "code", "id", "path"
        ):
            actor.scope.require(path)
            found[code] = pk
    return found


def _draft(row: StagedRow, orgs: Mapping[str, int], as_of: dt.date) -> actions.MemberDraft:
    values = row.values
    number = widen_id_number(str(values.get("id_number", "")))
    born = matching.birth_of(row)
    return actions.MemberDraft(
        row_key=secrets.token_hex(16),
        organization_id=orgs[str(values["org"])],
        name=str(values["name"]),
        sex=str(values.get("sex") or sex(number)),
        category=str(values["category"]),
        from_on=as_of,
        born_on=born,
        ethnicity=str(values.get("ethnicity", "")),
        education=str(values.get("education", "")),
        id_number=number,
        phone=str(values.get("phone", "")),
        joined_on=_date(values.get("joined_on")),
        full_on=_date(values.get("full_on")),
        migrant=bool(values.get("mobile")),
        exempt=values.get("exempt") == "yes",
        exempt_document=str(values.get("exempt_document", "")),
    )


def _date(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _change(
    rows: Sequence[StagedRow],
    orgs: Mapping[str, int],
    as_of: dt.date,
    who: tuple[Actor, dt.datetime, str],
) -> list[RowChange]:
    actor, at, batch = who
    numbers = {row.target: row.number for row in rows if row.target is not None}
    before = _images(numbers)
    _refuse_changed(rows, before)
    actions.change_members(
        changes=[_member_change(row, orgs, before) for row in rows],
        as_of=as_of,
        actor=actor,
        at=at,
        batch=batch,
    )
    after = _images(numbers)
    # Dates of joining and of full membership are columns of the fact, though not of membership.
    touch("member", _organizations_in([before, after]))
    return _differences(before, after, numbers)


def _organizations_in(images: Iterable[Snapshot]) -> set[int]:
    found = (image.get("organization_id") for snap in images for image in snap.values())
    return {org for org in found if isinstance(org, int)}


def _images(keys: Iterable[int]) -> Snapshot:
    """Return the members first, then all their memberships in the order they were opened."""
    found: Snapshot = {}
    for part in chunks(sorted(keys)):
        found |= snapshot(Member.objects.filter(pk__in=part).order_by("id"))
    for part in chunks(sorted(keys)):
        found |= snapshot(Membership.objects.filter(member_id__in=part).order_by("id"))
    return found


def _refuse_changed(rows: Sequence[StagedRow], images: Snapshot) -> None:
    label = Member._meta.label
    for row in rows:
        image = images.get((label, row.target or 0))
        if image is None or str(image["version"]) != row.row_version:
            raise ChangedWhileLanding(row.number)


def _member_change(
    row: StagedRow, orgs: Mapping[str, int], images: Snapshot
) -> actions.MemberChange:
    assert row.target is not None  # noqa: S101 - only recognised rows are changed
    changed = {
        name: row.values[name] for name, state in row.cell_states.items() if state == "change"
    }
    values = {name: value for name, value in changed.items() if name in _MEMBER}
    if "id_number" in values:
        values["id_number"] = widen_id_number(str(values["id_number"]))
    membership: dict[str, object] = {}
    if "org" in changed:
        # A post belongs to the branch that elected its holder.
        membership |= {"organization_id": orgs[str(changed["org"])], "post": "none"}
    if "category" in changed:
        membership["category"] = changed["category"]
    if "mobile" in changed:
        membership["migrant"] = changed["mobile"]
    if "exempt" in changed:
        membership["exempt"] = changed["exempt"] == "yes"
    if "exempt_document" in changed:
        membership["exempt_document"] = changed["exempt_document"]
    if membership.get("exempt") is False:
        membership["exempt_document"] = ""
    # Stating the name again gives the row its new version also when only membership changed.
    values.setdefault("name", images[Member._meta.label, row.target]["name"])
    return actions.MemberChange(member_id=row.target, values=values, membership=membership)


def _created(made: Sequence[Member], numbers: Mapping[int, int]) -> list[RowChange]:
    opened = (
        row
        for part in chunks([member.pk for member in made])
        for row in Membership.objects.filter(member_id__in=part).order_by("id")
    )
    return _differences({}, snapshot(made, opened), numbers)


def _differences(before: Snapshot, after: Snapshot, numbers: Mapping[int, int]) -> list[RowChange]:
    places = {
        (label, pk): numbers[_person_of(label, pk, image)] for (label, pk), image in after.items()
    }
    return differences(before, after, places)


def _person_of(label: str, pk: int, image: Mapping[str, object]) -> int:
    member = pk if label == Member._meta.label else image["member_id"]
    assert isinstance(member, int)  # noqa: S101 - a foreign key
    return member


# --------------------------------------------------------------------------------------- undo


@dataclass(frozen=True, slots=True)
class RosterKind(SheetKind):
    """The roster also says who is missing from it; nobody is removed for that."""

    def remarks(
        self,
        rows: Sequence[StagedRow],
        *,
        scope: OrgScope,
        today: dt.date,
        options: Mapping[str, str],
    ) -> list[str]:
        """Return one sentence an organization that has members whom the roster does not name."""
        del today, options
        return [
            f"{title}：系统在册、名册中没有 {len(names)} 人（{'、'.join(names)}），只列出，不作变动。"
            for title, names in matching.missing_people(rows, scope).items()
        ]


def undo(changes: Sequence[RowChange], *, actor: Actor, at: dt.datetime, batch: str) -> int:
    """Return members and memberships to what they were before the roster landed.

    Raises:
        OutsideScope: an organization of theirs lies outside the actor's scope.
        OnARoster: a new member already stands on the roster of a meeting.
        DomainError: see `ledger.putback`.
    """
    label = Membership._meta.label
    images = [image for c in changes if c.model == label for image in (c.before, c.after) if image]
    orgs = {org for image in images if isinstance(org := image["organization_id"], int)}
    for part in chunks(sorted(orgs)):
        for path in Organization.objects.filter(pk__in=part).values_list("path", flat=True):
            actor.scope.require(path)
    _refuse_rostered(changes, orgs)
    return put_back(changes=changes, actor=actor, at=at, batch=batch, touched={"member": orgs})


class OnARoster(DomainError):
    def __init__(self, numbers: Iterable[int]) -> None:
        rows = "、".join(str(number) for number in sorted(numbers)[:20])
        super().__init__(f"不能撤回：第 {rows} 行的党员已列入会议名册，请改为逐条更正。")


def _refuse_rostered(changes: Sequence[RowChange], orgs: set[int]) -> None:
    """Roster snapshots name members by number alone, so the database does not guard them."""
    new = {c.pk: c.number for c in changes if c.model == Member._meta.label and c.before is None}
    if not new:
        return
    found: set[int] = set()
    for part in chunks(sorted(orgs)):
        for ids in Roster.objects.filter(organization_id__in=part).values_list(
            "member_ids", flat=True
        ):
            found |= {new[member] for member, _ in ids if member in new}
    if found:
        raise OnARoster(found)


# ------------------------------------------------------------------------------------- export


def export(*, scope: OrgScope, today: dt.date) -> Iterator[ExportRow]:
    """Yield the members inside the scope on a day by organization, identifiers masked."""
    rows = (
        Membership.objects.visible_to(scope)
        .on(today)
        .select_related("member", "organization")
        .order_by("organization__path", "id")
        .loaded()
    )
    for row in rows.iterator(chunk_size=2000):
        member = row.member
        number = crypto.decrypt(member.id_cipher, "people.Member.id")
        phone = crypto.decrypt(member.phone_cipher, "people.Member.phone")
        yield ExportRow(
            values={
                "org": row.organization.code,
                "name": member.name,
                "id_number": crypto.mask_id(number),
                "sex": member.sex,
                "born_on": member.born_on,
                "ethnicity": member.ethnicity,
                "education": member.education or None,
                "category": row.category,
                "joined_on": member.joined_on,
                "full_on": member.full_on,
                "phone": crypto.mask_phone(phone),
                "mobile": row.migrant,
                "exempt": "yes" if row.exempt else "no",
                "exempt_document": row.exempt_document,
            },
            key=member.row_key,
            version=str(member.version),
        )


register(
    RosterKind(
        code="members",
        title="党员名册",
        columns=COLUMNS,
        natural_key="行标识，或公民身份号码，或党支部＋姓名＋出生日期",
        prepare=prepare,
        land=land,
        undo=undo,
        export=export,
        options=(
            OptionSpec(name="as_of", label="名册截至日期", type="date"),
            OptionSpec(
                name="org", label="所属党组织", type="org", required=False,
                help="表中没有组织代码一列时选择。",
            ),
        ),
        order=20,
        help="名册中没有的党员只列出，不删除。",
    )
)  # fmt: skip
