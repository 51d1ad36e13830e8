"""Who asks, and which part of the tree they may see: handed to every action and query. Pure."""

import datetime as dt
from dataclasses import dataclass, field

from wuju.kit.errors import DomainError

SEGMENT = 4  # digits a level of an organization's path, '0001' … '9998'
TOP = "0001"  # the path of the county committee: whoever has it has the whole district


class OutsideScope(DomainError):
    def __init__(self) -> None:
        super().__init__("该组织不在您的管理范围内，请联系上级组织员处理。")


class NotGranted(DomainError):
    def __init__(self, doing: str = "这项操作") -> None:
        super().__init__(f"您的角色不能办理{doing}，请由有权限的同志办理。")


def path_ceiling(path: str) -> str:
    """Return the smallest path after the whole subtree of `path`.

    Paths are digits in segments of four, so `path <= p < path_ceiling(path)` is the
    subtree in every collation, and one index range.

    >>> path_ceiling("00010007")
    '00010008'
    """
    return f"{path[:-SEGMENT]}{int(path[-SEGMENT:]) + 1:0{SEGMENT}d}"


@dataclass(frozen=True, slots=True)
class OrgScope:
    """The organizations a caller may see. Empty means nothing.

    `roots` are paths whose whole subtree is visible, `orgs` paths visible alone.
    """

    roots: tuple[str, ...] = ()
    orgs: frozenset[str] = frozenset()

    @classmethod
    def whole(cls, *, because: str) -> "OrgScope":
        """Return the scope of the root path; `because` keeps each use greppable."""
        if not because:
            raise ValueError("say why the whole district is needed")
        return cls(roots=(TOP,))

    def covers(self, path: str) -> bool:
        """Say whether the organization at `path` lies inside this scope."""
        return path in self.orgs or any(path.startswith(root) for root in self.roots)

    def require(self, path: str) -> None:
        """Refuse with OutsideScope unless the organization at `path` is covered."""
        if not self.covers(path):
            raise OutsideScope

    @property
    def home(self) -> str:
        """The first path of the scope: what 本级 means to who holds it. Empty for nothing."""
        return min((*self.roots, *self.orgs), default="")

    def below(self, path: str) -> "OrgScope":
        """Return the part of this scope at and below `path`, never more than the scope itself.

        >>> OrgScope(orgs=frozenset({"00010007"})).below("0001").covers("000100070001")
        False
        """
        if any(path.startswith(root) for root in self.roots):
            return OrgScope(roots=(path,))
        return OrgScope(
            roots=tuple(root for root in self.roots if root.startswith(path)),
            orgs=frozenset(one for one in self.orgs if one.startswith(path)),
        )

    def ranges(self) -> tuple[tuple[str, str], ...]:
        """Return the (from inclusive, to exclusive) path ranges of the subtrees."""
        return tuple((root, path_ceiling(root)) for root in self.roots)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, or the named job, on whose authority something is done.

    `unit_path` is the organization the person works for; `roles` are role codes of
    `access.roles`; `on_behalf_of` names the person a clerk enters for (代录).
    """

    user_id: int | None
    name: str
    scope: OrgScope
    roles: frozenset[str] = field(default_factory=frozenset)
    unit_path: str = ""
    on_behalf_of: str = ""

    def require_role(self, *roles: str, doing: str = "这项操作") -> None:
        """Refuse with NotGranted unless the actor holds one of `roles`."""
        if not self.roles.intersection(roles):
            raise NotGranted(doing)


def system_actor(name: str, *, because: str) -> Actor:
    """Return a named job (midnight, demo) acting on the whole tree."""
    return Actor(
        user_id=None,
        name=name,
        scope=OrgScope.whole(because=because),
        roles=frozenset({"system"}),
        unit_path=TOP,
    )


type Moment = dt.datetime
