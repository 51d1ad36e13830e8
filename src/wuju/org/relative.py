"""Which organizations a person means: by code, or 本级 and 下一级 seen from where they stand."""

from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError

from . import queries
from .queries import OrganizationRow

OWN, NEXT = "本级", "下一级"
WORDS = frozenset({OWN, NEXT})


class UnknownOrganization(DomainError):
    def __init__(self, code: str) -> None:
        super().__init__(f"没有组织代码“{code}”，或它不在您的管理范围内，请核对代码。")


class NothingBelow(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name}没有下一级组织，请写本级或组织代码。")


class NoHome(DomainError):
    def __init__(self) -> None:
        super().__init__("您没有管理范围，本级、下一级无从说起，请联系安全管理员授权。")


def read_organizations(
    *, scope: OrgScope, text: str, home_path: str
) -> tuple[OrganizationRow, ...]:
    """Return the organizations `text` means, in official order; never none.

    本级 is the organization at `home_path`, 下一级 those directly below it that still
    live; anything else is one code.

    Raises:
        UnknownOrganization: no organization of this code inside the scope.
        NoHome: a word, and no organization at `home_path` inside the scope.
        NothingBelow: 下一级 of an organization without any.
    """
    word = text.strip()
    if word not in WORDS:
        row = queries.organization_by_code(scope=scope, code=word)
        if row is None:
            raise UnknownOrganization(text)
        return (row,)
    home = _home(scope, home_path)
    if word == OWN:
        return (home,)
    below = queries.children(scope=scope, organization_id=home.id)
    if not below:
        raise NothingBelow(home.short_name)
    return tuple(below)


def find_organizations(*, scope: OrgScope, text: str, limit: int = 30) -> list[OrganizationRow]:
    """Find what a person looks for: by name, pinyin, initials or code, at most `limit`; or as 本级 and 下一级, all of them."""
    if text.strip() not in WORDS:
        return queries.search(scope=scope, text=text, limit=limit)
    try:
        return list(read_organizations(scope=scope, text=text, home_path=scope.home))
    except (NoHome, NothingBelow):
        return []


def _home(scope: OrgScope, path: str) -> OrganizationRow:
    if path and scope.covers(path):
        alone = OrgScope(orgs=frozenset({path}))
        for row in queries.organizations(scope=alone, with_dissolved=True):
            return row
    raise NoHome
