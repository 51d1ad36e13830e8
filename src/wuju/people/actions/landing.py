"""Mirror members in bulk, and take a batch back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from wuju.access.roles import require
from wuju.kit import crypto
from wuju.kit.action import action, touch
from wuju.kit.actors import Actor
from wuju.kit.bulk import insert_rows, row_maker
from wuju.kit.strict import chunks
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images
from wuju.people.models import Member, Membership

CONTEXT = "people.Member"


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A member about to be mirrored, identifiers still in clear. `row_key` is stable per person."""

    row_key: str
    organization_id: int
    name: str
    sex: str
    category: str
    from_on: dt.date
    born_on: dt.date | None = None
    ethnicity: str = ""
    education: str = ""
    id_number: str = ""
    phone: str = ""
    joined_on: dt.date | None = None
    full_on: dt.date | None = None
    migrant: bool = False
    exempt: bool = False
    exempt_document: str = ""
    post: str = "none"


@action
def land_members(
    *,
    drafts: Sequence[MemberDraft],
    as_of: dt.date,
    actor: Actor,
    at: dt.datetime,
    batch: str = "",
) -> list[Member]:
    """Mirror new members in bulk, one event; identifiers are encrypted before they are stored."""
    require(actor, "keep_members")
    members = [_sealed(draft, as_of) for draft in drafts]
    insert_rows(members)
    memberships = [
        _belongs(
            member.pk, draft.organization_id, draft.from_on, draft.category, draft.exempt,
            draft.exempt_document.strip(), draft.post, draft.migrant,
        )
        for member, draft in zip(members, drafts, strict=True)
    ]  # fmt: skip
    insert_rows(memberships)
    touch("member", {draft.organization_id for draft in drafts})
    ledger.record(
        "members.landed",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(members), "as_of": as_of.isoformat()},
        images=[Images.created(members), Images.created(memberships)] if members else [],
        batch=batch,
    )
    return members


_belongs = row_maker(
    Membership,
    "member_id", "organization_id", "from_on", "category", "exempt", "exempt_document", "post",
    "migrant",
)  # fmt: skip
_person = row_maker(
    Member,
    "row_key", "name", "sex", "born_on", "ethnicity", "education", "id_cipher", "id_index",
    "phone_cipher", "joined_on", "full_on", "as_of",
)  # fmt: skip


def _sealed(draft: MemberDraft, as_of: dt.date) -> Member:
    return _person(
        draft.row_key, draft.name, draft.sex, draft.born_on, draft.ethnicity, draft.education,
        crypto.encrypt(draft.id_number, f"{CONTEXT}.id") if draft.id_number else "",
        crypto.blind_index(draft.id_number, "id") if draft.id_number else "",
        crypto.encrypt(draft.phone, f"{CONTEXT}.phone") if draft.phone else "",
        draft.joined_on, draft.full_on, as_of,
    )  # fmt: skip


@action
def undo_members(*, batch: str, member_ids: Sequence[int], actor: Actor, at: dt.datetime) -> int:
    """Take back members that a roster import created; the ledger keeps both events."""
    require(actor, "keep_members")
    memberships = [
        row
        for part in chunks(list(member_ids))
        for row in Membership.objects.filter(member_id__in=part).order_by("id")
    ]
    members = [
        row
        for part in chunks(list(member_ids))
        for row in Member.objects.filter(pk__in=part).order_by("id")
    ]
    images = [Images.deleted(rows) for rows in (memberships, members) if rows]
    touch("member", {row.organization_id for row in memberships})
    for part in chunks([row.pk for row in members]):
        Membership.objects.filter(member_id__in=part).delete()
        Member.objects.filter(pk__in=part).delete()
    ledger.record(
        "members.undone",
        actor=actor,
        at=at,
        target=f"batch:{batch}",
        org_path=actor.unit_path,
        details={"count": len(members)},
        images=images,
        batch=batch,
    )
    return len(members)
