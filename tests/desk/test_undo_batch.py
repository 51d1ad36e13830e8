"""Undo returns every column to what it was, or refuses and names the rows."""

import datetime as dt

import pytest

from tests.conftest import NOW, District
from tests.desk.makers import counts, id_number, land, people, roster, workbook
from wuju.desk import actions
from wuju.desk.models import Batch
from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.ledger import queries as ledger
from wuju.ledger.actions import seal
from wuju.ledger.models import Event
from wuju.people import actions as people_actions
from wuju.people.models import Member, Membership

ZHAO, QIAN = id_number("19800305", 101), id_number("19820407", 102)
FIRST = roster(
    ("SD-E1", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", "13800000001"),
    ("SD-E1", "钱乙", QIAN, "女", "1982-04-07", "预备党员", None),
)
SECOND = workbook(
    ("组织代码", "姓名", "公民身份号码", "性别", "出生日期", "人员类别", "学历", "手机号码"),
    ("SD-E2", "赵甲", ZHAO, "男", "1980-03-05", "正式党员", "大专", "13900000009"),
    ("SD-E1", "钱乙", QIAN, "女", "1982-04-07", "正式党员", "本科", None),
    ("SD-E1", "孙丙", None, "女", "1990-04-07", "正式党员", None, None),
)


@pytest.fixture
def second(town: District) -> tuple[str, Batch]:
    """A second roster that changes, moves and adds people; and the tables before it."""
    land(FIRST, town.east_officer, as_of="2026-09-30")
    before = people()
    batch = land(SECOND, town.east_officer, as_of="2026-10-31")
    assert counts(batch) == {"update": 2, "new": 1}
    assert people() != before
    return before, batch


def test_everything_is_exactly_as_before(town: District, second: tuple[str, Batch]) -> None:
    before, batch = second

    actions.undo_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    assert people() == before
    assert Batch.objects.get(pk=batch.pk).state == "undone"
    event = Event.objects.get(action="import.undone")
    # Three members; of the two who change, two memberships closed and two opened; one new.
    assert event.details["count"] == 8


def test_the_ledger_keeps_both_and_still_holds(town: District, second: tuple[str, Batch]) -> None:
    actions.undo_batch(batch_id=second[1].pk, actor=town.east_officer, at=NOW)

    assert Event.objects.filter(action="import.landed").count() == 2
    scope = OrgScope.whole(because="a test")
    seal()  # PostgreSQL seals after commit
    assert ledger.verify_chain(scope=scope) == []
    assert ledger.verify_records(scope=scope) == []


def test_a_second_undo_is_refused(town: District, second: tuple[str, Batch]) -> None:
    actions.undo_batch(batch_id=second[1].pk, actor=town.east_officer, at=NOW)
    after = people()

    with pytest.raises(actions.NotLanded):
        actions.undo_batch(batch_id=second[1].pk, actor=town.east_officer, at=NOW)
    assert people() == after


def test_a_later_change_of_a_row_refuses_and_names_it(
    town: District, second: tuple[str, Batch]
) -> None:
    member = Member.objects.get(name="赵甲")
    people_actions.transfer_member(
        member_id=member.pk,
        to_organization_id=town.east_branch.pk,
        on=dt.date(2026, 11, 20),
        actor=town.east_officer,
        at=NOW,
    )
    before, events = people(), Event.objects.count()

    with pytest.raises(DomainError, match="第 2 行导入以后又有变更"):
        actions.undo_batch(batch_id=second[1].pk, actor=town.east_officer, at=NOW)
    assert people() == before
    assert Event.objects.count() == events


def test_a_new_member_on_a_roster_of_a_meeting_refuses(
    town: District, second: tuple[str, Batch]
) -> None:
    members = Membership.objects.on(dt.date(2026, 11, 10)).filter(organization=town.east_branch)
    everyone = dict(members.values_list("member_id", "exempt"))
    people_actions.ensure_rosters(
        contents=[(town.east_branch.pk, everyone)], actor=town.east_officer
    )
    before = people()

    with pytest.raises(DomainError, match="第 4 行的党员已列入会议名册"):
        actions.undo_batch(batch_id=second[1].pk, actor=town.east_officer, at=NOW)
    assert people() == before


def test_another_township_cannot_undo_it(town: District, second: tuple[str, Batch]) -> None:
    before = people()

    with pytest.raises(DomainError, match="没有这一批"):
        actions.undo_batch(batch_id=second[1].pk, actor=town.west_officer, at=NOW)
    assert people() == before


def test_the_same_file_can_land_again_after_undo(
    town: District, second: tuple[str, Batch]
) -> None:
    actions.undo_batch(batch_id=second[1].pk, actor=town.east_officer, at=NOW)

    again = land(SECOND, town.east_officer, as_of="2026-10-31")

    assert counts(again) == {"update": 2, "new": 1}
    assert Membership.objects.filter(until_on=None, organization=town.east_small).count() == 1
