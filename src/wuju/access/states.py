"""Where a grant stands. Pure."""

from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """A request waits; approved it is held for its time; refused it never was."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


STATES = MappingProxyType(
    {
        State.REQUESTED.value: "待批准",
        State.APPROVED.value: "已批准",
        State.REFUSED.value: "已退回",
    }
)
