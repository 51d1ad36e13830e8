"""Landing is all or nothing, happens once, and puts what it did on the ledger."""

import datetime as dt

import pytest

from tests.conftest import NOW, District
from tests.desk.makers import counts, id_number, land, people, raw_bytes, roster, rows_of, stage
from wuju.desk import actions, store
from wuju.desk.models import Batch
from wuju.kit.errors import DomainError
from wuju.ledger.models import Event
from wuju.people.models import Member, Membership

NUMBERS = [id_number("19800305", n) for n in (101, 102, 103)]
PHONES = ["13800000001", "13800000002", "13800000003"]
THREE = roster(
    ("SD-E1", "赵甲", NUMBERS[0], "男", "1980-03-05", "正式党员", PHONES[0]),
    ("SD-E1", "钱乙", NUMBERS[1], "女", "1980-03-05", "正式党员", PHONES[1]),
    ("SD-E2", "孙丙", NUMBERS[2], "男", "1980-03-05", "预备党员", PHONES[2]),
)


def test_lands_the_rows_as_of_the_day_of_the_roster(town: District) -> None:
    batch = land(THREE, town.east_officer)

    assert (batch.state, counts(batch)) == ("landed", {"new": 3})
    rows = Membership.objects.order_by("id").values_list(
        "member__name", "organization__code", "category", "from_on", "until_on"
    )
    as_of = batch.options["as_of"]
    assert [
        (name, org, category, str(first), until) for name, org, category, first, until in rows
    ] == [
        ("赵甲", "SD-E1", "full", as_of, None),
        ("钱乙", "SD-E1", "full", as_of, None),
        ("孙丙", "SD-E2", "probationary", as_of, None),
    ]


def test_one_ledger_event_names_the_batch_and_its_counts(town: District) -> None:
    batch = land(THREE, town.east_officer)

    event = Event.objects.get(action="import.landed")
    assert event.target == f"import:{batch.pk}"
    assert (event.details["kind"], event.details["rows_new"]) == ("members", 3)
    assert set(Event.objects.filter(batch=event.batch).values_list("action", flat=True)) == {
        "import.staged", "members.landed", "import.landed",
    }  # fmt: skip


def test_a_second_landing_of_the_same_batch_is_refused(town: District) -> None:
    batch = land(THREE, town.east_officer)
    before = people()

    with pytest.raises(actions.AlreadyLanded):
        actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)
    assert people() == before


def test_the_same_file_again_changes_nothing(town: District) -> None:
    land(THREE, town.east_officer)
    before = people()

    again = stage(THREE, town.east_officer)
    assert counts(again) == {"same": 3}
    actions.land_batch(batch_id=again.pk, actor=town.east_officer, at=NOW)

    assert people() == before


def test_rows_are_matched_again_just_before_landing(town: District) -> None:
    first, second = stage(THREE, town.east_officer), stage(THREE, town.east_officer)
    assert counts(second) == {"new": 3}

    for batch in (first, second):
        actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    assert Member.objects.count() == 3
    assert counts(Batch.objects.get(pk=second.pk)) == {"same": 3}


def test_a_failure_in_the_middle_leaves_nothing(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = stage(THREE, town.east_officer)
    before, events = people(), Event.objects.count()

    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("wuju.desk.actions.landing._keep_landing", breaks)
        with pytest.raises(RuntimeError):
            actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    assert people() == before
    assert Event.objects.count() == events
    assert Batch.objects.get(pk=batch.pk).state == "staged"
    actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)
    assert Member.objects.count() == 3


def test_a_member_changed_between_matching_and_landing_stops_the_whole_batch(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(THREE, town.east_officer)
    changed = roster(
        ("SD-E1", "赵甲", NUMBERS[0], "男", "1980-03-05", "正式党员", "13900000009"),
        ("SD-E1", "李丁", None, "女", "1985-03-05", "正式党员", None),
    )
    batch = stage(changed, town.east_officer)
    member = Member.objects.get(name="赵甲")
    original = store.landing_rows

    def meanwhile(records: list[object]) -> object:
        Member.objects.filter(pk=member.pk).update(version=member.version + 1)
        return original(records)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store, "landing_rows", meanwhile)
        with pytest.raises(DomainError, match="刚刚有变更"):
            actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    assert not Member.objects.filter(name="李丁").exists()
    actions.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)
    assert Member.objects.filter(name="李丁").exists()


def test_nothing_personal_lies_in_the_clear_in_any_table_of_the_desk(town: District) -> None:
    waiting = stage(THREE, town.east_officer)
    landed = land(THREE, town.east_officer)
    assert rows_of(waiting, town.east_officer)[2].key.endswith("赵甲")

    stolen = raw_bytes("desk_batch", "desk_batchchunk", "ledger_event", "people_member")

    assert landed.digest in stolen
    for value in (*NUMBERS, *PHONES):
        assert value not in stolen
    assert "赵甲" not in raw_bytes("desk_batch", "desk_batchchunk", "ledger_event")


def test_expired_batches_lose_their_rows(town: District) -> None:
    staged, landed = stage(THREE, town.east_officer), land(THREE, town.east_officer)
    day = NOW.date() + dt.timedelta(days=30)

    assert actions.expire_batches(today=day, actor=town.east_officer, at=NOW) == 0
    day += dt.timedelta(days=1)
    assert actions.expire_batches(today=day, actor=town.east_officer, at=NOW) == 2

    assert raw_bytes("desk_batchchunk") == ""
    assert list(Batch.objects.order_by("id").values_list("state", flat=True)) == [
        "expired",
        "landed",
    ]
    with pytest.raises(DomainError, match="重新上传"):
        actions.land_batch(batch_id=staged.pk, actor=town.east_officer, at=NOW)
    with pytest.raises(DomainError, match="保存期限"):
        actions.undo_batch(batch_id=landed.pk, actor=town.east_officer, at=NOW)
