"""Signed-in people for the pages."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.conftest import District
from wuju.access.models import Grant, User
from wuju.access.states import State
from wuju.org.models import Organization

PASSWORD = "chunfeng-2026-huayu"

type SignIn = Callable[..., Client]


def open_account(
    role: str, over: Organization, *, username: str = "", name: str = "赵甲", whole: bool = True
) -> User:
    user = User.objects.create(
        username=username or role,
        name=name,
        duty="组织委员",
        unit=over,
        password=make_password(PASSWORD),
    )
    Grant.objects.create(
        user=user,
        role=role,
        organization=over,
        whole_subtree=whole,
        from_on=dt.date(2020, 1, 1),
        state=State.APPROVED,
        requested_by="系统员",
        approved_by="安全员",
    )
    return user


@pytest.fixture
def officer(town: District) -> User:
    return open_account("county_officer", town.county)


@pytest.fixture
def signed_in(town: District) -> SignIn:
    """Return a client signed in under a role over an organization (the county by default)."""

    def sign_in(role: str, over: Organization | None = None) -> Client:
        client = Client()
        client.force_login(
            open_account(role, over or town.county),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return sign_in
