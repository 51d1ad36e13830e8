"""A password is its owner's: nobody sets another's unseen, and none is made of the name."""

from dataclasses import replace

import pytest
from django.contrib.auth.password_validation import get_default_password_validators

from tests.access.cast import PASSWORD, Staff, account, actor_of
from tests.conftest import NOW, SYSTEM, District
from wuju.access import actions
from wuju.access.models import User
from wuju.kit.actors import NotGranted, OrgScope, OutsideScope
from wuju.ledger.models import Event

NEW = "qiutian-de-maizi-88"


def unchanged(user: User) -> bool:
    user.refresh_from_db()
    left = Event.objects.filter(action__startswith="password.").exists()
    return user.check_password(PASSWORD) and not left


def test_only_the_person_changes_their_own(staff: Staff) -> None:
    for actor in (staff.requester, staff.approver, staff.town.officer, SYSTEM):
        with pytest.raises(actions.NotYourAccount):
            actions.change_password(user=staff.person, password=NEW, actor=actor, at=NOW)

    assert unchanged(staff.person)


def test_a_system_administrator_resets_a_forgotten_one(staff: Staff) -> None:
    actions.reset_password(user=staff.person, password=NEW, actor=staff.requester, at=NOW)

    staff.person.refresh_from_db()
    assert staff.person.check_password(NEW)
    event = Event.objects.get(action="password.reset")
    assert (event.actor_name, event.target) == ("郑庚", f"account:{staff.person.pk}")


def test_nobody_else_resets(staff: Staff) -> None:
    for actor in (staff.approver, staff.town.officer, staff.town.auditor):
        with pytest.raises(NotGranted, match="重设密码"):
            actions.reset_password(user=staff.person, password=NEW, actor=actor, at=NOW)

    assert unchanged(staff.person)


def test_not_ones_own(staff: Staff) -> None:
    with pytest.raises(actions.OwnAccount):
        actions.reset_password(user=staff.system, password=NEW, actor=staff.requester, at=NOW)

    assert unchanged(staff.system)


def test_nor_the_approvers(staff: Staff) -> None:
    """Who could sign in as the approver would approve their own requests."""
    for user in (staff.security, staff.auditor):
        with pytest.raises(actions.AdministratorsPassword):
            actions.reset_password(user=user, password=NEW, actor=staff.requester, at=NOW)
        assert unchanged(user)

    staff.request(staff.person, role="auditor")
    with pytest.raises(actions.AdministratorsPassword):
        actions.reset_password(user=staff.person, password=NEW, actor=staff.requester, at=NOW)


def test_the_operator_of_the_server_resets_an_administrators(staff: Staff) -> None:
    actions.reset_password(user=staff.security, password=NEW, actor=SYSTEM, at=NOW)

    assert Event.objects.get(action="password.reset").actor_user_id is None


def test_an_administrator_of_one_township_resets_there_only(staff: Staff) -> None:
    west = replace(staff.requester, scope=OrgScope(roots=(staff.town.west.path,)))

    with pytest.raises(OutsideScope):
        actions.reset_password(user=staff.person, password=NEW, actor=west, at=NOW)


@pytest.mark.parametrize(
    "weak",
    ["duan-de", "password123", "赵甲-de-mima-8", "zhaojia2026", "my-zhaoJIA-1", "zuzhibu-99!"],
)
def test_a_weak_password_opens_no_account(weak: str, town: District) -> None:
    with pytest.raises(actions.WeakPassword, match=r"密码.*。$"):
        actions.open_account(
            username="zuzhibu", name="赵甲", password=weak, unit=town.east, actor=SYSTEM, at=NOW
        )

    assert not User.objects.exists()


@pytest.mark.parametrize("weak", ["duan-de", "qianyi-2026", "钱乙钱乙钱乙钱乙"])
def test_nor_replaces_one(weak: str, staff: Staff) -> None:
    own = actor_of(staff.person)
    for change, actor in (
        (actions.change_password, own),
        (actions.reset_password, staff.requester),
    ):
        with pytest.raises(actions.WeakPassword):
            change(user=staff.person, password=weak, actor=actor, at=NOW)

    assert unchanged(staff.person)


def test_the_name_is_looked_at_as_the_settings_say() -> None:
    """The framework's comparison too reads our fields, not its own first_name and last_name."""
    [similar] = [
        one for one in get_default_password_validators() if hasattr(one, "user_attributes")
    ]
    assert set(similar.user_attributes) <= {field.name for field in User._meta.fields}
    assert "name" in similar.user_attributes


def test_two_letters_by_chance_are_no_name(town: District) -> None:
    """A short user name or pinyin inside a long password says nothing."""
    assert account(town, "li", "李").pk
