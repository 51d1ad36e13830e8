"""Everything that reads members. Each takes a scope, returns plain rows, identifiers masked."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from wuju.kit import crypto
from wuju.kit.actors import OrgScope
from wuju.kit.numbers import whole
from wuju.kit.strict import chunks, within

from .models import Member, Membership
from .words import CATEGORIES, EDUCATION, MEMBER_POSTS, SEXES


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of a roster. `id_number` and `phone` are masked."""

    id: int
    organization_id: int
    organization: str
    name: str
    sex: str
    born_on: dt.date | None
    category: str
    post: str
    education: str
    joined_on: dt.date | None
    full_on: dt.date | None
    migrant: bool
    exempt: bool
    id_number: str
    phone: str
    version: int
    row_key: str


def roster(*, scope: OrgScope, organization_id: int | None = None, on: dt.date) -> list[MemberRow]:
    """List the members valid on a day, by organization, then secretary and committee first."""
    rows = (
        Membership.objects.visible_to(scope)
        .on(on)
        .select_related("member", "organization")
        .order_by("organization__path", "id")
    )
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    order = {"secretary": 0, "committee_member": 1}
    found = [_row(row) for row in rows.loaded()]
    posts = {label: order.get(code, 2) for code, label in MEMBER_POSTS.items()}
    return sorted(found, key=lambda row: posts[row.post]) if organization_id is not None else found


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Up to `limit` members by organization. `next` is the `after` of the next page, "" at the end."""

    rows: tuple[MemberRow, ...]
    next: str


def members_page(
    *, scope: OrgScope, on: dt.date, text: str = "", after: str = "", limit: int = 100
) -> MemberPage:
    """List the members valid on a day, in official order of organizations; deep pages cost no more.

    Args:
        text: part of a name.
        after: `MemberPage.next` of the page before; an unreadable one starts anew.
    """
    rows = Membership.objects.visible_to(scope).on(on)
    if text.strip():
        rows = rows.filter(member__name__contains=text.strip())
    path, _, pk = after.partition(".")
    last = whole(pk)
    if path.isdecimal() and last is not None:
        # The first condition repeats the second so that the index is entered at the right place.
        rows = rows.filter(organization__path__gte=path).exclude(
            organization__path=path, id__lte=last
        )
    page = list(
        rows.select_related("member", "organization")
        .order_by("organization__path", "id")
        .loaded()[: limit + 1]
    )
    more = f"{page[limit - 1].organization.path}.{page[limit - 1].pk}" if len(page) > limit else ""
    return MemberPage(tuple(_row(row) for row in page[:limit]), more)


def _row(row: Membership) -> MemberRow:
    member = row.member
    return MemberRow(
        id=member.pk,
        organization_id=row.organization_id,
        organization=row.organization.short_name,
        name=member.name,
        sex=SEXES[member.sex],
        born_on=member.born_on,
        category=CATEGORIES[row.category],
        post=MEMBER_POSTS[row.post],
        education=EDUCATION.get(member.education, ""),
        joined_on=member.joined_on,
        full_on=member.full_on,
        migrant=row.migrant,
        exempt=row.exempt,
        id_number=crypto.mask_id(crypto.decrypt(member.id_cipher, "people.Member.id"))
        if member.id_cipher
        else "",
        phone=crypto.mask_phone(crypto.decrypt(member.phone_cipher, "people.Member.phone"))
        if member.phone_cipher
        else "",
        version=member.version,
        row_key=member.row_key,
    )


def names_of(*, scope: OrgScope, member_ids: list[int]) -> dict[int, str]:
    """Return {member: name} for members whose present organization lies inside the scope."""
    found: dict[int, str] = {}
    for part in chunks(member_ids):
        rows = Membership.objects.visible_to(scope).filter(member_id__in=part, until_on=None)
        found |= dict(rows.values_list("member_id", "member__name"))
    return found


def counts_by_organization(*, scope: OrgScope, on: dt.date) -> dict[int, tuple[int, int]]:
    """Return {organization: (members, of these full members)} on a day."""
    rows = (
        Membership.objects.visible_to(scope)
        .on(on)
        .values("organization_id")
        .annotate(every=Count("id"), full=Count("id", filter=Q(category="full")))
        .order_by()
    )
    return {row["organization_id"]: (row["every"], row["full"]) for row in rows}


def find_by_id_number(*, scope: OrgScope, id_number: str) -> int | None:
    """Return the member with this id number inside the scope, through the blind index, or None."""
    return (
        Membership.objects.filter(
            within(scope, "organization__path"),
            member__id_index__in=crypto.blind_candidates(id_number, "id"),
            until_on=None,
        )
        .values_list("member_id", flat=True)
        .first()
    )


def members_by_index(*, scope: OrgScope, indexes: list[str]) -> dict[str, int]:
    """Return {blind index: member} for any member, also outside the scope (to refuse duplicates)."""
    del scope
    found: dict[str, int] = {}
    for part in chunks(indexes):
        found |= dict(Member.objects.filter(id_index__in=part).values_list("id_index", "id"))
    return found
