"""Everything that writes accounts, grants and tokens."""

from wuju.access.queries import NoSuchGrant

from .accounts import (
    AccountExists,
    AdministratorsPassword,
    NotYourAccount,
    OwnAccount,
    WeakPassword,
    change_password,
    open_account,
    reset_password,
)
from .grants import (
    ApproverMustBeAnother,
    GrantExists,
    GrantMustLast,
    LastAdministrator,
    NotInForce,
    NotWaiting,
    OwnGrant,
    RolesMustStaySeparate,
    UnknownRole,
    approve_grant,
    end_grant,
    grant_role,
    refuse_grant,
    request_grant,
)
from .tokens import NoSuchToken, TokenIsPersonal, TokenTooLong, issue_token, revoke_token

__all__ = [
    "AccountExists",
    "AdministratorsPassword",
    "ApproverMustBeAnother",
    "GrantExists",
    "GrantMustLast",
    "LastAdministrator",
    "NoSuchGrant",
    "NoSuchToken",
    "NotInForce",
    "NotWaiting",
    "NotYourAccount",
    "OwnAccount",
    "OwnGrant",
    "RolesMustStaySeparate",
    "TokenIsPersonal",
    "TokenTooLong",
    "UnknownRole",
    "WeakPassword",
    "approve_grant",
    "change_password",
    "end_grant",
    "grant_role",
    "issue_token",
    "open_account",
    "refuse_grant",
    "request_grant",
    "reset_password",
    "revoke_token",
]
